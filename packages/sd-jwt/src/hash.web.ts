import { type DigestAlgorithm, digest, toBase64url, utf8 } from '@asoba/core'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'

/** Names of the hash algorithms of `_sd_alg` that are supported. */
export type HashName = 'sha-256' | 'sha-384' | 'sha-512'

const hashes = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

/**
 * base64url of the digest over an ASCII text, at once: a wallet shows what a credential holds
 * without waiting, and hopping through WebCrypto for every short text would cost more than it does.
 */
export function hashText(algorithm: HashName, text: string): string {
  return toBase64url(hashBytes(algorithm, utf8(text)))
}

/** Digest of bytes. */
export function hashBytes(algorithm: HashName, bytes: Uint8Array): Uint8Array {
  return hashes[algorithm](bytes)
}

/** The same as {@link hashText} by the platform, which in a browser has to be waited for. */
export function digestText(algorithm: HashName, text: string): string | Promise<string> {
  const digested = digest(algorithm.toUpperCase() as DigestAlgorithm, utf8(text))
  return digested instanceof Uint8Array ? toBase64url(digested) : digested.then(toBase64url)
}

/** base64url of the UTF-8 bytes of a text. */
export function encodeText(text: string): string {
  return toBase64url(utf8(text))
}
