import { equalBytes, fromBase64url } from '@asoba/core'
import { readCbor } from './read-cbor.ts'

/** Longest proof value that is read, in characters. */
const maxLength = 262_144

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
  const components = readCbor(bytes.subarray(header.length))
  return Array.isArray(components) ? components : undefined
}
