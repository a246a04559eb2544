import type { HolderProof, JsonObject } from '@asoba/core'
import { createKey, didJwkOf, jwkSigner, subjectOfProof } from '@asoba/did'
import { parseJws, signJws } from '@asoba/jwt'
import { jwtVcV1 } from '@asoba/jwt/v1'
import { describe, expect, test } from 'vitest'
import { createWallet, type Match, type Wallet } from '../src/index.ts'
import { contextFor, format, leaves, now, requestFor, walletWith } from './fixtures.ts'

const { publicJwk, privateJwk } = await createKey('ES256')
const issuer = didJwkOf(publicJwk)
const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#0` })

/** A credential of VC 1.1 as an issuer of other software signs it. */
async function issued(
  holder: HolderProof,
  claims: JsonObject,
  beside: JsonObject = {},
): Promise<string> {
  const payload = {
    ...beside,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'CitizenshipCredential'],
      issuer,
      issuanceDate: '2026-01-01T00:00:00Z',
      expirationDate: '2027-01-01T00:00:00Z',
      credentialSubject: { id: subjectOfProof(holder) as string, ...claims },
    },
  }
  return signJws({ typ: 'JWT', kid: `${issuer}#0` }, payload, signer)
}

const makeWallet = () => createWallet({ formats: [jwtVcV1()], now: () => now })
const asking = (...path: readonly string[]) =>
  requestFor([], {
    query: {
      credentials: [
        {
          id: 'citizen',
          format: 'jwt_vc_json',
          meta: { type_values: [['CitizenshipCredential']] },
          claims: [{ path }],
        },
      ],
    },
  })
const request = asking('credentialSubject', 'citizen')

async function take(wallet: Wallet, ...those: readonly [JsonObject, JsonObject?][]) {
  const holders = await wallet.prepare({ format: 'jwt_vc_json', count: those.length })
  const tokens = await Promise.all(
    those.map(([claims, beside], at) => issued(holders[at] as HolderProof, claims, beside)),
  )
  return wallet.receive(tokens)
}

/** What a consent screen says will be told. */
const told = ({ shown, disclosed }: Match): string[] =>
  [...shown, ...disclosed].map(
    ({ path, value }) => `${JSON.stringify(path)}: ${JSON.stringify(value)}`,
  )

describe('what is sent is what was shown', () => {
  test('also claims of a JWT that stand beside its credential', async () => {
    const wallet = makeWallet()
    await take(wallet, [{ citizen: true }, { given_name: 'Alesia', more: { deep: [1, {}] } }])
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing matches')
    const { vp_token } = await wallet.present(request, match)
    const presented = parseJws(vp_token['citizen']?.[0])
    const vp = presented.verified ? (presented.claims?.['vp'] as JsonObject) : {}
    const inner = parseJws((vp['verifiableCredential'] as string[])[0])
    const { vc, ...beside } = (inner.verified && inner.claims) as JsonObject
    expect(Object.keys(beside)).toEqual(['given_name', 'more'])
    expect(told(match).sort()).toEqual([...leaves(vc), ...leaves(beside)].sort())
  })

  test('in an SD-JWT, of which the rest is withheld', async () => {
    const { wallet } = await walletWith(1)
    const asked = requestFor([['given_name'], ['place_of_birth', 'locality']])
    const [match] = await wallet.match(asked)
    if (match === undefined) throw new Error('nothing matches')
    const { vp_token } = await wallet.present(asked, match)
    const result = await format.verify(vp_token['citizen']?.[0], contextFor(asked))
    expect(result.verified && leaves(result.claims).sort()).toEqual(told(match).sort())
  })

  test('is not a query’s to ask for where it stands beside the credential', async () => {
    const wallet = makeWallet()
    await take(wallet, [{ citizen: true }, { given_name: 'Alesia' }])
    expect(await wallet.match(asking('given_name'))).toEqual([])
  })
})

describe('copies of one credential say the same', () => {
  const groups = async (...those: readonly [JsonObject, JsonObject?][]) => {
    const wallet = makeWallet()
    await take(wallet, ...those)
    return (await wallet.match(request)).length
  }

  test('of their subject, whatever their claims are named', async () => {
    expect(await groups([{ citizen: true }], [{ citizen: true }])).toBe(1)
    // Names that the credential itself has: there they are each copy's own, here they are claims.
    for (const name of ['status', 'exp', 'sub', 'validUntil', 'jti']) {
      expect(
        await groups([{ citizen: true, [name]: 'one' }], [{ citizen: true, [name]: 'other' }]),
        name,
      ).toBe(2)
    }
  })

  test('beside the credential too', async () => {
    expect(await groups([{ citizen: true }, { rank: 1 }], [{ citizen: true }, { rank: 2 }])).toBe(2)
    expect(await groups([{ citizen: true }, { iat: 1 }], [{ citizen: true }, { iat: 2 }])).toBe(1)
  })
})
