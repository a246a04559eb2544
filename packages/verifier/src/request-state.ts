import {
  type AsobaError,
  bytesOfBase64url,
  canonicalize,
  digest,
  isJsonObject,
  type Json,
  type JsonObject,
  type PresentationContext,
  problem,
  refused,
  type TransactionData,
  toBase64url,
  utf8,
  type Verified,
} from '@asoba/core'
import type { Seal } from '@asoba/core/seal'

/** What a request binds and the verifier needs to remember; travels sealed in `state`. */
export interface RequestState extends Omit<PresentationContext, 'now' | 'transactionHashes'> {
  readonly transactionData?: readonly TransactionData[]
  /** Random; the mark that a replay store keeps. */
  readonly id: string
  /** Hashes of the query as given and as completed: the caller may come back with either. */
  readonly queryHashes: readonly string[]
  readonly expires: Date
}

/** Version of the state; a seal for anything else does not open as one. */
const purpose = 'asoba/verifier/request/v1'

/** SHA-256 of the query's canonical form, base64url. @throws AsobaError `json.not-canonicalizable` */
export async function hashOfQuery(query: unknown): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(canonicalize(query as Json))))
}

/** The state, sealed. */
export async function sealState(seal: Seal, state: RequestState): Promise<string> {
  const { expires, payloadHash, ...rest } = state
  const value = {
    ...(rest as unknown as JsonObject),
    exp: expires.getTime(),
    ...(payloadHash === undefined ? {} : { payloadHash: toBase64url(payloadHash) }),
  }
  return seal.seal(value, { expires, purpose })
}

/** Opens a state and holds it against what the caller asked for. */
export async function openState(
  seal: Seal,
  text: unknown,
  expected: { readonly query: unknown; readonly audience: string; readonly now: Date },
): Promise<Verified<{ readonly state: RequestState }>> {
  if (typeof text !== 'string') return invalid('there is no state')
  let value: Json
  try {
    value = await seal.unseal(text, { now: expected.now, purpose })
  } catch (error) {
    return (error as AsobaError).code === 'seal.expired'
      ? refused([problem('request.expired', 'the request has expired', '/state')])
      : invalid('the state was not made by this verifier')
  }
  if (!isJsonObject(value)) return invalid('the state was not made by this verifier')
  const { exp, payloadHash, ...rest } = value
  const state = {
    ...rest,
    expires: new Date(exp as number),
    ...(payloadHash === undefined ? {} : { payloadHash: bytesOfBase64url(payloadHash as string) }),
  } as unknown as RequestState
  if (state.audience !== expected.audience) {
    return invalid('the state was made for another audience')
  }
  let hash: string | undefined
  try {
    hash = await hashOfQuery(expected.query)
  } catch {
    // A query that is no JSON was never sealed.
  }
  if (hash === undefined || !state.queryHashes.includes(hash)) {
    return invalid('the state was made for another query')
  }
  return { verified: true, checks: [], state }
}

function invalid(detail: string): Verified<never> {
  return refused([problem('request.state-invalid', detail, '/state')])
}
