import { type ClaimsPath, type CredentialType, isJsonObject, type Json } from '@asoba/core'

/** What a claim is made of, as the schema of its type says. */
export type Part =
  | { readonly kind: 'value' }
  | { readonly kind: 'array'; readonly length: number }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Part> }

/**
 * The claims of a type, all of them: objects of values, of arrays of values, and of objects.
 *
 * @throws TypeError where the schema lets a credential have as many statements as it likes:
 *   an array without `maxItems`, or of objects or arrays; an object without `properties`
 */
export function partsOf(type: CredentialType): Extract<Part, { readonly kind: 'object' }> {
  const part = partOf(type.schema)
  if (part.kind !== 'object') throw new TypeError('the schema of a type is that of an object')
  return part
}

function partOf(schema: Json | undefined): Part {
  if (!isJsonObject(schema)) throw new TypeError('a claim has no schema')
  if (schema['type'] === 'object') {
    const { properties } = schema
    if (!isJsonObject(properties)) throw new TypeError('an object has no fixed members')
    const members = Object.entries(properties).map(
      ([name, below]) => [name, partOf(below)] as const,
    )
    return { kind: 'object', members: new Map(members) }
  }
  if (schema['type'] !== 'array') return { kind: 'value' }
  const { maxItems, items } = schema
  if (!Number.isSafeInteger(maxItems) || partOf(items).kind !== 'value') {
    throw new TypeError('an array of claims needs maxItems, and values as its items')
  }
  return { kind: 'array', length: maxItems as number }
}

/**
 * The claims that can be disclosed alone. An array is disclosed whole or not at all: the index of
 * one element would tell how many of the others come before it.
 */
export function disclosablePaths(type: CredentialType): readonly ClaimsPath[] {
  const below = (part: Part, path: readonly string[]): ClaimsPath[] =>
    part.kind === 'object'
      ? [...part.members].flatMap(([name, member]) => {
          const at = [...path, name]
          return [at, ...below(member, at)]
        })
      : []
  return below(partsOf(type), [])
}

/**
 * The path of what must be disclosed to show what a path leads to: the path itself, or the whole
 * array. Undefined where the type has no such claim.
 */
export function disclosedPath(type: CredentialType, path: ClaimsPath): ClaimsPath | undefined {
  let part: Part = partsOf(type)
  for (const [index, name] of path.entries()) {
    if (part.kind === 'array') {
      const inside = index === path.length - 1 && typeof name !== 'string'
      return inside ? path.slice(0, index) : undefined
    }
    const member: Part | undefined =
      part.kind === 'object' && typeof name === 'string' ? part.members.get(name) : undefined
    if (member === undefined) return undefined
    part = member
  }
  return path
}
