import { type JsonObject, utf8 } from '@asoba/core'
import type { NationType } from '@asoba/credentials'
import { didKeyOf } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { trustedIssuers } from '@asoba/verifier'
import { createWallet } from '@asoba/wallet'
import { describe, expect, test } from 'vitest'
import { bbs2023, bbsSigner, createBbsKey } from '../../src/index.ts'
import { createRegistry, nation, now, queryFor, shownBy, verifierOf } from './nation.ts'

const xsd = 'http://www.w3.org/2001/XMLSchema#'
const issuerKey = createBbsKey()
const did = didKeyOf(issuerKey.publicJwk)

/** Tax receipts of somebody whose context gives the year a datatype, as many contexts do. */
const receipt: NationType = {
  ...nation.taxReceipt,
  context: {
    ...nation.taxReceipt.context,
    bytes: utf8(
      new TextDecoder()
        .decode(nation.taxReceipt.context.bytes)
        .replace('#taxYear"', `#taxYear","@type":"${xsd}integer"`),
    ),
  },
}
const profile = { types: [receipt], nyms: 2 }
const query: ReturnType<typeof queryFor> = {
  credentials: [
    {
      id: 'citizen',
      format: 'ldp_vc',
      meta: { type_values: [['TaxReceiptCredential']] },
      require_cryptographic_holder_binding: false,
      claims: [
        { path: ['credentialSubject', 'tax_year'] },
        { path: ['credentialSubject', 'tax_class'] },
      ],
    },
  ],
}

async function receiptSetting() {
  const signer = bbsSigner({
    secretKey: issuerKey.secretKey,
    verificationMethod: `${did}#${did.slice(8)}`,
  })
  const issuer = createIssuer({
    issuer: did,
    types: { [receipt.name]: receipt },
    formats: [bbs2023({ ...profile, signer })],
    status: 'none',
    validityDays: { [receipt.name]: { epochDays: 90 } },
    now: () => now,
  })
  const format = bbs2023(profile)
  const wallet = createWallet({ formats: [format], now: () => now })
  const holders = await wallet.prepare({ format: format.id, count: 1, issuer: did })
  const claims = { tax_year: 2025, tax_class: 'standard', contribution_status: 'settled' }
  const issued = await issuer.issue({ format: format.id, type: receipt.name, claims, holders })
  await wallet.receive(issued.map(({ wire }) => wire))
  const verifier = () =>
    verifierOf(createRegistry({ nyms: 2 }), {
      types: [receipt],
      formats: [format],
      trust: trustedIssuers({ [receipt.name]: [did] }),
      status: {
        source: { get: async () => Promise.reject(new Error()) },
        policy: { [receipt.name]: 'epoch' },
      },
    })
  const request = await verifier().request(query)
  return { shown: await shownBy(wallet, request), request, verifier }
}

async function citizenSetting() {
  const registry = createRegistry({ nyms: 2 })
  const verifier = () => verifierOf(registry)
  const request = await verifier().request(
    queryFor(['citizen'], ['nationalities'], ['age_equal_or_over', '18'], ['birthdate']),
  )
  return { shown: await shownBy(await registry.walletOf(), request), request, verifier }
}

const [receipts, citizens] = [await receiptSetting(), await citizenSetting()]

/** What a verifier makes of it; the codes where it refuses. */
async function read(wire: unknown, { request, verifier }: typeof receipts): Promise<unknown> {
  const result = await verifier().verify({ vp_token: { citizen: [wire] } } as never, request)
  if (!result.verified) return result.problems.map(({ code }) => code)
  const { checks: _checks, ...facts } = result
  return facts
}

const member = (shown: JsonObject, name: string) => shown[name] as JsonObject
const subjectWith = (shown: JsonObject, change: (subject: JsonObject) => JsonObject) => ({
  ...shown,
  credentialSubject: change(member(shown, 'credentialSubject')),
})
const withClaim = (name: string, change: (value: never) => unknown) => (shown: JsonObject) =>
  subjectWith(shown, (subject) => ({
    ...subject,
    [name]: change(subject[name] as never) as JsonObject,
  }))

type Rewriting = readonly [what: string, (shown: JsonObject) => unknown]

