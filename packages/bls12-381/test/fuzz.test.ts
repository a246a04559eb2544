import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bytesOf,
  typescriptCurve as curve,
  decodeScalar,
  encodeScalar,
  order,
  randomScalar,
} from '../src/index.ts'

const any = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ minLength: 48, maxLength: 48 }),
  // With the flags of a compressed point, so that more of them get as far as the curve.
  fc
    .tuple(
      fc.constantFrom(48, 96),
      fc.constantFrom(0x80, 0xa0, 0xc0, 0xe0),
      fc.infiniteStream(fc.nat(255)),
    )
    .map(([length, flags, stream]) => {
      const bytes = Uint8Array.from({ length }, () => stream.next().value as number)
      bytes[0] = ((bytes[0] as number) & 0x1f) | flags
      return bytes
    }),
)

describe('whatever the bytes', () => {
  test('reading a point never throws, and reads nothing from two forms', () => {
    fc.assert(
      fc.property(any, (bytes) => {
        const g1 = curve.decodeG1(bytes)
        if (g1 !== undefined) expect(curve.encodeG1(g1)).toEqual(bytes)
        const g2 = curve.decodeG2(bytes)
        if (g2 !== undefined) expect(curve.encodeG2(g2)).toEqual(bytes)
      }),
      { numRuns: 100 },
    )
  })

  test('a point with a bit flipped is another point or none', () => {
    const scalar = randomScalar()
    const [point, key] = [curve.sum([curve.g1], [scalar]), curve.publicKey(scalar)]
    const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
      const copy = bytes.slice()
      const at = (bit >> 3) % copy.length
      copy[at] = (copy[at] as number) ^ (1 << (bit & 7))
      return copy
    }
    fc.assert(
      fc.property(fc.nat(96 * 8 - 1), (bit) => {
        const g1 = curve.decodeG1(flipped(curve.encodeG1(point), bit))
        expect(g1 !== undefined && curve.equal(g1, point)).toBe(false)
        const bytes = flipped(curve.encodeG2(key), bit)
        const g2 = curve.decodeG2(bytes)
        expect(g2 !== undefined && String(curve.encodeG2(g2)) === String(curve.encodeG2(key))).toBe(
          false,
        )
      }),
      { numRuns: 60 },
    )
  })

  test('reading a scalar never throws, and gives one of 1 to r - 1', () => {
    fc.assert(
      fc.property(fc.oneof(any, fc.uint8Array({ minLength: 32, maxLength: 32 })), (bytes) => {
        const scalar = decodeScalar(bytes)
        if (scalar === undefined) return
        expect(scalar > 0n && scalar < order).toBe(true)
        expect(encodeScalar(scalar)).toEqual(bytes)
      }),
      { numRuns: 200 },
    )
    for (const out of [0n, order, order + 1n, (1n << 256n) - 1n]) {
      expect(decodeScalar(bytesOf(out, 32))).toBeUndefined()
    }
  })
})
