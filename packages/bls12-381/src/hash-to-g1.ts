import { expandMessage } from './hash.ts'
import { xDenominator, xNumerator, yDenominator, yNumerator } from './isogeny.ts'
import {
  type Affine,
  added,
  inverted,
  positive,
  prime,
  squareRoot,
  timesCofactor,
} from './public-g1.ts'
import { integerOf } from './scalar.ts'

// RFC 9380 section 8.8.1: the isogenous curve and Z.
const a =
  0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn
const b =
  0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n
const z = 11n

/** `hash_to_curve` of BLS12381G1_XMD:SHA-256_SSWU_RO_ for a public message. */
export function hashToG1(message: Uint8Array, dst: Uint8Array): Affine | undefined {
  // hash_to_field: two elements of 64 bytes each.
  const bytes = expandMessage(message, dst, 128)
  const [first, second] = [bytes.subarray(0, 64), bytes.subarray(64)].map((part) =>
    mapToCurve(integerOf(part) % prime),
  )
  return timesCofactor(added(first, second))
}

/** `map_to_curve_simple_swu`, section 6.6.2, then the isogeny. */
function mapToCurve(u: bigint): Affine {
  const zuu = (z * u * u) % prime
  // Steps 1 to 5.
  const denominator = (zuu * zuu + zuu) % prime
  const tv1 = denominator === 0n ? 0n : inverted(denominator)
  let x = denominator === 0n ? b * inverted(z * a) : (-b * inverted(a) * (1n + tv1)) % prime
  let root = squareRoot(right(x))
  if (root === undefined) {
    x = (zuu * x) % prime
    // One of the two is a square.
    root = squareRoot(right(x)) as bigint
  }
  let y = positive(root)
  // Step 10: the sign of u.
  if ((y & 1n) !== (u & 1n)) y = prime - y
  const [xn, xd, yn, yd] = [xNumerator, xDenominator, yNumerator, yDenominator].map((list) =>
    list.reduceRight((sum, coefficient) => (sum * x + coefficient) % prime, 0n),
  ) as [bigint, bigint, bigint, bigint]
  const inverse = inverted(xd * yd)
  return { x: positive(xn * yd * inverse), y: positive(((y * yn) % prime) * xd * inverse) }
}

function right(x: bigint): bigint {
  return positive((x * x + a) * x + b)
}
