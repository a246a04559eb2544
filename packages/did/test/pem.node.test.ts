import { describe, expect, test } from 'vitest'
import { createKey, jwkSigner, verifySignature } from '../src/index.ts'
import { importPrivateJwk, importPublicJwk } from '../src/pem.node.ts'

// Which way is taken depends on the platform: both must lead to the same key.
describe.each(['ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA'] as const)('%s', (algorithm) => {
  test('is the same key, read as PEM and read as a JWK', async () => {
    for (let round = 0; round < 8; round++) {
      const { publicJwk, privateJwk } = await createKey(algorithm)
      const publicKey = importPublicJwk(publicJwk, true)
      expect(publicKey.equals(importPublicJwk(publicJwk, false))).toBe(true)
      expect(publicKey.export({ format: 'jwk' })).toEqual(publicJwk)
      const privateKey = importPrivateJwk(privateJwk, true)
      expect(privateKey.equals(importPrivateJwk(privateJwk, false))).toBe(true)
      expect(privateKey.export({ format: 'jwk' })).toEqual(privateJwk)
    }
  })
})

test.each(['ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA'] as const)(
  'a key of %s that is met the first time verifies as when it is met again',
  async (algorithm) => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const data = Uint8Array.of(1, 2, 3)
    const signature = await signer.sign(data)
    const { publicJwk: unmet } = await createKey(algorithm)
    for (let time = 0; time < 3; time++) {
      expect(await verifySignature(algorithm, publicJwk, data, signature)).toBe(true)
      expect(await verifySignature(algorithm, unmet, data, signature)).toBe(false)
      expect(await verifySignature(algorithm, publicJwk, Uint8Array.of(1), signature)).toBe(false)
    }
  },
)

test('a point beside the curve is refused either way', async () => {
  const { privateJwk } = await createKey('ES256')
  const { x } = (await createKey('ES256')).publicJwk
  const beside = { ...privateJwk, x: x as string }
  const { d: _, ...publicPart } = beside
  for (const asPem of [true, false]) {
    expect(() => importPrivateJwk(beside, asPem)).toThrow()
    expect(() => importPublicJwk(publicPart, asPem)).toThrow()
  }
})
