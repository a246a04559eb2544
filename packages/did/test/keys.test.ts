import { bytesOfBase64url, type PrivateJwk, toBase64url } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { type KeyKind, keyKinds } from '../src/curve.ts'
import {
  algorithmOfJwk,
  createKey,
  jwkSigner,
  jwkThumbprint,
  jwkToMultikey,
  keyFromSeed,
  multikeyToJwk,
  platformSignatures,
  publicJwkOf,
  sameKey,
  validatePublicJwk,
  verifySignature,
} from '../src/index.ts'
import { toBytes, toNumber } from '../src/point.ts'

const data = new TextEncoder().encode('what is signed')
// Every platform of ours has these; secp256k1 only Node has.
const everywhere = ['ES256', 'ES384', 'ES512', 'EdDSA'] as const

describe.each(everywhere)('%s', (algorithm) => {
  test('signs and verifies with a fresh key', async () => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    expect(algorithmOfJwk(publicJwk)).toBe(algorithm)
    expect(validatePublicJwk(publicJwk)).toEqual(publicJwk)
    expect(validatePublicJwk(privateJwk)).toBeUndefined()
    const signer = await jwkSigner({ privateJwk, verificationMethod: 'did:example:a#k' })
    expect(signer).toMatchObject({ algorithm, verificationMethod: 'did:example:a#k' })
    const signature = await signer.sign(data)
    expect(await verifySignature(algorithm, publicJwk, data, signature)).toBe(true)
    expect(await platformSignatures.verify(algorithm, publicJwk, data, signature)).toBe(true)
  })

  test('refuses other data, another key and a signature of the wrong length', async () => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const other = await createKey(algorithm)
    const verify = (key = publicJwk, bytes = data, wrong = signature) =>
      verifySignature(algorithm, key, bytes, wrong)
    expect(await verify()).toBe(true)
    expect(await verify(other.publicJwk)).toBe(false)
    expect(await verify(publicJwk, data.slice(1))).toBe(false)
    expect(await verify(publicJwk, data, signature.slice(1))).toBe(false)
    expect(await verify(publicJwk, data, new Uint8Array([...signature, 0]))).toBe(false)
    expect(await verify(publicJwk, data, new Uint8Array(0))).toBe(false)
    expect(await verify(publicJwk, data, new Uint8Array(signature.length))).toBe(false)
  })

  test('refuses a key for another algorithm and a private key', async () => {
    const { publicJwk, privateJwk } = await createKey(algorithm)
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const wrong = algorithm === 'EdDSA' ? 'ES256' : 'EdDSA'
    expect(await verifySignature(wrong, publicJwk, data, signature)).toBe(false)
    expect(await verifySignature(algorithm, privateJwk, data, signature)).toBe(false)
    expect(await verifySignature(algorithm, { ...publicJwk, use: 'enc' }, data, signature)).toBe(
      false,
    )
    expect(await verifySignature(algorithm, { ...publicJwk, alg: wrong }, data, signature)).toBe(
      false,
    )
    expect(
      await verifySignature(algorithm, { ...publicJwk, key_ops: ['deriveBits'] }, data, signature),
    ).toBe(false)
  })

  test('refuses a signer whose halves do not belong together', async () => {
    const [a, b] = [await createKey(algorithm), await createKey(algorithm)]
    await expect(
      jwkSigner({ privateJwk: { ...a.publicJwk, d: b.privateJwk.d }, verificationMethod: '' }),
    ).rejects.toMatchObject({ code: 'key.invalid' })
  })

  test('refuses a signer whose key is damaged in any part', async () => {
    const { privateJwk } = await createKey(algorithm)
    const first = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
    for (const name of ['x', 'y', 'd'] as const) {
      const right = privateJwk[name]
      if (right === undefined) continue
      for (const wrong of [first(right), right.slice(4), `${right}AAAA`, '', undefined]) {
        const damaged = { ...privateJwk, [name]: wrong } as PrivateJwk
        await expect(
          jwkSigner({ privateJwk: damaged, verificationMethod: '' }),
        ).rejects.toMatchObject({ code: 'key.invalid' })
      }
    }
  })

  test('writes and reads the key as Multikey', async () => {
    for (let round = 0; round < 8; round++) {
      const { publicJwk } = await createKey(algorithm)
      expect(multikeyToJwk(jwkToMultikey(publicJwk))).toEqual(publicJwk)
    }
  })
})

