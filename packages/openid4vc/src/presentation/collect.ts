import {
  equalBytes,
  isJsonObject,
  type Json,
  type JsonObject,
  type ProblemCode,
  problem,
  type Refused,
  refused,
  utf8,
} from '@asoba/core'
import type { QueryInput } from '@asoba/verifier'
import { decryptJson } from '../jwe.ts'
import { hashOfCode } from './endpoints.ts'
import { maxBody, presentationErrors } from './protocol.ts'
import {
  openTransaction,
  readResponseRecord,
  requestKey,
  responseKey,
  type Transaction,
} from './records.ts'
import type { Settings } from './settings.ts'
import type { Collected, CollectInput } from './types.ts'

/** What has come of a request, for the session that began it. */
export async function collect<Q extends QueryInput>(
  settings: Settings,
  input: CollectInput<Q>,
): Promise<Collected<Q>> {
  const { seal } = settings.options
  const transaction = await openTransaction(seal, input.transaction, settings.now())
  if (transaction === undefined) return { status: 'gone' }
  return transaction.flow === 'dc-api'
    ? collectFromPage(settings, transaction, input)
    : collectFromStore(settings, transaction, input)
}

async function collectFromStore<Q extends QueryInput>(
  settings: Settings,
  transaction: Transaction,
  input: CollectInput<Q>,
): Promise<Collected<Q>> {
  const { responses } = settings.options
  const { id, flow } = transaction
  const record = readResponseRecord(await responses.get(responseKey(id)))
  if (record === undefined) {
    const waiting = await responses.get(requestKey(id))
    return { status: waiting === undefined ? 'gone' : 'pending' }
  }
  if (flow === 'same-device' && !(await isCode(input.responseCode, record.codeHash))) {
    return { status: 'other-session' }
  }
  // One caller gets it, on whatever replica; the request is over with it.
  if ((await responses.take(responseKey(id))) === undefined) return { status: 'gone' }
  await responses.take(requestKey(id))
  if ('error' in record) return { status: 'declined', error: record.error }
  return judge(settings, transaction, await opened(transaction, record.jwe), input)
}

async function isCode(code: unknown, expected: string | undefined): Promise<boolean> {
  if (typeof code !== 'string' || expected === undefined) return false
  return equalBytes(utf8(await hashOfCode(code)), utf8(expected))
}

async function collectFromPage<Q extends QueryInput>(
  settings: Settings,
  transaction: Transaction,
  input: CollectInput<Q>,
): Promise<Collected<Q>> {
  const { response } = input
  if (response === undefined) return { status: 'pending' }
  const data = isJsonObject(response) ? (response as JsonObject) : {}
  const { response: jwe, error } = data
  if (error !== undefined) {
    const known = presentationErrors.find((each) => each === error)
    return { status: 'declined', error: known ?? 'invalid_request' }
  }
  const sealed = typeof jwe === 'string' ? await opened(transaction, jwe) : undefined
  const payload = transaction.encrypted ? sealed : data
  const collected = await judge(settings, transaction, payload, input)
  if (collected.status !== 'answered' || !collected.result.verified) return collected
  // One answer for a request, also where the verifier itself keeps no replay marks.
  const { responses } = settings.options
  const first = await responses.put(responseKey(transaction.id), '-', new Date(transaction.exp))
  return first ? collected : { status: 'gone' }
}

async function opened({ key }: Transaction, jwe: string): Promise<Json | undefined> {
  return jwe.length > maxBody * 2 ? undefined : decryptJson(jwe, key, { maxLength: maxBody })
}

async function judge<Q extends QueryInput>(
  settings: Settings,
  transaction: Transaction,
  payload: Json | undefined,
  { query = transaction.query as unknown as Q }: CollectInput<Q>,
): Promise<Collected<Q>> {
  if (!isJsonObject(payload)) {
    return answered(
      refuse('presentation.malformed', 'the response is not encrypted to this request'),
    )
  }
  const { vp_token: vpToken, state, error } = payload
  if (vpToken === undefined && error !== undefined) {
    const known = presentationErrors.find((each) => each === error)
    return { status: 'declined', error: known ?? 'invalid_request' }
  }
  if (state !== transaction.state && transaction.flow !== 'dc-api') {
    return answered(
      refuse('request.state-invalid', 'the response is not for this request', '/state'),
    )
  }
  const { verifierState, audience } = transaction
  const request = { query, state: verifierState }
  const presentation = { vp_token: vpToken }
  const result = await settings.options.verifier.verify(presentation, request, { audience })
  return { status: 'answered', result }
}

function answered(result: Refused): { readonly status: 'answered'; readonly result: Refused } {
  return { status: 'answered', result }
}

function refuse(code: ProblemCode, detail: string, path?: string): Refused {
  return refused([problem(code, detail, path)])
}
