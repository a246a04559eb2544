// The optimal ate pairing on public data, the lines of the G2 point computed once.
import type { Affine } from './public-g1.ts'
import { positive, prime } from './public-g1.ts'
import {
  conjugate12,
  equal2,
  type Fp2,
  type Fp12,
  frobenius,
  gammas,
  invert2,
  invert12,
  isOne,
  mul2,
  mul12,
  mulLine,
  one12,
  sqr2,
  sqr12,
  sqrCyclotomic,
  sub2,
} from './tower.ts'

/** A point of E': y^2 = x^3 + 4 (u + 1). */
export interface Affine2 {
  readonly x: Fp2
  readonly y: Fp2
}

/** Slope and intercept (slope * x - y) of every line of the loop, in its order. */
export type Lines = readonly (readonly [Fp2, Fp2])[]

// The parameter of the curve is negative: -0xd201000000010000.
const loop: string = 0xd201000000010000n.toString(2).slice(1)

/**
 * The lines of a point; `undefined` when it is not in the subgroup, which is seen at the
 * end: there, and only there, psi(Q) = x Q.
 *
 * @see https://eprint.iacr.org/2021/1130
 */
export function linesOf(q: Affine2): Lines | undefined {
  const lines: (readonly [Fp2, Fp2])[] = []
  let { x, y } = q
  const step = (slope: Fp2, other: Fp2): void => {
    lines.push([slope, sub2(mul2(slope, x), y)])
    const next = sub2(sub2(sqr2(slope), x), other)
    y = sub2(mul2(slope, sub2(x, next)), y)
    x = next
  }
  const zero: Fp2 = [0n, 0n]
  for (const bit of loop) {
    // In the subgroup neither occurs.
    if (equal2(y, zero)) return undefined
    const [s, t] = sqr2(x)
    step(mul2([3n * s, 3n * t], invert2([2n * y[0], 2n * y[1]])), x)
    if (bit === '1') {
      if (equal2(x, q.x)) return undefined
      step(mul2(sub2(y, q.y), invert2(sub2(x, q.x))), q.x)
    }
  }
  // x is negative, so that x Q = (x, -y) of what we have now.
  const [, , third, half] = gammas()
  const isFixed =
    equal2([q.x[0], -q.x[1]], mul2(x, third as Fp2)) &&
    equal2([q.y[0], -q.y[1]], mul2([-y[0], -y[1]], half as Fp2))
  return isFixed ? lines : undefined
}

/** Whether the product of the pairings is 1. */
export function pairingsCancel(terms: readonly (readonly [Affine, Lines])[]): boolean {
  return isOne(finalExponentiation(millerLoop(terms)))
}

function millerLoop(terms: readonly (readonly [Affine, Lines])[]): Fp12 {
  let f = one12
  let next = 0
  const multiply = (): void => {
    for (const [{ x, y }, lines] of terms) {
      const [[s, t], intercept] = lines[next] as readonly [Fp2, Fp2]
      // y w^3 - slope x w^2 + (slope x_T - y_T): times w^3, which the exponent takes to 1.
      f = mulLine(f, intercept, [(-s * x) % prime, (-t * x) % prime], y)
    }
    next++
  }
  for (const bit of loop) {
    f = sqr12(f)
    multiply()
    if (bit === '1') multiply()
  }
  return conjugate12(f)
}

/**
 * f^(3 (p^12 - 1) / r): three times what the definition says, which is 1 for the same f.
 *
 * @see https://eprint.iacr.org/2020/875
 */
function finalExponentiation(f: Fp12): Fp12 {
  // (p^6 - 1)(p^2 + 1)
  const easy = mul12(conjugate12(f), invert12(f))
  const m = mul12(frobenius(frobenius(easy)), easy)
  // (x - 1)^2 (x + p)(x^2 + p^2 - 1) + 3
  const a = mul12(toTheX(m), conjugate12(m))
  const b = mul12(toTheX(a), conjugate12(a))
  const c = mul12(toTheX(b), frobenius(b))
  const d = mul12(mul12(toTheX(toTheX(c)), frobenius(frobenius(c))), conjugate12(c))
  return mul12(d, mul12(sqrCyclotomic(m), m))
}

function toTheX(a: Fp12): Fp12 {
  let result = a
  for (const bit of loop) {
    result = sqrCyclotomic(result)
    if (bit === '1') result = mul12(result, a)
  }
  return conjugate12(result)
}

/** The same, coefficients from 0 to p - 1: for comparison with other implementations. */
export function pairing(point: Affine, lines: Lines): readonly bigint[] {
  return finalExponentiation(millerLoop([[point, lines]])).map(positive)
}
