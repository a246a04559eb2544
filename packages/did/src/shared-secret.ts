import { AsobaError, type Jwk, type PrivateJwk } from '@asoba/core'
import { validatePublicJwk } from './jwk.ts'

/**
 * The Diffie-Hellman secret of X25519 (32 bytes) or P-256 (x of the point, 32
 * bytes), by WebCrypto. Never a key by itself: derive one with HKDF.
 *
 * @throws AsobaError `key.invalid` where a key is broken, the two are not of one
 * kind, or the secret is zero (a key of small order); `key.unsupported` for other
 * kinds, and where the platform has not X25519
 * @see https://www.rfc-editor.org/rfc/rfc7748#section-6.1
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-4.6
 */
export async function deriveSharedSecret(
  privateJwk: PrivateJwk,
  publicJwk: Jwk,
): Promise<Uint8Array> {
  const { kty, crv, x, y, d } = privateJwk
  const other = validatePublicJwk(publicJwk)
  if (crv !== 'X25519' && crv !== 'P-256') {
    throw new AsobaError('key.unsupported', 'no key agreement with this kind of key')
  }
  if (other?.crv !== crv || x === undefined) {
    throw new AsobaError('key.invalid', 'the keys are broken or not of one kind')
  }
  const algorithm = crv === 'X25519' ? { name: crv } : { name: 'ECDH', namedCurve: crv }
  // Each half is imported bare: `alg`, `use` and the like could only disturb.
  const own = { kty, crv, x, d, ...(y === undefined ? {} : { y }) }
  const theirs = {
    kty,
    crv,
    x: other.x as string,
    ...(other.y === undefined ? {} : { y: other.y }),
  }
  let secret: Uint8Array | undefined
  try {
    const { subtle } = crypto
    const ownKey = await subtle.importKey('jwk', own, algorithm, false, ['deriveBits'])
    const theirKey = await subtle.importKey('jwk', theirs, algorithm, false, [])
    const name = algorithm.name
    secret = new Uint8Array(await subtle.deriveBits({ name, public: theirKey }, ownKey, 256))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') {
      throw new AsobaError('key.unsupported', 'this platform has not the key agreement')
    }
    // What the platform says may quote the key.
  }
  // RFC 7748 section 6.1. (On P-256 zero is the x of an ordinary point.)
  if (secret === undefined || (crv === 'X25519' && secret.every((byte) => byte === 0))) {
    throw new AsobaError('key.invalid', 'the keys give no shared secret')
  }
  return secret
}
