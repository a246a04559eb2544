import { concatBytes, toBase64url } from '@asoba/core'
import { encode } from 'cborg'

/** What the CBOR of a proof value is made of; no tags, no floats, no text keys. */
export type CborValue =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<number, CborValue>

/**
 * A proof value of CBOR: `u` and the base64url of the header bytes and the encoded components.
 *
 * @param header three bytes, which say what follows
 * @see https://www.w3.org/TR/vc-di-ecdsa/#serializebaseproofvalue
 */
export function encodeProofValue(header: Uint8Array, components: readonly CborValue[]): string {
  return `u${toBase64url(concatBytes(header, encode(components)))}`
}
