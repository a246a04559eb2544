import { type Json, type JsonObject, problem, refused } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AddProofOptions,
  addProof,
  type Cryptosuite,
  type FindProofKey,
  type ProofExpectation,
  verifyProof,
} from '../src/index.ts'
import { codes, contextUrl, eddsa, frozen, issuer, now, suites } from './fixtures.ts'

const document: JsonObject = frozen({
  '@context': ['https://www.w3.org/ns/credentials/v2', contextUrl],
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer,
  credentialSubject: { type: 'Person', citizen: true },
})

const pairs = {
  EdDSA: await createKey('EdDSA'),
  ES256: await createKey('ES256'),
  ES384: await createKey('ES384'),
}
const someone = 'did:web:someone.example'
const signers = Object.fromEntries(
  await Promise.all(
    Object.entries(pairs).map(async ([name, { privateJwk }]) => {
      const verificationMethod = `${someone}#${name}`
      return [name, await jwkSigner({ privateJwk, verificationMethod })] as const
    }),
  ),
)
const findKey: FindProofKey = async (method) => {
  const [controller = '', name = ''] = method.split('#')
  const pair = Object.entries(pairs).find(([each]) => each === name)
  return controller === someone && pair !== undefined
    ? { verified: true, checks: [], controller, publicJwk: pair[1].publicJwk }
    : refused([problem('did.key-not-found', 'there is no such key')])
}

const whole = suites.filter(({ suite }) => suite.derive === undefined)
const by = ({ suite, signer }: (typeof suites)[number]): AddProofOptions => ({
  suite,
  signer: signers[signer.algorithm] as typeof signer,
  proofPurpose: 'assertionMethod',
})
const expected = (suite: Cryptosuite, change: Partial<ProofExpectation> = {}) => ({
  kind: 'document' as const,
  suites: [suite],
  proofPurpose: 'assertionMethod',
  domain: undefined,
  challenge: undefined,
  now,
  clockTolerance: 0,
  findKey,
  ...change,
})
const proofsOf = (signed: JsonObject): JsonObject[] =>
  ([signed['proof'] ?? []].flat() as JsonObject[]).map((each) => structuredClone(each))

