import type { Jwk, SignatureBackend } from '@asoba/core'
import { verifySignature } from '@asoba/did'
import type { ParsedJws } from './parse-jws.ts'

/** Options of {@link verifyJwsWith}. */
export interface VerifyJwsOptions {
  /** Verifies instead of the platform, e.g. `nobleSignatures` where ES256K is needed. */
  readonly backend?: SignatureBackend
}

/**
 * Whether the signature is right under one of the keys. The keys come from the caller, never from
 * the token, and a key only ever serves the one algorithm that fits its curve. `false` also where
 * the platform lacks the algorithm. Never throws.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export async function verifyJwsWith(
  parsed: Pick<ParsedJws, 'header' | 'signingInput' | 'signature'>,
  keys: readonly Jwk[],
  options: VerifyJwsOptions = {},
): Promise<boolean> {
  const { header, signingInput, signature } = parsed
  for (const key of keys) {
    if ((await verifySignature(header.alg, key, signingInput, signature, options)) === true) {
      return true
    }
  }
  return false
}
