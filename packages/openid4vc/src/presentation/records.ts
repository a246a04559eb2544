import { isJsonObject, type JsonObject, type Jwk, type PrivateJwk, parseJson } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import { type PresentationError, presentationErrors } from './protocol.ts'

/** A request as the store keeps it until it expires: nothing of it is secret or about anybody. */
export interface RequestRecord {
  readonly parameters: JsonObject
  /** To which a response that comes unencrypted is encrypted before it is kept. */
  readonly publicJwk: Jwk
  readonly flow: 'same-device' | 'cross-device'
  readonly expires: Date
}

/** A response as the store keeps it until it is collected. */
export type ResponseRecord = {
  /** SHA-256 of the response code, where the flow has one. */
  readonly codeHash?: string
} & ({ readonly jwe: string } | { readonly error: PresentationError })

/** What a browser session holds of a request, sealed. */
export interface Transaction {
  readonly id: string
  readonly flow: 'same-device' | 'cross-device' | 'dc-api'
  readonly encrypted: boolean
  readonly query: JsonObject
  readonly audience: string
  /** The verifier's own, sealed. */
  readonly verifierState: string
  /** `state` of the request; the Digital Credentials API has none. */
  readonly state?: string
  readonly key: PrivateJwk
  /** Milliseconds. */
  readonly exp: number
}

/** The names under which the store keeps them. */
export const requestKey = (id: string): string => `request/${id}`
/** See {@link requestKey}. */
export const responseKey = (id: string): string => `response/${id}`

const purpose = 'asoba/openid4vc/transaction/v1'

/** A transaction, sealed. */
export async function sealTransaction(
  seal: Seal,
  transaction: Transaction,
  expires: Date,
): Promise<string> {
  return seal.seal(transaction as unknown as JsonObject, { expires, purpose })
}

/** A transaction of ours; `undefined` where it is not, or has expired. */
export async function openTransaction(
  seal: Seal,
  text: unknown,
  now: Date,
): Promise<Transaction | undefined> {
  try {
    return (await seal.unseal(text as string, { now, purpose })) as unknown as Transaction
  } catch {
    return undefined
  }
}

/** A request, as text. */
export function requestText({ expires, ...rest }: RequestRecord): string {
  return JSON.stringify({ ...rest, exp: expires.getTime() })
}

/** What {@link requestText} wrote; a text of somebody else is none. */
export function readRequestRecord(text: string | undefined): RequestRecord | undefined {
  const value = text === undefined ? undefined : parseJson(text)
  if (!isJsonObject(value) || !isJsonObject(value['parameters'])) return undefined
  const { exp, ...rest } = value
  return { ...rest, expires: new Date(Number(exp)) } as unknown as RequestRecord
}

/** A response out of the store; a text of somebody else is none. */
export function readResponseRecord(text: string | undefined): ResponseRecord | undefined {
  const value = text === undefined ? undefined : parseJson(text, { maxLength: 4_194_304 })
  if (!isJsonObject(value)) return undefined
  const known = presentationErrors.some((each) => each === value['error'])
  return typeof value['jwe'] === 'string' || known
    ? (value as unknown as ResponseRecord)
    : undefined
}
