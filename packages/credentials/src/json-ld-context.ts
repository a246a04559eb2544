import { type Json, utf8 } from '@asoba/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { type ClaimTable, termsOf } from './claim-table.ts'

/** A JSON-LD context document: pinned, so that nobody fetches it. */
export interface PinnedContext {
  /** Where the nation serves it, as `application/ld+json`. */
  readonly url: string
  /** The exact bytes. */
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string
}

/** IRIs of what the W3C citizenship vocabulary and schema.org have; the rest is the nation's own. */
const known: Readonly<Record<string, string>> = {
  Person: 'https://schema.org/Person',
  Citizen: 'https://w3id.org/citizenship#Citizen',
}

/**
 * The context of one type. The claims are terms of the subject's last type alone, so
 * that they cannot disturb the terms of the credential around them. A claim in a
 * language (`given_name#be`) is a term with that `@language`: the same claims tree
 * serves SD-JWT VC and the VC data model.
 *
 * @see https://www.w3.org/TR/json-ld11/#scoped-contexts
 */
export function jsonLdContext(type: {
  readonly url: string
  readonly vcdmType: string
  readonly subjectTypes: readonly string[]
  readonly table: ClaimTable
  readonly own: (name: string) => string
}): PinnedContext {
  const { url, vcdmType, subjectTypes, table, own } = type
  const terms: Record<string, Json> = { '@protected': true, [vcdmType]: own(vcdmType) }
  subjectTypes.forEach((name, index) => {
    const iri = known[name] ?? own(name)
    terms[name] =
      index < subjectTypes.length - 1
        ? iri
        : {
            '@id': iri,
            '@context': { '@protected': true, id: '@id', type: '@type', ...termsOf(table) },
          }
  })
  const bytes = utf8(JSON.stringify({ '@context': terms }))
  return { url, bytes, sha256: bytesToHex(sha256(bytes)) }
}
