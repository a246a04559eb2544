import { type Json, toBase64url } from '@asoba/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derToRaw, rawToDer } from '../src/der.ts'
import {
  algorithmOfJwk,
  createKey,
  dereference,
  didKeyOf,
  didResolver,
  didWebUrl,
  findVerificationKeys,
  holderKeys,
  jwk,
  jwkSigner,
  jwkToMultikey,
  key,
  multikeyToJwk,
  parseDid,
  parseDidUrl,
  resolutionErrorCode,
  sameKey,
  validateDidDocument,
  validatePublicJwk,
  verifySignature,
} from '../src/index.ts'
import { nobleSignatures } from '../src/noble.ts'

const runs = { numRuns: 200 }
const bytes = fc.uint8Array({ maxLength: 300 })

/** JSON in which the words of DID documents and keys are likely. */
const words = fc.constantFrom(
  ...['id', 'type', 'controller', 'verificationMethod', 'assertionMethod', 'service', 'kty', 'crv'],
  ...['x', 'y', 'publicKeyJwk', 'publicKeyMultibase', 'serviceEndpoint', 'expires', '__proto__'],
  ...['EC', 'OKP', 'P-256', 'Ed25519', 'did:example:a', '#a', 'Multikey', 'JsonWebKey'],
)
const { json } = fc.letrec<{ json: Json; node: Json }>((tie) => ({
  json: fc.oneof({ maxDepth: 4 }, words, fc.jsonValue() as fc.Arbitrary<Json>, tie('node')),
  node: fc.oneof(
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(words, tie('json'), { maxKeys: 8 }) as fc.Arbitrary<Json>,
  ),
}))

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}

describe('whatever comes from outside', () => {
  test('parsers of keys, DIDs and documents do not throw', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string({ maxLength: 80 }), fc.anything()), (value) => {
        deepFreeze(value)
        validatePublicJwk(value)
        parseDid(value)
        parseDidUrl(value)
        resolutionErrorCode(value)
        for (const { path, detail } of validateDidDocument(value)) {
          expect([typeof path, typeof detail]).toEqual(['string', 'string'])
        }
      }),
      runs,
    )
  })

  test('a document is judged without throwing, whatever is in it', async () => {
    const did = 'did:example:a'
    await fc.assert(
      fc.asyncProperty(fc.dictionary(words, json), async (members) => {
        const didDocument = deepFreeze({ ...members, id: did })
        const resolver = didResolver({
          methods: [{ name: 'example', resolve: async () => ({ didDocument }) }],
        })
        const query = { did, relationship: 'assertionMethod' } as const
        const { verified } = await findVerificationKeys(resolver, query)
        expect(verified).toBe(false)
        await dereference(resolver, `${did}#a`)
        await dereference(resolver, `${did}?service=a&relativeRef=b`)
      }),
      runs,
    )
  })

  test('DIDs and DID URLs are resolved without throwing', async () => {
    const resolver = didResolver({ methods: [key, jwk] })
    const texts = fc.oneof(
      fc.string(),
      bytes.map((b) => `did:jwk:${toBase64url(b)}`),
      json.map((v) => `did:jwk:${toBase64url(new TextEncoder().encode(JSON.stringify(v)))}`),
      fc.base64String().map((t) => `did:key:z${t}`),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { didDocument, didResolutionMetadata } = await resolver.resolve(text)
        if (didDocument === null) expect(typeof didResolutionMetadata.error).toBe('string')
        else expect(didDocument.id).toBe(text)
        await dereference(resolver, text)
        await holderKeys(resolver)(text)
        didWebUrl(text)
      }),
      runs,
    )
  })

  test('Multikey text throws what it is documented to throw and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((t) => `z${t}`),
        ),
        (text) => {
          try {
            multikeyToJwk(text)
          } catch (error) {
            expect(error).toMatchObject({ name: 'AsobaError' })
          }
        },
      ),
      runs,
    )
  })

  test('a web address lies on the host that the DID names', () => {
    const part = fc.oneof(fc.domain(), fc.webSegment(), fc.ipV4Extended(), fc.string())
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const url = didWebUrl(`did:web:${parts.join(':')}`)
        if (url === undefined) return
        const { protocol, hostname, href, pathname } = new URL(url)
        expect([protocol, href]).toEqual(['https:', url])
        expect(parts.join(':').startsWith(hostname)).toBe(true)
        expect(pathname.endsWith('/did.json')).toBe(true)
      }),
      runs,
    )
  })

  test('signatures are verified without throwing, whatever the key', async () => {
    const algorithm = fc.constantFrom('ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA')
    await fc.assert(
      fc.asyncProperty(algorithm, fc.dictionary(words, json), bytes, async (alg, key, data) => {
        const wrong = key as never
        for (const options of [{}, { backend: nobleSignatures }]) {
          expect(await verifySignature(alg as 'ES256', wrong, data, data, options)).not.toBe(true)
        }
      }),
      { numRuns: 100 },
    )
    expect(await verifySignature('ES256', null as never, null as never, null as never)).toBe(false)
    const thrower = { verify: () => Promise.reject(new Error('boom')) }
    const { publicJwk } = await createKey('ES256')
    const empty = new Uint8Array(64)
    expect(await verifySignature('ES256', publicJwk, empty, empty, { backend: thrower })).toBe(
      false,
    )
  })
})

