import type { KeyAlgorithm } from '@asoba/core'

// What is known of each kind of key. Public data throughout, so BigInt is no leak.

/** A kind of public key. */
export interface KeyKind {
  readonly kty: 'EC' | 'OKP'
  /** Bytes of `x` (and of `y`, and of half a signature) in the JWK. */
  readonly size: number
  /** Multicodec code of the public key. @see https://github.com/multiformats/multicodec */
  readonly code: number
  readonly algorithm?: KeyAlgorithm
  /** Short Weierstrass curves: y² = x³ + ax + b over the field of p elements. */
  readonly p: bigint
  readonly a: bigint
  readonly b: bigint
}

const p256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const p384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n
const p521 = 2n ** 521n - 1n
const k256 = 2n ** 256n - 2n ** 32n - 977n
const p255 = 2n ** 255n - 19n
const p381 =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn

/** Every kind of key of this library, by `crv`. */
export const keyKinds: Readonly<Record<string, KeyKind>> = {
  'P-256': {
    kty: 'EC',
    size: 32,
    code: 0x1200,
    algorithm: 'ES256',
    p: p256,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    kty: 'EC',
    size: 48,
    code: 0x1201,
    algorithm: 'ES384',
    p: p384,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    kty: 'EC',
    size: 66,
    code: 0x1202,
    algorithm: 'ES512',
    p: p521,
    a: -3n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
  secp256k1: { kty: 'EC', size: 32, code: 0xe7, algorithm: 'ES256K', p: k256, a: 0n, b: 7n },
  Ed25519: { kty: 'OKP', size: 32, code: 0xed, algorithm: 'EdDSA', p: p255, a: 0n, b: 0n },
  X25519: { kty: 'OKP', size: 32, code: 0xec, p: p255, a: 0n, b: 0n },
  // As in draft-ietf-cose-bls-key-representations-00 to -03, which is what is deployed:
  // x is the compressed point. Nothing here signs with them; `@asoba/bbs` does.
  Bls12381G2: { kty: 'OKP', size: 96, code: 0xeb, p: p381, a: 0n, b: 0n, algorithm: 'BBS' },
}

/** The kind of key of a `crv`; own properties only. */
export function keyKind(crv: unknown): KeyKind | undefined {
  return typeof crv === 'string' && Object.hasOwn(keyKinds, crv) ? keyKinds[crv] : undefined
}
