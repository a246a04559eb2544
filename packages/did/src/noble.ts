/**
 * Signatures by `@noble/curves` and `@noble/ed25519`: for platforms that lack an
 * algorithm (secp256k1 in browsers, Ed25519 in older ones). Slower than the
 * platform, and JavaScript gives weaker promises about constant time; so verify
 * with it freely, sign with it where nothing else can.
 *
 * @module
 */

import {
  AsobaError,
  bytesOfBase64url,
  concatBytes,
  digest,
  type Jwk,
  type PrivateJwk,
  type SignatureAlgorithm,
  type SignatureBackend,
  type Signer,
  toBase64url,
} from '@asoba/core'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { getPublicKeyAsync, Point, signAsync } from '@noble/ed25519'
import { type KeyPair, secretOfSeed } from './create-key.ts'
import { keyKinds } from './curve.ts'
import { algorithmOfJwk, publicJwkOf, sameKey, validatePublicJwk } from './jwk.ts'
import { toNumber } from './point.ts'
import type { JwkSignerOptions } from './signer.ts'

const curves = { ES256: p256, ES384: p384, ES512: p521, ES256K: secp256k1 } as const
// High s is right in JOSE; a digest of the message is taken by the curve's own hash.
const how = { prehash: true, lowS: false, format: 'compact' } as const

/** Verifies all five algorithms without the platform; the same judgement as the platform's, bit for bit. */
export const nobleSignatures: SignatureBackend = {
  async verify(algorithm, publicJwk, data, signature, hash) {
    try {
      const jwk = validatePublicJwk(publicJwk)
      if (jwk === undefined || algorithmOfJwk(jwk) !== algorithm) return false
      const x = bytesOfBase64url(jwk.x as string)
      if (algorithm === 'EdDSA') return await verifyEd25519(x, data, signature)
      const point = concatBytes(Uint8Array.of(4), x, bytesOfBase64url(jwk.y as string))
      if (hash === undefined) return curves[algorithm].verify(signature, data, point, how)
      const digested = { ...how, prehash: false }
      return curves[algorithm].verify(signature, await digest(hash, data), point, digested)
    } catch {
      return false
    }
  },
}

const order = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * RFC 8032 section 5.1.7, step by step, without the cofactor and with R compared
 * as bytes: that is what OpenSSL and BoringSSL do, and whether a credential is
 * valid must not depend on where it is read. (noble's own verify multiplies by
 * the cofactor.)
 */
async function verifyEd25519(
  x: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  // 1.
  if (signature.length !== 64) return false
  const encodedR = signature.subarray(0, 32)
  const s = toNumber(signature.slice(32).reverse())
  if (s >= order) return false
  const a = Point.fromBytes(x)
  // 2.
  const k = toNumber((await digest('SHA-512', concatBytes(encodedR, x, data))).slice().reverse())
  // 3. R = [S]B − [k]A
  const r = Point.BASE.multiply(s, false).add(a.negate().multiply(k % order, false))
  return r.toBytes().every((byte, at) => byte === encodedR[at])
}

/**
 * A signer like `jwkSigner`, by noble. ECDSA nonces are those of RFC 6979 with 32
 * fresh random bytes mixed in (section 3.6), so neither a weak generator nor a
 * fault alone reveals the key.
 *
 * @throws AsobaError `key.invalid` where the key is broken or its halves do not fit;
 * `key.unsupported` where it does not sign or is for another algorithm
 */
export async function nobleSigner(options: JwkSignerOptions): Promise<Signer> {
  const { privateJwk, verificationMethod, x5c } = options
  const algorithm = algorithmOfJwk(privateJwk)
  if (
    algorithm === undefined ||
    algorithm === 'BBS' ||
    (options.algorithm ?? algorithm) !== algorithm
  ) {
    throw new AsobaError('key.unsupported', 'the key is not for this algorithm')
  }
  const secret = await secretOf(algorithm, privateJwk)
  const sign =
    algorithm === 'EdDSA'
      ? async (data: Uint8Array) => new Uint8Array(await signAsync(data, secret))
      : async (data: Uint8Array) =>
          new Uint8Array(curves[algorithm].sign(data, secret, { ...how, extraEntropy: true }))
  return { algorithm, verificationMethod, ...(x5c === undefined ? {} : { x5c }), sign }
}

async function secretOf(
  algorithm: SignatureAlgorithm,
  privateJwk: PrivateJwk,
): Promise<Uint8Array> {
  try {
    const secret = bytesOfBase64url(privateJwk.d)
    const fits = sameKey(await publicOf(algorithm, secret), publicJwkOf(privateJwk))
    if (fits) return secret
  } catch {
    // What noble says may quote the key.
  }
  throw new AsobaError('key.invalid', 'not a private key, or its halves do not belong together')
}

async function publicOf(algorithm: SignatureAlgorithm, secret: Uint8Array): Promise<Jwk> {
  const crv = Object.keys(keyKinds).find(
    (name) => keyKinds[name]?.algorithm === algorithm,
  ) as string
  if (algorithm === 'EdDSA') {
    return { kty: 'OKP', crv, x: toBase64url(await getPublicKeyAsync(secret)) }
  }
  const point = curves[algorithm].getPublicKey(secret, false)
  const size = (point.length - 1) / 2
  return {
    kty: 'EC',
    crv,
    x: toBase64url(point.subarray(1, 1 + size)),
    y: toBase64url(point.subarray(1 + size)),
  }
}

/**
 * The same key as `keyFromSeed` gives, for platforms that cannot compute the
 * public half of a P-256 key, or have no Ed25519.
 *
 * @throws TypeError where the seed has not 32 bytes
 */
export async function nobleKeyFromSeed(
  algorithm: 'EdDSA' | 'ES256',
  seed: Uint8Array,
): Promise<KeyPair> {
  const secret = await secretOfSeed(algorithm, seed)
  const publicJwk = await publicOf(algorithm, secret)
  return { publicJwk, privateJwk: { ...publicJwk, d: toBase64url(secret) } }
}
