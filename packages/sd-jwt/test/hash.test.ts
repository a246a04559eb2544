import { toBase64url } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { type HashName, hashBytes, hashText } from '#hash'
import * as web from '../src/hash.web.ts'

describe('the hash for browsers', () => {
  const cases: readonly [HashName, string][] = [
    ['sha-256', 'SHA-256'],
    ['sha-384', 'SHA-384'],
    ['sha-512', 'SHA-512'],
  ]
  test.each(cases)(
    '%s agrees with WebCrypto at every length around a block',
    async (name, webName) => {
      for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 111, 112, 113, 127, 128, 129, 300]) {
        const bytes = crypto.getRandomValues(new Uint8Array(length))
        const expected = new Uint8Array(await crypto.subtle.digest(webName, bytes))
        expect(web.hashBytes(name, bytes)).toEqual(expected)
        expect(hashBytes(name, bytes)).toEqual(expected)
      }
    },
  )

  test('a digest of text is base64url of the digest of its bytes', () => {
    expect(hashText('sha-256', 'abc')).toBe(
      toBase64url(web.hashBytes('sha-256', new TextEncoder().encode('abc'))),
    )
    // RFC 9901 4.2.3
    expect(
      hashText(
        'sha-256',
        'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0',
      ),
    ).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0')
  })
})
