import { expect, test } from 'vitest'
import { createKey, didJwkOf, didKeyOf, subjectOfProof } from '../src/index.ts'

test('a credential is bound to the DID that was proven, or to did:jwk of the key', async () => {
  const { publicJwk } = await createKey('ES256')
  expect(subjectOfProof({ kind: 'jwk', publicJwk })).toBe(didJwkOf(publicJwk))
  const did = didKeyOf(publicJwk)
  expect(subjectOfProof({ kind: 'jwk', publicJwk, did })).toBe(did)
  expect(subjectOfProof({ kind: 'bearer' })).toBe(undefined)
})

test('a credential is bound to no DID of another key, or of one that nobody can see', async () => {
  const [{ publicJwk }, other] = [await createKey('ES256'), await createKey('ES256')]
  for (const did of [didKeyOf(other.publicJwk), 'did:web:person.example', 'did:key:z', '']) {
    expect(() => subjectOfProof({ kind: 'jwk', publicJwk, did })).toThrow(TypeError)
  }
})
