import { bls12_381 } from '@noble/curves/bls12-381.js'
import { expect, test } from 'vitest'
import { typescriptCurve } from '../src/index.ts'
import { added, inSubgroup, prime, squareRoot, straus } from '../src/public-g1.ts'
import { bytesOf, order, randomScalar } from '../src/scalar.ts'
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
