import { fromBase58, type JsonObject, toBase58 } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { otherSignature } from '../../verifier/test/malleable.ts'
import { addProof, type Cryptosuite, deriveProof, verifyCredential } from '../src/index.ts'
import { decodeDerivedProof, encodeDerivedProof } from '../src/suites/ecdsa-sd-values.ts'
import { codes, context, contextUrl, es256, frozen, issuer, suites } from './fixtures.ts'

const document: JsonObject = frozen({
  '@context': ['https://www.w3.org/ns/credentials/v2', contextUrl],
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer,
  credentialSubject: {
    id: 'did:web:person.example',
    type: 'Person',
    citizen: true,
    given_name: 'Alesia',
    address: { locality: 'Vilnia', country: 'LT' },
  },
})

type Signed = (typeof suites)[number]

/** A credential as issued, and as its holder shows it where the suite lets the holder choose. */
async function issued({ suite, signer }: Signed, credential = document): Promise<JsonObject> {
  const mandatory = suite.derive && { mandatoryPointers: ['/issuer', '/credentialSubject/id'] }
  const options = { suite, signer, proofPurpose: 'assertionMethod', ...mandatory }
  return addProof(credential, options)
}
const shown = (suite: Cryptosuite, credential: JsonObject, ...names: readonly string[]) =>
  suite.derive === undefined
    ? credential
    : deriveProof(credential, {
        suite,
        pointers: names.map((name) => `/credentialSubject/${name}`),
      })

/** What the credential is known by. */
async function markOf(suite: Cryptosuite, credential: JsonObject): Promise<string> {
  const judged = await verifyCredential(credential, { ...context(), suites: [suite] })
  expect(codes(judged)).toEqual([])
  const mark = judged.verified ? judged.issuedMark : undefined
  if (mark === undefined) throw new Error('it has no mark')
  expect(mark).toMatch(/^[\w-]{43}$/)
  return mark
}

const inOtherOrder = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, inOtherOrder(member)]),
      )

const proofOf = ({ proof }: JsonObject): JsonObject => proof as JsonObject

describe.each(
  suites.map((each) => [`${each.suite.name} by ${each.signer.algorithm}`, each] as const),
)('the mark of %s', (_name, one) => {
  const { suite } = one

  test('is the same however the holder shows and writes the credential', async () => {
    const credential = await issued(one)
    const mark = await markOf(suite, await shown(suite, credential, 'citizen'))
    const again = await shown(suite, credential, 'given_name', 'address')
    expect(await markOf(suite, again)).toBe(mark)
    expect(await markOf(suite, inOtherOrder(again) as JsonObject)).toBe(mark)
    expect(await markOf(suite, { ...again, proof: [proofOf(again)] })).toBe(mark)
  })

  test('is that of no other credential', async () => {
    const other = {
      ...document,
      credentialSubject: { ...(document['credentialSubject'] as object), citizen: false },
    }
    const marks = [
      await markOf(suite, await shown(suite, await issued(one), 'citizen')),
      await markOf(suite, await shown(suite, await issued(one, other), 'citizen')),
    ]
    expect(new Set(marks).size).toBe(2)
  })
})

const whole = suites.filter(({ suite }) => suite.derive === undefined)

describe.each(
  whole.map((each) => [`${each.suite.name} by ${each.signer.algorithm}`, each] as const),
)('the mark of a credential with several proofs of %s', (_name, { suite, signer }) => {
  const by = { suite, signer, proofPurpose: 'assertionMethod' }

  test('is the same whichever proof of a set the holder sends', async () => {
    const first = await addProof(document, { ...by, created: new Date('2026-01-01T00:00:00Z') })
    const both = await addProof(first, { ...by, created: new Date('2026-01-02T00:00:00Z') })
    const proofs = both['proof'] as readonly JsonObject[]
    const mark = await markOf(suite, both)
    for (const proof of [[...proofs].reverse(), proofs[0] as JsonObject, proofs[1] as JsonObject]) {
      expect(await markOf(suite, { ...document, proof })).toBe(mark)
    }
  })

  test('is the same where the holder leaves out the end of a chain', async () => {
    const first = await addProof(document, { ...by, id: 'urn:uuid:1' })
    const chain = await addProof(first, { ...by, id: 'urn:uuid:2', previousProof: 'urn:uuid:1' })
    const proofs = chain['proof'] as readonly JsonObject[]
    const mark = await markOf(suite, first)
    expect(await markOf(suite, chain)).toBe(mark)
    expect(await markOf(suite, { ...document, proof: [...proofs].reverse() })).toBe(mark)
  })
})

describe('the mark of an ECDSA proof', () => {
  test('is the same with the signature in its other form', async () => {
    for (const { suite, signer } of suites) {
      if (signer !== es256) continue
      const credential = await shown(suite, await issued({ suite, signer }), 'citizen')
      const proofValue = String(proofOf(credential)['proofValue'])
      const other = { ...proofOf(credential), proofValue: otherValue(proofValue) }
      expect(other.proofValue).not.toBe(proofValue)
      expect(await markOf(suite, { ...credential, proof: other })).toBe(
        await markOf(suite, credential),
      )
    }
  })
})

function otherValue(proofValue: string): string {
  const derived = decodeDerivedProof(proofValue)
  if (derived === undefined) {
    return `z${toBase58(otherSignature(fromBase58(proofValue.slice(1)) as Uint8Array))}`
  }
  return encodeDerivedProof({
    ...derived,
    baseSignature: otherSignature(derived.baseSignature),
    signatures: derived.signatures.map(otherSignature),
  })
}
