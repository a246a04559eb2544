import {
  type DcqlQuery,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  type ProblemCode,
  parseJson,
  type TransactionData,
} from '@asoba/core'
import type { ClientSettings } from './client-settings.ts'
import { hashOfTransaction } from './request-parameters.ts'
import type { TransactionType } from './wallet-types.ts'

/** Notes a reason to refuse. */
export type Fault = (code: ProblemCode, detail: string, path?: string) => void

/** The transactions of a request, as the holder sees them and as the wallet binds them. */
export interface Transactions {
  readonly transactions: readonly JsonObject[]
  readonly remembered: readonly TransactionData[]
}

/**
 * The transactions of a request: what the holder cannot be shown is not authorised.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-8.4
 */
export async function judgeTransactions(
  { transactionTypes = [] }: ClientSettings,
  data: Json | undefined,
  { query, fault }: { readonly query: DcqlQuery; readonly fault: Fault },
): Promise<Transactions> {
  const nothing = { transactions: [], remembered: [] }
  if (data === undefined) return nothing
  const path = '/transaction_data'
  if (!Array.isArray(data) || data.length === 0 || data.length > 32) {
    fault('request.malformed', 'transactions are a list of a few', path)
    return nothing
  }
  const transactions: JsonObject[] = []
  const remembered: TransactionData[] = []
  for (const [index, text] of data.entries()) {
    const bytes = typeof text === 'string' ? fromBase64url(text) : undefined
    const value = bytes === undefined ? undefined : parseJson(bytes, { maxLength: 65_536 })
    if (!isTransaction(value, transactionTypes, query)) {
      const detail = 'the wallet cannot show this transaction'
      fault('request.transaction-unknown', detail, `${path}/${index}`)
      continue
    }
    const credentialIds = value['credential_ids'] as readonly string[]
    transactions.push(value)
    remembered.push({ hash: await hashOfTransaction(text as string), credentialIds })
  }
  return { transactions, remembered }
}

/** Whether it is of a known type, and credentials are asked for that can authorise it (B.3.3). */
function isTransaction(
  value: Json | undefined,
  types: readonly (string | TransactionType)[],
  { credentials }: DcqlQuery,
): value is JsonObject {
  if (!isJsonObject(value)) return false
  const { type, credential_ids: ids, transaction_data_hashes_alg: hashes } = value
  const able = credentials.filter(
    ({ format, require_cryptographic_holder_binding: bound }) => format === 'dc+sd-jwt' && bound,
  )
  const known = types.find((each) => (typeof each === 'string' ? each : each.type) === type)
  return (
    known !== undefined &&
    Array.isArray(ids) &&
    ids.length > 0 &&
    ids.every((id) => able.some((each) => each.id === id)) &&
    (hashes === undefined || (Array.isArray(hashes) && hashes.includes('sha-256'))) &&
    (typeof known === 'string' || accepts(known, value))
  )
}

function accepts(known: TransactionType, transaction: JsonObject): boolean {
  try {
    return known.accepts(transaction) === true
  } catch {
    // The rules of a type are somebody else's code.
    return false
  }
}
