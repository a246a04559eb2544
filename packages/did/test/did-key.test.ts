import { fromBase58, type Jwk, toBase58, toBase64url } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import {
  type DidDocument,
  didKeyOf,
  didResolver,
  jwkToMultikey,
  key,
  keyFromSeed,
  keyMethod,
  multikeyToJwk,
  type VerificationMethod,
} from '../src/index.ts'

const resolver = didResolver({ methods: [key] })
const asJsonWebKey = didResolver({ methods: [keyMethod({ publicKeyFormat: 'JsonWebKey' })] })

interface OldMethod {
  readonly id: string
  readonly type: string
  readonly publicKeyBase58?: string
  readonly publicKeyJwk?: Jwk
}
interface OldDocument {
  readonly id: string
  readonly verificationMethod: readonly OldMethod[]
  readonly [relationship: string]: unknown
}

/**
 * The bytes of a public key as these vectors of 2021 compare: their documents use the
 * suites of 2018 to 2021 (publicKeyBase58, JsonWebKey2020) with which ours are not
 * written, so the key material, the ids and the purposes are what must agree.
 */
function material(method: OldMethod | VerificationMethod): string {
  const old = (method as OldMethod).publicKeyBase58
  if (old !== undefined) return old
  const jwk = method.publicKeyJwk
  const text = (method as VerificationMethod).publicKeyMultibase ?? jwkToMultikey(jwk as Jwk)
  return toBase58((fromBase58(text.slice(1)) as Uint8Array).subarray(2))
}

const purposes = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
  'keyAgreement',
]

/** For each purpose the keys and their ids, whether embedded or referred to. */
function keysByPurpose(document: OldDocument | DidDocument): unknown {
  const methods = document.verificationMethod as readonly OldMethod[]
  const full = (id: string) => (id.startsWith('#') ? `${document.id}${id}` : id)
  const find = (entry: unknown) => {
    const method =
      typeof entry === 'string'
        ? methods.find(({ id }) => full(id) === full(entry))
        : (entry as OldMethod)
    return method === undefined ? entry : [full(method.id), material(method)]
  }
  return Object.fromEntries(
    purposes.map((name) => [name, ((document[name] ?? []) as unknown[]).map(find)]),
  )
}

const clone = (value: unknown): Record<string, never> => JSON.parse(JSON.stringify(value))

vectorSuite('did-key', (vectors) => {
  test.each(['ed25519-x25519', 'nist-curves', 'secp256k1', 'bls12381'])('%s', async (name) => {
    const file = await vectors.json<Record<string, { readonly didDocument: OldDocument }>>(
      `test-vectors/${name}.json`,
    )
    for (const [did, { didDocument: expected }] of Object.entries(file)) {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(did)
      if (did.startsWith('did:key:z5TcCm')) {
        // Two BLS12-381 keys, in G1 and G2, in one: not used here.
        expect(didResolutionMetadata.error).toBe('unsupportedPublicKeyType')
        continue
      }
      expect(didResolutionMetadata.error).toBeUndefined()
      expect(keysByPurpose(didDocument as DidDocument)).toEqual(keysByPurpose(expected))
      const other = (await asJsonWebKey.resolve(did)).didDocument as DidDocument
      for (const [at, method] of other.verificationMethod?.entries() ?? []) {
        expect(method.type).toBe('JsonWebKey')
        const old = expected.verificationMethod[at]
        if (old?.publicKeyJwk !== undefined) {
          expect(method.publicKeyJwk).toEqual(old.publicKeyJwk)
        }
        expect(material(method)).toBe(
          material(didDocument?.verificationMethod?.[at] as VerificationMethod),
        )
      }
      expect(didKeyOf(multikeyToJwk(did.slice(8)))).toBe(did)
    }
  })

  test('ed25519-x25519: the seeds give these DIDs', async () => {
    const file = clone(await vectors.json('test-vectors/ed25519-x25519.json')) as Record<
      string,
      { readonly seed: string }
    >
    let count = 0
    for (const [did, { seed }] of Object.entries(file)) {
      const bytes = Uint8Array.from(seed.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16))
      expect(didKeyOf((await keyFromSeed('EdDSA', bytes)).publicJwk)).toBe(did)
      count++
    }
    expect(count).toBe(5)
  })

  test('x25519', async () => {
    const { didDocument: file } = await vectors.json<{ didDocument: Record<string, OldDocument> }>(
      'test-vectors/x25519.json',
    )
    for (const [did, expected] of Object.entries(file)) {
      const { didDocument } = await resolver.resolve(did)
      expect(keysByPurpose(didDocument as DidDocument)).toEqual(keysByPurpose(expected))
    }
    expect(Object.keys(file).length).toBeGreaterThan(3)
  })

  test('rsa: refused as a kind of key that is not used here', async () => {
    const file = await vectors.json<Record<string, unknown>>('test-vectors/rsa.json')
    for (const did of Object.keys(file)) {
      const { didResolutionMetadata } = await resolver.resolve(did)
      expect(didResolutionMetadata.error).toBe('unsupportedPublicKeyType')
    }
    expect(Object.keys(file)).toHaveLength(2)
  })
})

