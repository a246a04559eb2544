// Fp2 = Fp[u]/(u^2 + 1), Fp12 = Fp2[w]/(w^6 - (u + 1)), on public data. What costs is the
// reduction by p and not the product, so that sums of products are reduced once; remainders
// may be negative until somebody looks at them.
import { inverted, positive, prime } from './public-g1.ts'

/** a + b u */
export type Fp2 = readonly [bigint, bigint]

/**
 * Twelve coefficients: those of 1, w^2, w^4, w, w^3, w^5 in Fp2, real part first. With
 * v = w^2 the first six are an element of Fp6 = Fp2[v]/(v^3 - (u + 1)), the last six times
 * w another.
 */
export type Fp12 = readonly bigint[]

export const one12: Fp12 = [1n, ...new Array<bigint>(11).fill(0n)]

export function mul2([a, b]: Fp2, [c, d]: Fp2): Fp2 {
  const [ac, bd] = [a * c, b * d]
  return [(ac - bd) % prime, ((a + b) * (c + d) - ac - bd) % prime]
}

export function sqr2([a, b]: Fp2): Fp2 {
  return [((a + b) * (a - b)) % prime, (2n * a * b) % prime]
}

export function sub2([a, b]: Fp2, [c, d]: Fp2): Fp2 {
  return [a - c, b - d]
}

export function equal2([a, b]: Fp2, [c, d]: Fp2): boolean {
  return (a - c) % prime === 0n && (b - d) % prime === 0n
}

/** The inverse of anything but 0. */
export function invert2([a, b]: Fp2): Fp2 {
  const norm = inverted(a * a + b * b)
  return [(a * norm) % prime, (-b * norm) % prime]
}

export function pow2(base: Fp2, exponent: bigint): Fp2 {
  let result: Fp2 = [1n, 0n]
  for (const bit of exponent.toString(2)) {
    result = sqr2(result)
    if (bit === '1') result = mul2(result, base)
  }
  return result
}

/** The product of two elements of Fp6 that begin at given places, not reduced. */
function mul6(a: readonly bigint[], i: number, b: readonly bigint[], j: number): bigint[] {
  const [a0, a1, a2, a3, a4, a5] = six(a, i)
  const [b0, b1, b2, b3, b4, b5] = six(b, j)
  const [p, q] = wide(a0, a1, b0, b1)
  const [r, s] = wide(a2, a3, b2, b3)
  const [t, u] = wide(a4, a5, b4, b5)
  const [e, f] = wide(a2 + a4, a3 + a5, b2 + b4, b3 + b5)
  const [g, h] = wide(a0 + a2, a1 + a3, b0 + b2, b1 + b3)
  const [k, l] = wide(a0 + a4, a1 + a5, b0 + b4, b1 + b5)
  const [x, y] = [e - r - t, f - s - u]
  return [p + x - y, q + x + y, g - p - r + t - u, h - q - s + t + u, k - p - t + r, l - q - u + s]
}

export function mul12(a: Fp12, b: Fp12): Fp12 {
  const low = mul6(a, 0, b, 0)
  const high = mul6(a, 6, b, 6)
  const both = mul6(folded(a), 0, folded(b), 0)
  return joined(
    low,
    high,
    both.map((value, at) => value - at6(low, at) - at6(high, at)),
  )
}

export function sqr12(a: Fp12): Fp12 {
  // (a0 + a1)(a0 + v a1) = a0^2 + v a1^2 + (1 + v) a0 a1
  const m = mul6(a, 0, a, 6)
  const [a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5] = a as Twelve
  const shifted = [a0 + b4 - b5, a1 + b4 + b5, a2 + b0, a3 + b1, a4 + b2, a5 + b3]
  const [s0, s1, s2, s3, s4, s5] = six(mul6(folded(a), 0, shifted, 0), 0)
  const [m0, m1, m2, m3, m4, m5] = six(m, 0)
  return [
    (s0 - m0 - m4 + m5) % prime,
    (s1 - m1 - m4 - m5) % prime,
    (s2 - m2 - m0) % prime,
    (s3 - m3 - m1) % prime,
    (s4 - m4 - m2) % prime,
    (s5 - m5 - m3) % prime,
    ...m.map((value) => (2n * value) % prime),
  ]
}

