import {
  checkRelatedResource,
  type DigestAlgorithm,
  digest,
  parseDigestMultibase,
  parseDigestSri,
  toBase64url,
  utf8,
} from '@asoba/core'
import { base58btc } from 'multiformats/bases/base58'
import { describe, expect, test } from 'vitest'

const bytes = utf8('abc')
const id = 'https://nation.example/logo.svg'
const sri = async (algorithm: DigestAlgorithm, data = bytes): Promise<string> =>
  `${algorithm.toLowerCase().replace('-', '')}-${toBase64url(await digest(algorithm, data))}`
const multihash = async (prefix: number, algorithm: DigestAlgorithm): Promise<Uint8Array> => {
  const hash = await digest(algorithm, bytes)
  return Uint8Array.of(prefix, hash.length, ...hash)
}
const outcome = async (resource: { readonly [name: string]: string }, data = bytes) =>
  (await checkRelatedResource(resource, data)).map(({ code, path }) => `${code} ${path}`)

describe('checkRelatedResource', () => {
  test.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('accepts %s by digestSRI', async (name) => {
    const digestSRI = await sri(name)
    expect(await outcome({ id, digestSRI })).toEqual([])
    expect(await outcome({ id, digestSRI }, utf8('abd'))).toEqual([
      'resource.digest-mismatch /digestSRI',
    ])
  })

  test.each([
    [0x12, 'SHA-256'],
    [0x20, 'SHA-384'],
    [0x13, 'SHA-512'],
  ] as const)('accepts multihash %i by digestMultibase in both bases', async (prefix, name) => {
    const hash = await multihash(prefix, name)
    for (const digestMultibase of [`u${toBase64url(hash)}`, base58btc.encode(hash)]) {
      expect(await outcome({ id, digestMultibase })).toEqual([])
      expect(await outcome({ id, digestMultibase }, utf8('abd'))).toEqual([
        'resource.digest-mismatch /digestMultibase',
      ])
    }
  })

  test('accepts SHA-256 without multihash header, as the W3C suite writes it', async () => {
    const digestMultibase = `u${toBase64url(await digest('SHA-256', bytes))}`
    expect(await outcome({ id, digestMultibase })).toEqual([])
  })

  test('demands that both digests fit where there are two', async () => {
    const digestMultibase = `u${toBase64url(await multihash(0x12, 'SHA-256'))}`
    const digestSRI = await sri('SHA-256', utf8('abd'))
    expect(await outcome({ id, digestMultibase, digestSRI })).toEqual([
      'resource.digest-mismatch /digestSRI',
    ])
  })

  test('compares the strongest algorithm alone, any digest of it', async () => {
    const wrong = await sri('SHA-512', utf8('abd'))
    const right = await sri('SHA-512')
    expect(await outcome({ id, digestSRI: `${await sri('SHA-256')} ${wrong}` })).toHaveLength(1)
    expect(await outcome({ id, digestSRI: `${wrong} ${right}` })).toEqual([])
  })

  test('refuses a malformed entry before it looks at the bytes', async () => {
    expect(await outcome({ id })).toEqual(['credential.malformed '])
    expect(await outcome({ id: 'logo', digestSRI: 'sha1-abc' })).toEqual([
      'credential.malformed /id',
      'credential.malformed /digestSRI',
    ])
  })
})

describe('parseDigestSri', () => {
  test('reads the base64 alphabet with padding and options', () => {
    expect(
      parseDigestSri('sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=?ct=text')?.[0]?.algorithm,
    ).toBe('SHA-256')
  })

  test.each(['', 'sha256', 'sha256-', 'md5-AAAA', 'sha256-!', 'sha384-ungWv48B', 5, null])(
    'refuses %j',
    (text) => {
      expect(parseDigestSri(text)).toBeUndefined()
    },
  )
})

describe('parseDigestMultibase', () => {
  test.each(['', 'u', 'z', 'z0', 'uEiA', 'f1220', `u${'A'.repeat(200)}`, 5, null])(
    'refuses %j',
    (text) => {
      expect(parseDigestMultibase(text)).toBeUndefined()
    },
  )
})