describe('keys that share a coordinate', () => {
  test('are told apart, in whatever order they are asked for', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    const { p, size } = keyKinds['P-256'] as KeyKind
    const y = p - toNumber(bytesOfBase64url(publicJwk.y as string))
    const twin = { ...publicJwk, y: toBase64url(toBytes(y, size)) }
    const edwards = { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x as string }
    const withY = { ...edwards, y: publicJwk.y as string }
    for (let round = 0; round < 3; round++) {
      expect(await verifySignature('ES256', twin, data, signature)).toBe(false)
      expect(await verifySignature('ES256', publicJwk, data, signature)).toBe(true)
      expect(await verifySignature('EdDSA', edwards, data, signature)).toBe(false)
      expect(await verifySignature('ES256', publicJwk, data, signature)).toBe(true)
      expect(await verifySignature('EdDSA', withY, data, signature)).toBe(false)
      expect(await verifySignature('ES256', { ...publicJwk, y: '' }, data, signature)).toBe(false)
    }
  })

  test('are remembered up to a bound, and right beyond it', async () => {
    const keys = []
    for (let count = 0; count < 70; count++) {
      const { publicJwk, privateJwk } = await createKey('ES256')
      const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
      keys.push({ publicJwk, signature: await signer.sign(data) })
    }
    for (const [at, { publicJwk, signature }] of [...keys, ...keys].entries()) {
      const other = keys[(at + 1) % keys.length]?.signature as Uint8Array
      expect(await verifySignature('ES256', publicJwk, data, signature)).toBe(true)
      expect(await verifySignature('ES256', publicJwk, data, other)).toBe(false)
    }
  })
})

describe.each(['EdDSA', 'ES256'] as const)('%s from a seed', (algorithm) => {
  test('gives the same key for the same seed, and it signs', async () => {
    const seed = Uint8Array.from({ length: 32 }, (_, at) => at)
    const { publicJwk, privateJwk } = await keyFromSeed(algorithm, seed)
    expect(await keyFromSeed(algorithm, seed)).toEqual({ publicJwk, privateJwk })
    expect({ publicJwk, privateJwk }).toMatchSnapshot()
    const signature = await (await jwkSigner({ privateJwk, verificationMethod: '' })).sign(data)
    expect(await verifySignature(algorithm, publicJwk, data, signature)).toBe(true)
  })

  test('takes 32 bytes and nothing else', async () => {
    await expect(keyFromSeed(algorithm, new Uint8Array(31))).rejects.toThrow(TypeError)
  })
})

describe('a public key that somebody else wrote', () => {
  test('is refused unless its point is on the curve, in canonical form', async () => {
    const { publicJwk } = await createKey('ES256')
    const { x, y } = publicJwk as { x: string; y: string }
    for (const bad of [
      { ...publicJwk, x: y, y: x },
      { ...publicJwk, y: 'A'.repeat(43) },
      { ...publicJwk, x: `${x}A` },
      { ...publicJwk, x: `${x.slice(0, 42)}!` },
      { ...publicJwk, crv: 'P-384' },
      { ...publicJwk, crv: 'secp256k1' },
      { ...publicJwk, kty: 'OKP' },
      { ...publicJwk, crv: '__proto__' },
      { ...publicJwk, kid: 1 },
      { ...publicJwk, key_ops: 'verify' },
      { kty: 'EC', crv: 'P-256', x },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
      { kty: 'oct', k: 'AQAB' },
      null,
      'key',
      [publicJwk],
    ]) {
      expect(validatePublicJwk(bad)).toBeUndefined()
    }
  })

  test('is refused as Ed25519 where it is of small order or not canonical', () => {
    const key = (hex: string) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x: btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((h) => Number.parseInt(h, 16))))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace('=', ''),
    })
    for (const hex of [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000080',
      '0000000000000000000000000000000000000000000000000000000000000000',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      '0100000000000000000000000000000000000000000000000000000000000080',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    ]) {
      expect(validatePublicJwk(key(hex))).toBeUndefined()
    }
    expect(
      validatePublicJwk(key('3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29')),
    ).toBeDefined()
  })

  test('loses members that are not those of a public key', async () => {
    const { publicJwk } = await createKey('ES256')
    expect(validatePublicJwk({ ...publicJwk, kid: 'a', x5u: 'https://evil.example' })).toEqual({
      ...publicJwk,
      kid: 'a',
    })
  })
})

