import { isJsonObject, type JsonObject, type Problem, problem } from '@asoba/core'
import { ed25519OfDidKey } from './did-key.ts'
import { scidSyntax } from './identifier.ts'

/** Who must approve new versions, and how many of them. */
export interface WebvhWitness {
  /** Least number of distinct witnesses. */
  readonly threshold: number
  /** Each a did:key of an Ed25519 key. */
  readonly witnesses: readonly { readonly id: string }[]
}

/**
 * The parameters in force after a log entry, defaults filled in.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#didwebvh-did-method-parameters
 */
export interface WebvhParameters {
  readonly scid: string
  /** Multikeys that may sign. */
  readonly updateKeys: readonly string[]
  /** Hashes that the next `updateKeys` are committed to; empty: no pre-rotation. */
  readonly nextKeyHashes: readonly string[]
  /** `undefined`: no witnesses (`{}` on the wire). */
  readonly witness: WebvhWitness | undefined
  readonly watchers: readonly string[]
  readonly portable: boolean
  readonly deactivated: boolean
  /** Seconds to cache. */
  readonly ttl: number
}

/** The one version of the method that is understood. */
export const webvhMethodVersion = 'did:webvh:1.0'

const maxList = 256
const maxText = 2048

/**
 * The parameters in force after an entry, and what is wrong with those that it names.
 *
 * @param raw `parameters` of the entry
 * @param before the parameters in force until then; `undefined` for the first entry
 */
export function readParameters(
  raw: unknown,
  before: WebvhParameters | undefined,
): { readonly parameters: WebvhParameters; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const wrong = (name: string, detail: string): void => {
    problems.push(problem('did.webvh-invalid', detail, `/parameters${name && `/${name}`}`))
  }
  const given: JsonObject = isJsonObject(raw) ? raw : {}
  if (!isJsonObject(raw)) wrong('', 'the parameters are no object')
  for (const name of Object.keys(given)) {
    if (!known.has(name)) wrong('', 'a parameter is not known to did:webvh 1.0')
  }
  const read = <T>(name: string, check: (value: unknown) => T | undefined, kept: T): T => {
    if (!Object.hasOwn(given, name)) return kept
    const value = check(given[name])
    if (value === undefined) wrong(name, 'a parameter has a value that is not allowed')
    return value ?? kept
  }

  const first = before === undefined
  if (first && !Object.hasOwn(given, 'method')) wrong('method', 'the first entry names no method')
  // An unknown version is never read as one that is known.
  read('method', (value) => (value === webvhMethodVersion ? true : undefined), true)
  if (first !== Object.hasOwn(given, 'scid')) {
    wrong('scid', 'the SCID belongs into the first entry and into no other')
  }
  if (first && !Object.hasOwn(given, 'updateKeys')) {
    wrong('updateKeys', 'the first entry names no update keys')
  }
  if (!first && given['portable'] === true) {
    wrong('portable', 'only the first entry may make a DID portable')
  }
  // Pre-rotation: nothing is inherited while it is on, or the commitment would be worth nothing.
  if (before !== undefined && before.nextKeyHashes.length > 0) {
    for (const name of ['updateKeys', 'nextKeyHashes']) {
      if (!Object.hasOwn(given, name))
        wrong(name, 'pre-rotation is on, and the entry leaves this out')
    }
  }
  return {
    problems,
    parameters: {
      scid: read('scid', hash, before?.scid ?? ''),
      updateKeys: read('updateKeys', texts, before?.updateKeys ?? []),
      nextKeyHashes: read('nextKeyHashes', texts, before?.nextKeyHashes ?? []),
      witness: read('witness', witness, { list: before?.witness }).list,
      watchers: read('watchers', urls, before?.watchers ?? []),
      portable: read('portable', flag, before?.portable ?? false),
      deactivated: read('deactivated', flag, before?.deactivated ?? false),
      ttl: read('ttl', seconds, before?.ttl ?? defaultTtl),
    },
  }
}

const defaultTtl = 3600
const known: ReadonlySet<string> = new Set([
  'method',
  'scid',
  'updateKeys',
  'nextKeyHashes',
  'witness',
  'watchers',
  'portable',
  'deactivated',
  'ttl',
])

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= maxText ? value : undefined
}

function hash(value: unknown): string | undefined {
  return typeof value === 'string' && scidSyntax.test(value) ? value : undefined
}

/** Distinct texts; the deprecated `null` is the empty list, as the specification recommends. */
function texts(value: unknown): readonly string[] | undefined {
  if (value === null) return []
  if (!Array.isArray(value) || value.length > maxList) return undefined
  const list: readonly unknown[] = value
  const all = list.every((one): one is string => text(one) !== undefined)
  return all && new Set(list).size === list.length ? list : undefined
}

function urls(value: unknown): readonly string[] | undefined {
  const list = texts(value)
  return list?.every((one) => URL.canParse(one)) === true ? list : undefined
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function seconds(value: unknown): number | undefined {
  if (value === null) return defaultTtl
  const whole = Number.isInteger(value) ? (value as number) : -1
  return whole >= 0 && whole <= 2 ** 31 ? whole : undefined
}

/** A malformed witness parameter is an error; it never means that there are no witnesses. */
function witness(value: unknown): { readonly list: WebvhWitness | undefined } | undefined {
  if (value === null) return { list: undefined }
  if (!isJsonObject(value)) return undefined
  const names = Object.keys(value)
  if (names.length === 0) return { list: undefined }
  const { threshold, witnesses } = value
  if (names.some((name) => name !== 'threshold' && name !== 'witnesses')) return undefined
  if (!Array.isArray(witnesses) || witnesses.length > maxList) return undefined
  const ids = new Set<string>()
  for (const one of witnesses as readonly unknown[]) {
    const id = isJsonObject(one) ? one['id'] : undefined
    if (typeof id !== 'string' || ed25519OfDidKey(id) === undefined) return undefined
    ids.add(id)
  }
  if (ids.size !== witnesses.length) return undefined
  if (typeof threshold !== 'number' || !Number.isInteger(threshold)) return undefined
  if (threshold < 1 || threshold > ids.size) return undefined
  return { list: { threshold, witnesses: [...ids].map((id) => ({ id })) } }
}
