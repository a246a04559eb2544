import {
  type ClaimsPath,
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  problem,
} from '@asoba/core'
import type { OpenedSdJwt } from './parse.ts'
import { resolveTypeMetadata, type TypeMetadata } from './type-metadata.ts'

/** What {@link typeMetadataRules} needs. */
export interface TypeMetadataRulesOptions {
  /** Exact bytes of type metadata documents by their `vct`; nothing is ever fetched. */
  readonly documents: ReadonlyMap<string, Uint8Array>
  /** What becomes of a credential whose type has no document here. */
  readonly unknownTypes: 'refused' | 'accepted'
}

/**
 * Rules for `sdJwtVc({ typeMetadata })`: a credential must be what the metadata of its type say
 * (`sd`, `mandatory`), and the documents must be those that its `vct#integrity` means.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 4.7
 */
export function typeMetadataRules(
  options: TypeMetadataRulesOptions,
): (opened: OpenedSdJwt) => readonly Problem[] {
  const { documents, unknownTypes } = options
  return (opened) => {
    const { vct, 'vct#integrity': integrity } = opened.claims
    if (typeof vct !== 'string') return [problem('credential.malformed', 'vct is missing', '/vct')]
    if (unknownTypes === 'accepted' && !documents.has(vct)) return []
    const type = { vct, ...(typeof integrity === 'string' && { integrity }) }
    const resolved = resolveTypeMetadata(type, documents)
    return resolved.verified ? claimProblems(resolved.metadata, opened) : resolved.problems
  }
}

/**
 * What of a credential is not as the metadata of its type say. A mandatory claim that may be
 * hidden is not called missing.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 4.6
 */
export function claimProblems(metadata: TypeMetadata, opened: OpenedSdJwt): readonly Problem[] {
  const problems: Problem[] = []
  for (const [index, { path, mandatory, sd }] of metadata.claims.entries()) {
    const bad = (detail: string): unknown =>
      problems.push(problem('type-metadata.violated', detail, `/claims/${index}`))
    const selected = select(opened, path)
    if (selected === undefined) {
      bad('a claim is of another kind than its type says')
      continue
    }
    const { found, hidden } = selected
    if (sd === 'always' && found.some((one) => !one.disclosable)) {
      bad('a claim is not selectively disclosable, and its type wants it so')
    }
    if (sd === 'never' && found.some((one) => one.disclosable)) {
      bad('a claim is selectively disclosable, and its type forbids it')
    }
    if (mandatory && found.length === 0 && !hidden) bad('a mandatory claim is missing')
  }
  return problems
}

interface Selected {
  /** `undefined`: an array element that was not disclosed. */
  readonly value: Json | undefined
  /** Whether it is a disclosure of its own; one above it does not make it one. */
  readonly disclosable: boolean
}

/** Selection in the payload as issued, where an element that is not disclosed keeps its place. */
function select(
  { payload, byDigest }: OpenedSdJwt,
  path: ClaimsPath,
): { readonly found: readonly Selected[]; readonly hidden: boolean } | undefined {
  let found: readonly Selected[] = [{ value: payload, disclosable: false }]
  let hidden = false

  const member = (object: JsonObject, name: string): readonly Selected[] => {
    if (name !== '_sd' && Object.hasOwn(object, name)) {
      return [{ value: object[name] as Json, disclosable: false }]
    }
    for (const digest of (object['_sd'] ?? []) as readonly string[]) {
      const disclosure = byDigest.get(digest)
      if (disclosure === undefined) hidden = true
      else if (disclosure.name === name) return [{ value: disclosure.value, disclosable: true }]
    }
    return []
  }

  const element = (value: Json): Selected => {
    if (!isJsonObject(value) || !Object.hasOwn(value, '...')) return { value, disclosable: false }
    return { value: byDigest.get(value['...'] as string)?.value, disclosable: true }
  }

  for (const part of path) {
    const next: Selected[] = []
    for (const { value } of found) {
      if (value === undefined) hidden = true
      else if (typeof part === 'string') {
        if (!isJsonObject(value)) return undefined
        next.push(...member(value, part))
      } else {
        if (!Array.isArray(value)) return undefined
        const elements = value as readonly Json[]
        const chosen = part === null ? elements : elements.slice(part, part + 1)
        next.push(...chosen.map(element))
      }
    }
    found = next
  }
  return { found, hidden }
}
