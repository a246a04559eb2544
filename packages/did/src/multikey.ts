import {
  AsobaError,
  bytesOfBase64url,
  concatBytes,
  fromBase58,
  type Jwk,
  toBase58,
  toBase64url,
} from '@asoba/core'
import { keyKinds } from './curve.ts'
import { validatePublicJwk } from './jwk.ts'
import { compressPoint, decompressPoint, isOnEdwards } from './point.ts'

/**
 * A public key as Multikey: multibase base58btc of the multicodec code and the
 * key, EC points compressed.
 *
 * @throws AsobaError `key.invalid` where it is no valid key of a kind in {@link validatePublicJwk}
 * @see https://www.w3.org/TR/cid-1.0/#Multikey
 */
export function jwkToMultikey(jwk: Jwk): string {
  const key = validatePublicJwk(jwk)
  const kind = keyKinds[key?.crv as string]
  if (key === undefined || kind === undefined) {
    throw new AsobaError('key.invalid', 'not a public key that has a Multikey form here')
  }
  const x = bytesOfBase64url(key.x as string)
  const bytes = kind.kty === 'EC' ? compressPoint(x, bytesOfBase64url(key.y as string)) : x
  // Codes from 0x80 to 0x3fff: a varint of two bytes.
  return `z${toBase58(concatBytes(Uint8Array.of((kind.code & 0x7f) | 0x80, kind.code >> 7), bytes))}`
}

/**
 * The public key of a Multikey text (`z…`). RSA, private keys, BLS12-381 G1 and
 * every other code are refused as unsupported.
 *
 * @throws AsobaError `key.invalid` where it is no Multikey or its point is not on the curve;
 * `key.unsupported` where it is a kind of key that is not used here
 * @see https://www.w3.org/TR/cid-1.0/#Multikey
 */
export function multikeyToJwk(text: string): Jwk {
  // A 2048 bit RSA key is 373 characters long; longer ones are refused as unsupported too.
  if (text.length > 256 && text.length < 2048 && text.startsWith('z')) throw unsupported()
  const bytes = text[0] === 'z' ? fromBase58(text.slice(1)) : undefined
  const [low = 0, high = 0] = bytes ?? []
  // Each of our codes takes exactly two bytes; a longer varint is another code.
  if (bytes === undefined || bytes.length < 3 || low < 0x80) throw invalid()
  const code = (low & 0x7f) | (high << 7)
  const found =
    high < 0x80 ? Object.entries(keyKinds).find(([, kind]) => kind.code === code) : undefined
  if (found === undefined) throw unsupported()
  const [crv, kind] = found
  const rest = bytes.subarray(2)
  const isPoint = kind.kty === 'EC'
  if (rest.length !== kind.size + Number(isPoint)) throw invalid('length')
  if (isPoint) {
    const point = decompressPoint(kind, rest)
    if (point === undefined) throw invalid()
    return { kty: 'EC', crv, x: toBase64url(point.x), y: toBase64url(point.y) }
  }
  const jwk = validatePublicJwk({ kty: 'OKP', crv, x: toBase64url(rest) })
  if (jwk === undefined || (crv === 'Ed25519' && !isOnEdwards(kind, rest))) throw invalid()
  return jwk
}

/** @param cause `length` where that is what is wrong, which did:key tells apart */
function invalid(cause?: 'length'): AsobaError {
  return new AsobaError('key.invalid', 'not a valid Multikey', { cause })
}

function unsupported(): AsobaError {
  return new AsobaError('key.unsupported', 'a kind of key that is not used here')
}
