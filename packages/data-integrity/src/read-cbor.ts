import { fromUtf8 } from '@asoba/core'

/** What the CBOR of a proof value is read as; maps have integers as keys. */
export type CborItem =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly CborItem[]
  | ReadonlyMap<number, CborItem>

const maxDepth = 4

/**
 * Reads the few kinds of CBOR that proof values have: unsigned integers, byte and text strings,
 * booleans, arrays, maps from integers. Undefined for everything else, and for what is not in its
 * one shortest form with keys in ascending order, or is followed by anything. A page that verifies
 * loads this instead of a library for all of CBOR, which is ten times as long. Never throws.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8949#section-4.2.1
 */
export function readCbor(bytes: Uint8Array): CborItem | undefined {
  let at = 0
  const item = read(0)
  return at === bytes.length ? item : undefined

  function read(depth: number): CborItem | undefined {
    const first = bytes[at++]
    if (first === undefined || depth > maxDepth) return undefined
    if (first === 0xf4 || first === 0xf5) return first === 0xf5
    const count = argument(first & 31)
    // What is announced must be there, so that nobody makes us prepare for more.
    if (count === undefined) return undefined
    switch (first >> 5) {
      case 0:
        return count
      case 2:
        return take(count)
      case 3: {
        const text = take(count)
        return text && fromUtf8(text)
      }
      case 4:
        return readArray(count, depth)
      case 5:
        return readMap(count, depth)
      default:
        return undefined
    }
  }

  function argument(short: number): number | undefined {
    if (short < 24) return short
    const size = [1, 2, 4, 8][short - 24]
    const encoded = size === undefined ? undefined : take(size)
    if (size === undefined || encoded === undefined) return undefined
    let value = 0
    for (const byte of encoded) value = value * 256 + byte
    const least = size === 1 ? 24 : 256 ** (size / 2)
    return value < least || !Number.isSafeInteger(value) ? undefined : value
  }

  function take(length: number): Uint8Array | undefined {
    if (length > bytes.length - at) return undefined
    at += length
    return new Uint8Array(bytes.subarray(at - length, at))
  }

  function readArray(length: number, depth: number): readonly CborItem[] | undefined {
    if (length > bytes.length - at) return undefined
    const items: CborItem[] = []
    for (let index = 0; index < length; index++) {
      const each = read(depth + 1)
      if (each === undefined) return undefined
      items.push(each)
    }
    return items
  }

  function readMap(size: number, depth: number): ReadonlyMap<number, CborItem> | undefined {
    if (2 * size > bytes.length - at) return undefined
    const items = new Map<number, CborItem>()
    let before = -1
    for (let index = 0; index < size; index++) {
      const key = read(depth + 1)
      const value = typeof key === 'number' && key > before ? read(depth + 1) : undefined
      if (typeof key !== 'number' || value === undefined) return undefined
      items.set(key, value)
      before = key
    }
    return items
  }
}
