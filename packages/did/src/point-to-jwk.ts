import { type Jwk, toBase64url } from '@asoba/core'
import { keyKind } from './curve.ts'
import { validatePublicJwk } from './jwk.ts'
import { decompressPoint } from './point.ts'

/**
 * The public key of a point of an elliptic curve, compressed or not; `undefined` where it is no
 * point of that curve, or in the hybrid form that RFC 5480 section 2.2 forbids. Never throws.
 *
 * @param crv `P-256`, `P-384`, `P-521` or `secp256k1`
 * @see SEC 1 section 2.3.4
 */
export function pointToJwk(crv: string, bytes: Uint8Array): Jwk | undefined {
  const kind = keyKind(crv)
  if (kind === undefined || kind.kty !== 'EC') return undefined
  const { size } = kind
  const plain = bytes[0] === 4 && bytes.length === 1 + 2 * size
  const point = plain
    ? { x: bytes.subarray(1, 1 + size), y: bytes.subarray(1 + size) }
    : decompressPoint(kind, bytes)
  return (
    point && validatePublicJwk({ kty: 'EC', crv, x: toBase64url(point.x), y: toBase64url(point.y) })
  )
}
