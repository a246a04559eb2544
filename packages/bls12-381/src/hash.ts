import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { integerOf, order } from './scalar.ts'

/**
 * `expand_message_xmd` with SHA-256: `length` bytes (up to 8160) that look random.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9380.html#section-5.3.1
 */
export function expandMessage(message: Uint8Array, dst: Uint8Array, length: number): Uint8Array {
  return expand_message_xmd(message, dst, length, sha256)
}

/**
 * A scalar from 48 expanded bytes, so that no value of it is noticeably more likely.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-hash-to-scalar
 */
export function hashToScalar(message: Uint8Array, dst: Uint8Array): bigint {
  return integerOf(expandMessage(message, dst, 48)) % order
}
