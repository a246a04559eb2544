import { type JsonObject, type Problem, problem } from '@asoba/core'
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'

const sentences: Readonly<Record<string, string>> = {
  required: 'a claim that every credential of this type has is missing',
  false: 'a claim is there that this type does not have',
  type: 'the claim is of another JSON type',
  format: 'the claim is not a date',
  pattern: 'the claim is not written as this type asks',
  enum: 'the claim is none of the values of this type',
  const: 'the claim is none of the values of this type',
}
/** Errors of the library that only say that something below is wrong. */
const wrappers = new Set(['properties', 'items', 'additionalProperties', '$ref'])

/**
 * Judges claims by a schema: all problems, none twice, with pointers that consist of
 * names of the schema alone. What the library says is dropped, for it repeats the
 * data; so is the pointer to a claim that the type does not have.
 */
export function schemaJudge(
  schema: JsonObject,
): (claims: JsonObject, options: { readonly disclosed: 'all' | 'some' }) => readonly Problem[] {
  // The library writes into schemas, so it gets copies, and only once they are needed.
  const judges = new Map<string, Validator>()
  const judgeFor = (disclosed: 'all' | 'some'): Validator => {
    const known = judges.get(disclosed)
    if (known !== undefined) return known
    const own = disclosed === 'all' ? structuredClone(schema) : withoutCounts(schema)
    const made = new Validator(own as Schema, '2020-12', false)
    judges.set(disclosed, made)
    return made
  }
  return (claims, { disclosed }) => {
    try {
      return problemsOf(judgeFor(disclosed).validate(claims).errors, schema, claims)
    } catch {
      // A claims tree that is no JSON, or a name with half a character in it.
      return [problem('claims.invalid', 'the claims are not JSON', '')]
    }
  }
}

/** The same schema where absent members are no fault: they may be withheld. */
function withoutCounts(schema: JsonObject): JsonObject {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
    const kept = Object.entries(value).filter(
      ([name, below]) =>
        !(name === 'required' && Array.isArray(below)) &&
        !((name === 'minItems' || name === 'minProperties') && typeof below === 'number'),
    )
    return Object.fromEntries(kept.map(([name, below]) => [name, strip(below)]))
  }
  return structuredClone(strip(schema)) as JsonObject
}

function problemsOf(
  errors: readonly OutputUnit[],
  schema: JsonObject,
  claims: JsonObject,
): readonly Problem[] {
  const leaves = errors.filter(({ keyword }) => !wrappers.has(keyword))
  // A claim that is known but wrong is also reported as unknown: that is dropped.
  const explained = new Set<string>()
  for (const { keyword, instanceLocation } of leaves) {
    let at = keyword === 'false' ? parentOf(instanceLocation) : instanceLocation
    for (; at !== '#' && !explained.has(at); at = parentOf(at)) explained.add(at)
  }
  const found = new Map<string, Problem>()
  for (const { keyword, instanceLocation } of leaves) {
    if (keyword === 'false' && explained.has(instanceLocation)) continue
    const at = keyword === 'false' ? parentOf(instanceLocation) : instanceLocation
    const detail = sentences[keyword] ?? 'the claim is too long, too short, too large or too small'
    for (const path of keyword === 'required' ? missingAt(at, schema, claims) : [at.slice(1)]) {
      // One fault a claim: what is of another type has the wrong form as well.
      const key = `${path} ${keyword === 'false'}`
      if (!found.has(key)) found.set(key, problem('claims.invalid', detail, path))
    }
  }
  return [...found.values()]
}

function parentOf(location: string): string {
  return location.slice(0, Math.max(location.lastIndexOf('/'), 1))
}

/** Pointers to the required claims that an object lacks. */
function missingAt(location: string, schema: JsonObject, claims: JsonObject): string[] {
  let rule: JsonObject = schema
  let value: JsonObject = claims
  for (const name of location.split('/').slice(1)) {
    rule = (rule['properties'] as JsonObject)[name] as JsonObject
    value = value[name] as JsonObject
  }
  return (rule['required'] as readonly string[])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${location.slice(1)}/${name}`)
}
