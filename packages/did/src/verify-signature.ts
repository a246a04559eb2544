import type { Jwk, SignatureAlgorithm, SignatureBackend } from '@asoba/core'
import { platformVerify } from '#crypto'
import { algorithmOfJwk, validatePublicJwk } from './jwk.ts'

/** What the platform itself verifies: WebCrypto, in Node its own crypto. Never throws. */
export const platformSignatures: SignatureBackend = {
  async verify(algorithm, publicJwk, data, signature) {
    try {
      return await platformVerify(algorithm, publicJwk, data, signature)
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
 * @param options `backend`: instead of {@link platformSignatures}, e.g. `nobleSignatures`
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 * @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7
 */
export async function verifySignature(
  algorithm: SignatureAlgorithm,
  publicJwk: Jwk,
  data: Uint8Array,
  signature: Uint8Array,
  options: { readonly backend?: SignatureBackend } = {},
): Promise<boolean | undefined> {
  const { backend } = options
  try {
    if (algorithmOfJwk(publicJwk) !== algorithm || 'd' in publicJwk) return false
    if (backend === undefined) {
      return await platformVerify(algorithm, publicJwk, data, signature)
    }
    const jwk = validatePublicJwk(publicJwk)
    return jwk === undefined ? false : await backend.verify(algorithm, jwk, data, signature)
  } catch {
    return false
  }
}
