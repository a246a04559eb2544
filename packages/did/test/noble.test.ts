import type { PrivateJwk, SignatureBackend } from '@asoba/core'
import { bytesOfBase64url, digest, toBase64url } from '@asoba/core'
import { Point, signAsync } from '@noble/ed25519'
import { describe, expect, test } from 'vitest'
import {
  createKey,
  jwkSigner,
  keyFromSeed,
  multikeyToJwk,
  platformSignatures,
  publicJwkOf,
  verifySignature,
} from '../src/index.ts'
import { nobleKeyFromSeed, nobleSignatures, nobleSigner } from '../src/noble.ts'

const data = new TextEncoder().encode('what is signed')

describe.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)('%s', (algorithm) => {
  test('the platform verifies what noble signs, and noble what the platform signs', async () => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    const byNoble = await (await nobleSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const byPlatform = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    for (const signature of [byNoble, byPlatform]) {
      for (const backend of [nobleSignatures, platformSignatures]) {
        const verify = (bytes: Uint8Array) =>
          verifySignature(algorithm, publicJwk, data, bytes, { backend })
        expect(await verify(signature)).toBe(true)
        expect(await verify(signature.with(0, (signature[0] as number) ^ 1))).toBe(false)
        expect(await verify(new Uint8Array(signature.length))).toBe(false)
        expect(await verify(new Uint8Array(3))).toBe(false)
      }
    }
  })

  test('noble refuses to sign with halves that do not belong together', async () => {
    const [a, b] = [await createKey(algorithm), await createKey(algorithm)]
    await expect(
      nobleSigner({ privateJwk: { ...a.privateJwk, d: b.privateJwk.d }, verificationMethod: '' }),
    ).rejects.toMatchObject({ code: 'key.invalid' })
  })
})

describe('ECDSA', () => {
  test('signatures by noble are not derived from the message alone', async () => {
    const { privateJwk } = await createKey('ES256')
    const signer = await nobleSigner({ privateJwk, verificationMethod: '' })
    expect(toBase64url(await signer.sign(data))).not.toBe(toBase64url(await signer.sign(data)))
  })

  test('a high s is right, as in JOSE, whatever verifies', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const hex = [...signature.slice(32)].map((b) => b.toString(16).padStart(2, '0')).join('')
    const other = (order - BigInt(`0x${hex}`)).toString(16).padStart(64, '0')
    const flipped = new Uint8Array(signature)
    flipped.set(other.match(/../g)?.map((b) => Number.parseInt(b, 16)) ?? [], 32)
    for (const backend of [nobleSignatures, platformSignatures]) {
      expect(await verifySignature('ES256', publicJwk, data, flipped, { backend })).toBe(true)
    }
  })
})

describe('secp256k1', () => {
  // The private key of the did:key vectors.
  const privateJwk: PrivateJwk = {
    ...multikeyToJwk('zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'),
    d: toBase64url(
      Uint8Array.from(
        '9085d2bef69286a6cbb51623c8fa258629945cd55ca705cc4e66700396894e0c'.match(/../g) ?? [],
        (hex) => Number.parseInt(hex, 16),
      ),
    ),
  }

  test('signs and verifies by noble everywhere, and by the platform that has it', async () => {
    const signature = await (await nobleSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const publicJwk = publicJwkOf(privateJwk)
    const verify = (backend: SignatureBackend) =>
      verifySignature('ES256K', publicJwk, data, signature, { backend })
    expect(await verify(nobleSignatures)).toBe(true)
    // Browsers have it not, and say so instead of `false`.
    expect([true, undefined]).toContain(await verify(platformSignatures))
  })

  test('a platform that lacks it says so when it is to sign', async () => {
    const signer = jwkSigner({ privateJwk, verificationMethod: '' })
    const outcome = await signer.then(({ algorithm }) => algorithm).catch(({ code }) => code)
    expect(['ES256K', 'key.unsupported']).toContain(outcome)
    const created = createKey('ES256K').then(
      ({ publicJwk }) => publicJwk.crv,
      ({ code }) => code,
    )
    expect(['secp256k1', 'key.unsupported']).toContain(await created)
  })
})

test.each(['EdDSA', 'ES256'] as const)(
  '%s keys of seeds are the same by noble',
  async (algorithm) => {
    for (const fill of [0, 1, 255]) {
      const seed = new Uint8Array(32).fill(fill)
      expect(await nobleKeyFromSeed(algorithm, seed)).toEqual(await keyFromSeed(algorithm, seed))
    }
    await expect(nobleKeyFromSeed(algorithm, new Uint8Array(16))).rejects.toThrow(TypeError)
  },
)

describe('Ed25519', () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const littleEndian = (bytes: Uint8Array) =>
    BigInt(
      `0x${[...bytes]
        .toReversed()
        .map((b) => b.toString(16).padStart(2, '0'))
        .join('')}`,
    )
  const encode = (value: bigint) =>
    Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))

  test('a signature right only up to the cofactor is wrong, whatever verifies', async () => {
    // R is moved by a point of order 8: cofactored verification does not see it.
    const torsion = Point.fromHex(
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      true,
    )
    const { publicJwk, privateJwk } = await createKey('EdDSA')
    const a = bytesOfBase64url(publicJwk.x as string)
    const secret = (await digest('SHA-512', bytesOfBase64url(privateJwk.d))).slice(0, 32)
    secret[0] = (secret[0] as number) & 248
    secret[31] = ((secret[31] as number) & 63) | 64
    const r = 123456789n
    const point = Point.BASE.multiply(r).add(torsion).toBytes()
    const k = littleEndian(await digest('SHA-512', new Uint8Array([...point, ...a, ...data])))
    const s = (r + (k % order) * littleEndian(secret)) % order
    const signature = new Uint8Array([...point, ...encode(s)])
    for (const backend of [nobleSignatures, platformSignatures]) {
      expect(await verifySignature('EdDSA', publicJwk, data, signature, { backend })).toBe(false)
    }
  })

  test('s is less than the order, whatever verifies', async () => {
    const { publicJwk, privateJwk } = await createKey('EdDSA')
    const signature = await signAsync(data, bytesOfBase64url(privateJwk.d))
    const s = littleEndian(signature.slice(32)) + order
    const wrong = new Uint8Array([...signature.slice(0, 32), ...encode(s)])
    for (const backend of [nobleSignatures, platformSignatures]) {
      expect(await verifySignature('EdDSA', publicJwk, data, wrong, { backend })).toBe(false)
    }
  })
})
