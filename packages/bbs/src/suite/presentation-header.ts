import { digest, type PresentationContext } from '@asoba/core'
import { encode } from 'cborg'

/**
 * What a BBS proof is bound to: to whom it is shown, for what, and which request it answers. Made
 * anew by the verifier from its own request; 32 bytes.
 *
 * @throws TypeError where a payload hash has not 32 bytes
 * @see spec/bbs-profile.md section 5
 */
export async function presentationHeader(
  context: Omit<PresentationContext, 'now' | 'scope'>,
): Promise<Uint8Array> {
  const { audience, nonce, responseUri = '', encryptionKeyThumbprint = '', purpose } = context
  const { payloadHash = new Uint8Array(32) } = context
  if (payloadHash.length !== 32) throw new TypeError('payloadHash has 32 bytes')
  const parts = [audience, nonce, responseUri, encryptionKeyThumbprint, purpose, payloadHash]
  return digest('SHA-256', encode(['asoba/ph/v1', ...parts]))
}
