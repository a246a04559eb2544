import type { StatusReference } from './credential-type.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { type Problem, problem } from './problem.ts'

/** Status entries as read. */
export interface StatusEntries {
  readonly entries: readonly StatusReference[]
  readonly problems: readonly Problem[]
}

/**
 * All status entries of a credential: `credentialStatus` of the data model and `status` of the JWT.
 * An entry that cannot be read is a problem: a status that nobody checks would count as good.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ section 6.1
 */
export function readStatus(credential: JsonObject, jwtStatus: Json | undefined): StatusEntries {
  const model = credential['credentialStatus']
  const all: readonly Json[] = Array.isArray(model) ? model : model === undefined ? [] : [model]
  const entries = all.map(bitstringEntry)
  if (jwtStatus !== undefined) entries.push(tokenEntry(jwtStatus))
  const known = entries.filter((entry) => entry !== undefined)
  const problems =
    known.length === entries.length
      ? []
      : [problem('status.invalid-entry', 'a status entry is malformed or of an unknown kind')]
  return { entries: known, problems }
}

/** How a status reference is written: members to add to the credential. */
export function writeStatus(status: StatusReference): JsonObject {
  if (status.kind === 'token-status-list') {
    return { status: { status_list: { idx: status.index, uri: status.uri } } }
  }
  const { size, messages } = status
  return {
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose: status.purpose,
      statusListIndex: String(status.index),
      statusListCredential: status.uri,
      ...(size !== undefined && { statusSize: size }),
      ...(messages && {
        statusMessage: Object.entries(messages).map(([value, message]) => ({
          status: value,
          message,
        })),
      }),
    },
  }
}

function bitstringEntry(entry: Json): StatusReference | undefined {
  if (!isJsonObject(entry) || entry['type'] !== 'BitstringStatusListEntry') return undefined
  const { statusPurpose, statusListIndex, statusListCredential, statusSize, statusMessage } = entry
  if (typeof statusPurpose !== 'string' || typeof statusListCredential !== 'string') {
    return undefined
  }
  if (typeof statusListIndex !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(statusListIndex)) {
    return undefined
  }
  if (statusSize !== undefined && (!Number.isInteger(statusSize) || Number(statusSize) < 1)) {
    return undefined
  }
  const messages = statusMessage === undefined ? undefined : readMessages(statusMessage)
  if (messages === 'invalid') return undefined
  return {
    kind: 'bitstring-status-list',
    uri: statusListCredential,
    index: Number(statusListIndex),
    purpose: statusPurpose,
    ...(statusSize !== undefined && { size: Number(statusSize) }),
    ...(messages && { messages }),
  }
}

function readMessages(list: Json): Record<string, string> | 'invalid' {
  if (!Array.isArray(list)) return 'invalid'
  const messages: Record<string, string> = {}
  for (const one of list as readonly Json[]) {
    if (!isJsonObject(one)) return 'invalid'
    const { status, message } = one
    if (typeof status !== 'string' || typeof message !== 'string') return 'invalid'
    messages[status] = message
  }
  return messages
}

function tokenEntry(value: Json): StatusReference | undefined {
  const list = isJsonObject(value) ? value['status_list'] : undefined
  if (!isJsonObject(list)) return undefined
  const { idx, uri } = list
  if (typeof uri !== 'string' || typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) {
    return undefined
  }
  return { kind: 'token-status-list', uri, index: idx }
}
