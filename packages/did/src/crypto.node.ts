import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { Jwk, PrivateJwk, SignatureAlgorithm } from '@asoba/core'
import { derToRaw, rawToDer } from './der.ts'
import { keyCache } from './key-cache.ts'

// WebCrypto hops to a thread for each call, and node:crypto asked for r‖s takes
// another 20 microseconds: so bare key objects, DER, and our own conversion.

interface Parameters {
  readonly curve?: string
  readonly hash: string | null
  /** Bytes of r and of s. */
  readonly size: number
}

const parameters: Readonly<Record<SignatureAlgorithm, Parameters>> = {
  ES256: { curve: 'P-256', hash: 'sha256', size: 32 },
  ES384: { curve: 'P-384', hash: 'sha384', size: 48 },
  ES512: { curve: 'P-521', hash: 'sha512', size: 66 },
  ES256K: { curve: 'secp256k1', hash: 'sha256', size: 32 },
  EdDSA: { hash: null, size: 32 },
}

const importPublic = keyCache((jwk: Jwk): KeyObject | false => {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return false
  }
})

export function platformVerify(
  algorithm: SignatureAlgorithm,
  publicJwk: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
): boolean | undefined {
  const { hash, size } = parameters[algorithm]
  const key = importPublic(publicJwk)
  if (key === undefined || key === false) return false
  if (hash === null) return signature.length === 64 && verify(null, data, key, signature)
  const der = rawToDer(signature, size)
  return der !== undefined && verify(hash, data, key, der)
}

export async function platformSign(
  algorithm: SignatureAlgorithm,
  privateJwk: PrivateJwk,
): Promise<((data: Uint8Array) => Promise<Uint8Array>) | undefined> {
  const { hash, size } = parameters[algorithm]
  const { kty, crv, x, y, d } = privateJwk
  const key = createPrivateKey({
    key: { kty, crv, x, y, d } as JsonWebKeyInput['key'],
    format: 'jwk',
  })
  return async (data) => {
    const signature = sign(hash, data, key)
    return hash === null ? new Uint8Array(signature) : (derToRaw(signature, size) as Uint8Array)
  }
}

export async function platformGenerate(
  algorithm: SignatureAlgorithm,
): Promise<PrivateJwk | undefined> {
  const { curve } = parameters[algorithm]
  const { privateKey } =
    curve === undefined
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: curve })
  return privateKey.export({ format: 'jwk' }) as PrivateJwk
}

export async function platformComplete(
  _algorithm: 'EdDSA' | 'ES256',
  pkcs8: Uint8Array,
): Promise<PrivateJwk | undefined> {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return key.export({ format: 'jwk' }) as PrivateJwk
}
