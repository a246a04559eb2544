import type { Json, JsonObject } from '@asoba/core'
import {
  append,
  parametersOf,
  versionsOf,
  type WebvhLog,
  type WebvhSettings,
  type WebvhSigning,
} from './append.ts'
import { placeholder, type WebvhPlace, webvhPlaceholderDid } from './identifier.ts'
import type { WebvhVersion } from './verify-entry.ts'

/** What {@link updateWebvh} changes. */
export interface UpdateWebvhOptions extends WebvhSettings, WebvhSigning {
  /** The new document, made of the one in force; its `id` stays what it is. */
  readonly document?: (current: JsonObject) => JsonObject
  /** Ends portability for ever. */
  readonly portable?: false
  /** Renames a portable DID; `alsoKnownAs` keeps the name before. */
  readonly moveTo?: WebvhPlace
}

/**
 * Appends a version. While pre-rotation is on, `updateKeys` and `nextKeys` must be given,
 * and the signer is one of the new update keys; otherwise it is one of those before.
 *
 * @param log `did.jsonl` as published; it is verified first and never changed
 * @throws TypeError where the place or the signer cannot be used
 * @throws AsobaError `did.webvh-invalid` where the log is not valid or would not be
 * @see https://identity.foundation/didwebvh/v1.0/#update-rotate
 */
export async function updateWebvh(log: string, options: UpdateWebvhOptions): Promise<WebvhLog> {
  const last = (await versionsOf(log, options)).at(-1) as WebvhVersion
  const parameters = await parametersOf(options)
  if (options.portable !== undefined) parameters['portable'] = options.portable
  const document = options.document?.(last.document) ?? last.document
  const did = String(last.document['id'])
  const state = { ...document, id: did }
  return append(
    log,
    {
      number: last.versionNumber + 1,
      before: last.versionId,
      parameters,
      state: options.moveTo === undefined ? state : moved(state, did, last, options),
    },
    options,
  )
}

/**
 * Ends a DID: no version can follow. Where pre-rotation is on it takes two steps, as the
 * specification says: first end it by {@link updateWebvh} with `nextKeys: []`.
 *
 * @throws TypeError while pre-rotation is on
 * @throws AsobaError `did.webvh-invalid` where the log is not valid or would not be
 * @see https://identity.foundation/didwebvh/v1.0/#deactivate-revoke
 */
export async function deactivateWebvh(log: string, options: WebvhSigning): Promise<WebvhLog> {
  const last = (await versionsOf(log, options)).at(-1) as WebvhVersion
  if (last.parameters.nextKeyHashes.length > 0) {
    throw new TypeError('end pre-rotation first, by an update with nextKeys: []')
  }
  const parameters = { deactivated: true, updateKeys: [] }
  const { versionNumber, versionId: before, document: state } = last
  return append(log, { number: versionNumber + 1, before, parameters, state }, options)
}

function moved(
  state: JsonObject,
  did: string,
  { parameters }: WebvhVersion,
  options: UpdateWebvhOptions,
): JsonObject {
  const place = options.moveTo as WebvhPlace
  const to = webvhPlaceholderDid(place, options).replaceAll(placeholder, parameters.scid)
  const names: readonly Json[] = Array.isArray(state['alsoKnownAs']) ? state['alsoKnownAs'] : []
  return {
    ...(renamed(state, did, to) as JsonObject),
    alsoKnownAs: [...names.filter((name) => name !== did && name !== to), did],
  }
}

/** The value with one DID in place of another, alone or at the beginning of a DID URL. */
function renamed(value: Json, from: string, to: string): Json {
  if (typeof value === 'string') {
    const rest = value.startsWith(from) ? value.slice(from.length) : undefined
    return rest === undefined || !/^(?:$|[#?/])/.test(rest) ? value : `${to}${rest}`
  }
  if (Array.isArray(value)) return value.map((one: Json) => renamed(one, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, one]) => [name, renamed(one, from, to)]),
  )
}
