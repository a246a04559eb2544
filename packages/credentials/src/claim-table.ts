import type { ClaimDefinition, ClaimsPath, Json, JsonObject } from '@asoba/core'

/** Text by language, shown to people. */
export type Label = Readonly<Record<'be' | 'en', string>>

/**
 * One claim, said once: JSON Schema, JSON-LD term, type metadata and the list of
 * disclosures are all derived from it.
 */
export interface Claim {
  readonly label: Label
  readonly mandatory: boolean
  /** JSON Schema of the value; for an object only what `members` does not say. */
  readonly schema: JsonObject
  /** JSON-LD term definition; the scoped context of `members` is added. */
  readonly term: JsonObject
  /** Claims of an object, each a disclosure of its own. */
  readonly members?: ClaimTable
  /** Label of an array's elements, where each is a disclosure of its own. */
  readonly elements?: Label
}

/** Claims by name, in the order in which people read them. */
export type ClaimTable = { readonly [name: string]: Claim }

/** JSON Schema of an object with these claims and no others. */
export function schemaOf(table: ClaimTable): JsonObject {
  const properties: Record<string, Json> = {}
  for (const [name, { schema, members }] of Object.entries(table)) {
    properties[name] = members === undefined ? schema : { ...schemaOf(members), ...schema }
  }
  const required = Object.keys(table).filter((name) => table[name]?.mandatory)
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

/**
 * Every claim with its path, each a disclosure of its own; objects too, although a
 * mandatory one is always there: the digests inside it would tell how many of its
 * optional members a person has.
 */
export function definitionsOf(table: ClaimTable, above: ClaimsPath = []): ClaimDefinition[] {
  return Object.entries(table).flatMap(([name, { label, mandatory, members, elements }]) => {
    const path = [...above, name]
    const own: ClaimDefinition = { path, disclosable: 'always', mandatory, label }
    const below: ClaimDefinition[] = definitionsOf(members ?? {}, path)
    if (elements !== undefined) {
      below.push({
        path: [...path, null],
        disclosable: 'always',
        mandatory: false,
        label: elements,
      })
    }
    return [own, ...below]
  })
}

/** JSON-LD terms of these claims; terms below an object live in its scoped context. */
export function termsOf(table: ClaimTable): JsonObject {
  const terms: Record<string, Json> = {}
  for (const [name, { term, members }] of Object.entries(table)) {
    terms[name] =
      members === undefined
        ? term
        : { ...term, '@context': { '@protected': true, ...termsOf(members) } }
  }
  return terms
}