test('knows a key again whatever else is written beside it', async () => {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const other = await createKey('ES256')
  expect(sameKey(publicJwk, { ...publicJwk, kid: 'a', alg: 'ES256' })).toBe(true)
  expect(sameKey(publicJwk, privateJwk)).toBe(true)
  expect(sameKey(publicJwk, other.publicJwk)).toBe(false)
  expect(sameKey({ kty: 'EC' }, { kty: 'EC' })).toBe(false)
  expect(publicJwkOf(privateJwk)).toEqual(publicJwk)
})

describe('RFC 7638', () => {
  test('gives the thumbprint of RFC 8037 appendix A.3', async () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    expect(await jwkThumbprint({ kid: 'any', x, crv: 'Ed25519', kty: 'OKP' })).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    )
  })

  test('wants every required member', async () => {
    await expect(jwkThumbprint({ kty: 'EC', crv: 'P-256', x: 'AA' })).rejects.toThrow(TypeError)
    await expect(jwkThumbprint({ kty: 'constructor' })).rejects.toThrow(TypeError)
  })
})

test('refuses a signer for another algorithm than the one wanted', async () => {
  const { privateJwk } = await createKey('ES256')
  await expect(
    jwkSigner({ privateJwk, algorithm: 'ES384', verificationMethod: '' }),
  ).rejects.toMatchObject({ code: 'key.unsupported' })
})

describe('Multikey', () => {
  test('refuses what it does not use as unsupported, by kind of key', () => {
    for (const text of [
      // RSA, BLS12-381 G1, a private Ed25519 key: codes 0x1205, 0xea, 0x1300.
      `z${'4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfrB3N7h4mnyPp1BF3ZttHTYv3DLUPi1zMdkULiow3M1GfXkoC6DoxDUm1jmN6GBj22SjVsr6dxezRVQc7aj9TxE7JLbMH1wh5X3kA58H3DFW8rnYMakFGbca5CB2Jf6CnGQZmL7o5uJAdTwXfy2iiiyPxXEGerMhHwhjTA1mKYobyk2CpeEcmvynADfNZ5MBvcCS7m3XkFCMNUYBS9NQ3fze6vMSUPsNa6GVYmKx2x6JrdEjCk3qRMMmyjnjCMfR4pXbRMZa3i'}`,
      'z3tEEysHYz5kkgpfDAByfDVgAuvtSFLHSqoMWmmSZBU1LZtN2sDsAS6RVQSevfxv39kyty',
      'z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq',
    ]) {
      expect(() => multikeyToJwk(text)).toThrow(
        expect.objectContaining({ code: 'key.unsupported' }),
      )
    }
  })

  test('refuses text that is no Multikey', () => {
    for (const text of [
      '',
      'z',
      'z6Mk',
      'f00',
      'z0OIl',
      `z${'1'.repeat(300)}`.slice(0, 200),
      'é',
    ]) {
      expect(() => multikeyToJwk(text)).toThrow(expect.objectContaining({ code: 'key.invalid' }))
    }
  })
})
