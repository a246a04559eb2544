import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { Curve, G1Point, G2Point } from './curve.ts'
import {
  type Affine,
  added,
  inSubgroup,
  keptMultiples,
  type OddMultiples,
  prime,
  squareRoot,
  straus,
} from './public-g1.ts'
import { bytesOf, integerOf, order } from './scalar.ts'

const { G1, G2, fields, millerLoopBatch, utils } = bls12_381
type NobleG1 = typeof G1.Point.BASE
type NobleG2 = typeof G2.Point.BASE
type Lines = ReturnType<typeof utils.calcPairingPrecomputes>

/** Above it noble's table of a prepared point costs more than the multiplications it spares. */
const usesBeforeTable = 6
/** Width of noble's tables: about 0.15 MB each. */
const secretWidth = 5
/** So many points may have such a table; the others stay slow. */
const secretTables = 64

let tablesMade = 0

/** A point of G1 and what is remembered of it. */
class Point {
  readonly affine: Affine | undefined
  readonly isPrepared: boolean
  kept: OddMultiples | undefined
  #secretUses = 0
  #noble: NobleG1 | undefined

  constructor(affine: Affine | undefined, isPrepared: boolean) {
    this.affine = affine
    this.isPrepared = isPrepared
  }

  /** The same point in the library whose `multiply` does not depend on the scalar. */
  forSecrets(): NobleG1 {
    this.#noble ??= G1.Point.fromAffine(this.affine ?? G1.Point.ZERO.toAffine())
    if (this.isPrepared && ++this.#secretUses === usesBeforeTable && tablesMade < secretTables) {
      tablesMade += 1
      this.#noble.precompute(secretWidth)
    }
    return this.#noble
  }
}

/** A point of G2, and the lines of the Miller loop that depend on it alone. */
class Key {
  readonly point: NobleG2
  #lines: Lines | undefined

  constructor(point: NobleG2) {
    this.point = point
  }

  get lines(): Lines {
    this.#lines ??= utils.calcPairingPrecomputes(this.point)
    return this.#lines
  }
}

const zero = out(undefined)

/**
 * The curve in pure TypeScript on `@noble/curves`: runs everywhere, downloads nothing.
 * Hashing to the curve, pairings and everything that touches a secret are noble's; the
 * arithmetic on public data is our own, for speed.
 */
export const typescriptCurve: Curve = {
  name: 'typescript',
  zero,
  g1: out(G1.Point.BASE.toAffine()),
  g2: outKey(G2.Point.BASE),
  decodeG1,
  decodeG2,
  encodeG1,
  encodeG2: (point) => ownKey(point).point.toBytes(),
  hashToG1(message, dst) {
    if (dst.length === 0 || dst.length > 255) throw new RangeError('dst: 1 to 255 bytes')
    return out(G1.hashToCurve(message, { DST: dst }).toAffine())
  },
  prepare(point) {
    const { affine, isPrepared } = own(point)
    return isPrepared ? point : (new Point(affine, true) as unknown as G1Point)
  },
  equal(left, right) {
    const [a, b] = [own(left).affine, own(right).affine]
    return a?.x === b?.x && a?.y === b?.y
  },
  negate(point) {
    const { affine } = own(point)
    return affine === undefined ? zero : out({ x: affine.x, y: prime - affine.y })
  },
  add: (left, right) => out(added(own(left).affine, own(right).affine)),
  sum,
  sumSecret,
  publicKey(scalar) {
    assertScalar(scalar)
    return outKey(G2.Point.BASE.multiply(scalar))
  },
  pairingsCancel,
}

// pairing-friendly-curves-11 appendix C.2.
function decodeG1(bytes: Uint8Array): G1Point | undefined {
  if (bytes.length !== 48) return undefined
  const flags = (bytes[0] as number) >> 5
  // Compressed; not the identity, which nothing that we read may be.
  if ((flags & 0b110) !== 0b100) return undefined
  const body = Uint8Array.from(bytes)
  body[0] = (body[0] as number) & 0x1f
  const x = integerOf(body)
  if (x >= prime) return undefined
  const root = squareRoot((x * x * x + 4n) % prime)
  if (root === undefined) return undefined
  const isLarger = 2n * root > prime
  const affine = { x, y: isLarger === ((flags & 1) === 1) ? root : prime - root }
  return inSubgroup(affine) ? out(affine) : undefined
}

function decodeG2(bytes: Uint8Array): G2Point | undefined {
  if (bytes.length !== 96) return undefined
  try {
    // With the check of the curve and of the subgroup.
    const point = G2.Point.fromBytes(bytes)
    return point.is0() ? undefined : outKey(point)
  } catch {
    return undefined
  }
}

function encodeG1(point: G1Point): Uint8Array {
  const { affine } = own(point)
  const bytes = bytesOf(affine?.x ?? 0n, 48)
  const isLarger = affine !== undefined && 2n * affine.y > prime
  bytes[0] = (bytes[0] as number) | (affine === undefined ? 0xc0 : isLarger ? 0xa0 : 0x80)
  return bytes
}

function sum(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (points.length !== scalars.length) throw new RangeError('as many scalars as points')
  const terms = points.flatMap((given, index) => {
    const point = own(given)
    const scalar = scalars[index] as bigint
    assertScalar(scalar)
    if (scalar === 0n || point.affine === undefined) return []
    if (point.isPrepared) point.kept ??= keptMultiples(point.affine)
    const { affine, kept } = point
    return [{ point: affine, scalar, ...(kept === undefined ? {} : { kept }) }]
  })
  return terms.length === 0 ? zero : out(straus(terms))
}

function sumSecret(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (points.length !== scalars.length) throw new RangeError('as many scalars as points')
  let result = G1.Point.ZERO
  points.forEach((given, index) => {
    const scalar = scalars[index] as bigint
    assertScalar(scalar)
    const point = own(given)
    // noble refuses both; a secret that is 0 by chance does not occur.
    if (scalar !== 0n && point.affine !== undefined) {
      result = result.add(point.forSecrets().multiply(scalar))
    }
  })
  return result.is0() ? zero : out(result.toAffine())
}

function pairingsCancel(terms: readonly (readonly [G1Point, G2Point])[]): boolean {
  const loops = terms.flatMap(([left, right]): [Lines, bigint, bigint][] => {
    const { affine } = own(left)
    return affine === undefined ? [] : [[ownKey(right).lines, affine.x, affine.y]]
  })
  if (loops.length === 0) return true
  return fields.Fp12.eql(fields.Fp12.finalExponentiate(millerLoopBatch(loops)), fields.Fp12.ONE)
}

function out(affine: Affine | undefined): G1Point {
  return new Point(affine, false) as unknown as G1Point
}

function outKey(point: NobleG2): G2Point {
  return new Key(point) as unknown as G2Point
}

function own(point: G1Point): Point {
  if (point instanceof Point) return point
  throw new TypeError('a point of another backend')
}

function ownKey(point: G2Point): Key {
  if (point instanceof Key) return point
  throw new TypeError('a point of another backend')
}

function assertScalar(scalar: bigint): void {
  if (scalar < 0n || scalar >= order) throw new RangeError('not a scalar')
}
