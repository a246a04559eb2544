import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import {
  bytesOfBase64url,
  type EcdsaHash,
  type Jwk,
  type PrivateJwk,
  type SignatureAlgorithm,
  toBase64url,
} from '@asoba/core'
import { derToRaw, rawToDer } from './der.ts'
import { keyCache } from './key-cache.ts'
import { importPrivateJwk, importPublicJwk, publicKeyOnce } from './pem.node.ts'

// WebCrypto hops to a thread for each call, and node:crypto asked for r‖s takes
// another 20 microseconds: so bare key objects, DER, and our own conversion.

interface Parameters {
  readonly curve?: string
  /** The same curve by the name that ECDH knows. */
  readonly ecdh?: string
  readonly hash: string | null
  /** Bytes of r and of s. */
  readonly size: number
}

const parameters: Readonly<Record<SignatureAlgorithm, Parameters>> = {
  ES256: { curve: 'P-256', ecdh: 'prime256v1', hash: 'sha256', size: 32 },
  ES384: { curve: 'P-384', ecdh: 'secp384r1', hash: 'sha384', size: 48 },
  ES512: { curve: 'P-521', ecdh: 'secp521r1', hash: 'sha512', size: 66 },
  ES256K: { curve: 'secp256k1', ecdh: 'secp256k1', hash: 'sha256', size: 32 },
  EdDSA: { hash: null, size: 32 },
}

/** A key that a verification is done with; most holders' keys are met once, and issuers' again. */
interface MetKey {
  readonly jwk: Jwk
  met: boolean
  key?: KeyObject
}

const meetPublic = keyCache((jwk: Jwk): MetKey => ({ jwk, met: false }))

/** @throws where node:crypto finds the key broken, now or when it verifies with it */
function importPublic(known: MetKey): KeyObject | string {
  if (!known.met) {
    known.met = true
    return publicKeyOnce(known.jwk)
  }
  known.key ??= importPublicJwk(known.jwk)
  return known.key
}

export function platformVerify(
  algorithm: SignatureAlgorithm,
  publicJwk: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
  hashed?: EcdsaHash,
): boolean | undefined {
  const { hash: own, size } = parameters[algorithm]
  const hash = own && (hashed?.replace('-', '').toLowerCase() ?? own)
  const known = meetPublic(publicJwk)
  if (known === undefined) return false
  const key = importPublic(known)
  if (hash === null) return signature.length === 64 && verify(null, data, key, signature)
  const der = rawToDer(signature, size)
  return der !== undefined && verify(hash, data, key, der)
}

export async function platformSign(
  algorithm: SignatureAlgorithm,
  privateJwk: PrivateJwk,
): Promise<((data: Uint8Array) => Promise<Uint8Array>) | false | undefined> {
  const { hash, size } = parameters[algorithm]
  const { x, y, d } = privateJwk
  const key = importPrivateJwk(privateJwk)
  if (!(hash === null ? publicOf(key) === x : pointOf(algorithm, d) === `${x} ${y}`)) return false
  return async (data) => {
    const signature = sign(hash, data, key)
    return hash === null ? new Uint8Array(signature) : (derToRaw(signature, size) as Uint8Array)
  }
}

/** `x` of an Ed25519 key; node:crypto computes it, whatever the JWK said. */
function publicOf(key: KeyObject): string | undefined {
  return createPublicKey(key).export({ format: 'jwk' }).x
}

/**
 * `x` and `y` of the scalar. For curves node:crypto believes the JWK; one multiplication tells, in
 * a tenth of the time of a signature and its verification.
 */
function pointOf(algorithm: SignatureAlgorithm, d: string): string {
  const { size, ecdh = '' } = parameters[algorithm]
  const exchange = createECDH(ecdh)
  const secret = bytesOfBase64url(d)
  exchange.setPrivateKey(secret)
  secret.fill(0)
  // SEC 1 section 2.3.3: 4, x, y.
  const point = exchange.getPublicKey()
  return `${toBase64url(point.subarray(1, 1 + size))} ${toBase64url(point.subarray(1 + size))}`
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
