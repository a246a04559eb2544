import { digest, toBase64url } from '#platform'

/**
 * The mark of a credential: base64url SHA-256 of what its issuer signed. Of that and not of the
 * signature, which can be written in two ways where it is ECDSA: (r, s) and (r, n - s).
 *
 * @see https://www.secg.org/sec1-v2.pdf section 4.1.4
 */
export async function markOf(signed: Uint8Array): Promise<string> {
  return toBase64url(await digest('SHA-256', signed))
}
