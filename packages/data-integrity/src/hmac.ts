import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384 } from '@noble/hashes/sha2.js'

/** HMAC with a key that is inside. */
export type Hmac = (data: Uint8Array) => Promise<Uint8Array>

/**
 * HMAC with SHA-256 (or SHA-384). Not by WebCrypto, which hops to a thread for each of the few bytes
 * that a label has and takes ten times as long.
 *
 * @param key as long as the digest
 * @throws TypeError where the key has another length
 */
export async function createHmac(
  key: Uint8Array,
  options: { readonly hash?: 'SHA-256' | 'SHA-384' } = {},
): Promise<Hmac> {
  const { hash = 'SHA-256' } = options
  const own = key.slice()
  const hashing = hash === 'SHA-256' ? sha256 : sha384
  if (own.length !== hashing.outputLen) throw new TypeError('an HMAC key is as long as the digest')
  return async (data) => hmac(hashing, own, data)
}