/** Times A + B w^2 + c w^3, A and B in Fp2 and c in Fp: a line of the Miller loop. */
export function mulLine(f: Fp12, [x, y]: Fp2, [s, t]: Fp2, c: bigint): Fp12 {
  const [a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5] = f as Twelve
  const low = sparse(a0, a1, a2, a3, a4, a5, x, y, s, t)
  const high = sparse(b0, b1, b2, b3, b4, b5, x, y, s, t)
  return [
    (low[0] + c * (b2 - b3)) % prime,
    (low[1] + c * (b2 + b3)) % prime,
    (low[2] + c * (b4 - b5)) % prime,
    (low[3] + c * (b4 + b5)) % prime,
    (low[4] + c * b0) % prime,
    (low[5] + c * b1) % prime,
    (high[0] + c * (a4 - a5)) % prime,
    (high[1] + c * (a4 + a5)) % prime,
    (high[2] + c * a0) % prime,
    (high[3] + c * a1) % prime,
    (high[4] + c * a2) % prime,
    (high[5] + c * a3) % prime,
  ]
}

/** (a0 + a1 v + a2 v^2)(X + S v), not reduced. */
function sparse(
  a0: bigint,
  a1: bigint,
  a2: bigint,
  a3: bigint,
  a4: bigint,
  a5: bigint,
  x: bigint,
  y: bigint,
  s: bigint,
  t: bigint,
): Six {
  const [p, q] = wide(a0, a1, x, y)
  const [e, f] = wide(a2, a3, s, t)
  const [g, h] = wide(a0 + a2, a1 + a3, x + s, y + t)
  const [k, l] = wide(a4, a5, s, t)
  const [m, n] = wide(a4, a5, x, y)
  return [p + k - l, q + k + l, g - p - e, h - q - f, e + m, f + n]
}

/** a^(p^6): the inverse where a^(p^6 + 1) = 1. */
export function conjugate12(a: Fp12): Fp12 {
  return a.map((value, at) => (at < 6 ? value : -value))
}

/** The inverse of anything but 0. */
export function invert12(a: Fp12): Fp12 {
  // 1 / (a0 + a1 w) = (a0 - a1 w) / (a0^2 - v a1^2), and the same way down.
  const square = mul6(a, 6, a, 6)
  const [h0, h1, h2, h3, h4, h5] = six(square, 0)
  const shifted = [h4 - h5, h4 + h5, h0, h1, h2, h3]
  const norm = mul6(a, 0, a, 0).map((value, at) => (value - at6(shifted, at)) % prime)
  const inverse = invert6(norm)
  return [
    ...mul6(a, 0, inverse, 0).map((value) => value % prime),
    ...mul6(a, 6, inverse, 0).map((value) => -value % prime),
  ]
}

function invert6(n: readonly bigint[]): bigint[] {
  const [n0, n1, n2, n3, n4, n5] = six(n, 0)
  const [a, b, c]: [Fp2, Fp2, Fp2] = [
    [n0, n1],
    [n2, n3],
    [n4, n5],
  ]
  const x = sub2(sqr2(a), timesXi(mul2(b, c)))
  const y = sub2(timesXi(sqr2(c)), mul2(a, b))
  const z = sub2(sqr2(b), mul2(a, c))
  const [d0, d1] = mul2(a, x)
  const [e0, e1] = timesXi(mul2(c, y))
  const [f0, f1] = timesXi(mul2(b, z))
  const scale = invert2([d0 + e0 + f0, d1 + e1 + f1])
  return [x, y, z].flatMap((part) => mul2(part, scale))
}

/** a^p, `gammas[i]` being (u + 1)^(i (p - 1) / 6). */
export function frobenius(a: Fp12): Fp12 {
  return [0, 2, 4, 1, 3, 5].flatMap((power, at) =>
    mul2([a[2 * at] as bigint, -(a[2 * at + 1] as bigint)], gammas()[power] as Fp2),
  )
}

