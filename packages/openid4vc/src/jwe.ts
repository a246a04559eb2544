import { type Json, type JsonObject, type Jwk, type PrivateJwk, parseJson, utf8 } from '@asoba/core'
import { createKey, jwkThumbprint } from '@asoba/did'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'

/** Content encryption that is offered and accepted. @see RFC 7518 section 5.3 */
export type ContentEncryption = 'A256GCM' | 'A128GCM'

/** All of {@link ContentEncryption}; the first is preferred. */
export const contentEncryptions: readonly ContentEncryption[] = ['A256GCM', 'A128GCM']

/** A fresh P-256 key for ECDH-ES. */
export interface EncryptionKey {
  /** With `use`, `alg` and, as `kid`, its thumbprint. */
  readonly publicJwk: Jwk & { readonly kid: string }
  readonly privateJwk: PrivateJwk
}

/** A fresh P-256 key for one message. @see https://www.rfc-editor.org/rfc/rfc7518#section-4.6 */
export async function createEncryptionKey(): Promise<EncryptionKey> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const kid = await jwkThumbprint(publicJwk)
  return { publicJwk: { ...publicJwk, use: 'enc', alg: 'ECDH-ES', kid }, privateJwk }
}

/** A compact JWE of the JSON for the holder of the key; `kid` is the key's own. */
export async function encryptJson(
  payload: JsonObject,
  { publicJwk, enc }: { readonly publicJwk: Jwk; readonly enc: ContentEncryption },
): Promise<string> {
  return encryptBytes(utf8(JSON.stringify(payload)), { publicJwk, enc })
}

/** The same for any bytes, with more members of the header. */
export async function encryptBytes(
  bytes: Uint8Array,
  options: {
    readonly publicJwk: Jwk
    readonly enc: ContentEncryption
    readonly header?: JsonObject
  },
): Promise<string> {
  const { publicJwk, enc, header } = options
  const { kty, crv, x, y, kid } = publicJwk
  const own = kid === undefined ? {} : { kid }
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ ...header, alg: 'ECDH-ES', enc, ...own })
    .encrypt({ kty, crv, x, y } as object as Parameters<CompactEncrypt['encrypt']>[0])
}

/**
 * The header of a compact JWE, if it is one that we could read: ECDH-ES and one of ours.
 * Decrypts nothing, never throws.
 */
export function headerOfJwe(jwe: unknown): { readonly kid?: unknown } | undefined {
  if (typeof jwe !== 'string' || !/^[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]+$/.test(jwe)) return undefined
  try {
    const { alg, enc, kid, crit, zip } = decodeProtectedHeader(jwe) as Readonly<
      Record<string, Json>
    >
    const ours = alg === 'ECDH-ES' && contentEncryptions.some((each) => each === enc)
    return ours && crit === undefined && zip === undefined ? { kid } : undefined
  } catch {
    return undefined
  }
}

/** The JSON in a compact JWE; `undefined` where it is not for this key or is no JSON. Never throws. */
export async function decryptJson(
  jwe: string,
  { kty, crv, x, y, d }: PrivateJwk,
  options: { readonly maxLength: number },
): Promise<Json | undefined> {
  if (headerOfJwe(jwe) === undefined) return undefined
  try {
    const key = { kty, crv, x, y, d } as object as Parameters<typeof compactDecrypt>[1]
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: [...contentEncryptions],
    })
    return parseJson(plaintext, options)
  } catch {
    // What the platform or the library says may quote what was decrypted.
    return undefined
  }
}
