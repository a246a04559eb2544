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
 * An entry that cannot be read is a problem, with the member that is wrong and its path: a status
 * that nobody checks would count as good. `StatusList2021Entry` and `RevocationList2020Status`, from
 * which Bitstring Status List came, are read like its entries.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry
 * @see https://www.w3.org/TR/2023/WD-vc-status-list-20230427/#statuslist2021entry
 * @see https://w3c-ccg.github.io/vc-status-rl-2020/#revocationlist2020status
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ section 6.1
 */
export function readStatus(credential: JsonObject, jwtStatus: Json | undefined): StatusEntries {
  const model = credential['credentialStatus']
  const entries: StatusReference[] = []
  const problems: Problem[] = []
  const read = (entry: Json, at: string, by: typeof bitstringEntry): void => {
    const found = by(entry)
    if (!isFault(found)) entries.push(found)
    else problems.push(problem('status.invalid-entry', found.fault, `${at}${found.at}`))
  }
  if (Array.isArray(model)) {
    for (const [index, entry] of (model as readonly Json[]).entries()) {
      read(entry, `/credentialStatus/${index}`, bitstringEntry)
    }
  } else if (model !== undefined) read(model, '/credentialStatus', bitstringEntry)
  if (jwtStatus !== undefined) read(jwtStatus, '/status', tokenEntry)
  return { entries, problems }
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

/** What is wrong with an entry, and where in it. */
interface Fault {
  readonly fault: string
  readonly at: string
}

function isFault(found: StatusReference | Fault): found is Fault {
  return 'fault' in found
}

const kinds: readonly unknown[] = [
  'BitstringStatusListEntry',
  'StatusList2021Entry',
  'RevocationList2020Status',
]

function bitstringEntry(entry: Json): StatusReference | Fault {
  if (!isJsonObject(entry)) return { fault: 'a status entry is no object', at: '' }
  const { type } = entry
  if (!kinds.includes(type)) return { fault: 'the type is that of no status entry', at: '/type' }
  const old = type === 'RevocationList2020Status'
  const place = old ? 'revocationListIndex' : 'statusListIndex'
  const list = old ? 'revocationListCredential' : 'statusListCredential'
  const index = indexOf(entry[place])
  const uri = entry[list]
  const purpose = old ? 'revocation' : entry['statusPurpose']
  const { statusSize: size, statusMessage } = old ? {} : entry
  if (typeof purpose !== 'string') {
    return { fault: 'statusPurpose is not one text', at: '/statusPurpose' }
  }
  if (index === undefined) {
    return { fault: `${place} is no number without leading zeros`, at: `/${place}` }
  }
  if (typeof uri !== 'string') return { fault: `${list} is no URL`, at: `/${list}` }
  if (size !== undefined && (!Number.isInteger(size) || Number(size) < 1)) {
    return { fault: 'statusSize is no integer above zero', at: '/statusSize' }
  }
  const messages = statusMessage === undefined ? undefined : readMessages(statusMessage)
  if (messages !== undefined && isFaulty(messages)) return messages
  return {
    kind: 'bitstring-status-list',
    uri,
    index,
    purpose,
    ...(size !== undefined && { size: Number(size) }),
    ...(messages && { messages }),
  }
}

/**
 * An index is an integer as text (Bitstring Status List 2.1). As a number it says the same, and
 * issuers write it so; text that is not the canonical one could be read as two numbers.
 */
function indexOf(value: Json | undefined): number | undefined {
  const written = typeof value === 'number' && value >= 0 ? value : undefined
  const index =
    typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : written
  return Number.isSafeInteger(index) ? index : undefined
}

function isFaulty(found: Readonly<Record<string, string>> | Fault): found is Fault {
  return 'fault' in found
}

/** Messages by value, each value as hex without leading zeros: 2.1 writes it as hex with `0x`. */
function readMessages(list: Json): Record<string, string> | Fault {
  const at = '/statusMessage'
  if (!Array.isArray(list)) return { fault: 'statusMessage is no list', at }
  const messages: Record<string, string> = {}
  for (const [index, one] of (list as readonly Json[]).entries()) {
    const { status, message } = isJsonObject(one) ? one : {}
    if (typeof status !== 'string' || !/^0x[0-9a-f]{1,12}$/i.test(status)) {
      return { fault: 'a status is no hexadecimal number after 0x', at: `${at}/${index}/status` }
    }
    if (typeof message !== 'string') {
      return { fault: 'a message is no text', at: `${at}/${index}/message` }
    }
    const value = `0x${Number(status).toString(16)}`
    if (messages[value] !== undefined) {
      return { fault: 'a status has two messages', at: `${at}/${index}/status` }
    }
    messages[value] = message
  }
  return messages
}

function tokenEntry(value: Json): StatusReference | Fault {
  const list = isJsonObject(value) ? value['status_list'] : undefined
  if (!isJsonObject(list)) return { fault: 'status has no status_list', at: '/status_list' }
  const { idx, uri } = list
  if (typeof uri !== 'string') return { fault: 'uri is no text', at: '/status_list/uri' }
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) {
    return { fault: 'idx is no integer from zero on', at: '/status_list/idx' }
  }
  return { kind: 'token-status-list', uri, index: idx }
}