let kept: readonly Fp2[] | undefined

/** Powers 0 to 5 of (u + 1)^((p - 1) / 6). */
export function gammas(): readonly Fp2[] {
  if (kept === undefined) {
    const gamma = pow2([1n, 1n], (prime - 1n) / 6n)
    const powers: Fp2[] = [[1n, 0n]]
    while (powers.length < 6) powers.push(mul2(powers.at(-1) as Fp2, gamma))
    kept = powers
  }
  return kept
}

/**
 * The square of an element whose power p^4 - p^2 + 1 is 1 (Granger and Scott).
 *
 * @see https://eprint.iacr.org/2009/565
 */
export function sqrCyclotomic(a: Fp12): Fp12 {
  const [a0, a1, e0, e1, d0, d1, c0, c1, b0, b1, f0, f1] = a as Twelve
  const [p0, p1, q0, q1] = sqr4(a0, a1, b0, b1)
  const [r0, r1, s0, s1] = sqr4(c0, c1, d0, d1)
  const [t0, t1, u0, u1] = sqr4(e0, e1, f0, f1)
  return [
    (3n * p0 - 2n * a0) % prime,
    (3n * p1 - 2n * a1) % prime,
    (3n * r0 - 2n * e0) % prime,
    (3n * r1 - 2n * e1) % prime,
    (3n * t0 - 2n * d0) % prime,
    (3n * t1 - 2n * d1) % prime,
    (3n * (u0 - u1) + 2n * c0) % prime,
    (3n * (u0 + u1) + 2n * c1) % prime,
    (3n * q0 + 2n * b0) % prime,
    (3n * q1 + 2n * b1) % prime,
    (3n * s0 + 2n * f0) % prime,
    (3n * s1 + 2n * f1) % prime,
  ]
}

/** (a + b s)^2 with s^2 = u + 1, not reduced. */
function sqr4(
  a0: bigint,
  a1: bigint,
  b0: bigint,
  b1: bigint,
): readonly [bigint, bigint, bigint, bigint] {
  const [x0, x1] = [(a0 + a1) * (a0 - a1), 2n * a0 * a1]
  const [y0, y1] = [(b0 + b1) * (b0 - b1), 2n * b0 * b1]
  const [s0, s1] = [a0 + b0, a1 + b1]
  return [x0 + y0 - y1, x1 + y0 + y1, (s0 + s1) * (s0 - s1) - x0 - y0, 2n * s0 * s1 - x1 - y1]
}

/** Whether it is 1. */
export function isOne(a: Fp12): boolean {
  return a.every((value, at) => positive(value) === (at === 0 ? 1n : 0n))
}

type Six = readonly [bigint, bigint, bigint, bigint, bigint, bigint]
type Twelve = readonly [...Six, ...Six]

function wide(a: bigint, b: bigint, c: bigint, d: bigint): readonly [bigint, bigint] {
  const [ac, bd] = [a * c, b * d]
  return [ac - bd, (a + b) * (c + d) - ac - bd]
}

function timesXi([a, b]: Fp2): Fp2 {
  return [a - b, a + b]
}

function six(a: readonly bigint[], at: number): Six {
  return a.slice(at, at + 6) as unknown as Six
}

function at6(a: readonly bigint[], at: number): bigint {
  return a[at] as bigint
}

function folded(a: Fp12): bigint[] {
  return [0, 1, 2, 3, 4, 5].map((at) => at6(a, at) + at6(a, at + 6))
}

/** low + v * high, and what goes with w. */
function joined(low: readonly bigint[], high: readonly bigint[], rest: readonly bigint[]): Fp12 {
  const [h0, h1, h2, h3, h4, h5] = six(high, 0)
  const shifted = [h4 - h5, h4 + h5, h0, h1, h2, h3]
  return [
    ...low.map((value, at) => (value + at6(shifted, at)) % prime),
    ...rest.map((value) => value % prime),
  ]
}
