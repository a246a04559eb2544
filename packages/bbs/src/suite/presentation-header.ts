import { concatBytes, digest, type PresentationContext, utf8 } from '@asoba/core'

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
  const texts = ['asoba/ph/v1', audience, nonce, responseUri, encryptionKeyThumbprint, purpose]
  return digest(
    'SHA-256',
    concatBytes(
      head(4, texts.length + 1),
      ...texts.map(utf8).flatMap((bytes) => [head(3, bytes.length), bytes]),
      head(2, payloadHash.length),
      payloadHash,
    ),
  )
}

/**
 * The head of an item of CBOR in its shortest form. An encoder of everything would be a tenth of
 * what a page loads to verify.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8949#section-3
 */
function head(majorType: number, length: number): Uint8Array {
  const first = majorType << 5
  if (length < 24) return Uint8Array.of(first | length)
  if (length < 0x100) return Uint8Array.of(first | 24, length)
  if (length < 0x1_0000) return Uint8Array.of(first | 25, length >> 8, length & 0xff)
  return Uint8Array.of(first | 26, length >>> 24, length >>> 16, length >>> 8, length)
}
