import {
  AsobaError,
  concatBytes,
  type Jwk,
  type PrivateJwk,
  type SignatureAlgorithm,
  utf8,
} from '@asoba/core'
import { platformComplete, platformGenerate } from '#crypto'
import { publicJwkOf } from './jwk.ts'

/** A fresh or derived pair of keys. */
export interface KeyPair {
  /** `kty`, `crv`, `x` and `y`. */
  readonly publicJwk: Jwk
  /** The same with `d`. Keep it sealed. */
  readonly privateJwk: PrivateJwk
}

/**
 * A fresh key by the platform.
 *
 * @throws AsobaError `key.unsupported` where the platform has not the algorithm
 */
export async function createKey(algorithm: SignatureAlgorithm): Promise<KeyPair> {
  return pairOf(await platformGenerate(algorithm))
}

/**
 * The key of a secret seed of 32 bytes: always the same for the same seed. EdDSA
 * takes the seed as it is (RFC 8032 section 5.1.5); ES256 takes the first
 * HKDF-SHA-256 output (info `asoba/key/ES256/v1` and a counter byte from 0) that is
 * a valid scalar.
 *
 * @throws TypeError where the seed has not 32 bytes; AsobaError `key.unsupported`
 * where the platform cannot (then `nobleKeyFromSeed` of `@asoba/did/noble` can)
 * @see https://csrc.nist.gov/pubs/fips/186-5/final Appendix A.2.2
 */
export async function keyFromSeed(
  algorithm: 'EdDSA' | 'ES256',
  seed: Uint8Array,
): Promise<KeyPair> {
  const secret = await secretOfSeed(algorithm, seed)
  const head = algorithm === 'EdDSA' ? pkcs8Ed25519 : pkcs8P256
  return pairOf(await platformComplete(algorithm, concatBytes(Uint8Array.from(head), secret)))
}

// RFC 8410 section 7, RFC 5915: everything that stands before the 32 secret bytes.
const pkcs8Ed25519 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
const pkcs8P256 = [
  ...[0x30, 0x41, 2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86],
  ...[0x48, 0xce, 0x3d, 3, 1, 7, 4, 0x27, 0x30, 0x25, 2, 1, 1, 4, 0x20],
]

function pairOf(privateJwk: PrivateJwk | undefined): KeyPair {
  if (privateJwk === undefined) {
    throw new AsobaError('key.unsupported', 'this platform has not the algorithm')
  }
  const publicJwk = publicJwkOf(privateJwk)
  return { publicJwk, privateJwk: { ...publicJwk, d: privateJwk.d } }
}

const order = [
  ...[255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255],
  ...[
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
  ],
]

/** The secret bytes of a key, for every backend alike. */
export async function secretOfSeed(
  algorithm: 'EdDSA' | 'ES256',
  seed: Uint8Array,
): Promise<Uint8Array> {
  if (seed.length !== 32) throw new TypeError('a seed has 32 bytes')
  if (algorithm === 'EdDSA') return seed
  const key = await crypto.subtle.importKey('raw', seed as BufferSource, 'HKDF', false, [
    'deriveBits',
  ])
  for (let counter = 0; ; counter++) {
    const info = concatBytes(utf8('asoba/key/ES256/v1'), Uint8Array.of(counter))
    const bits = await crypto.subtle.deriveBits(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: info as BufferSource },
      key,
      256,
    )
    const secret = new Uint8Array(bits)
    if (isScalar(secret)) return secret
  }
}

/** Whether 0 < secret < order, in time that does not depend on the secret. */
function isScalar(secret: Uint8Array): boolean {
  let borrow = 0
  let any = 0
  for (let at = 31; at >= 0; at--) {
    const byte = secret[at] as number
    any |= byte
    borrow = ((byte - (order[at] as number) - borrow) >> 8) & 1
  }
  return borrow === 1 && any !== 0
}
