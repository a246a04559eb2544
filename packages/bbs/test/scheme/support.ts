import { expandMessage, integerOf, order } from '@asoba/bls12-381'
import type { RandomScalars } from '../../src/scheme/prove.ts'

/** Bytes as hexadecimal text. */
export const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Bytes that hexadecimal text spells. */
export const unhex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Bytes of a text. */
export const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** Scalars as the vectors write them: some lack their leading zero. */
export const scalar = (value: string): Uint8Array => unhex(value.padStart(64, '0'))

/** The mocked random scalars of the drafts; the first `skip` are used up elsewhere. */
export function mocked(seed: Uint8Array, dst: Uint8Array, skip = 0): RandomScalars {
  return (count) => {
    const bytes = expandMessage(seed, dst, 48 * (count + skip))
    return Array.from(
      { length: count },
      (_, at) => integerOf(bytes.subarray(48 * (at + skip), 48 * (at + skip + 1))) % order,
    )
  }
}
