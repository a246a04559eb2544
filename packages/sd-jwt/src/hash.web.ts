import { toBase64url, utf8 } from '@asoba/core'
import { sha2 } from './sha2.ts'

/** Names of the hash algorithms of `_sd_alg` that are supported. */
export type HashName = 'sha-256' | 'sha-384' | 'sha-512'

/**
 * base64url of the digest over an ASCII text, at once: a wallet shows what a credential holds
 * without waiting, and hopping through WebCrypto for every short text would cost more than it does.
 */
export function hashText(algorithm: HashName, text: string): string {
  return toBase64url(sha2(algorithm, utf8(text)))
}

/** Digest of bytes. */
export function hashBytes(algorithm: HashName, bytes: Uint8Array): Uint8Array {
  return sha2(algorithm, bytes)
}
