import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bytesOf,
  decodeScalar,
  encodeScalar,
  expandMessage,
  integerOf,
  invertScalar,
  modOrder,
  order,
  randomScalar,
} from '../src/index.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

test('reads and writes integers and scalars', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 384n) - 1n }), (value) => {
      expect(integerOf(bytesOf(value, 48))).toBe(value)
      const scalar = modOrder(value)
      expect(decodeScalar(encodeScalar(scalar))).toBe(scalar === 0n ? undefined : scalar)
    }),
    { numRuns: 200 },
  )
  expect(integerOf(new Uint8Array(0))).toBe(0n)
  expect(decodeScalar(encodeScalar(0n))).toBeUndefined()
  expect(decodeScalar(bytesOf(order, 32))).toBeUndefined()
  expect(decodeScalar(bytesOf(order - 1n, 32))).toBe(order - 1n)
  expect(decodeScalar(bytesOf(1, 31))).toBeUndefined()
  expect(modOrder(-1n)).toBe(order - 1n)
  for (const bad of [-1n, order]) expect(() => encodeScalar(bad)).toThrow(RangeError)
  for (const bad of [-1, 256, 256n]) expect(() => bytesOf(bad, 1)).toThrow(RangeError)
})

test('inverts scalars', () => {
  for (const scalar of [1n, 2n, order - 1n, randomScalar()]) {
    expect((scalar * invertScalar(scalar)) % order).toBe(1n)
  }
  expect(() => invertScalar(0n)).toThrow(RangeError)
  expect(() => invertScalar(order)).toThrow(RangeError)
})

// RFC 9380 appendix K.1.
test('expands messages as RFC 9380 does', () => {
  const bytes = expandMessage(utf8('abc'), utf8('QUUX-V01-CS02-with-expander-SHA256-128'), 0x20)
  expect(integerOf(bytes)).toBe(0xd8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615n)
})
