import {
  type JsonObject,
  type SignatureAlgorithm,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'

const lengths: Readonly<Record<SignatureAlgorithm, number>> = {
  ES256: 64,
  ES384: 96,
  ES512: 132,
  ES256K: 64,
  EdDSA: 64,
}

/**
 * A compact JWS over the payload. `alg` is the signer's; every other member of the header is the
 * caller's (`kid` and `x5c` too: nothing is added silently). A payload of bytes is signed as it
 * is, an object as its JSON.
 *
 * @throws TypeError where the header brings its own `alg`, or `crit` or `b64`, where the payload is
 * empty, and where the signer answers with something that is no raw signature of its algorithm
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export async function signJws(
  header: JsonObject,
  payload: JsonObject | Uint8Array,
  signer: Signer,
): Promise<string> {
  for (const name of ['alg', 'crit', 'b64']) {
    if (Object.hasOwn(header, name)) throw new TypeError('the header may not set alg, crit or b64')
  }
  const protectedHeader = toBase64url(utf8(JSON.stringify({ alg: signer.algorithm, ...header })))
  const content = payload instanceof Uint8Array ? payload : utf8(JSON.stringify(payload))
  if (content.length === 0) throw new TypeError('the payload of a JWS may not be empty')
  const signingInput = `${protectedHeader}.${toBase64url(content)}`
  const signature = await signer.sign(utf8(signingInput))
  if (signature.length !== lengths[signer.algorithm]) {
    throw new TypeError('a signer answers with a raw signature (ECDSA: r and s, not DER)')
  }
  return `${signingInput}.${toBase64url(signature)}`
}
