import type { EcdsaHash, Jwk, PrivateJwk, SignatureAlgorithm } from '@asoba/core'
import { publicJwkOf } from './jwk.ts'
import { keyCache } from './key-cache.ts'

// What the platform computes, by WebCrypto. An algorithm that it has not
// (Ed25519 in older browsers, secp256k1 in all) is `undefined`, never `false`.

interface Parameters {
  readonly name: string
  readonly namedCurve?: string
  readonly hash?: string
}

const ec = (namedCurve: string, hash: string): Parameters => ({ name: 'ECDSA', namedCurve, hash })
const parameters: Readonly<Record<SignatureAlgorithm, Parameters | undefined>> = {
  ES256: ec('P-256', 'SHA-256'),
  ES384: ec('P-384', 'SHA-384'),
  ES512: ec('P-521', 'SHA-512'),
  ES256K: undefined,
  EdDSA: { name: 'Ed25519' },
}

/** The members that say which key it is; everything else could only disturb the import. */
const bare = ({ kty, crv, x, y, d }: Jwk & { readonly d?: string }): JsonWebKey =>
  JSON.parse(JSON.stringify({ kty, crv, x, y, d })) as JsonWebKey

const lacking = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotSupportedError'

// `undefined`: the platform has not the algorithm; `false`: it refuses the key.
const importPublic = keyCache(
  (jwk: Jwk): Promise<CryptoKey | false | undefined> =>
    crypto.subtle
      .importKey('jwk', bare(jwk), parametersOf(jwk) as Parameters, false, ['verify'])
      .catch((error: unknown) => (lacking(error) ? undefined : false)),
)

function parametersOf(jwk: Jwk): Parameters | undefined {
  return Object.values(parameters).find((p) => (p?.namedCurve ?? p?.name) === jwk.crv)
}

/**
 * Whether a signature (ECDSA: r‖s) is right; `undefined` where the platform has not the algorithm.
 * In Node the answer is there at once; `await` serves both.
 */
export async function platformVerify(
  algorithm: SignatureAlgorithm,
  publicJwk: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
  hash?: EcdsaHash,
): Promise<boolean | undefined> {
  const how = parameters[algorithm]
  if (how === undefined) return undefined
  const imported = importPublic(publicJwk)
  if (imported === undefined) return false
  const key = await imported
  if (key === undefined || key === false) return key
  return crypto.subtle.verify(
    hash ? { ...how, hash } : how,
    key,
    signature as BufferSource,
    data as BufferSource,
  )
}

/**
 * A function that signs with a private key; `false` where its halves do not belong together,
 * `undefined` where the platform has not the algorithm. Throws where the platform refuses the key.
 */
export async function platformSign(
  algorithm: SignatureAlgorithm,
  privateJwk: PrivateJwk,
): Promise<((data: Uint8Array) => Promise<Uint8Array>) | false | undefined> {
  const how = parameters[algorithm]
  if (how === undefined) return undefined
  try {
    const key = await crypto.subtle.importKey('jwk', bare(privateJwk), how, false, ['sign'])
    const sign = async (data: Uint8Array): Promise<Uint8Array> =>
      new Uint8Array(await crypto.subtle.sign(how, key, data as BufferSource))
    const probe = new Uint8Array(32)
    const fits = await platformVerify(algorithm, publicJwkOf(privateJwk), probe, await sign(probe))
    return fits && sign
  } catch (error) {
    if (lacking(error)) return undefined
    throw error
  }
}

/** A fresh private key; `undefined` where the platform has not the algorithm. */
export async function platformGenerate(
  algorithm: SignatureAlgorithm,
): Promise<PrivateJwk | undefined> {
  const how = parameters[algorithm]
  if (how === undefined) return undefined
  try {
    const pair = (await crypto.subtle.generateKey(how, true, ['sign', 'verify'])) as CryptoKeyPair
    return bare((await crypto.subtle.exportKey('jwk', pair.privateKey)) as Jwk) as PrivateJwk
  } catch (error) {
    if (lacking(error)) return undefined
    throw error
  }
}

/** The private key of 32 secret bytes in PKCS 8 form; `undefined` where the platform cannot read it. */
export async function platformComplete(
  algorithm: 'EdDSA' | 'ES256',
  pkcs8: Uint8Array,
): Promise<PrivateJwk | undefined> {
  const how = parameters[algorithm] as Parameters
  try {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8 as BufferSource, how, true, ['sign'])
    return bare((await crypto.subtle.exportKey('jwk', key)) as Jwk) as PrivateJwk
  } catch {
    // Some engines want the public half inside PKCS 8; that is no fault of the seed.
    return undefined
  }
}
