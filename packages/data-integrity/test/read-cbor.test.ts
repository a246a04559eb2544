import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCbor } from '../src/read-cbor.ts'

const { item } = fc.letrec((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    fc.nat(Number.MAX_SAFE_INTEGER),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('item'), { maxLength: 30 }),
    fc
      .uniqueArray(fc.tuple(fc.nat(70_000), tie('item')), {
        maxLength: 6,
        selector: ([key]) => key,
      })
      .map((entries) => new Map(entries.sort(([a], [b]) => a - b))),
  ),
}))
const strict = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
}

describe('readCbor', () => {
  test('reads what a library of CBOR wrote', () => {
    fc.assert(
      fc.property(item, (value) => {
        expect(readCbor(encode(value))).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  test('reads no bytes otherwise than such a library, and each value from one form alone', () => {
    fc.assert(
      fc.property(item, fc.nat(), fc.nat(255), (value, place, byte) => {
        const bytes = encode(value)
        bytes[place % bytes.length] = byte
        const read = readCbor(bytes)
        if (read === undefined) return
        expect(decode(bytes, strict)).toEqual(read)
        expect([...encode(read)]).toEqual([...bytes])
      }),
      { numRuns: 200 },
    )
  })

  test('never throws, and reads nothing that is cut or followed by anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        readCbor(bytes)
      }),
      { numRuns: 200 },
    )
    const bytes = encode([new Map([[1, 2]]), 'a', new Uint8Array(30), 70_000])
    expect(readCbor(bytes)).toBeDefined()
    for (let length = 0; length < bytes.length; length++) {
      expect(readCbor(bytes.subarray(0, length))).toBeUndefined()
    }
    expect(readCbor(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })

  test.each([
    ['a longer form than needed', [0x18, 0x17]],
    ['two bytes where one will do', [0x19, 0x00, 0xff]],
    ['four bytes where two will do', [0x1a, 0x00, 0x00, 0xff, 0xff]],
    ['an integer beyond 2^53', [0x1b, 0x00, 0x20, 0, 0, 0, 0, 0, 0]],
    ['an indefinite array', [0x9f, 0x01, 0xff]],
    ['an indefinite byte string', [0x5f, 0x41, 0x00, 0xff]],
    ['a negative integer', [0x20]],
    ['a tag', [0xc2, 0x41, 0x01]],
    ['null', [0xf6]],
    ['undefined', [0xf7]],
    ['a float', [0xf9, 0x00, 0x00]],
    ['a text key', [0xa1, 0x61, 0x61, 0x01]],
    ['a key twice', [0xa2, 0x01, 0x01, 0x01, 0x02]],
    ['keys out of order', [0xa2, 0x02, 0x01, 0x01, 0x02]],
    ['text that is not UTF-8', [0x61, 0xff]],
    ['an array longer than the bytes', [0x9a, 0xff, 0xff, 0xff, 0xff]],
    ['arrays too deep', [0x81, 0x81, 0x81, 0x81, 0x81, 0x01]],
  ])('does not read %s', (_name, bytes) => {
    expect(readCbor(Uint8Array.from(bytes))).toBeUndefined()
  })
})
