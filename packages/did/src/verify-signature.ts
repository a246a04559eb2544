import type {
  EcdsaHash,
  Jwk,
  RsaAlgorithm,
  SignatureAlgorithm,
  SignatureBackend,
} from '@asoba/core'
import { platformVerify } from '#crypto'
import { algorithmOfJwk, validatePublicJwk } from './jwk.ts'

/** What the platform itself verifies: WebCrypto, in Node its own crypto. Never throws. */
export const platformSignatures: SignatureBackend = {
  async verify(algorithm, publicJwk, data, signature, hash) {
    try {
      return await platformVerify(algorithm, publicJwk, data, signature, hash)
    } catch {
      return false
    }
  },
}

/**
 * Whether a signature is right: `false` where it is not, or the key is not valid,
 * not for this algorithm, or carries its private part; `undefined` where the
 * backend has not the algorithm, which is no acceptance. Never throws.
 *
 * ECDSA signatures are r‖s; a high s is accepted, as JOSE does.
 *
 * @param options `backend`: instead of {@link platformSignatures}, e.g. `nobleSignatures`; RSA is
 * verified only where it is `withRsa()` of `@asoba/did/rsa`. `hash`: of a certificate, where it is
 * not the one that JOSE ties to the curve (RFC 5758 section 3.2); never give it for a JWS
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 * @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7
 */
export async function verifySignature(
  algorithm: SignatureAlgorithm | RsaAlgorithm,
  publicJwk: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
  options: { readonly backend?: SignatureBackend; readonly hash?: EcdsaHash } = {},
): Promise<boolean | undefined> {
  const { backend, hash } = options
  try {
    if (backend?.rsa?.algorithms.includes(algorithm)) {
      return await backend.rsa.verify(algorithm as RsaAlgorithm, publicJwk, data, signature)
    }
    const own = algorithmOfJwk(publicJwk)
    if (own !== algorithm || 'd' in publicJwk) return false
    // The platform looks at the key itself, once for each.
    if (backend === undefined || backend.verify === platformSignatures.verify) {
      return await platformVerify(own, publicJwk, data, signature, hash)
    }
    const jwk = validatePublicJwk(publicJwk)
    return jwk === undefined ? false : await backend.verify(own, jwk, data, signature, hash)
  } catch {
    return false
  }
}
