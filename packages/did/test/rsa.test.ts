import { type Jwk, type RsaAlgorithm, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner, platformSignatures, verifySignature } from '@asoba/did'
import { nobleSignatures } from '@asoba/did/noble'
import { withRsa } from '@asoba/did/rsa'
import { describe, expect, test } from 'vitest'

const data = utf8('what was signed')
const backend = withRsa()

async function made(
  algorithm: RsaAlgorithm,
  wish: { readonly modulusLength?: number; readonly exponent?: readonly number[] } = {},
) {
  const how = {
    name: algorithm.startsWith('PS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5',
    hash: `SHA-${algorithm.slice(2)}`,
    modulusLength: wish.modulusLength ?? 2048,
    publicExponent: Uint8Array.from(wish.exponent ?? [1, 0, 1]),
  }
  const keys = (await crypto.subtle.generateKey(how, true, ['sign', 'verify'])) as CryptoKeyPair
  const saltLength = Number(algorithm.slice(2)) / 8
  const sign = async (salt = saltLength) =>
    new Uint8Array(
      await crypto.subtle.sign({ ...how, saltLength: salt }, keys.privateKey, data as BufferSource),
    )
  const { n, e } = await crypto.subtle.exportKey('jwk', keys.publicKey)
  return { publicJwk: { kty: 'RSA', n, e } as Jwk, signature: await sign(), sign }
}

const all = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const

describe('RSA signatures of others', () => {
  for (const algorithm of all) {
    test(`${algorithm} is verified where RSA is given, and by that name alone`, async () => {
      const { publicJwk, signature } = await made(algorithm)
      expect(await verifySignature(algorithm, publicJwk, data, signature, { backend })).toBe(true)
      expect(await verifySignature(algorithm, publicJwk, data, signature)).toBe(false)
      const other = all[(all.indexOf(algorithm) + 1) % all.length] as RsaAlgorithm
      expect(await verifySignature(other, publicJwk, data, signature, { backend })).toBe(false)
      const changed = signature.slice()
      changed[9] = (changed[9] as number) ^ 1
      expect(await verifySignature(algorithm, publicJwk, data, changed, { backend })).toBe(false)
      const short = signature.slice(1)
      expect(await verifySignature(algorithm, publicJwk, data, short, { backend })).toBe(false)
    })
  }

  test('alg, use, key_ops and a private part of the key forbid it', async () => {
    const { publicJwk, signature } = await made('PS256')
    const verify = (more: object) =>
      verifySignature('PS256', { ...publicJwk, ...more }, data, signature, { backend })
    expect(await verify({ alg: 'PS256', use: 'sig', key_ops: ['verify'] })).toBe(true)
    for (const more of [{ alg: 'RS256' }, { use: 'enc' }, { key_ops: ['encrypt'] }, { d: 'AQ' }]) {
      expect(await verify(more)).toBe(false)
    }
  })

  test('a key under 2048 bits, a small exponent, and numbers that are not canonical are refused', async () => {
    for (const wish of [{ modulusLength: 1024 }, { modulusLength: 2040 }, { exponent: [3] }]) {
      const { publicJwk, signature } = await made('RS256', wish)
      expect(await verifySignature('RS256', publicJwk, data, signature, { backend })).toBe(false)
    }
    const { publicJwk, signature } = await made('RS256')
    const { n = '', e = '' } = publicJwk
    const zero = toBase64url(Uint8Array.of(0, 1, 0, 1))
    for (const more of [{ e: zero }, { e: `${e}=` }, { n: `${n}=` }, { n: '' }, { e: '' }]) {
      const key = { ...publicJwk, ...more }
      expect(await verifySignature('RS256', key, data, signature, { backend })).toBe(false)
    }
  })

  test('a salt of JWS is as long as the hash', async () => {
    const { publicJwk, sign } = await made('PS256')
    const signature = await sign(20)
    expect(await verifySignature('PS256', publicJwk, data, signature, { backend })).toBe(false)
    expect(await backend.rsa?.verify('PS256', publicJwk, data, signature, 20)).toBe(true)
  })
})

describe('everything else', () => {
  test('goes to the platform, or to the backend that is given', async () => {
    expect(withRsa().verify).toBe(platformSignatures.verify)
    expect(withRsa(nobleSignatures).verify).toBe(nobleSignatures.verify)
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const signature = await signer.sign(data)
    for (const each of [backend, withRsa(nobleSignatures)]) {
      expect(await verifySignature('ES256', publicJwk, data, signature, { backend: each })).toBe(
        true,
      )
      expect(await verifySignature('RS256', publicJwk, data, signature, { backend: each })).toBe(
        false,
      )
    }
  })

  test('an ECDSA signature over another hash is right only where the hash is said', async () => {
    const how = { name: 'ECDSA', namedCurve: 'P-384' }
    const keys = (await crypto.subtle.generateKey(how, true, ['sign', 'verify'])) as CryptoKeyPair
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
    const publicJwk = { kty, crv, x, y } as Jwk
    const over = { ...how, hash: 'SHA-256' }
    const signature = new Uint8Array(
      await crypto.subtle.sign(over, keys.privateKey, data as BufferSource),
    )
    for (const options of [{}, { backend: nobleSignatures }]) {
      const right = { ...options, hash: 'SHA-256' } as const
      expect(await verifySignature('ES384', publicJwk, data, signature, right)).toBe(true)
      expect(await verifySignature('ES384', publicJwk, data, signature, options)).toBe(false)
      const wrong = { ...options, hash: 'SHA-512' } as const
      expect(await verifySignature('ES384', publicJwk, data, signature, wrong)).toBe(false)
    }
  })
})
