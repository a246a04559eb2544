import type { JsonObject } from '@asoba/core'
import {
  createKey,
  didKeyOf,
  didResolver,
  holderKeys,
  jwkSigner,
  jwkToMultikey,
  key,
} from '@asoba/did'
import { describe, expect, test } from 'vitest'
import {
  addProof,
  type CredentialExpectation,
  type Cryptosuite,
  deriveProof,
  eddsaJcs2022,
  type ProofExpectation,
  verifyCredential,
  verifyProof,
} from '../src/index.ts'
import {
  citizenship,
  codes,
  context,
  contextUrl,
  eddsa,
  es256,
  frozen,
  issuer,
  jsonLd,
  now,
  suites,
} from './fixtures.ts'

const { publicJwk, privateJwk } = await createKey('EdDSA')
const did = didKeyOf(publicJwk)
const alice = await jwkSigner({
  privateJwk,
  verificationMethod: `${did}#${jwkToMultikey(publicJwk)}`,
})
const suite = eddsaJcs2022()
const findKey = holderKeys(didResolver({ methods: [key] }))
const document: JsonObject = frozen({ says: 'hello' })
const expected: ProofExpectation = {
  suites: [suite],
  proofPurpose: 'authentication',
  domain: 'https://tax.example',
  challenge: 'n-1',
  now,
  clockTolerance: 0,
}
const made = {
  suite,
  signer: alice,
  proofPurpose: 'authentication',
  created: now,
  domain: 'https://tax.example',
  challenge: 'n-1',
} as const

describe('a proof of any document', () => {
  const judge = async (signed: unknown, changed: Partial<ProofExpectation> = {}) =>
    codes(await verifyProof(signed, { ...expected, ...changed, kind: 'document', findKey }))

  test('verifies by the key that it names, for whom and what it was made for', async () => {
    const signed = frozen(await addProof(document, made))
    const result = await verifyProof(signed, { ...expected, kind: 'document', findKey })
    expect(result).toMatchObject({
      verified: true,
      document,
      proofs: [{ controller: did, verificationMethod: alice.verificationMethod }],
    })
    expect(await judge(signed, { domain: undefined, challenge: undefined })).toEqual([])
    expect(await judge(signed, { domain: ['https://tax.example'] })).toEqual([])
  })

  test('does not verify for anybody or anything else', async () => {
    const signed = await addProof(document, made)
    const two = await addProof(document, {
      ...made,
      domain: ['https://tax.example', 'https://b.example'],
    })
    expect(await judge(signed, { domain: 'https://b.example' })).toEqual(['proof.domain-mismatch'])
    expect(await judge(two)).toEqual(['proof.domain-mismatch'])
    expect(await judge(signed, { domain: [] })).toEqual(['proof.domain-mismatch'])
    expect(await judge(signed, { challenge: 'n-2' })).toEqual(['proof.challenge-mismatch'])
    expect(await judge(signed, { proofPurpose: 'assertionMethod' })).toEqual([
      'proof.purpose-mismatch',
    ])
    expect(await judge(signed, { suites: [] })).toEqual(['proof.unsupported'])
    expect(await judge({ ...signed, says: 'bye' })).toEqual(['proof.signature-invalid'])
  })

  test('has expired when it says so, and not before', async () => {
    const expires = new Date(now.getTime() + 60_000)
    const signed = await addProof(document, { ...made, expires })
    expect(await judge(signed)).toEqual([])
    expect(await judge(signed, { now: expires })).toEqual(['proof.expired'])
    expect(await judge(signed, { now: expires, clockTolerance: 60 })).toEqual([])
  })

  test('is no proof without a known key', async () => {
    const stranger = { ...alice, verificationMethod: 'did:web:nobody.example#1' }
    const signed = await addProof(document, { ...made, signer: stranger })
    expect(await judge(signed)).toEqual(['did.method-unsupported'])
  })

  test('cannot be added by a wrong signer, to a broken document, or upon what is not there', async () => {
    const bad: readonly Partial<Parameters<typeof addProof>[1]>[] = [
      { signer: es256 },
      { previousProof: 'urn:uuid:1' },
      { mandatoryPointers: [] },
    ]
    for (const one of bad)
      await expect(addProof(document, { ...made, ...one })).rejects.toThrow(TypeError)
    await expect(addProof({ proof: 'x' }, made)).rejects.toMatchObject({
      code: 'credential.malformed',
    })
    await expect(deriveProof(document, { suite, pointers: [] })).rejects.toThrow(TypeError)
  })

  test('is one of a set, all of which must be right', async () => {
    const one = await addProof(document, { ...made, id: 'urn:uuid:1' })
    const two = await addProof(one, { ...made, id: 'urn:uuid:2' })
    expect(await judge(two)).toEqual([])
    const [first, second] = two.proof as unknown as readonly JsonObject[]
    const broken = { ...second, proofValue: first?.['proofValue'] ?? '' }
    expect(await judge({ ...two, proof: [first, broken] })).toEqual(['proof.signature-invalid'])
    const twice = { ...two, proof: [first, { ...second, id: 'urn:uuid:1' }] }
    expect(await judge(twice)).toEqual(['proof.malformed'])
    expect(await judge({ ...two, proof: Array.from({ length: 17 }, () => first) })).toEqual([
      'proof.malformed',
    ])
    expect(await judge({ ...two, proof: [] })).toEqual(['proof.malformed'])
  })
})