describe.each(
  whole.map((each) => [`${each.suite.name} by ${each.signer.algorithm}`, each] as const),
)('a chain of %s', (_name, one) => {
  const { suite } = one
  const judge = async (proof: readonly Json[]): Promise<readonly string[]> =>
    codes(await verifyProof({ ...document, proof }, expected(suite)))
  /** Three proofs, each upon the one before. */
  const chain = async (): Promise<JsonObject[]> => {
    let signed = await addProof(document, { ...by(one), id: 'urn:uuid:1' })
    signed = await addProof(signed, { ...by(one), id: 'urn:uuid:2', previousProof: 'urn:uuid:1' })
    signed = await addProof(signed, {
      ...by(one),
      id: 'urn:uuid:3',
      previousProof: ['urn:uuid:1', 'urn:uuid:2'],
    })
    return proofsOf(signed)
  }

  test('verifies as it was made, in any order', async () => {
    const [a, b, c] = (await chain()) as [JsonObject, JsonObject, JsonObject]
    expect(await judge([a, b, c])).toEqual([])
    expect(await judge([c, a, b])).toEqual([])
    expect(await judge([a, b])).toEqual([])
    expect(await judge([a])).toEqual([])
  })

  test.each<[string, (a: JsonObject, b: JsonObject, c: JsonObject) => readonly Json[]]>([
    ['the first proof was taken away', (_a, b) => [b]],
    ['the middle proof was taken away', (a, _b, c) => [a, c]],
    [
      'a proof builds on one that there is not',
      (a, b) => [a, { ...b, previousProof: 'urn:uuid:9' }],
    ],
    ['a proof builds on itself', (a, b) => [a, { ...b, previousProof: 'urn:uuid:2' }]],
    ['two build on one another', (a, b) => [{ ...a, previousProof: 'urn:uuid:2' }, b]],
    ['a proof builds on none any more', (a, { previousProof: _, ...b }) => [a, b]],
    ['a proof builds on fewer', (a, b, c) => [a, b, { ...c, previousProof: 'urn:uuid:1' }]],
    [
      'a proof builds on more',
      (a, b, c) => [a, { ...b, previousProof: ['urn:uuid:1', 'urn:uuid:3'] }, c],
    ],
    ['two have one name', (a, b) => [a, { ...b, id: 'urn:uuid:1' }]],
    [
      'names are exchanged',
      (a, b) => [
        { ...a, id: 'urn:uuid:2' },
        { ...b, id: 'urn:uuid:1', previousProof: 'urn:uuid:2' },
      ],
    ],
    [
      'values are exchanged',
      (a, b) => [
        { ...a, proofValue: b['proofValue'] ?? '' },
        { ...b, proofValue: a['proofValue'] ?? '' },
      ],
    ],
    [
      'the first is another right proof under the same name',
      (a, b) => [{ ...a, created: '2020-01-01T00:00:00Z' }, b],
    ],
    ['previousProof is a number', (a, b) => [a, { ...b, previousProof: 1 }]],
    ['previousProof is an object', (a, b) => [a, { ...b, previousProof: { id: 'urn:uuid:1' } }]],
    ['previousProof is empty', (a, b) => [a, { ...b, previousProof: [] }]],
    [
      'previousProof names one twice',
      (a, b) => [a, { ...b, previousProof: ['urn:uuid:1', 'urn:uuid:1'] }],
    ],
    [
      'previousProof holds something else',
      (a, b) => [a, { ...b, previousProof: ['urn:uuid:1', null] }],
    ],
  ])('does not verify where %s', async (_title, change) => {
    const [a, b, c] = (await chain()) as [JsonObject, JsonObject, JsonObject]
    const found = await judge(change(a, b, c))
    expect(found.length).toBeGreaterThan(0)
    for (const code of found)
      expect(['proof.malformed', 'proof.signature-invalid', 'jsonld.unsupported']).toContain(code)
  })

  test('does not verify upon a proof that was made anew', async () => {
    const [a, b] = (await chain()) as [JsonObject, JsonObject]
    const again = await addProof(document, {
      ...by(one),
      id: 'urn:uuid:1',
      created: new Date('2026-02-02T00:00:00Z'),
    })
    expect(proofsOf(again)[0]).not.toEqual(a)
    expect(await judge([...proofsOf(again), b])).toEqual(['proof.signature-invalid'])
  })

  test('has one bad proof named where the others are right', async () => {
    const [a, b] = (await chain()) as [JsonObject, JsonObject]
    const set = proofsOf(
      await addProof({ ...document, proof: a }, { ...by(one), id: 'urn:uuid:4' }),
    )
    const bad = { ...set[1], proofValue: b['proofValue'] ?? '' }
    const result = await verifyProof(
      { ...document, proof: [...set.slice(0, 1), bad] },
      expected(suite),
    )
    expect(result.verified ? [] : result.problems.map(({ path }) => path)).toEqual(['/proof/1'])
  })
})

