import { jsonLimits, parseJson, utf8 } from '@asoba/core'
import { namesIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('parseJson', () => {
  test('reads text and bytes', () => {
    expect(parseJson('{"a":[1,null,"b"]}')).toEqual({ a: [1, null, 'b'] })
    expect(parseJson(utf8('"Мінск"'))).toBe('Мінск')
  })

  test.each([
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['two values', '1 2'],
    ['a comment', '{}//'],
    ['a byte order mark', '\ufeff{}'],
  ])('refuses %s', (_name, text) => {
    expect(parseJson(text)).toBeUndefined()
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined()
    expect(parseJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBeUndefined()
  })

  test('refuses what is longer or deeper than the limits, before it is parsed', () => {
    expect(parseJson('[1,2]', { maxLength: 4 })).toBeUndefined()
    expect(parseJson('[1,2]', { maxLength: 5 })).toEqual([1, 2])
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(parseJson(deep(jsonLimits.maxDepth))).toBeDefined()
    expect(parseJson(deep(jsonLimits.maxDepth + 1))).toBeUndefined()
    expect(parseJson(deep(500_000))).toBeUndefined()
    expect(parseJson(' '.repeat(jsonLimits.maxLength + 1))).toBeUndefined()
  })

  test('does not count brackets in strings, nor be misled by escapes', () => {
    expect(parseJson('["[[[[\\"[[["]', { maxDepth: 1 })).toEqual(['[[[["[[['])
    expect(parseJson('["\\\\",[]]', { maxDepth: 1 })).toBeUndefined()
  })

  test.each(['{"__proto__":{}}', '[{"a":{"\\u005f_proto__":1}}]', '{"__pr\\u006fto__":1}'])(
    'refuses %s, which names __proto__',
    (text) => {
      expect(parseJson(text)).toBeUndefined()
    },
  )

  test('takes __proto__ as a value', () => {
    expect(parseJson('"__proto__"')).toBe('__proto__')
  })

  test('reads a name in escapes as the name that it is', () => {
    for (let round = 0; round < 3; round++) {
      expect(parseJson('{"\\/":1,"\\u0061" :2,"b":"\\u0061\\n"}')).toEqual({
        '/': 1,
        a: 2,
        b: 'a\n',
      })
      expect(parseJson('{"/":1,"\\/":2}')).toEqual({ '/': 2 })
      expect(parseJson('{"\\u20ac":{"\\ud83d\\ude02":["\\"x\\":"]}}')).toEqual({
        '€': { '😂': ['"x":'] },
      })
    }
  })

  // V8 of Node 24.21 reads {"b":1,"\u0007":2} as the members b and \ once it has met such names.
  test.each([
    '{"b":1,"\\u0007":2}',
    '{"\\"":1}',
    '{"a":[{"\\\\":1}]}',
    '{"\\n":1}',
    '{"\\u0022":1}',
  ])('refuses %s, whose name cannot be written out', (text) => {
    expect(parseJson(text)).toBeUndefined()
  })

  test('reads what JSON.stringify wrote, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const names = namesIn(value)
        fc.pre(!names.some((name) => name === '__proto__' || /["\\\p{Cc}]/u.test(name)))
        const text = JSON.stringify(value)
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseJson(bytes)
      }),
      { numRuns: 200 },
    )
  })
})
