import type { KeyKind } from './curve.ts'

/** The number that big-endian bytes stand for. */
export function toNumber(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let number = 0n
  let at = 0
  for (; at + 8 <= bytes.length; at += 8) number = (number << 64n) | view.getBigUint64(at)
  for (; at < bytes.length; at++) number = (number << 8n) | BigInt(view.getUint8(at))
  return number
}

/** Big-endian bytes of a number that fits. */
export function toBytes(value: bigint, size: number): Uint8Array {
  const hex = value.toString(16).padStart(size * 2, '0')
  return Uint8Array.from({ length: size }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  )
}

const mod = (value: bigint, p: bigint): bigint => ((value % p) + p) % p

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n
  for (let square = mod(base, p), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

const isSquare = (value: bigint, p: bigint): boolean => power(value, (p - 1n) / 2n, p) <= 1n

const curveEquation = ({ p, a, b }: KeyKind, x: bigint): bigint => mod(x * x * x + a * x + b, p)

/** Whether big-endian coordinates are those of a point of a short Weierstrass curve, in canonical form. */
export function isOnCurve(kind: KeyKind, x: Uint8Array, y: Uint8Array): boolean {
  const [numberX, numberY] = [toNumber(x), toNumber(y)]
  const { p } = kind
  return numberX < p && numberY < p && (numberY * numberY) % p === curveEquation(kind, numberX)
}

/** SEC 1 section 2.3.3, compressed. */
export function compressPoint(x: Uint8Array, y: Uint8Array): Uint8Array {
  return Uint8Array.of(2 | ((y.at(-1) as number) & 1), ...x)
}

/**
 * SEC 1 section 2.3.4, compressed points only; `undefined` where it is none.
 * Every p here is 3 modulo 4, so a root is one power.
 */
export function decompressPoint(
  kind: KeyKind,
  bytes: Uint8Array,
): { readonly x: Uint8Array; readonly y: Uint8Array } | undefined {
  const [sign] = bytes
  if (bytes.length !== kind.size + 1 || (sign !== 2 && sign !== 3)) return undefined
  const { p, size } = kind
  const x = toNumber(bytes.subarray(1))
  const square = curveEquation(kind, x)
  const root = power(square, (p + 1n) / 4n, p)
  // No curve here has a point with y = 0, so both signs always exist.
  if (x >= p || (root * root) % p !== square) return undefined
  const y = (root & 1n) === BigInt(sign & 1) ? root : p - root
  return { x: bytes.slice(1), y: toBytes(y, size) }
}

/** y of an Ed25519 point: little-endian, without the sign of x. */
function edwardsY(bytes: Uint8Array): bigint {
  return toNumber(bytes.toReversed()) & (2n ** 255n - 1n)
}

// y of the points of order 1, 2, 4 and 8 (RFC 7748 and RFC 8032 curve); under
// such a key anybody can make signatures that verify.
const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n

/** Whether an Ed25519 key is in canonical form and not of small order. */
export function isSafeEdwards({ p }: KeyKind, bytes: Uint8Array): boolean {
  const y = edwardsY(bytes)
  return y < p && ![0n, 1n, p - 1n, order8, p - order8].includes(y)
}

/** Whether some x belongs to y: (y² − 1) / (dy² + 1) has a root, d = −121665/121666. */
export function isOnEdwards({ p }: KeyKind, bytes: Uint8Array): boolean {
  const square = edwardsY(bytes) ** 2n % p
  return isSquare(121666n * (square - 1n) * (121666n - 121665n * square), p)
}

/** The X25519 key of the same secret: u = (1 + y) / (1 − y), RFC 7748 section 4.1. */
export function edwardsToMontgomery({ p }: KeyKind, bytes: Uint8Array): Uint8Array {
  const y = edwardsY(bytes)
  return toBytes(((1n + y) * power(1n - y, p - 2n, p)) % p, 32).toReversed()
}

/**
 * Whether 96 bytes are a compressed point of the BLS12-381 curve over the field
 * of p² elements, not the neutral one. Membership of the subgroup of prime order
 * is for who computes with it.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-pairing-friendly-curves-11.html Appendix C
 */
export function isBlsG2({ p }: KeyKind, bytes: Uint8Array): boolean {
  const [flags = 0] = bytes
  // C bit set: compressed; I bit clear: not the point at infinity.
  if ((flags & 0xc0) !== 0x80) return false
  const imaginary = toNumber(bytes.subarray(0, 48)) & (2n ** 381n - 1n)
  const real = toNumber(bytes.subarray(48))
  if (imaginary >= p || real >= p) return false
  // y² = x³ + 4(1 + i) has a root where the norm of the right side has one.
  const [real2, imaginary2] = [real * real - imaginary * imaginary, 2n * real * imaginary]
  const real3 = real2 * real - imaginary2 * imaginary + 4n
  const imaginary3 = real2 * imaginary + imaginary2 * real + 4n
  return isSquare(real3 * real3 + imaginary3 * imaginary3, p)
}
