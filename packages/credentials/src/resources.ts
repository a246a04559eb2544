/**
 * What a credential of the VC data model refers to: schemas and related resources. Nothing is
 * fetched here; bytes come from whom the caller gives.
 *
 * @module
 */

import {
  checkRelatedResource,
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  parseJson,
  problem,
  problemsUnder,
  type Verified,
} from '@asoba/core'
import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'

/**
 * The bytes under a URL; `undefined` where there are none, or none that are wanted. Bounds, time
 * limits and caches are the loader's. A throw counts as none.
 */
export type LoadResource = (
  url: string,
  options: { readonly signal?: AbortSignal },
) => Promise<Uint8Array | undefined>

/** How {@link checkResources} judges. What matters has no default. */
export interface ResourceOptions {
  /**
   * Gives schemas only of makers whom you trust: a schema is a program, with patterns and
   * references that can be made to run for years.
   */
  readonly load: LoadResource
  /** What of resources that cannot be loaded, and of schemas of a kind that is not known. */
  readonly unavailable: 'refused' | 'accepted'
  /**
   * Verifies a credential that holds a schema (`JsonSchemaCredential`), with a policy of yours;
   * such schemas are of an unknown kind when left out.
   */
  readonly readCredential?: (
    bytes: Uint8Array,
  ) => Promise<Verified<{ readonly credential: JsonObject }>>
  readonly signal?: AbortSignal
}

/** Longest schema, in bytes. */
const maxSchema = 262_144
/** Entries of either property at most. */
const maxEntries = 64
/** Faults that are told of one schema. */
const maxFaults = 32

const drafts: ReadonlyMap<unknown, SchemaDraft> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['http://json-schema.org/draft-07/schema', '7'],
  ['http://json-schema.org/draft-07/schema#', '7'],
])

/**
 * Judges what a credential refers to: digests of `relatedResource`, and the credential by every
 * `credentialSchema`. Form is `validateCredential`'s business, and so is `refreshService`, of which
 * there is nothing more to judge.
 *
 * @returns problems `resource.*` and, where a schema says no, `claims.invalid` with a pointer made of
 * names of the schema alone; none where all is well. Never throws, and says nothing of any value.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#data-schemas
 * @see https://www.w3.org/TR/vc-json-schema/
 */
export async function checkResources(
  credential: JsonObject,
  options: ResourceOptions,
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  for (const [name, judge] of [
    ['relatedResource', judgeRelated],
    ['credentialSchema', judgeSchema],
  ] as const) {
    const entries = entriesOf(credential[name])
    if (entries.length > maxEntries) {
      problems.push(problem('resource.unsupported', 'there are too many', `/${name}`))
      continue
    }
    for (const [index, entry] of entries.entries()) {
      const at = Array.isArray(credential[name]) ? `/${name}/${index}` : `/${name}`
      if (isJsonObject(entry)) problems.push(...(await judge(entry, at, credential, options)))
    }
  }
  return problems
}

function entriesOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value]
}

async function bytesOf(
  { id }: JsonObject,
  { load, signal }: ResourceOptions,
): Promise<Uint8Array | undefined> {
  if (typeof id !== 'string') return undefined
  try {
    return await load(id, signal === undefined ? {} : { signal })
  } catch {
    return undefined
  }
}

function missing(at: string, { unavailable }: ResourceOptions): readonly Problem[] {
  return unavailable === 'accepted'
    ? []
    : [problem('resource.unavailable', 'the resource cannot be loaded', at)]
}

/** @see https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources */
async function judgeRelated(
  entry: JsonObject,
  at: string,
  _credential: JsonObject,
  options: ResourceOptions,
): Promise<readonly Problem[]> {
  const bytes = await bytesOf(entry, options)
  return bytes === undefined
    ? missing(at, options)
    : problemsUnder(at, await checkRelatedResource(entry, bytes))
}

