import { concatBytes, equalBytes, fromBase64url, toBase64url } from '@asoba/core'
import { decode, encode } from 'cborg'

/** What the CBOR of a proof value is made of; no tags, no floats, no text keys. */
export type CborValue =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<number, CborValue>

/** Longest proof value that is read, in characters. */
const maxLength = 262_144

/**
 * A proof value of CBOR: `u` and the base64url of the header bytes and the encoded components.
 *
 * @param header three bytes, which say what follows
 * @see https://www.w3.org/TR/vc-di-ecdsa/#serializebaseproofvalue
 */
export function encodeProofValue(header: Uint8Array, components: readonly CborValue[]): string {
  return `u${toBase64url(concatBytes(header, encode(components)))}`
}

/**
 * The components of a proof value with that header; undefined where it is none, too long, or not
 * the shortest CBOR (definite lengths, no tags, no key twice). Never throws.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#parsebaseproofvalue
 */
export function decodeProofValue(
  proofValue: unknown,
  header: Uint8Array,
): readonly unknown[] | undefined {
  if (typeof proofValue !== 'string' || proofValue.length > maxLength) return undefined
  const bytes = proofValue.startsWith('u') ? fromBase64url(proofValue.slice(1)) : undefined
  if (bytes === undefined || !equalBytes(bytes.subarray(0, header.length), header)) return undefined
  try {
    const components: unknown = decode(bytes.subarray(header.length), {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
      allowInfinity: false,
      allowNaN: false,
      rejectDuplicateMapKeys: true,
      useMaps: true,
    })
    return Array.isArray(components) ? components : undefined
  } catch {
    return undefined
  }
}