describe('did:key', () => {
  test('writes Multikey, with the X25519 key derived from Ed25519', async () => {
    const did = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
    const own = `${did}#z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp`
    const derived = 'z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW'
    expect((await resolver.resolve(did)).didDocument).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      verificationMethod: [
        { id: own, type: 'Multikey', controller: did, publicKeyMultibase: did.slice(8) },
        {
          id: `${did}#${derived}`,
          type: 'Multikey',
          controller: did,
          publicKeyMultibase: derived,
        },
      ],
      authentication: [own],
      assertionMethod: [own],
      capabilityInvocation: [own],
      capabilityDelegation: [own],
      keyAgreement: [`${did}#${derived}`],
    })
  })

  test.each([
    [
      'a byte too few',
      `did:key:z${toBase58(Uint8Array.of(0xed, 1, ...new Uint8Array(31).fill(7)))}`,
    ],
    [
      'a byte too many',
      `did:key:z${toBase58(Uint8Array.of(0xed, 1, ...new Uint8Array(33).fill(7)))}`,
    ],
    [
      'a point of P-256 without its sign',
      `did:key:z${toBase58(Uint8Array.of(0x80, 0x24, ...new Uint8Array(32).fill(7)))}`,
    ],
  ])('says of %s that it is the length', async (_what, did) => {
    const { error } = (await resolver.resolve(did)).didResolutionMetadata
    expect(error).toBe('invalidPublicKeyLength')
  })

  test.each([
    ['another multibase', 'did:key:f00'],
    ['nothing after the code', `did:key:z${toBase58(Uint8Array.of(0xed, 1))}`],
    [
      'an Ed25519 y that is on no point',
      `did:key:z${toBase58(Uint8Array.of(0xed, 1, 2, ...new Uint8Array(31)))}`,
    ],
    [
      'an x that is on no point of P-256',
      `did:key:z${toBase58(Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(31), 1))}`,
    ],
    [
      'an uncompressed point',
      `did:key:z${toBase58(Uint8Array.of(0x80, 0x24, 4, ...new Uint8Array(32)))}`,
    ],
    [
      'an x beyond the field',
      `did:key:z${toBase58(Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(32).fill(255)))}`,
    ],
    [
      'a BLS12-381 point not compressed',
      `did:key:z${toBase58(Uint8Array.of(0xeb, 1, 0x0f, ...new Uint8Array(95)))}`,
    ],
    [
      'the neutral BLS12-381 point',
      `did:key:z${toBase58(Uint8Array.of(0xeb, 1, 0xc0, ...new Uint8Array(95)))}`,
    ],
    [
      'a BLS12-381 x beyond the field',
      `did:key:z${toBase58(Uint8Array.of(0xeb, 1, 0x9f, ...new Uint8Array(95).fill(255)))}`,
    ],
  ])('refuses %s', async (_what, did) => {
    expect((await resolver.resolve(did)).didResolutionMetadata.error).toBe('invalidDid')
  })

  test('refuses a longer way to write the same code', async () => {
    // 0xed as a varint of three bytes.
    const bytes = Uint8Array.of(0xed, 0x81, 0, ...new Uint8Array(32).fill(9))
    const { didResolutionMetadata } = await resolver.resolve(`did:key:z${toBase58(bytes)}`)
    expect(didResolutionMetadata.error).toBe('unsupportedPublicKeyType')
  })
})

test('base58btc: keeps leading zeros and bounds the length', () => {
  for (const bytes of [[], [0], [0, 0, 1], [255, 0], [0, 97, 98]]) {
    const round = fromBase58(toBase58(Uint8Array.from(bytes)))
    expect(toBase64url(round as Uint8Array)).toBe(toBase64url(Uint8Array.from(bytes)))
  }
  expect(toBase58(new TextEncoder().encode('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U')
  expect(fromBase58('1'.repeat(257))).toBeUndefined()
  expect(fromBase58('0')).toBeUndefined()
})
