import { canonicalize, type Json, utf8 } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

vectorSuite('jcs', async (vectors) => {
  const files = await vectors.files('testdata/input')
  test('there are vectors', () => expect(files.length).toBeGreaterThanOrEqual(6))
  for (const file of files) {
    const name = file.split('/').at(-1) as string
    test(`canonicalizes ${name} as published`, async () => {
      const canonical = canonicalize(await vectors.json<Json>(file))
      expect(canonical).toBe(await vectors.text(`testdata/output/${name}`))
      const outhex = await vectors.text(`testdata/outhex/${name.replace('.json', '.txt')}`)
      expect(hex(utf8(canonical))).toBe(outhex.replaceAll(/\s/g, ''))
    })
  }
})

describe('canonicalize', () => {
  // RFC 8785 appendix B.
  test.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [-5e-324, '-5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [1e23, '1e+23'],
    [1.0000000000000001e23, '1.0000000000000001e+23'],
    [999999999999999700000, '999999999999999700000'],
    [1e21, '1e+21'],
    [9.999999999999997e-7, '9.999999999999997e-7'],
    [0.000001, '0.000001'],
    [333333333.3333332, '333333333.3333332'],
    [333333333.3333334, '333333333.3333334'],
    [-0.0000033333333333333333, '-0.0000033333333333333333'],
    [1424953923781206.2, '1424953923781206.2'],
  ])('writes the number %d as %s', (number, text) => {
    expect(canonicalize(number)).toBe(String(Number(text)))
    expect(Number(canonicalize(number))).toBe(number === 0 ? 0 : number)
  })

  test('sorts names by UTF-16 code units, not by code points', () => {
    expect(canonicalize({ '\ufb33': 1, '😀': 2, '1': 3, '': 4 })).toBe(
      '{"":4,"1":3,"😀":2,"\ufb33":1}',
    )
  })

  test.each<[string, unknown]>([
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udead': 1 }],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['undefined', { a: undefined }],
    ['a hole in an array', new Array(2)],
    ['a bigint', 1n],
    ['a function', { toJSON: () => 1 }],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalize(value as Json)).toThrowError(
      expect.objectContaining({ code: 'json.not-canonicalizable' }) as Error,
    )
  })

  test('is the same for the same value, whatever the order of names', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }), (value) => {
        fc.pre(JSON.stringify(value).isWellFormed())
        const json = JSON.parse(JSON.stringify(value)) as Json
        const canonical = canonicalize(json)
        expect(canonicalize(JSON.parse(canonical) as Json)).toBe(canonical)
        expect(JSON.parse(canonical)).toEqual(json)
      }),
      { numRuns: 100 },
    )
  })
})
