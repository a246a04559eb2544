import { expect, test } from 'vitest'
import { parseDid, parseDidUrl } from '../src/index.ts'

test.each([
  'did:a:b',
  'did:example:123',
  'did:0m:%20',
  'did:example:a:b:c',
  'did:example:::a',
  'did:example:A.b-c_d%3A1',
  'did:web:example.com%3A8443:a',
])('%s is a DID', (did) => {
  expect(parseDid(did)).toMatchObject({ did, id: did.split(':').slice(2).join(':') })
  expect(parseDidUrl(did)).toMatchObject({ did, didUrl: did })
})

test.each([
  '',
  'did:',
  'did:a',
  'did:a:',
  'did:a:b:',
  'did::b',
  'did:A:b',
  'did:a-b:c',
  'DID:a:b',
  ' did:a:b',
  'did:a:b ',
  'did:a:b\n',
  'did:a:b%',
  'did:a:b%2',
  'did:a:b%GG',
  'did:a:é',
  'did:a:b~',
  'did:a:b@c',
  `did:a:${'b'.repeat(2048)}`,
])('%j is no DID', (text) => {
  expect(parseDid(text)).toBeUndefined()
  expect(parseDidUrl(text)).toBeUndefined()
})

test('takes a DID URL apart and decodes nothing', () => {
  expect(parseDidUrl("did:a:b/c/%2F;d=e?f=g&h='/?#i/j?k")).toEqual({
    didUrl: "did:a:b/c/%2F;d=e?f=g&h='/?#i/j?k",
    did: 'did:a:b',
    method: 'a',
    id: 'b',
    path: '/c/%2F;d=e',
    query: "f=g&h='/?",
    fragment: 'i/j?k',
  })
  expect(parseDidUrl('did:a:b?#')).toMatchObject({ query: '', fragment: '' })
  expect(parseDid('did:a:b#c')).toBeUndefined()
  for (const wrong of ['did:a:b#c#d', 'did:a:b/é', 'did:a:b?a b', 'did:a:b?%zz', 'did:a:b/[']) {
    expect(parseDidUrl(wrong)).toBeUndefined()
  }
})

test('a hostile length costs no time', () => {
  expect(parseDidUrl(`did:a:${'b:'.repeat(1000)}`)).toBeUndefined()
  expect(parseDidUrl(`did:a:b${'/a'.repeat(1000)}|`)).toBeUndefined()
})