/** @see https://www.w3.org/TR/vc-json-schema/#evaluation */
async function judgeSchema(
  entry: JsonObject,
  at: string,
  credential: JsonObject,
  options: ResourceOptions,
): Promise<readonly Problem[]> {
  const { type, digestSRI, digestMultibase } = entry
  const { readCredential, unavailable } = options
  const unsupported = (detail: string): readonly Problem[] => [
    problem('resource.unsupported', detail, at),
  ]
  const inside = type === 'JsonSchemaCredential' && readCredential !== undefined
  if (type !== 'JsonSchema' && !inside) {
    return unavailable === 'accepted'
      ? []
      : unsupported('the schema is of a kind that is not known')
  }
  const bytes = await bytesOf(entry, options)
  if (bytes === undefined) return missing(at, options)
  if (digestSRI !== undefined || digestMultibase !== undefined) {
    const found = await checkRelatedResource(entry, bytes)
    if (found.length > 0) return problemsUnder(at, found)
  }
  let schema: Json | undefined
  if (inside) {
    const read = await readingBy(readCredential, bytes)
    if (read?.verified !== true)
      return unsupported('the credential that holds the schema is refused')
    const { credentialSubject: subject } = read.credential
    schema = isJsonObject(subject) ? subject['jsonSchema'] : undefined
  } else {
    schema = parseJson(bytes, { maxLength: maxSchema })
  }
  if (!isJsonObject(schema)) return unsupported('the schema is no JSON object, or too long')
  const draft = drafts.get(schema['$schema'])
  if (draft === undefined) return unsupported('the schema is of no draft that is known')
  return faultsOf(schema, draft, credential, at)
}

async function readingBy(
  read: NonNullable<ResourceOptions['readCredential']>,
  bytes: Uint8Array,
): Promise<Verified<{ readonly credential: JsonObject }> | undefined> {
  try {
    return await read(bytes)
  } catch {
    return undefined
  }
}

function faultsOf(
  schema: JsonObject,
  draft: SchemaDraft,
  credential: JsonObject,
  at: string,
): readonly Problem[] {
  let errors: readonly OutputUnit[]
  try {
    // The library writes into schemas; it fetches nothing, and throws where one refers to another.
    const own = (draft === '7' ? structuredClone(schema) : withoutFormat(schema)) as Schema
    const judge = new Validator(own, draft, false)
    errors = judge.validate(credential).errors
  } catch {
    return [problem('resource.unsupported', 'the schema cannot be evaluated', at)]
  }
  // Names in the data may be a person's; those in the schema are everybody's.
  const names = namesIn(schema)
  const paths = new Set(errors.map(({ instanceLocation }) => known(instanceLocation, names)))
  return [...paths]
    .slice(0, maxFaults)
    .map((path) => problem('claims.invalid', 'the credential is not what its schema asks', path))
}

/** Keywords whose members have names of the data, not of keywords. */
const named: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependentRequired',
  'dependencies',
])
/** Keywords whose values are data. */
const data: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples'])

/**
 * A copy of a schema without `format`. By the metaschemas of 2019-09 and 2020-12, the only ones of
 * theirs that are read, it is an annotation: an assertion it becomes by a vocabulary that a
 * metaschema of somebody's own demands. What it asserted in drafts before was never agreed on: to
 * some an address in Cyrillic is no `email`.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation#section-7.2.1
 * @see https://json-schema.org/draft/2019-09/json-schema-validation#section-7.2
 */
function withoutFormat(value: Json, names = false): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => withoutFormat(each))
  if (!isJsonObject(value)) return value
  const copy: Record<string, Json> = {}
  for (const [name, below] of Object.entries(value)) {
    if (!names && name === 'format') continue
    if (!names && data.has(name)) copy[name] = structuredClone(below)
    else copy[name] = withoutFormat(below, !names && named.has(name))
  }
  return copy
}

/** As much of a pointer as consists of names of the schema and of indexes. */
function known(location: string, names: ReadonlySet<string>): string {
  const parts = location.split('/').slice(1)
  const strange = parts.findIndex((part) => !/^\d+$/.test(part) && !names.has(part))
  const kept = strange < 0 ? parts : parts.slice(0, strange)
  return kept.map((part) => `/${part}`).join('')
}

function namesIn(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) {
      for (const each of value as readonly Json[]) walk(each)
    } else if (isJsonObject(value)) {
      const { properties } = value
      if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name)
      for (const each of Object.values(value)) walk(each)
    }
  }
  walk(schema)
  return names
}
