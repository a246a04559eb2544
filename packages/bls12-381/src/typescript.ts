import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { SecretCurve } from './curve.ts'
import { Accumulator, type Affine, normalized } from './public-g1.ts'
import { type Comb, combOf, multiplySecret } from './secret-g1.ts'
import { assertScalar, out, outG2, own, type Point, verifyingCurve } from './verifying.ts'

const { G2 } = bls12_381

/** Before it the table of a prepared point costs more than the multiplications it spares. */
const usesBeforeTable = 8
/** So many points may have such a table; the others stay slow. */
const maxCombs = 64

interface Prepared {
  uses: number
  comb?: Comb
}

let combsMade = 0
const prepared = new WeakMap<Point, Prepared>()

/**
 * The curve in pure TypeScript: runs everywhere, downloads nothing. What touches a secret
 * takes the same steps for every scalar; the arithmetic on public data is that of
 * {@link verifyingCurve}, with whose points it can be mixed.
 */
export const typescriptCurve: SecretCurve = {
  ...verifyingCurve,
  name: 'typescript',
  sumSecret(points, scalars) {
    if (points.length !== scalars.length) throw new RangeError('as many scalars as points')
    const products = points.flatMap((given, index) => {
      const scalar = scalars[index] as bigint
      assertScalar(scalar)
      const point = own(given)
      // A secret that is 0 by chance does not occur.
      if (scalar === 0n || point.affine === undefined) return []
      return [multiplySecret(point.affine, scalar, combFor(point, point.affine))]
    })
    const sum = new Accumulator()
    for (const product of normalized(products)) if (product) sum.add(product.x, product.y)
    const [affine] = normalized([sum])
    return affine === undefined ? verifyingCurve.zero : out(affine)
  },
  publicKey(scalar) {
    assertScalar(scalar)
    // For the generator noble blinds the scalar; for other points it does not.
    const { x, y } = G2.Point.BASE.multiply(scalar).toAffine()
    return outG2({ x: [x.c0, x.c1], y: [y.c0, y.c1] })
  },
}

function combFor(point: Point, affine: Affine): Comb | undefined {
  if (!point.isPrepared) return undefined
  const found = prepared.get(point) ?? { uses: 0 }
  prepared.set(point, found)
  if (++found.uses === usesBeforeTable && combsMade < maxCombs) {
    combsMade += 1
    found.comb = combOf(affine)
  }
  return found.comb
}
