import { bls12_381 } from '@noble/curves/bls12-381.js'
import { expect, test } from 'vitest'
import { hashToG1 } from '../src/hash-to-g1.ts'
import { typescriptCurve, verifyingCurve } from '../src/index.ts'
import { linesOf, pairing } from '../src/pairing.ts'
import {
  added,
  inSubgroup,
  normalized,
  positive,
  prime,
  squareRoot,
  straus,
} from '../src/public-g1.ts'
import { bytesOf, order, randomScalar } from '../src/scalar.ts'
import { combOf, multiplySecret } from '../src/secret-g1.ts'
import { invert12, isOne, mul12, sqr12, sqrCyclotomic } from '../src/tower.ts'
import { curveContract } from './contract.ts'

curveContract(typescriptCurve)

const { Point } = bls12_381.G1

test('judges the subgroup as noble does, points of small order included', () => {
  let outside = 0
  for (let x = 0n; x < 60n; x++) {
    const y = squareRoot((x ** 3n + 4n) % prime)
    if (y === undefined) continue
    outside += 1
    expect(Point.fromAffine({ x, y }).isTorsionFree()).toBe(false)
    expect(inSubgroup({ x, y })).toBe(false)
    expect(inSubgroup({ x, y: prime - y })).toBe(false)
    // Cleared of its cofactor it is inside.
    const inside = Point.fromAffine({ x, y }).multiplyUnsafe(1n).clearCofactor()
    if (!inside.is0()) expect(inSubgroup(inside.toAffine())).toBe(true)
    const bytes = bytesOf(x, 48)
    bytes[0] = 0x80
    expect(typescriptCurve.decodeG1(bytes)).toBeUndefined()
  }
  // (0, 2) of order 3 among them.
  expect(outside).toBeGreaterThan(20)
})

test('adds and multiplies as noble does', () => {
  for (let round = 0; round < 20; round++) {
    const [k, l] = [randomScalar(), randomScalar()]
    const [a, b] = [Point.BASE.multiply(k), Point.BASE.multiply(l)]
    const [x, y] = [a.toAffine(), b.toAffine()]
    expect(added(x, y)).toEqual(a.add(b).toAffine())
    expect(added(x, x)).toEqual(a.double().toAffine())
    const terms = [
      { point: x, scalar: l },
      { point: y, scalar: k },
      { point: x, scalar: order - 1n },
    ]
    const expected = a.multiply(l).add(b.multiply(k)).subtract(a)
    expect(straus(terms)).toEqual(expected.toAffine())
  }
})

test('has no square root of what is no square', () => {
  expect(squareRoot(prime - 1n)).toBeUndefined()
  const root = squareRoot(4n) as bigint
  expect((root * root) % prime).toBe(4n)
})

const G2 = bls12_381.G2.Point
const parts = ({ c0, c1 }: { readonly c0: bigint; readonly c1: bigint }) => [c0, c1] as const
const affine2 = (point: typeof G2.BASE) => {
  const { x, y } = point.toAffine()
  return { x: parts(x), y: parts(y) }
}

test('pairs as noble does, to the last coefficient', () => {
  for (let round = 0; round < 8; round++) {
    const left = Point.BASE.multiply(randomScalar())
    const right = G2.BASE.multiply(randomScalar())
    const { c0, c1 } = bls12_381.pairing(left, right)
    const expected = [c0.c0, c0.c1, c0.c2, c1.c0, c1.c1, c1.c2].flatMap(parts)
    const lines = linesOf(affine2(right))
    if (lines === undefined) throw new Error('in the subgroup')
    expect(pairing(left.toAffine(), lines)).toEqual(expected)
    expect(sqrCyclotomic(expected).map(positive)).toEqual(sqr12(expected).map(positive))
  }
})

test('computes in Fp12 by one way as by another', () => {
  for (let round = 0; round < 20; round++) {
    const value = Array.from({ length: 12 }, randomScalar)
    expect(mul12(value, value).map(positive)).toEqual(sqr12(value).map(positive))
    expect(isOne(mul12(value, invert12(value)))).toBe(true)
    expect(isOne(value)).toBe(false)
  }
})

test('hashes to G1 as noble does', () => {
  for (let round = 0; round < 30; round++) {
    const message = crypto.getRandomValues(new Uint8Array(round))
    const dst = crypto.getRandomValues(new Uint8Array(round + 1))
    const expected = bls12_381.G1.hashToCurve(message, { DST: dst }).toAffine()
    expect(hashToG1(message, dst)).toEqual(expected)
  }
})

test('reads and writes G2 as noble does, and refuses what is outside', () => {
  for (let round = 0; round < 10; round++) {
    const point = G2.BASE.multiply(randomScalar())
    const bytes = point.toBytes()
    const read = verifyingCurve.decodeG2(bytes)
    expect(read && verifyingCurve.encodeG2(read)).toEqual(bytes)
  }
  let outside = 0
  for (let at = 0; at < 40; at++) {
    const bytes = new Uint8Array(96)
    bytes[0] = at & 1 ? 0xa0 : 0x80
    bytes[47] = at & 3
    bytes[95] = at
    expect(verifyingCurve.decodeG2(bytes)).toBeUndefined()
    // On the curve after all?
    try {
      G2.fromBytes(bytes)
    } catch (error) {
      if (String(error).includes('subgroup')) outside += 1
    }
  }
  expect(outside).toBeGreaterThan(5)
})

test('gives those who only verify the same points', () => {
  expect(verifyingCurve.zero).toBe(typescriptCurve.zero)
  const point = typescriptCurve.sumSecret([verifyingCurve.g1], [7n])
  expect(verifyingCurve.equal(point, verifyingCurve.sum([typescriptCurve.g1], [7n]))).toBe(true)
})

test('multiplies secrets as noble does, with and without tables', () => {
  const point = Point.BASE.multiply(randomScalar())
  const affine = point.toAffine()
  const comb = combOf(affine)
  const scalars = [1n, 2n, 31n, 32n, 1n << 128n, order - 1n, order - 2n]
  for (const scalar of [...scalars, ...Array.from({ length: 30 }, randomScalar)]) {
    const both = [undefined, comb].map((table) => multiplySecret(affine, scalar, table))
    const expected = point.multiply(scalar).toAffine()
    expect(normalized(both)).toEqual([expected, expected])
  }
})
