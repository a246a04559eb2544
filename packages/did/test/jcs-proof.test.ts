import { fromBase58, fromBase64url, type Json, type JsonObject } from '@asoba/core'
import { everythingIn, vectorSuite } from '@asoba/testing'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  hashForJcsProof,
  jwkSigner,
  jwkToMultikey,
  keyFromSeed,
  multikeyToJwk,
  signJcsProof,
  verifyJcsProof,
} from '../src/index.ts'

const now = new Date('2026-11-23T00:00:00Z')
const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

vectorSuite('w3c-di-eddsa', (vectors) => {
  const folder = 'TestVectors/eddsa-jcs-2022'
  const read = async () => {
    const { proof, ...document } = await vectors.json<JsonObject>(`${folder}/signedJCS.json`)
    return { document, proof: proof as JsonObject }
  }

  test('hashes the document and the proof options as the vector does', async () => {
    const { document } = await read()
    const config = await vectors.json<JsonObject>(`${folder}/proofConfigJCS.json`)
    const expected = (await vectors.text(`${folder}/combinedHashJCS.txt`)).trim()
    expect(hex(await hashForJcsProof(document, config))).toBe(expected)
  })

  test('verifies the signed vector', async () => {
    const { document, proof } = await read()
    const multikey = String(proof['verificationMethod']).split('#')[1] as string
    const publicJwk = multikeyToJwk(multikey)
    const options = { publicJwk, proofPurpose: 'assertionMethod', now }
    expect(await verifyJcsProof(document, proof, options)).toMatchObject({ verified: true })
  })

  test('makes the same proof from the key of the vector', async () => {
    const { document, proof } = await read()
    const pair = await vectors.json<{ privateKeyMultibase: string }>('TestVectors/keyPair.json')
    const seed = (fromBase58(pair.privateKeyMultibase.slice(1)) as Uint8Array).subarray(2)
    const { privateJwk } = await keyFromSeed('EdDSA', seed)
    const verificationMethod = String(proof['verificationMethod'])
    const made = await signJcsProof(document, {
      signer: await jwkSigner({ privateJwk, verificationMethod }),
      proofPurpose: 'assertionMethod',
      created: new Date(String(proof['created'])),
    })
    expect(made).toEqual(proof)
  })
})

describe('an eddsa-jcs-2022 proof', () => {
  const document: JsonObject = {
    '@context': ['urn:a', 'urn:b'],
    name: 'Асоба',
    n: [1, { a: null }],
  }
  let options: Parameters<typeof verifyJcsProof>[2]
  let signer: Awaited<ReturnType<typeof jwkSigner>>
  let proof: JsonObject
  beforeAll(async () => {
    const { privateJwk, publicJwk } = await keyFromSeed('EdDSA', new Uint8Array(32).fill(7))
    const multikey = jwkToMultikey(publicJwk)
    signer = await jwkSigner({ privateJwk, verificationMethod: `did:key:${multikey}#${multikey}` })
    options = { publicJwk, proofPurpose: 'assertionMethod', now }
    proof = await signJcsProof(document, { signer, proofPurpose: 'assertionMethod', created: now })
  })
  const codes = async (on: JsonObject, changed: JsonObject): Promise<readonly string[]> => {
    const result = await verifyJcsProof(on, changed, options)
    return result.verified ? [] : result.problems.map(({ code }) => code)
  }

  test('verifies, whatever the order of the members', async () => {
    const reversed = Object.fromEntries(Object.entries(document).reverse())
    expect(await codes(reversed, proof)).toEqual([])
  })

  test('holds for a document that adds contexts after those signed, as the standard has it', async () => {
    expect(await codes({ ...document, '@context': ['urn:a', 'urn:b', 'urn:c'] }, proof)).toEqual([])
  })

  test('fails where the contexts signed are not the first of the document', async () => {
    for (const context of [['urn:b', 'urn:a'], ['urn:c', 'urn:a', 'urn:b'], 'urn:a', []]) {
      expect(await codes({ ...document, '@context': context }, proof)).toEqual(['proof.malformed'])
    }
    const { '@context': _none, ...bare } = document
    expect(await codes(bare, proof)).toEqual(['proof.malformed'])
  })

  test('fails with another cryptosuite, type, purpose or expiry, each with its reason', async () => {
    expect(await codes(document, { ...proof, cryptosuite: 'eddsa-rdfc-2022' })).toEqual([
      'proof.unsupported',
    ])
    expect(await codes(document, { ...proof, type: 'Ed25519Signature2020' })).toEqual([
      'proof.unsupported',
    ])
    expect(await codes(document, { ...proof, proofPurpose: 'authentication' })).toEqual([
      'proof.purpose-mismatch',
    ])
    const expired = await signJcsProof(document, {
      signer,
      proofPurpose: 'assertionMethod',
      members: { expires: '2026-11-23T00:00:00Z' },
    })
    expect(await codes(document, expired)).toEqual(['proof.expired'])
  })

  test('names every problem at once', async () => {
    const changed = { ...proof, cryptosuite: 1, proofPurpose: 2, created: 'today', proofValue: 'u' }
    expect(await codes(document, changed)).toEqual([
      'proof.unsupported',
      'proof.purpose-mismatch',
      'proof.malformed',
      'proof.malformed',
    ])
  })

  test('signs further members, and refuses those that it sets itself', async () => {
    const members = { challenge: 'c', domain: 'd' }
    const made = await signJcsProof(document, { signer, proofPurpose: 'authentication', members })
    expect(made).toMatchObject(members)
    await expect(
      signJcsProof(document, { signer, proofPurpose: 'a', members: { cryptosuite: 'x' } }),
    ).rejects.toThrow(TypeError)
    await expect(
      signJcsProof(document, { signer: { ...signer, algorithm: 'ES256' }, proofPurpose: 'a' }),
    ).rejects.toThrow(TypeError)
  })

  test('never verifies when one byte of document or proof is changed', async () => {
    const text = JSON.stringify({ document, proof })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.integer({ min: 1, max: 127 }),
        async (at, flip) => {
          const code = text.charCodeAt(at) ^ flip
          const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
          let parsed: { document?: Json; proof?: Json }
          try {
            parsed = JSON.parse(changed) as typeof parsed
          } catch {
            return
          }
          const result = await verifyJcsProof(
            (parsed.document ?? {}) as JsonObject,
            (parsed.proof ?? {}) as JsonObject,
            options,
          )
          // A change from one spelling of the same text to another is none.
          if (JSON.stringify(parsed) !== text) expect(result.verified).toBe(false)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('never throws, whatever document and proof are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), fc.object(), async (on, by) => {
        const mixed = { ...proof, ...(by as JsonObject) }
        expect(await verifyJcsProof(on as JsonObject, mixed, options)).toHaveProperty('verified')
      }),
      { numRuns: 100 },
    )
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as Json
    expect(await codes({ ...document, deep, bad: '\ud800' }, proof)).toEqual([
      'proof.signature-invalid',
    ])
  })

  test('lets no value of the document out', async () => {
    const result = await verifyJcsProof({ name: 'planted-secret' }, proof, options)
    expect(result.verified).toBe(false)
    expect(everythingIn(result)).not.toContain('planted-secret')
    expect(fromBase64url(String(options.publicJwk.x))).toHaveLength(32)
    expect(everythingIn(result)).not.toContain(String(options.publicJwk.x))
  })
})