/** Other words; those of them that are the same statements must not be read otherwise. */
const ofReceipts: readonly Rewriting[] = [
  ['a number as text', withClaim('tax_year', String)],
  ['a number in an array of one', withClaim('tax_year', (year) => [year])],
  ['a number as a value object', withClaim('tax_year', (year) => ({ '@value': year }))],
  [
    'a number as a typed value object',
    withClaim('tax_year', (year) => ({ '@type': `${xsd}integer`, '@value': String(year) })),
  ],
  ['a number twice', withClaim('tax_year', (year) => [year, year])],
  ['a number as itself and as text', withClaim('tax_year', (year) => [year, String(year)])],
  ['a text in an array of one', withClaim('tax_class', (text) => [text])],
  ['a text as a value object', withClaim('tax_class', (text) => ({ '@value': text }))],
  [
    'a claim under its IRI',
    (shown) =>
      subjectWith(shown, ({ tax_class, ...others }) => ({
        ...others,
        'https://nation.example/credentials/vocabulary/1#taxClass': tax_class as string,
      })),
  ],
]
const ofCitizens: readonly Rewriting[] = [
  ['the issuer as an object', (shown) => ({ ...shown, issuer: { id: shown['issuer'] } })],
  ['the issuer in an array', (shown) => ({ ...shown, issuer: [shown['issuer']] })],
  ['the end in an array', (shown) => ({ ...shown, validUntil: [shown['validUntil']] })],
  [
    'the end as a typed value',
    (shown) => ({
      ...shown,
      validUntil: { '@type': `${xsd}dateTime`, '@value': shown['validUntil'] },
    }),
  ],
  [
    'the end under its IRI',
    ({ validUntil, ...shown }) => ({
      ...shown,
      'https://www.w3.org/2018/credentials#validUntil': {
        '@type': `${xsd}dateTime`,
        '@value': validUntil,
      },
    }),
  ],
  [
    'the subject in an array',
    (shown) => ({ ...shown, credentialSubject: [shown['credentialSubject']] }),
  ],
  [
    'types in another order',
    (shown) => ({ ...shown, type: (shown['type'] as string[]).toReversed() }),
  ],
  [
    'a type twice',
    (shown) => ({ ...shown, type: [...(shown['type'] as string[]), 'VerifiableCredential'] }),
  ],
  ['@type for type', ({ type, ...shown }) => ({ ...shown, '@type': type })],
  [
    'the contexts in another order',
    (shown) => ({ ...shown, '@context': (shown['@context'] as string[]).toReversed() }),
  ],
  [
    'nationalities in another order',
    withClaim('nationalities', (all: string[]) => all.toReversed()),
  ],
  ['a nationality twice', withClaim('nationalities', (all: string[]) => [...all, all[0]])],
  ['nationalities under @set', withClaim('nationalities', (all) => ({ '@set': all }))],
  ['citizen in an array of one', withClaim('citizen', (value) => [value])],
  ['citizen as text', withClaim('citizen', String)],
  [
    'citizen as a typed text',
    withClaim('citizen', () => ({ '@type': `${xsd}boolean`, '@value': 'true' })),
  ],
  ['citizen as a value object', withClaim('citizen', (value) => ({ '@value': value }))],
  ['a node in an array of one', withClaim('age_equal_or_over', (node) => [node])],
  ['a node in two places', withClaim('age_equal_or_over', (node) => [node, node])],
  [
    'a blank id for the subject',
    (shown) => subjectWith(shown, (subject) => ({ ...subject, id: '_:b0' })),
  ],
  [
    'a claim that is null',
    (shown) => subjectWith(shown, (subject) => ({ ...subject, given_name: null })),
  ],
  [
    'everything under @graph',
    ({ '@context': contexts, ...shown }) => ({ '@context': contexts, '@graph': [shown] }),
  ],
  [
    'the subject under @included',
    ({ credentialSubject, ...shown }) => ({
      ...shown,
      credentialSubject: { id: '_:s' },
      '@included': [{ ...(credentialSubject as JsonObject), id: '_:s' }],
    }),
  ],
  ['members in another order', (shown) => Object.fromEntries(Object.entries(shown).reverse())],
]
/** Other statements: whatever they look like, they were not signed. */
const otherStatements: readonly Rewriting[] = [
  [
    'the end in another time zone',
    (shown) => ({ ...shown, validUntil: String(shown['validUntil']).replace('Z', '+00:00') }),
  ],
  [
    'the end with a fraction',
    (shown) => ({ ...shown, validUntil: String(shown['validUntil']).replace('Z', '.000Z') }),
  ],
  ['a later end', (shown) => ({ ...shown, validUntil: '2099-01-01T00:00:00Z' })],
  ['no end', ({ validUntil: _end, ...shown }) => shown],
  ['another claim', withClaim('birthdate', () => '1990-05-18')],
  ['a nationality less', withClaim('nationalities', (all: string[]) => all.slice(1))],
  ['one nationality without its array', withClaim('nationalities', (all: string[]) => all[0])],
]

test.each([
  ['receipt', receipts],
  ['citizenship', citizens],
] as const)('a %s is accepted as its holder made it', async (_what, setting) => {
  expect(await read(setting.shown, setting)).toHaveProperty('claims')
})

describe.each([
  ['receipt', receipts, ofReceipts],
  ['citizenship', citizens, ofCitizens],
] as const)('a holder’s %s with', (_what, setting, rewritings) => {
  test.each(rewritings)('%s is refused or is read as it was signed', async (_name, rewrite) => {
    const written = rewrite(setting.shown)
    expect(written).not.toBe(setting.shown)
    const found = await read(written, setting)
    if (!Array.isArray(found)) expect(found).toEqual(await read(setting.shown, setting))
    else expect(found).not.toEqual([])
  })
})

describe('a citizenship with', () => {
  test.each(otherStatements)('%s is refused', async (_name, rewrite) => {
    expect(await read(rewrite(citizens.shown), citizens)).toBeInstanceOf(Array)
  })
})

test('what is read has the values of the credential, not the words of its holder', async () => {
  const [, year] = ofReceipts[0] as Rewriting
  const found = await read(year(receipts.shown), receipts)
  expect(found).toMatchObject({ claims: { citizen: { tax_year: 2025, tax_class: 'standard' } } })
  const [, order] = ofCitizens.find(([what]) => what.startsWith('nationalities in')) as Rewriting
  expect(await read(order(citizens.shown), citizens)).toEqual(await read(citizens.shown, citizens))
})
