import { checkBase64url } from './base64url-syntax.ts'

/** The digest algorithms of this library, in the spelling of WebCrypto. */
export type DigestAlgorithm = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Digest of the bytes. In Node it is there at once; `await` serves both. */
export function digest(
  algorithm: DigestAlgorithm,
  data: Uint8Array,
): Uint8Array | Promise<Uint8Array> {
  return crypto.subtle
    .digest(algorithm, data as BufferSource)
    .then((bytes) => new Uint8Array(bytes))
}

/** base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Bytes of a base64url text; `undefined` unless it is the canonical form without padding. */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!checkBase64url(text)) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** What `decode` makes of the bytes of a base64url text. */
export function textOfBase64urlBy(
  decode: (bytes: Uint8Array) => string | undefined,
  text: string,
): string | undefined {
  const bytes = fromBase64url(text)
  return bytes && decode(bytes)
}
