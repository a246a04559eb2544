/**
 * RSA, read and never written: certificates of authorities that have nothing else, and tokens
 * signed by RS256 to PS512. A page that does not import this does not bundle it.
 *
 * @module
 */

import {
  bytesOfBase64url,
  type Jwk,
  type RsaAlgorithm,
  type RsaVerifying,
  type SignatureBackend,
} from '@asoba/core'
import { platformSignatures } from './verify-signature.ts'

/**
 * A backend that verifies RSA as well, by WebCrypto: 2048 to 8192 bits, an odd exponent of 65537 or
 * more, PKCS #1 v1.5 and PSS with SHA-256, SHA-384 and SHA-512. Give it as `backend` wherever
 * signatures of others are judged.
 *
 * ```ts
 * sdJwtVc({ backend: withRsa() })
 * ```
 *
 * @param backend for everything else; the platform when left out
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.3
 */
export function withRsa(backend: SignatureBackend = platformSignatures): SignatureBackend {
  return { ...backend, rsa }
}

const rsa: RsaVerifying = {
  algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  async verify(algorithm, publicJwk, data, signature, saltLength) {
    try {
      const { n, e } = publicJwk
      if (!isFor(publicJwk, algorithm) || !isStrong(publicJwk)) return false
      const bits = algorithm.slice(2)
      const how = {
        name: algorithm.startsWith('PS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5',
        hash: `SHA-${bits}`,
        // RFC 7518 3.5: in JWS the salt is as long as the hash.
        saltLength: saltLength ?? Number(bits) / 8,
      }
      const jwk = { kty: 'RSA', n: n as string, e: e as string }
      const key = await crypto.subtle.importKey('jwk', jwk, how, false, ['verify'])
      const [bytes, over] = [signature as BufferSource, data as BufferSource]
      return await crypto.subtle.verify(how, key, bytes, over)
    } catch {
      return false
    }
  },
}

// 2048: NIST SP 800-131A, RFC 7518 section 3.3. 8192 bits and 64 of the exponent: what takes longer
// is a way to keep a verifier busy.
const [least, most] = [256, 1024]

/** RFC 7518 6.3.1: canonical numbers. A small or even exponent is that of a forger (RFC 8017 3.1). */
function isStrong({ n = '', e = '' }: Jwk): boolean {
  if (n.length > 2 * most || e.length > 11) return false
  const [modulus, exponent] = [bytesOfBase64url(n), bytesOfBase64url(e)]
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  const number = exponent.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return (
    bits >= 8 * least &&
    modulus.length <= most &&
    ((modulus.at(-1) ?? 0) & 1) === 1 &&
    modulus[0] !== 0 &&
    exponent[0] !== 0 &&
    exponent.length <= 8 &&
    number >= 65_537n &&
    (number & 1n) === 1n
  )
}

/** An RSA key serves every algorithm of RSA, unless `alg`, `use` or `key_ops` say otherwise. */
function isFor(jwk: Jwk, algorithm: RsaAlgorithm): boolean {
  const { kty, alg = algorithm, use = 'sig', key_ops: operations = ['verify'] } = jwk
  const open = !('d' in jwk) && operations.includes('verify')
  return kty === 'RSA' && alg === algorithm && use === 'sig' && open
}
