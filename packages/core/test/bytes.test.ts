import {
  bytesOfBase64url,
  concatBytes,
  digest,
  equalBytes,
  fromBase64url,
  fromUtf8,
  readBounded,
  textOfBase64url,
  toBase64url,
  utf8,
} from '@asoba/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('base64url', () => {
  // RFC 4648 section 10, in the URL alphabet without padding.
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as %j', (text, encoded) => {
    expect(toBase64url(utf8(text))).toBe(encoded)
    expect(fromBase64url(encoded)).toEqual(utf8(text))
  })

  test.each([
    'A',
    'AAAAA',
    'Zg==',
    'Zm8=',
    'Z g',
    'Zg\n',
    'Zm9+',
    'Zm9/',
    'Zm9v.',
    'Zh',
    'Zm9',
    'ä',
  ])('refuses %j', (text) => {
    expect(fromBase64url(text)).toBeUndefined()
    expect(() => bytesOfBase64url(text)).toThrow(TypeError)
  })

  test('is read as text where the bytes are UTF-8, short or long', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(0, 3000, 4096, 9000),
        (text, more) => {
          const long = text + 'ў'.repeat(more)
          const bytes = utf8(long)
          expect(textOfBase64url(toBase64url(bytes))).toBe(fromUtf8(bytes))
        },
      ),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 12 }), fc.uint8Array({ maxLength: 9 }).map(toBase64url)),
        (text) => {
          const bytes = fromBase64url(text)
          expect(textOfBase64url(text)).toBe(bytes && fromUtf8(bytes))
        },
      ),
      { numRuns: 200 },
    )
    expect(textOfBase64url('_w')).toBeUndefined()
  })

  test('has one text for any bytes, and one only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
      }),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = fromBase64url(text)
        if (bytes !== undefined) expect(toBase64url(bytes)).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  test('decodes what is of the alphabet and without bits left over, and nothing else', () => {
    const letters = [...'AQgw048_-', ...'+/= \n.\0', '\u0141', '\u202d', '\u{1f512}', '\ud800']
    const canonical =
      /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/
    fc.assert(
      fc.property(
        fc.nat({ max: 40 }),
        fc.array(fc.constantFrom(...letters), { maxLength: 6 }),
        (before, end) => {
          const text = 'QUJD'.repeat(before) + end.join('')
          expect(fromBase64url(text) !== undefined).toBe(canonical.test(text))
        },
      ),
      { numRuns: 200 },
    )
    for (let code = 0; code < 65_536; code++) {
      const text = `AA${String.fromCharCode(code)}A`
      if (canonical.test(text) !== (fromBase64url(text) !== undefined)) expect(code).toBe(-1)
    }
  })

  test('decodes into memory that holds nothing else', () => {
    for (const length of [1, 63, 100, 3000, 4096, 70_000]) {
      const bytes = bytesOfBase64url(toBase64url(new Uint8Array(length)))
      expect(bytes.buffer.byteLength).toBe(length)
    }
  })

  test('encodes more bytes than a call has arguments', () => {
    const bytes = new Uint8Array(300_000).fill(7)
    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
  })

  test('encodes a view, not the buffer behind it', () => {
    expect(toBase64url(utf8('xfoox').subarray(1, 4))).toBe('Zm9v')
  })
})

describe('bytes', () => {
  test('concatenates in order', () => {
    expect(concatBytes(utf8('a'), new Uint8Array(), utf8('bc'))).toEqual(utf8('abc'))
  })

  test('compares content and length', () => {
    expect(equalBytes(utf8('abc'), utf8('abc'))).toBe(true)
    expect(equalBytes(utf8('abc'), utf8('abd'))).toBe(false)
    expect(equalBytes(utf8('abc'), utf8('ab'))).toBe(false)
  })

  test('refuses malformed UTF-8 and keeps a byte order mark', () => {
    expect(fromUtf8(Uint8Array.of(0xc3))).toBeUndefined()
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })

  test('digests with every algorithm', async () => {
    expect(toBase64url(await digest('SHA-256', utf8('abc')))).toBe(
      'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    )
    expect((await digest('SHA-384', utf8('abc'))).length).toBe(48)
    expect((await digest('SHA-512', utf8('abc'))).length).toBe(64)
  })
})

describe('a stream that is read within a bound', () => {
  const streamOf = (...parts: readonly number[][]) => {
    let cancelled = false
    const left = [...parts]
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = left.shift()
        if (part === undefined) controller.close()
        else controller.enqueue(Uint8Array.from(part))
      },
      cancel() {
        cancelled = true
      },
    })
    return { stream, isCancelled: () => cancelled }
  }

  test('is its bytes, none without a stream', async () => {
    expect(await readBounded(streamOf([1, 2], [], [3]).stream, 3)).toEqual(Uint8Array.of(1, 2, 3))
    expect(await readBounded(streamOf().stream, 0)).toEqual(new Uint8Array())
    expect(await readBounded(null, 0)).toEqual(new Uint8Array())
  })

  test('is cancelled where there is more', async () => {
    const { stream, isCancelled } = streamOf([1, 2], [3], [4], [5])
    expect(await readBounded(stream, 2)).toBeUndefined()
    expect(isCancelled()).toBe(true)
  })
})
