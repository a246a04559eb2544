import {
  AsobaError,
  type CredentialType,
  isJsonObject,
  type Json,
  type JsonObject,
} from '@asoba/core'
import { type Part, partsOf } from './parts.ts'

/** What stands where a person has no such claim. */
const placeholder = /^none(?::[1-9][0-9]*)?$/

/**
 * The claims of a person with every claim that the type has: `none` where the person has not, in
 * arrays `none:1`, `none:2`, … up to their length; the elements of arrays in code unit order, for
 * any other order would be a mark. In the order of the schema. Does not judge values otherwise:
 * that is `type.validate`'s, before.
 *
 * @throws AsobaError `issuer.claims-invalid`, with the JSON pointer to the claim: a value reads as
 *   absent, is no text, number or boolean, stands twice in an array or exceeds it, or is not of
 *   this type
 * @throws TypeError where the type has no fixed shape
 * @see spec/bbs-profile.md section 4
 */
export function completeClaims(type: CredentialType, claims: JsonObject): JsonObject {
  return complete(partsOf(type), claims, '') as JsonObject
}

/**
 * The claims that a person has: what {@link completeClaims} added is taken away again, with the
 * objects and arrays in which nothing else is. Also of a part of the claims, as a verifier has.
 */
export function strippedClaims(claims: JsonObject): JsonObject {
  return (strip(claims) ?? {}) as JsonObject
}

function complete(part: Part, value: Json | undefined, at: string): Json {
  switch (part.kind) {
    case 'value':
      return value === undefined ? 'none' : checked(value, at)
    case 'array':
      return completeArray(part.length, value, at)
    case 'object': {
      if (value !== undefined && !isJsonObject(value)) throw invalid('the claim is no object', at)
      // Only names of the type: one that is not ours stays out of errors.
      if (Object.keys(value ?? {}).some((name) => !part.members.has(name))) {
        throw invalid('a claim is there that this type does not have', at)
      }
      const members = [...part.members].map(([name, member]) => {
        const own = value !== undefined && Object.hasOwn(value, name) ? value[name] : undefined
        return [name, complete(member, own, `${at}/${pointerSegment(name)}`)] as const
      })
      return Object.fromEntries(members)
    }
  }
}

function completeArray(length: number, value: Json | undefined, at: string): Json {
  const items = value ?? []
  if (!Array.isArray(items)) throw invalid('the claim is no array', at)
  const own = items.map((item: Json, index) => checked(item, `${at}/${index}`))
  if (own.length > length) throw invalid('the array is longer than this type has it', at)
  // Statements are a set: of two alike one would be lost.
  if (new Set(own.map(String)).size < own.length) throw invalid('an element stands twice', at)
  const missing = Array.from({ length: length - own.length }, (_, index) => `none:${index + 1}`)
  return [...own.sort((a, b) => (String(a) < String(b) ? -1 : 1)), ...missing]
}

function checked(value: Json, at: string): Json {
  if (typeof value === 'string') {
    if (placeholder.test(value)) throw invalid('the claim reads as absent and cannot be issued', at)
    return value
  }
  if (typeof value === 'boolean' || typeof value === 'number') return value
  throw invalid('the claim is neither text nor number nor boolean', at)
}

function strip(value: Json): Json | undefined {
  if (typeof value === 'string') return placeholder.test(value) ? undefined : value
  if (Array.isArray(value)) {
    const kept = value.map(strip).filter((item) => item !== undefined)
    return kept.length === 0 && value.length > 0 ? undefined : kept
  }
  if (!isJsonObject(value)) return value
  const members = Object.entries(value)
  const kept = members.flatMap(([name, member]) => {
    const own = strip(member)
    return own === undefined ? [] : [[name, own] as const]
  })
  return kept.length === 0 && members.length > 0 ? undefined : Object.fromEntries(kept)
}

function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function invalid(message: string, path: string): AsobaError {
  return new AsobaError('issuer.claims-invalid', message, { path })
}
