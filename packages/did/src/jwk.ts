import {
  digest,
  fromBase64url,
  isJsonObject,
  type Jwk,
  type KeyAlgorithm,
  type PrivateJwk,
  toBase64url,
  utf8,
} from '@asoba/core'
import { keyKind } from './curve.ts'
import { isBlsG2, isOnCurve, isSafeEdwards } from './point.ts'

/**
 * Reads a public key that somebody else wrote: EC on P-256, P-384, P-521 or
 * secp256k1 with a point on the curve in canonical form; OKP Ed25519 (canonical,
 * not of small order), X25519 and Bls12381G2. Everything else, and a key that
 * carries its private part, is `undefined`. Never throws.
 *
 * An Ed25519 `x` that is no point at all passes: nothing verifies under it, and
 * {@link multikeyToJwk} refuses it.
 *
 * @returns a copy with the members of {@link Jwk} alone
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6.2
 * @see https://www.rfc-editor.org/rfc/rfc8037#section-2
 */
export function validatePublicJwk(jwk: unknown): Jwk | undefined {
  if (!isJsonObject(jwk) || Object.hasOwn(jwk, 'd')) return undefined
  const { kty, crv, x, y, kid, alg, use, key_ops: operations } = jwk
  const kind = keyKind(crv)
  if (kind === undefined || kind.kty !== kty) return undefined
  const bytesOfX = coordinate(x, kind.size)
  if (bytesOfX === undefined) return undefined
  if (kty === 'EC') {
    const bytesOfY = coordinate(y, kind.size)
    if (bytesOfY === undefined || !isOnCurve(kind, bytesOfX, bytesOfY)) return undefined
  } else if (
    y !== undefined ||
    (crv === 'Ed25519' && !isSafeEdwards(kind, bytesOfX)) ||
    (crv === 'Bls12381G2' && !isBlsG2(kind, bytesOfX))
  ) {
    return undefined
  }
  for (const text of [kid, alg, use])
    if (text !== undefined && typeof text !== 'string') return undefined
  if (operations !== undefined && !isTexts(operations)) return undefined
  const copy: Record<string, unknown> = { kty, crv, x }
  for (const [name, value] of Object.entries({ y, kid, alg, use, key_ops: operations })) {
    if (value !== undefined) copy[name] = value
  }
  return copy as unknown as Jwk
}

function coordinate(text: unknown, size: number): Uint8Array | undefined {
  // The length first, so that no megabyte is ever decoded.
  if (typeof text !== 'string' || text.length !== Math.ceil((size * 4) / 3)) return undefined
  return fromBase64url(text)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/**
 * The one algorithm that a key verifies with; `undefined` for keys that do not
 * sign, for unknown ones, and where `alg`, `use` or `key_ops` forbid it.
 */
export function algorithmOfJwk(jwk: Jwk): KeyAlgorithm | undefined {
  const kind = keyKind(jwk.crv)
  const { alg, use, key_ops: operations } = jwk
  if (kind === undefined || kind.kty !== jwk.kty) return undefined
  const { algorithm } = kind
  // RFC 9864 names the curve: Ed25519 is what EdDSA is with such a key.
  if (alg !== undefined && alg !== algorithm && !(alg === 'Ed25519' && algorithm === 'EdDSA')) {
    return undefined
  }
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !operations.includes('verify') && !operations.includes('sign')) {
    return undefined
  }
  return algorithm
}

/** Whether two keys are the same: `kty`, `crv`, `x` and `y`, and nothing else, are compared. */
export function sameKey(a: Jwk, b: Jwk): boolean {
  return a.x !== undefined && a.kty === b.kty && a.crv === b.crv && a.x === b.x && a.y === b.y
}

/** The public part of a private key: `kty`, `crv`, `x` and `y`. */
export function publicJwkOf(privateJwk: PrivateJwk): Jwk {
  const { kty, crv, x, y } = privateJwk
  return {
    kty,
    ...(crv === undefined ? {} : { crv }),
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
  }
}

/**
 * SHA-256 thumbprint of a public key, base64url.
 *
 * @throws TypeError where a required member is missing
 * @see https://www.rfc-editor.org/rfc/rfc7638
 */
export async function jwkThumbprint(jwk: Jwk): Promise<string> {
  // RFC 7638 3.2: the required members of the key type and no others, sorted.
  const names = { EC: 'crv kty x y', OKP: 'crv kty x', RSA: 'e kty n' }[jwk.kty]?.split(' ')
  const members = names?.map((name) => [name, jwk[name as keyof Jwk]] as const)
  if (members?.every(([, value]) => typeof value === 'string') !== true) {
    throw new TypeError('a thumbprint needs all required members of an EC, OKP or RSA key')
  }
  const text = JSON.stringify(Object.fromEntries(members))
  return toBase64url(await digest('SHA-256', utf8(text)))
}
