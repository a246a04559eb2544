import type { Jwk, PrivateJwk, SignatureAlgorithm, SignatureBackend } from '@asoba/core'
import { toBase64url } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { derToRaw } from '../src/der.ts'
import { deriveSharedSecret, verifySignature } from '../src/index.ts'
import { nobleSignatures } from '../src/noble.ts'

interface Case {
  readonly tcId: number
  readonly comment: string
  readonly flags: readonly string[]
  readonly result: 'valid' | 'invalid' | 'acceptable'
}
interface SignatureCase extends Case {
  readonly msg: string
  readonly sig: string
}
interface Group<T> {
  readonly publicKey: { readonly pk: string; readonly wx: string; readonly wy: string }
  readonly tests: readonly T[]
}
interface File<T> {
  readonly numberOfTests: number
  readonly testGroups: readonly Group<T>[]
}

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

/** Wycheproof writes coordinates as signed integers: a zero byte in front, or a byte missing. */
const coordinate = (hex: string, size: number): string => {
  const digits = hex.replace(/^(?:00)+/, '').padStart(size * 2, '0')
  return toBase64url(bytes(digits))
}

const ec =
  (crv: string, size: number) =>
  (group: Group<unknown>): Jwk => ({
    kty: 'EC',
    crv,
    x: coordinate(group.publicKey.wx, size),
    y: coordinate(group.publicKey.wy, size),
  })
const ed = (group: Group<unknown>): Jwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: toBase64url(bytes(group.publicKey.pk)),
})

interface Suite {
  readonly file: string
  readonly algorithm: SignatureAlgorithm
  readonly key: (group: Group<unknown>) => Jwk
  readonly der?: number
}
const suites: readonly Suite[] = [
  { file: 'ed25519', algorithm: 'EdDSA', key: ed },
  { file: 'ecdsa_secp256r1_sha256_p1363', algorithm: 'ES256', key: ec('P-256', 32) },
  { file: 'ecdsa_secp256r1_sha256', algorithm: 'ES256', key: ec('P-256', 32), der: 32 },
  { file: 'ecdsa_secp384r1_sha384_p1363', algorithm: 'ES384', key: ec('P-384', 48) },
  { file: 'ecdsa_secp384r1_sha384', algorithm: 'ES384', key: ec('P-384', 48), der: 48 },
  { file: 'ecdsa_secp256k1_sha256', algorithm: 'ES256K', key: ec('secp256k1', 32), der: 32 },
]
const backends: readonly (readonly [string, SignatureBackend | undefined])[] = [
  ['the platform', undefined],
  ['noble', nobleSignatures],
]

vectorSuite('wycheproof', (vectors) => {
  test.for(
    suites.flatMap((suite) => backends.map(([name, backend]) => ({ ...suite, name, backend }))),
  )('$file: $name accepts what is valid and nothing else', async (suite) => {
    const { file, algorithm, key, der, backend } = suite
    const { testGroups, numberOfTests } = await vectors.json<File<SignatureCase>>(
      `${file}_test.json`,
    )
    const wrong: string[] = []
    let count = 0
    for (const group of testGroups) {
      for (const { tcId, msg, sig, result, comment } of group.tests) {
        const raw = der === undefined ? bytes(sig) : derToRaw(bytes(sig), der)
        const accepted =
          raw !== undefined &&
          (await verifySignature(algorithm, key(group), bytes(msg), raw, {
            ...(backend === undefined ? {} : { backend }),
          }))
        // Browsers have no secp256k1: what is not known is not accepted.
        if (accepted === undefined) expect(algorithm).toBe('ES256K')
        else if (accepted !== (result === 'valid')) wrong.push(`${tcId} ${comment} (${result})`)
        count++
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBe(numberOfTests)
  })

  test('x25519_jwk and x25519: gives the secret, refuses the zero one', async () => {
    interface Agreement<Public, Private> extends Case {
      readonly public: Public
      readonly private: Private
      readonly shared: string
    }
    const wrong: string[] = []
    const judge = async (
      { tcId, comment, result, shared, flags }: Agreement<unknown, unknown>,
      own: PrivateJwk,
      theirs: Jwk,
    ): Promise<void> => {
      const secret = await deriveSharedSecret(own, theirs).catch(() => undefined)
      const zero = /^0*$/.test(shared)
      const right =
        result === 'invalid' || zero
          ? secret === undefined
          : secret !== undefined && toBase64url(secret) === toBase64url(bytes(shared))
      if (!right) wrong.push(`${tcId} ${comment} (${result} ${flags.join()})`)
    }
    const jwk = await vectors.json<File<Agreement<Jwk, PrivateJwk>>>('x25519_jwk_test.json')
    for (const group of jwk.testGroups) {
      for (const one of group.tests) await judge(one, one.private, one.public)
    }
    const raw = await vectors.json<File<Agreement<string, string>>>('x25519_test.json')
    for (const one of raw.testGroups.flatMap((group) => group.tests)) {
      const pkcs8 = bytes(`302e020100300506032b656e04220420${one.private}`) as BufferSource
      const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', true, ['deriveBits'])
      const own = (await crypto.subtle.exportKey('jwk', key)) as PrivateJwk
      await judge(one, own, { kty: 'OKP', crv: 'X25519', x: toBase64url(bytes(one.public)) })
    }
    expect(wrong).toEqual([])
  })

  test('ecdh_secp256r1_webcrypto: gives the secret, refuses points off the curve', async () => {
    interface Agreement extends Case {
      readonly public: Jwk
      readonly private: PrivateJwk
      readonly shared: string
    }
    const { testGroups } = await vectors.json<File<Agreement>>('ecdh_secp256r1_webcrypto_test.json')
    const wrong: string[] = []
    for (const one of testGroups.flatMap((group) => group.tests)) {
      const secret = await deriveSharedSecret(one.private, one.public).catch(() => undefined)
      const right =
        one.result === 'invalid'
          ? secret === undefined
          : secret !== undefined && toBase64url(secret) === toBase64url(bytes(one.shared))
      if (!right) wrong.push(`${one.tcId} ${one.comment} (${one.result} ${one.flags.join()})`)
    }
    expect(wrong).toEqual([])
  })

  test('hkdf_sha256: WebCrypto, from which keys of seeds come, derives as RFC 5869', async () => {
    interface Derivation extends Case {
      readonly ikm: string
      readonly salt: string
      readonly info: string
      readonly size: number
      readonly okm: string
    }
    const { testGroups } = await vectors.json<File<Derivation>>('hkdf_sha256_test.json')
    const wrong: number[] = []
    for (const one of testGroups.flatMap((group) => group.tests)) {
      const derived = await crypto.subtle
        .importKey('raw', bytes(one.ikm) as BufferSource, 'HKDF', false, ['deriveBits'])
        .then((key) =>
          crypto.subtle.deriveBits(
            {
              name: 'HKDF',
              hash: 'SHA-256',
              salt: bytes(one.salt) as BufferSource,
              info: bytes(one.info) as BufferSource,
            },
            key,
            one.size * 8,
          ),
        )
        .then((bits) => toBase64url(new Uint8Array(bits)))
        .catch(() => undefined)
      const expected = one.result === 'valid' ? toBase64url(bytes(one.okm)) : undefined
      if (derived !== expected) wrong.push(one.tcId)
    }
    expect(wrong).toEqual([])
  })
})
