/** HMAC with a key that is inside. */
export type Hmac = (data: Uint8Array) => Promise<Uint8Array>

/**
 * HMAC with SHA-256 (or SHA-384) by the platform.
 *
 * @param key as long as the digest
 * @throws TypeError where the key has another length
 */
export async function createHmac(
  key: Uint8Array,
  options: { readonly hash?: 'SHA-256' | 'SHA-384' } = {},
): Promise<Hmac> {
  const { hash = 'SHA-256' } = options
  if (key.length !== (hash === 'SHA-256' ? 32 : 48)) {
    throw new TypeError('an HMAC key is as long as the digest')
  }
  const { subtle } = crypto
  const algorithm = { name: 'HMAC', hash }
  const imported = await subtle.importKey('raw', key.slice(), algorithm, false, ['sign'])
  return async (data) => new Uint8Array(await subtle.sign('HMAC', imported, data.slice()))
}
