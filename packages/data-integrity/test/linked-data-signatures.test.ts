import { concatBytes, type JsonObject, toBase58, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import {
  type Cryptosuite,
  createJsonLd,
  eddsaRdfc2022,
  verifyCredential,
  verifyProof,
} from '../src/index.ts'
import {
  ed25519Signature2018,
  ed25519Signature2020,
  linkedDataContexts,
} from '../src/linked-data-signatures.ts'
import { hashStatements, proofConfig } from '../src/primitives.ts'
import { didKeyKeys } from './contexts.ts'
import { codes } from './fixtures.ts'

const processor = createJsonLd({
  contexts: [
    ...linkedDataContexts,
    {
      url: 'https://www.w3.org/ns/credentials/examples/v2',
      document: { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
    },
  ],
})
const now = new Date('2026-06-01T00:00:00Z')
const issuer = 'did:web:college.example'
const { publicJwk, privateJwk } = await createKey('EdDSA')
const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
const v1 = 'https://www.w3.org/2018/credentials/v1'
const suite2020 = 'https://w3id.org/security/suites/ed25519-2020/v1'
const examples = 'https://www.w3.org/ns/credentials/examples/v2'

// The context of the data model 1.1 has the suite of 2018 already.
const under2020 = [v1, suite2020, examples]
const under2018 = [v1, examples]
const diploma = (contexts: readonly string[], more: JsonObject = {}): JsonObject => ({
  '@context': contexts,
  id: 'urn:uuid:7f1a2c1e-4a54-4d1c-8a52-0f0e6b6f2f10',
  type: ['VerifiableCredential', 'AlumniCredential'],
  issuer: { id: issuer, type: 'Profile' },
  issuanceDate: '2024-06-01T00:00:00Z',
  expirationDate: '2034-06-01T00:00:00Z',
  credentialSubject: { id: 'did:example:graduate', alumniOf: 'A college' },
  ...more,
})
const options = {
  created: '2024-06-01T00:00:00Z',
  verificationMethod: `${issuer}#key-1`,
  proofPurpose: 'assertionMethod',
}

/** Signed as these suites did, which the package does not. */
async function signed(document: JsonObject, type: string): Promise<JsonObject> {
  const proof: JsonObject = { type, ...options }
  const config = await processor.toNQuads(proofConfig(proof, document))
  const data = concatBytes(
    await hashStatements(processor, config),
    await hashStatements(processor, await processor.toNQuads(document)),
  )
  if (type === 'Ed25519Signature2020') {
    return { ...document, proof: { ...proof, proofValue: `z${toBase58(await signer.sign(data))}` } }
  }
  const header = toBase64url(utf8('{"alg":"EdDSA","b64":false,"crit":["b64"]}'))
  const signature = await signer.sign(concatBytes(utf8(`${header}.`), data))
  return { ...document, proof: { ...proof, jws: `${header}..${toBase64url(signature)}` } }
}

const judge = (document: unknown, suites: readonly Cryptosuite[], contexts: readonly string[]) =>
  verifyCredential(document, {
    now,
    clockTolerance: 60,
    suites,
    findIssuer: async () => ({
      verified: true,
      checks: [],
      issuer,
      type: 'diploma',
      keys: [publicJwk],
      mechanism: 'did',
      contexts,
    }),
  })

describe.each([
  ['Ed25519Signature2020', ed25519Signature2020(processor), under2020, 'proofValue'],
  ['Ed25519Signature2018', ed25519Signature2018(processor), under2018, 'jws'],
] as const)('a diploma by %s', async (type, suite, contexts, member) => {
  const document = await signed(diploma(contexts), type)

  test('is read', async () => {
    expect(await judge(document, [suite], contexts)).toMatchObject({
      verified: true,
      validUntil: new Date('2034-06-01T00:00:00Z'),
      credential: { credentialSubject: { alumniOf: 'A college' } },
    })
  })

  test('is over when it says so, and its end cannot be hidden', async () => {
    const over = await signed(diploma(contexts, { expirationDate: '2026-01-01T00:00:00Z' }), type)
    expect(codes(await judge(over, [suite], contexts))).toEqual(['credential.expired'])
    const { expirationDate, ...rest } = over
    const hidden = {
      ...rest,
      'https://www.w3.org/2018/credentials#expirationDate': {
        '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
        '@value': expirationDate as string,
      },
    }
    expect(codes(await judge(hidden, [suite], contexts))).toEqual(['credential.expired'])
  })

  test('is refused with another claim, option, signature or context', async () => {
    const proof = document['proof'] as JsonObject
    const value = String(proof[member])
    const other = await signed(diploma(contexts, { id: 'urn:uuid:2' }), type)
    const bad: readonly JsonObject[] = [
      { ...document, credentialSubject: { id: 'did:example:eve', alumniOf: 'A college' } },
      { ...document, proof: { ...proof, created: '2024-06-02T00:00:00Z' } },
      { ...document, proof: { ...proof, proofPurpose: 'authentication' } },
      { ...document, proof: { ...proof, [member]: value.slice(0, -1) } },
      { ...document, proof: { ...proof, [member]: value.toUpperCase() } },
      { ...document, proof: other['proof'] as JsonObject },
      { ...document, '@context': [...contexts].reverse() },
    ]
    for (const one of bad) expect(codes(await judge(one, [suite], contexts))).not.toEqual([])
  })

  test('is called by its name where the suite is not given', async () => {
    const result = await judge(document, [eddsaRdfc2022(processor)], contexts)
    expect(result).toMatchObject({
      problems: [{ code: 'proof.unsupported', detail: expect.stringContaining(type) }],
    })
  })

  test('with another proof beside it is judged by the accepted one', async () => {
    const stranger = { type: 'JsonWebSignature2020', ...options, jws: 'e30..AA' }
    const both = { ...document, proof: [stranger, document['proof'] as JsonObject] }
    expect(codes(await judge(both, [suite], contexts))).toEqual([])
  })

  test('is not made here', async () => {
    await expect(suite.sign({}, {}, signer, {})).rejects.toThrow(TypeError)
  })
})

test('a detached JWS may have no other header than that of the suite', async () => {
  const suite = ed25519Signature2018(processor)
  const document = await signed(diploma(under2018), 'Ed25519Signature2018')
  const proof = document['proof'] as JsonObject
  const [, , signature = ''] = String(proof['jws']).split('.')
  for (const header of [
    '{"alg":"EdDSA"}',
    '{"alg":"none","b64":false,"crit":["b64"]}',
    '{"alg":"EdDSA","b64":true,"crit":["b64"]}',
    '{"alg":"EdDSA","b64":false,"crit":["b64","exp"]}',
    '{"alg":"EdDSA","b64":false,"crit":["b64"],"jwk":{}}',
    '[]',
  ]) {
    const bad = {
      ...document,
      proof: { ...proof, jws: `${toBase64url(utf8(header))}..${signature}` },
    }
    const found = codes(await judge(bad, [suite], under2018))
    expect(found).toEqual(['proof.malformed'])
  }
})

vectorSuite('w3c-di-eddsa', async (vectors) => {
  const document = await vectors.json<JsonObject>(
    'TestVectors/Ed25519Signature2020/signedEdSig.json',
  )
  const expected = {
    kind: 'credential',
    suites: [ed25519Signature2020(processor)],
    proofPurpose: 'assertionMethod',
    domain: undefined,
    challenge: undefined,
    now,
    clockTolerance: 0,
    findKey: didKeyKeys,
  } as const

  test('the vector of Ed25519Signature2020 verifies, and with another claim does not', async () => {
    expect(await verifyProof(document, expected)).toMatchObject({ verified: true })
    const changed = { ...document, name: 'Another' }
    expect(codes(await verifyProof(changed, expected))).toEqual(['proof.signature-invalid'])
  })
})