describe.each(
  suites.map((each) => [`${each.suite.name} by ${each.signer.algorithm}`, each] as const),
)('a proof by %s', (_name, one) => {
  const { suite } = one
  const made = async (more: Partial<AddProofOptions> = {}): Promise<JsonObject> =>
    addProof(document, {
      ...by(one),
      ...(suite.derive && { mandatoryPointers: ['/issuer'] }),
      ...more,
    })
  const judge = async (proof: Json, change: Partial<ProofExpectation> = {}) =>
    codes(await verifyProof({ ...document, proof }, expected(suite, change)))
  // A base proof is not for verifiers; what is said beside its value is judged all the same.
  const beside = (found: readonly string[]) =>
    found.filter((code) => code !== 'proof.malformed' || suite.derive === undefined)
  const own = async (more?: Partial<AddProofOptions>) => proofsOf(await made(more))[0] as JsonObject

  test('is for the domain and challenge that were expected, and no other', async () => {
    const proof = await own({ domain: 'https://a.example', challenge: 'n-1' })
    const right = { domain: 'https://a.example', challenge: 'n-1' }
    expect(beside(await judge(proof, right))).toEqual([])
    expect(await judge(proof, { ...right, domain: 'https://b.example' })).toContain(
      'proof.domain-mismatch',
    )
    expect(
      await judge(proof, { ...right, domain: ['https://a.example', 'https://b.example'] }),
    ).toContain('proof.domain-mismatch')
    expect(await judge(proof, { ...right, challenge: 'n-2' })).toContain('proof.challenge-mismatch')
    expect(await judge(proof, { ...right, challenge: '' })).toContain('proof.challenge-mismatch')
  })

  test('for nobody is not for somebody', async () => {
    const proof = await own()
    expect(await judge(proof, { domain: 'https://a.example' })).toContain('proof.domain-mismatch')
    expect(await judge(proof, { challenge: 'n-1' })).toContain('proof.challenge-mismatch')
  })

  test('is of the purpose that was expected', async () => {
    expect(await judge(await own({ proofPurpose: 'authentication' }))).toContain(
      'proof.purpose-mismatch',
    )
  })

  test.each<[string, (proof: JsonObject) => Json, string]>([
    ['without purpose', ({ proofPurpose: _, ...rest }) => rest, 'proof.purpose-mismatch'],
    [
      'without verification method',
      ({ verificationMethod: _, ...rest }) => rest,
      'proof.malformed',
    ],
    [
      'with a verification method that is an object',
      (proof) => ({ ...proof, verificationMethod: { id: 'x' } }),
      'proof.malformed',
    ],
    [
      'with somebody else’s verification method',
      (proof) => ({ ...proof, verificationMethod: 'did:web:other.example#1' }),
      'did.key-not-found',
    ],
    ['without cryptosuite', ({ cryptosuite: _, ...rest }) => rest, 'proof.unsupported'],
    [
      'of another cryptosuite',
      (proof) => ({ ...proof, cryptosuite: 'bbs-2023' }),
      'proof.unsupported',
    ],
    [
      'of another type',
      (proof) => ({ ...proof, type: 'Ed25519Signature2020' }),
      'proof.unsupported',
    ],
    ['without type', ({ type: _, ...rest }) => rest, 'proof.unsupported'],
    [
      'with several types',
      (proof) => ({ ...proof, type: ['DataIntegrityProof'] }),
      'proof.unsupported',
    ],
    ['without value', ({ proofValue: _, ...rest }) => rest, 'proof.malformed'],
    ['with a value that is a number', (proof) => ({ ...proof, proofValue: 1 }), 'proof.malformed'],
    ['with an empty value', (proof) => ({ ...proof, proofValue: '' }), 'proof.malformed'],
    [
      'with a value of another base',
      (proof) => ({ ...proof, proofValue: `x${String(proof['proofValue']).slice(1)}` }),
      'proof.malformed',
    ],
    [
      'made at a time that is none',
      (proof) => ({ ...proof, created: 'yesterday' }),
      'proof.malformed',
    ],
    [
      'made at a time without zone',
      (proof) => ({ ...proof, created: '2026-01-01T00:00:00' }),
      'proof.malformed',
    ],
    [
      'that expires at a time that is none',
      (proof) => ({ ...proof, expires: 7 }),
      'proof.malformed',
    ],
    [
      'that has expired',
      (proof) => ({ ...proof, expires: '2020-01-01T00:00:00Z' }),
      'proof.expired',
    ],
    ['that is a text', () => 'proof', 'proof.malformed'],
    ['that is nothing', () => null, 'proof.malformed'],
  ])('%s is refused', async (_title, change, code) => {
    expect(await judge(change(await own()))).toContain(code)
  })

  test.each<[string, JsonObject]>([
    ['created', { created: '2026-02-02T00:00:00Z' }],
    ['expires', { expires: '2030-01-01T00:00:00Z' }],
    ['domain', { domain: 'https://a.example' }],
    ['challenge', { challenge: 'n-9' }],
    ['id', { id: 'urn:uuid:9' }],
  ])('does not verify where %s was put in afterwards', async (_title, more) => {
    if (suite.derive !== undefined)
      return expect(await judge({ ...(await own()), ...more })).not.toEqual([])
    expect(await judge({ ...(await own()), ...more })).toEqual(['proof.signature-invalid'])
  })

  test('of any shape is judged and never thrown', async () => {
    const right = await own()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc
            .dictionary(
              fc.constantFrom(...Object.keys(right), 'previousProof', 'id', 'nonce'),
              fc.jsonValue(),
            )
            .map((change) => ({ ...right, ...change })),
        ),
        async (proof) => {
          const result = await verifyProof({ ...document, proof: proof as Json }, expected(suite))
          if (suite.derive !== undefined) expect(result.verified).toBe(false)
          else if (result.verified) expect(result.proofs[0]?.proof).toEqual(right)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('a proof upon somebody else’s is judged with that one, and falls with it', async () => {
  const [one] = whole as [(typeof whole)[number]]
  const first = await addProof(document, { ...by(one), signer: eddsa, id: 'urn:uuid:1' })
  const upon = await addProof(first, { ...by(one), previousProof: 'urn:uuid:1' })
  const result = await verifyProof(upon, expected(one.suite))
  expect(result.verified ? [] : result.problems).toMatchObject([
    { code: 'did.key-not-found', path: '/proof/0' },
  ])
})
