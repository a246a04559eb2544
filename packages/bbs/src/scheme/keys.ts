import {
  bytesOf,
  type Curve,
  decodeScalar,
  encodeScalar,
  type G1Point,
  type G2Point,
  hashToScalar,
  integerOf,
  order,
  randomScalar,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import { secretCurve } from './secret-curve.ts'
import { interfaces, publicCurve, type SchemeOptions, type VerifyOptions } from './suite.ts'

/** A random secret key, 32 bytes. */
export function createSecretKey(): Uint8Array {
  return encodeScalar(randomScalar())
}

/**
 * The secret key of some key material (at least 32 secret, evenly random bytes).
 * A `TypeError` for fewer bytes.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-secret-key
 */
export function secretKeyFrom(
  material: Uint8Array,
  options: { readonly info?: Uint8Array; readonly dst?: Uint8Array } = {},
): Uint8Array {
  const { info = new Uint8Array(0), dst = interfaces.plain.keygen } = options
  if (material.length < 32) throw new TypeError('material: at least 32 bytes')
  if (info.length > 65_535) throw new TypeError('info: at most 65535 bytes')
  return encodeScalar(hashToScalar(concatBytes(material, bytesOf(info.length, 2), info), dst))
}

/** The public key, 96 bytes, of a secret key. A `TypeError` for what is none. */
export function publicKeyOf(secretKey: Uint8Array, options?: SchemeOptions): Uint8Array {
  const curve = secretCurve(options)
  return curve.encodeG2(curve.publicKey(ownScalar(secretKey, 'secretKey')))
}

/** Whether bytes are a public key: 96, on the curve, in the subgroup, not the identity. */
export function isPublicKey(bytes: Uint8Array, options?: VerifyOptions): boolean {
  return keyOf(publicCurve(options), bytes) !== undefined
}

/** A random scalar, 32 bytes: a blinding factor, a nym, the issuer's entropy. */
export function createScalar(): Uint8Array {
  return encodeScalar(randomScalar())
}

/**
 * The scalar, 32 bytes, of at least 48 bytes that came from a key derivation: what a wallet
 * makes nyms and blinding factors of. A `TypeError` for fewer bytes, which would be biased.
 */
export function scalarFrom(derived: Uint8Array): Uint8Array {
  if (derived.length < 48) throw new TypeError('derived: at least 48 bytes')
  const scalar = integerOf(derived) % order
  if (scalar === 0n) throw new TypeError('derived: gives 0')
  return encodeScalar(scalar)
}

/** A scalar of the caller's own; a `TypeError` that names the argument when it is none. */
export function ownScalar(bytes: Uint8Array, name: string): bigint {
  const scalar = decodeScalar(bytes)
  if (scalar === undefined) throw new TypeError(`${name}: not a scalar of 32 bytes`)
  return scalar
}

/** Issuer keys that were read lately, with what their pairings need. */
const maxKeys = 64
const keys = new WeakMap<G1Point, Map<string, G2Point>>()

/** Reads a public key, or remembers it. `undefined` for what is none. */
export function keyOf(curve: Curve, bytes: Uint8Array): G2Point | undefined {
  if (bytes.length !== 96) return undefined
  let known = keys.get(curve.zero)
  if (known === undefined) {
    known = new Map()
    keys.set(curve.zero, known)
  }
  const name = integerOf(bytes).toString(36)
  const key = known.get(name) ?? curve.decodeG2(bytes)
  if (key === undefined) return undefined
  // Least recently used first.
  known.delete(name)
  known.set(name, key)
  for (const oldest of known.keys()) {
    if (known.size <= maxKeys) break
    known.delete(oldest)
  }
  return key
}
