import { type Affine2, type Lines, linesOf } from './pairing.ts'
import { inverted, positive, prime, squareRoot } from './public-g1.ts'
import { bytesOf, integerOf } from './scalar.ts'
import { equal2, type Fp2, mul2, sqr2 } from './tower.ts'

/** A point of the subgroup and its lines. */
export interface Decoded {
  readonly affine: Affine2
  readonly lines: Lines
}

/** Reads 96 bytes: pairing-friendly-curves-11 appendix C.2. */
export function decodeG2(bytes: Uint8Array): Decoded | undefined {
  if (bytes.length !== 96) return undefined
  const flags = (bytes[0] as number) >> 5
  // Compressed; not the identity, which no key may be.
  if ((flags & 0b110) !== 0b100) return undefined
  const head = Uint8Array.from(bytes.subarray(0, 48))
  head[0] = (head[0] as number) & 0x1f
  const x: Fp2 = [integerOf(bytes.subarray(48)), integerOf(head)]
  if (x[0] >= prime || x[1] >= prime) return undefined
  const [c, d] = mul2(sqr2(x), x)
  const y = squareRoot2([positive(c + 4n), positive(d + 4n)])
  if (y === undefined) return undefined
  const negative: Fp2 = [positive(-y[0]), positive(-y[1])]
  const affine = { x, y: isLarger(y) === ((flags & 1) === 1) ? y : negative }
  const lines = linesOf(affine)
  return lines && { affine, lines }
}

/** Compressed form, 96 bytes. */
export function encodeG2({ x, y }: Affine2): Uint8Array {
  const bytes = new Uint8Array(96)
  bytes.set(bytesOf(x[1], 48))
  bytes.set(bytesOf(x[0], 48), 48)
  bytes[0] = (bytes[0] as number) | (isLarger(y) ? 0xa0 : 0x80)
  return bytes
}

/** Of y and -y the one that is the larger, the imaginary part counting first. */
function isLarger([real, imaginary]: Fp2): boolean {
  return 2n * (imaginary === 0n ? real : imaginary) > prime
}

/** A square root, parts from 0 to p - 1; `undefined` when there is none. */
function squareRoot2([a, b]: Fp2): Fp2 | undefined {
  const norm = squareRoot(positive(a * a + b * b))
  if (norm === undefined) return undefined
  const half = (prime + 1n) / 2n
  // (x + y u)^2 = (x^2 - y^2) + 2 x y u, so x^2 is half of a + norm or of a - norm.
  for (const sum of [a + norm, a - norm]) {
    const x = squareRoot(positive(sum * half))
    if (x === undefined) continue
    const y = x === 0n ? squareRoot(positive(-a)) : b * inverted(2n * x)
    if (y === undefined) continue
    const root: Fp2 = [positive(x), positive(y)]
    if (equal2(sqr2(root), [a, b])) return root
  }
  return undefined
}
