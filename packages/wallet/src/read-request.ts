import {
  AsobaError,
  type DcqlQuery,
  isJsonObject,
  isServiceScopeOf,
  readForeignQuery,
  scopeKind,
  type TransactionData,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'

/** How a request reached the wallet. */
export interface RequestOptions {
  /**
   * Who wrote the audience. `origin:…` is believed only from the platform (the browser's
   * Digital Credentials API); a request that says it of itself is refused. `request` when left out.
   */
  readonly audienceSetBy?: 'request' | 'platform'
  /**
   * The scope of an election whose manifest the wallet holds and whose signature it verified.
   * A request alone never gets a pseudonym in such a scope.
   */
  readonly electionScope?: string
  /**
   * SHA-256 of what the holder says together with the presentation: the answer in a poll, a key for
   * a roll. It travels beside the presentation and cannot be exchanged for another.
   */
  readonly payloadHash?: Uint8Array
}

/** A request that was read: everything in it has been looked at. */
export interface ReadRequest {
  readonly query: DcqlQuery
  readonly nonce: string
  readonly audience: string
  readonly state?: string
  readonly responseUri?: string
  readonly encryptionKeyThumbprint?: string
  readonly purpose: 'present' | 'roll' | 'poll'
  readonly scope?: string
  readonly payloadHash?: Uint8Array
  readonly transactionData: readonly TransactionData[]
}

const printable = /^[\x21-\x7e]+$/
const urlSafe = /^[A-Za-z0-9._~+/=-]+$/

/**
 * Reads what a verifier asks, whoever brought it.
 *
 * @throws AsobaError `request.invalid`, or `query.invalid` with the place in the query
 * @throws TypeError where a payload hash is none, or the request asks for no roll or poll
 */
export function readRequest(request: unknown, options: RequestOptions = {}): ReadRequest {
  if (!isJsonObject(request)) throw invalid('the request is not an object', '')
  const { query, nonce, audience, purpose = 'present' } = request
  if (!isText(audience, 2048, printable)) {
    throw invalid('the request does not say for whom the answer is', '/audience')
  }
  if (/^origin:/i.test(audience) && options.audienceSetBy !== 'platform') {
    throw invalid('only the platform may name an origin as the audience', '/audience')
  }
  if (!isText(nonce, 512, urlSafe)) throw invalid('the request has no usable nonce', '/nonce')
  if (purpose !== 'present' && purpose !== 'roll' && purpose !== 'poll') {
    throw invalid('the purpose is not known', '/purpose')
  }
  const { payloadHash } = options
  if (payloadHash !== undefined && (payloadHash.length !== 32 || purpose === 'present')) {
    throw new TypeError('a payload hash has 32 bytes, and goes with a roll or a poll')
  }
  const { scope } = optionalText(request, 'scope', 4096)
  if (scope !== undefined && !mayAsk(scope, { audience, purpose, ...options })) {
    throw invalid('the request asks for the pseudonym of another scope than its own', '/scope')
  }
  return {
    query: readForeignQuery(query, parseQuery),
    nonce,
    audience,
    purpose,
    ...optionalText(request, 'state', 65_536),
    ...optionalText(request, 'responseUri', 4096),
    ...optionalText(request, 'encryptionKeyThumbprint', 128),
    ...(scope === undefined ? {} : { scope }),
    ...(payloadHash === undefined ? {} : { payloadHash }),
    transactionData: transactionsIn(request['transactionData']),
  }
}

function transactionsIn(value: unknown): readonly TransactionData[] {
  if (value === undefined) return []
  const path = '/transactionData'
  if (!Array.isArray(value) || value.length === 0 || value.length > 32) {
    throw invalid('transactions are a list of a few', path)
  }
  return value.map((each: unknown, index) => {
    const { hash, credentialIds } = isJsonObject(each) ? each : {}
    const named =
      Array.isArray(credentialIds) &&
      credentialIds.length > 0 &&
      credentialIds.every((id) => typeof id === 'string')
    if (!isText(hash, 43, /^[\w-]{43}$/) || !named) {
      throw invalid('a transaction has a hash and names credentials', `${path}/${index}`)
    }
    return { hash, credentialIds: credentialIds as readonly string[] }
  })
}

/**
 * Who asks may have the pseudonym of its own service; that of an election only who presents a
 * manifest. Otherwise one shop would learn who is a customer of another, or a voter.
 *
 * @see spec/pseudonyms.md, Scopes
 */
function mayAsk(
  scope: string,
  by: RequestOptions & { readonly audience: string; readonly purpose: ReadRequest['purpose'] },
): boolean {
  if (scopeKind(scope) === 'election') return scope === by.electionScope && by.purpose !== 'present'
  return isServiceScopeOf(scope, by.audience)
}

function optionalText<N extends string>(
  request: Readonly<Record<string, unknown>>,
  name: N,
  max: number,
): { readonly [K in N]?: string } {
  const value = request[name]
  if (value === undefined) return {}
  if (!isText(value, max, printable)) throw invalid('a member is not usable text', `/${name}`)
  return { [name]: value } as { readonly [K in N]: string }
}

function isText(value: unknown, max: number, form: RegExp): value is string {
  return typeof value === 'string' && value.length <= max && form.test(value)
}

function invalid(message: string, path: string): AsobaError {
  return new AsobaError('request.invalid', message, { path })
}
