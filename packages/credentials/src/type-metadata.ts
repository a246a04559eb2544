import { type ClaimDefinition, type Json, utf8 } from '@asoba/core'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Label } from './claim-table.ts'

/**
 * The SD-JWT VC type metadata document, as the exact bytes to be served at the `vct` URL.
 *
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-sd-jwt-vc-19.html#section-4
 */
export function typeMetadata(type: {
  readonly vct: string
  readonly label: Label
  readonly description: Label
  readonly claims: readonly ClaimDefinition[]
}): Uint8Array {
  const { vct, label, description, claims } = type
  const document: Json = {
    vct,
    name: label.en,
    description: description.en,
    display: (['be', 'en'] as const).map((locale) => ({
      // `locale` since -12, so in -13 and -19 alike.
      locale,
      name: label[locale],
      description: description[locale],
    })),
    claims: claims.map((claim) => ({
      path: claim.path,
      display: (['be', 'en'] as const).map((locale) => ({
        locale,
        label: claim.label[locale],
      })),
      mandatory: claim.mandatory,
      sd: claim.disclosable,
      svg_id: svgId(claim.path),
    })),
  }
  return utf8(JSON.stringify(document))
}

/** Integrity metadata of bytes, as `vct#integrity` wants it. @see https://www.w3.org/TR/SRI/#integrity-metadata-description */
export function integrityOf(bytes: Uint8Array): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(bytes)))}`
}

function svgId(path: ClaimDefinition['path']): string {
  return path.map((part) => (part === null ? 'each' : String(part).replace('#', '_'))).join('_')
}