describe.each(['ES256', 'EdDSA'] as const)('%s: one bit changed anywhere', (algorithm) => {
  test('in the signature, the data or the key is never verified', async () => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    const data = new TextEncoder().encode('what is signed')
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const multikey = jwkToMultikey(publicJwk)
    const flip = (from: Uint8Array, at: number) =>
      from.with(at % from.length, (from[at % from.length] as number) ^ (1 << (at % 8)))
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), async (at) => {
        const verify = (d: Uint8Array, s: Uint8Array, k = publicJwk) =>
          verifySignature(algorithm, k, d, s)
        expect(await verify(data, flip(signature, at))).toBe(false)
        expect(await verify(flip(data, at), signature)).toBe(false)
        const place = 1 + (at % (multikey.length - 1))
        const letter = multikey[place] === 'a' ? 'b' : 'a'
        const changed = multikey.slice(0, place) + letter + multikey.slice(place + 1)
        try {
          const other = multikeyToJwk(changed)
          expect(sameKey(other, publicJwk)).toBe(false)
          if (algorithmOfJwk(other) === algorithm) {
            expect(await verify(data, signature, other)).toBe(false)
          }
        } catch (error) {
          expect(error).toMatchObject({ name: 'AsobaError' })
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('DER', () => {
  test.each([32, 48, 66])('of signatures with %i byte halves goes back and forth', (size) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size * 2, maxLength: size * 2 }), (raw) => {
        const der = rawToDer(raw, size) as Uint8Array
        expect(derToRaw(der, size)).toEqual(raw)
      }),
      runs,
    )
    expect(rawToDer(new Uint8Array(size * 2 + 1), size)).toBeUndefined()
    const zeros = new Uint8Array(size * 2)
    expect(derToRaw(rawToDer(zeros, size) as Uint8Array, size)).toEqual(zeros)
  })

  test('has one form only', () => {
    fc.assert(
      fc.property(bytes, (der) => {
        const raw = derToRaw(der, 32)
        if (raw !== undefined) expect(rawToDer(raw, 32)).toEqual(der)
      }),
      runs,
    )
    for (const wrong of [
      [0x30, 6, 2, 1, 1, 2, 1],
      [0x30, 7, 2, 1, 1, 2, 1, 1, 0],
      [0x30, 6, 2, 1, 1, 2, 1, 1, 0],
      [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
      [0x30, 7, 2, 2, 0, 1, 2, 1, 1],
      [0x30, 6, 2, 1, 0x81, 2, 1, 1],
      [0x30, 5, 2, 0, 2, 1, 1],
      [0x31, 6, 2, 1, 1, 2, 1, 1],
      [0x30, 6, 3, 1, 1, 2, 1, 1],
    ]) {
      expect(derToRaw(Uint8Array.from(wrong), 32)).toBeUndefined()
    }
  })
})

test('inputs are never written to', async () => {
  const { publicJwk, privateJwk } = deepFreeze(await createKey('ES256'))
  const signer = await jwkSigner(deepFreeze({ privateJwk, verificationMethod: '' }))
  const signature = await signer.sign(new Uint8Array(3))
  expect(await verifySignature('ES256', publicJwk, new Uint8Array(3), signature)).toBe(true)
  const did = didKeyOf(publicJwk)
  const document = deepFreeze((await didResolver({ methods: [key] }).resolve(did)).didDocument)
  expect(validateDidDocument(document, did)).toEqual([])
})
