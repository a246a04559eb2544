import {
  type ClaimsPath,
  equalBytes,
  isJsonObject,
  type Json,
  type JsonObject,
  parseDigestSri,
  parseJson,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { hashBytes } from '#hash'
import type { HashName } from './hash-algorithm.ts'

/** What type metadata says of a claim, or of every claim that the path selects. */
export interface ClaimMetadata {
  readonly path: ClaimsPath
  /** Label (and description) for people, by language tag. */
  readonly display: readonly {
    readonly locale: string
    readonly label: string
    readonly description?: string
  }[]
  /** Whether every credential of the type has it. */
  readonly mandatory: boolean
  /** Whether it is a disclosure of its own: always, never, or as the issuer likes. */
  readonly sd: 'always' | 'allowed' | 'never'
}

/** Type metadata of an SD-JWT VC: what we read of it; everything else is ignored. */
export interface TypeMetadata {
  readonly vct: string
  readonly name?: string
  readonly description?: string
  /** The type that this one extends. */
  readonly extends?: string
  readonly extendsIntegrity?: string
  /** Name of the type for people, by language tag; absent where the document has none. */
  readonly display?: readonly {
    readonly locale: string
    readonly name: string
    readonly description?: string
  }[]
  readonly claims: readonly ClaimMetadata[]
}

const maxBytes = 262_144

/**
 * Whether bytes are those that integrity metadata means: some digest of the strongest algorithm
 * in it is theirs. Malformed metadata, or metadata of unknown algorithms, means no bytes.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 5
 */
export function hasIntegrity(bytes: Uint8Array, integrity: string): boolean {
  return (parseDigestSri(integrity) ?? []).some((expected) =>
    equalBytes(hashBytes(expected.algorithm.toLowerCase() as HashName, bytes), expected.bytes),
  )
}

/**
 * Reads a type metadata document from its exact bytes. Never throws.
 *
 * @param expected the `vct` that the document must be of, and the integrity it must have where the
 * credential (`vct#integrity`) or the extending type (`extends#integrity`) says
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 4.2
 */
export function parseTypeMetadata(
  bytes: Uint8Array,
  expected: { readonly vct: string; readonly integrity?: string },
): Verified<{ readonly metadata: TypeMetadata }> {
  const { vct, integrity } = expected
  if (integrity !== undefined && !hasIntegrity(bytes, integrity)) {
    const detail = 'the type metadata are not the ones that the integrity value means'
    return refused([problem('type-metadata.integrity', detail)])
  }
  const document = parseJson(bytes, { maxLength: maxBytes })
  if (!isJsonObject(document) || document['vct'] !== vct) {
    return malformed('the type metadata are no JSON object of that vct')
  }
  const { extends: parent, 'extends#integrity': parentIntegrity, display } = document
  const claims = document['claims'] ?? []
  const read = Array.isArray(claims) ? (claims as readonly Json[]).map(readClaim) : [undefined]
  const known = read.filter((claim) => claim !== undefined)
  const texts = [parent, parentIntegrity, document['name'], document['description']]
  if (
    known.length !== read.length ||
    !texts.every((text) => text === undefined || typeof text === 'string') ||
    !(display === undefined || isDisplay(display, 'name'))
  ) {
    return malformed('the type metadata are not as their standard wants them')
  }
  const metadata = {
    vct,
    ...textsOf(document, ['name', 'description', 'extends']),
    ...(parentIntegrity !== undefined && { extendsIntegrity: parentIntegrity }),
    ...(display !== undefined && { display }),
    claims: known,
  }
  return { verified: true, checks: [], metadata: metadata as unknown as TypeMetadata }
}

/** Types that extend one another at most. */
const maxChain = 8

/**
 * The metadata of a type with those of the types it extends, out of documents that the caller has:
 * nothing is fetched. A type that extends itself, by however many steps, is refused.
 *
 * @param documents exact bytes by `vct`
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 4.4
 */
export function resolveTypeMetadata(
  type: { readonly vct: string; readonly integrity?: string },
  documents: ReadonlyMap<string, Uint8Array>,
): Verified<{ readonly metadata: TypeMetadata }> {
  const chain: TypeMetadata[] = []
  let next: typeof type | undefined = type
  while (next !== undefined) {
    const { vct }: { readonly vct: string } = next
    const bytes = documents.get(vct)
    if (bytes === undefined) return malformed('the metadata of a type are not at hand')
    if (chain.length === maxChain || chain.some((one) => one.vct === vct)) {
      return malformed('the type extends itself, or too many others')
    }
    const read = parseTypeMetadata(bytes, next)
    if (!read.verified) return read
    const { extends: parent, extendsIntegrity: integrity } = read.metadata
    chain.push(read.metadata)
    next = parent === undefined ? undefined : { vct: parent, ...(integrity && { integrity }) }
  }
  let merged = chain.pop() as TypeMetadata
  for (const child of chain.reverse()) {
    const claims = new Map(merged.claims.map((claim) => [JSON.stringify(claim.path), claim]))
    for (const claim of child.claims) {
      const id = JSON.stringify(claim.path)
      const base = claims.get(id)
      // Section 4.6.5.1: `always`, `never` and `mandatory` stand once they are said.
      if (base && base.sd !== 'allowed' && claim.sd !== 'allowed' && base.sd !== claim.sd) {
        return malformed('an extending type changes what is selectively disclosable')
      }
      claims.set(id, base === undefined ? claim : override(base, claim))
    }
    merged = { ...merged, ...child, claims: [...claims.values()] }
  }
  return { verified: true, checks: [], metadata: merged }
}

function override(base: ClaimMetadata, claim: ClaimMetadata): ClaimMetadata {
  return {
    path: claim.path,
    // Properties replace those of the extended type, they are never merged.
    display: claim.display.length > 0 ? claim.display : base.display,
    mandatory: base.mandatory || claim.mandatory,
    sd: claim.sd === 'allowed' ? base.sd : claim.sd,
  }
}

/**
 * The label of a claim in the first of the languages that the metadata have, else in the first
 * they have; `undefined` where they have none for that path.
 */
export function claimLabel(
  metadata: TypeMetadata,
  path: ClaimsPath,
  locales: readonly string[],
): string | undefined {
  const claim = metadata.claims.find(
    (one) =>
      one.path.length === path.length &&
      one.path.every((part, at) => part === path[at] || (part === null && isIndex(path[at]))),
  )
  for (const wanted of locales) {
    const found = claim?.display.find(
      ({ locale }) => locale === wanted || locale.startsWith(`${wanted}-`),
    )
    if (found) return found.label
  }
  return claim?.display[0]?.label
}

function isIndex(part: unknown): boolean {
  return part === null || typeof part === 'number'
}

function readClaim(value: Json): ClaimMetadata | undefined {
  if (!isJsonObject(value)) return undefined
  const { path, display = [], mandatory = false, sd = 'allowed' } = value
  if (!Array.isArray(path) || path.length === 0 || !path.every(isPart)) return undefined
  if (typeof mandatory !== 'boolean' || !isDisplay(display, 'label')) return undefined
  if (sd !== 'always' && sd !== 'allowed' && sd !== 'never') return undefined
  return { path, display: display as unknown as ClaimMetadata['display'], mandatory, sd }
}

function isPart(part: unknown): boolean {
  return (
    part === null ||
    typeof part === 'string' ||
    (typeof part === 'number' && Number.isSafeInteger(part) && part >= 0)
  )
}

function isDisplay(display: Json, text: 'label' | 'name'): boolean {
  return (
    Array.isArray(display) &&
    (display as readonly Json[]).every(
      (one) =>
        isJsonObject(one) &&
        typeof one['locale'] === 'string' &&
        typeof one[text] === 'string' &&
        (one['description'] === undefined || typeof one['description'] === 'string'),
    )
  )
}

function textsOf(document: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = document[name]
      return typeof text === 'string' ? [[name, text]] : []
    }),
  )
}

function malformed(detail: string): Verified<never> {
  return refused([problem('type-metadata.malformed', detail)])
}
