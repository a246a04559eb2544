import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { G1Point, SecretCurve } from './curve.ts'
import { assertScalar, out, outG2, own, type Point, verifyingCurve } from './verifying.ts'

const { G1, G2 } = bls12_381
type NobleG1 = typeof G1.Point.BASE

/** Before it noble's table of a prepared point costs more than the multiplications it spares. */
const usesBeforeTable = 6
/** Width of noble's tables: about 0.15 MB each. */
const secretWidth = 5
/** So many points may have such a table; the others stay slow. */
const secretTables = 64

interface ForSecrets {
  readonly point: NobleG1
  uses: number
}

let tablesMade = 0
const prepared = new WeakMap<Point, ForSecrets>()

/**
 * The curve in pure TypeScript: runs everywhere, downloads nothing. Everything that touches
 * a secret is done by the `multiply` of `@noble/curves`; the arithmetic on public data is
 * that of {@link verifyingCurve}, with whose points it can be mixed.
 */
export const typescriptCurve: SecretCurve = {
  ...verifyingCurve,
  name: 'typescript',
  sumSecret(points, scalars) {
    if (points.length !== scalars.length) throw new RangeError('as many scalars as points')
    let result = G1.Point.ZERO
    points.forEach((point, index) => {
      const scalar = scalars[index] as bigint
      assertScalar(scalar)
      // noble refuses both; a secret that is 0 by chance does not occur.
      if (scalar !== 0n && own(point).affine !== undefined) {
        result = result.add(forSecrets(point).multiply(scalar))
      }
    })
    return result.is0() ? verifyingCurve.zero : out(result.toAffine())
  },
  publicKey(scalar) {
    assertScalar(scalar)
    const { x, y } = G2.Point.BASE.multiply(scalar).toAffine()
    return outG2({ x: [x.c0, x.c1], y: [y.c0, y.c1] })
  },
}

/** The same point in the library whose `multiply` does not depend on the scalar. */
function forSecrets(given: G1Point): NobleG1 {
  const point = own(given)
  const found = prepared.get(point)
  if (found === undefined) {
    const made = G1.Point.fromAffine(point.affine ?? G1.Point.ZERO.toAffine())
    if (point.isPrepared) prepared.set(point, { point: made, uses: 1 })
    return made
  }
  if (++found.uses === usesBeforeTable && tablesMade < secretTables) {
    tablesMade += 1
    found.point.precompute(secretWidth)
  }
  return found.point
}
