import {
  canonicalize,
  concatBytes,
  digest,
  type Json,
  type JsonObject,
  toBase58,
  utf8,
} from '@asoba/core'
import { placeholder } from './identifier.ts'

// Multihash code of SHA-256 and the length of its digest: the only hash of did:webvh 1.0.
const sha256Multihash = Uint8Array.of(0x12, 0x20)

/** base58btc of the SHA-256 multihash of a text, without a multibase prefix. */
export async function hash58(text: string): Promise<string> {
  return toBase58(concatBytes(sha256Multihash, await digest('SHA-256', utf8(text))))
}

/** An entry without its proof and with another `versionId`. */
export function unsignedEntry(entry: JsonObject, versionId: string): JsonObject {
  const { proof: _proof, ...rest } = entry
  return { ...rest, versionId }
}

/**
 * The hash in the `versionId` of an entry; `before` is the `versionId` of the entry
 * before it, the SCID for the first.
 *
 * @throws AsobaError `json.not-canonicalizable`
 * @see https://identity.foundation/didwebvh/v1.0/#entry-hash-generation-and-verification
 */
export async function entryHash(entry: JsonObject, before: string): Promise<string> {
  return hash58(canonicalize(unsignedEntry(entry, before)))
}

/**
 * The SCID that a first entry must have; it may hold the placeholder or `scid` in its place.
 *
 * @throws AsobaError `json.not-canonicalizable`
 * @see https://identity.foundation/didwebvh/v1.0/#verify-scid
 */
export async function scidOfEntry(entry: JsonObject, scid: string): Promise<string> {
  // Steps 4 to 6; the text is read again because names are sorted after the replacement.
  const text = JSON.stringify(unsignedEntry(entry, placeholder)).replaceAll(scid, placeholder)
  return hash58(canonicalize(JSON.parse(text) as Json))
}