describe('the proofs of a credential', () => {
  const credential: JsonObject = {
    '@context': ['https://www.w3.org/ns/credentials/v2', contextUrl],
    type: ['VerifiableCredential', 'CitizenshipCredential'],
    issuer,
    credentialSubject: { type: 'Person', citizen: true },
  }
  const by = { suite, signer: eddsa, proofPurpose: 'assertionMethod' } as const
  const judge = (
    signed: unknown,
    own: readonly Cryptosuite[] = [suite],
    changed: Partial<CredentialExpectation> = {},
  ) => verifyCredential(signed, { ...context(), ...changed, suites: own })

  test('may be a set over several suites, of which those accepted count', async () => {
    let signed: JsonObject = credential
    const whole = suites.filter((one) => one.suite.derive === undefined)
    for (const one of whole) signed = await addProof(signed, { ...by, ...one })
    for (const one of whole) expect(codes(await judge(signed, [one.suite]))).toEqual([])
    expect(
      codes(
        await judge(
          signed,
          whole.map((one) => one.suite),
        ),
      ),
    ).toEqual([])
    expect(codes(await judge(signed, []))).toEqual(['proof.unsupported'])
  })

  test('may build on one another, as long as all are the issuer’s', async () => {
    const first = await addProof(credential, { ...by, id: 'urn:uuid:1' })
    const chain = await addProof(first, { ...by, previousProof: 'urn:uuid:1' })
    expect(codes(await judge(chain))).toEqual([])
    const foreign = await addProof(credential, { ...by, signer: alice, id: 'urn:uuid:1' })
    const upon = await addProof(foreign, { ...by, previousProof: 'urn:uuid:1' })
    expect(codes(await judge(upon))).toEqual(['proof.unsupported'])
  })

  test('are read in the data model 1.1 as well', async () => {
    const old = {
      ...credential,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://w3id.org/security/data-integrity/v2',
        contextUrl,
      ],
      issuanceDate: '2026-01-01T00:00:00Z',
      expirationDate: '2026-06-01T00:00:00Z',
    }
    const { findIssuer } = context()
    const writtenSo = {
      findIssuer: async (claim: Parameters<typeof findIssuer>[0]) => ({
        ...(await findIssuer(claim)),
        contexts: [citizenship.contexts, old['@context']],
      }),
    }
    for (const one of suites.filter((each) => each.suite.derive === undefined)) {
      const signed = await addProof(old, { ...by, ...one })
      const result = await judge(signed, [one.suite], writtenSo)
      expect(codes(result)).toEqual([])
      expect(result).toMatchObject({ validUntil: new Date('2026-06-01T00:00:00Z') })
      const { issuanceDate: _, ...undated } = old
      const again = await addProof(undated, { ...by, ...one })
      expect(codes(await judge(again, [one.suite], writtenSo))).toEqual(['credential.malformed'])
    }
  })

  test('do not help a credential that is none', async () => {
    const { type: _, ...untyped } = credential
    expect(codes(await judge(await addProof(untyped, by)))).toContain('credential.malformed')
    const status = { ...credential, credentialStatus: { type: 'Whatever' } }
    expect(codes(await judge(await addProof(status, by)))).toEqual(['status.invalid-entry'])
  })

  test('over statements need contexts that know of proofs', async () => {
    const [rdfc] = suites.filter((one) => one.suite.name === 'eddsa-rdfc-2022')
    const bare = { '@context': { '@vocab': 'https://x.example/' }, a: 1 }
    const { nquads } = await jsonLd.canonize(await jsonLd.toNQuads(bare))
    expect(nquads).toHaveLength(1)
    await expect(
      addProof(
        { '@context': { a: 'urn:a' }, a: 1 },
        { ...by, ...(rdfc as (typeof suites)[number]) },
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^jsonld\./) })
  })
})
