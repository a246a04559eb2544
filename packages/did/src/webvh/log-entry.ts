import { fromUtf8, isJsonObject, type JsonObject, parseJson } from '@asoba/core'

/** Bounds of a log that somebody else published. */
export interface WebvhLimits {
  /** Bytes of `did.jsonl`, and of `did-witness.json`; 5 MiB when left out, as the specification suggests. */
  readonly maxBytes?: number
  /** Entries of the log; 4096 when left out. */
  readonly maxEntries?: number
}

/** One line of `did.jsonl`, of the right shape; nothing in it is verified. */
export interface LogEntry {
  /** The whole entry as published. */
  readonly json: JsonObject
  readonly versionId: string
  readonly versionTime: unknown
  readonly parameters: unknown
  readonly state: JsonObject
  readonly proofs: readonly JsonObject[]
}

/** Default of {@link WebvhLimits.maxBytes}. */
export const defaultMaxBytes: number = 5 * 1024 * 1024
const defaultMaxEntries = 4096
const maxLine = 1024 * 1024
const maxProofs = 16

const members: ReadonlySet<string> = new Set([
  'versionId',
  'versionTime',
  'parameters',
  'state',
  'proof',
])

/** The lines of a log; `undefined` where it is empty, no UTF-8 text, or over the limits. */
export function splitLog(
  log: string | Uint8Array,
  limits: WebvhLimits = {},
): readonly string[] | undefined {
  const { maxBytes = defaultMaxBytes, maxEntries = defaultMaxEntries } = limits
  if (log.length > maxBytes) return undefined
  const text = typeof log === 'string' ? log : fromUtf8(log)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  // The last line may or may not be ended.
  if (lines.at(-1) === '') lines.pop()
  return lines.length > 0 && lines.length <= maxEntries ? lines : undefined
}

/** An entry of the log; `undefined` unless it is an object with just the members of an entry. */
export function readEntry(line: string): LogEntry | undefined {
  const json = parseJson(line, { maxLength: maxLine })
  if (!isJsonObject(json) || Object.keys(json).some((name) => !members.has(name))) return undefined
  const { versionId, versionTime, parameters, state, proof } = json
  // The specification says array, its JSON schema allows an object too.
  const proofs: readonly unknown[] = Array.isArray(proof) ? proof : [proof]
  if (typeof versionId !== 'string' || !isJsonObject(state)) return undefined
  if (proofs.length === 0 || proofs.length > maxProofs || !proofs.every(isJsonObject)) {
    return undefined
  }
  return { json, versionId, versionTime, parameters, state, proofs }
}
