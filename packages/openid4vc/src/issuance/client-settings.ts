import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { mediaTypeOf } from '../http.ts'
import { objectIn, readText } from './body.ts'
import type { IssuanceClientOptions } from './client-types.ts'
import { isIssuerUrl } from './settings.ts'

/** The options of a client, looked at. */
export interface ClientSettings {
  readonly options: IssuanceClientOptions
  readonly haip: boolean
  readonly insecure: boolean
  readonly copies: number
  readonly algorithms: readonly string[]
  readonly now: () => Date
}

/** @throws TypeError where an option is missing or makes no sense */
export function clientSettings(options: IssuanceClientOptions): ClientSettings {
  const { wallet, fetch, issuers, copies = 10, clientId, redirectUri, attestation } = options
  if (typeof wallet?.prove !== 'function' || typeof fetch !== 'function') {
    throw new TypeError('an issuance client needs wallet and fetch')
  }
  if (issuers !== 'any' && typeof issuers !== 'function') {
    throw new TypeError("issuers says which are dealt with: a function, or 'any'")
  }
  if (!Number.isInteger(copies) || copies < 1 || copies > 100) {
    throw new TypeError('copies is a whole number from 1 to 100')
  }
  const haip = options.haip === true
  if ((redirectUri !== undefined || attestation !== undefined || haip) && clientId === undefined) {
    throw new TypeError('redirectUri, attestation and haip need a clientId')
  }
  if (haip && (attestation === undefined || redirectUri === undefined)) {
    throw new TypeError('HAIP needs attestation and redirectUri')
  }
  return {
    options,
    haip,
    insecure: options[allowInsecureLoopback] === true,
    copies,
    algorithms: haip ? ['ES256'] : ['ES256', 'EdDSA'],
    now: options.now ?? (() => new Date()),
  }
}

/** Whether an address may be asked: https, or with the weakening plain http to this machine. */
export function isEndpoint(settings: ClientSettings, address: unknown): address is string {
  if (typeof address !== 'string' || address.length > 2048) return false
  const [bare = ''] = address.split('?')
  return !address.includes('#') && isIssuerUrl(bare, settings.insecure)
}

const maxAnswer = 4_194_304
const patience = 30_000

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly type: string
  readonly text: string
}

/**
 * Asks without cookies, without telling where from, following nobody elsewhere, for half a minute
 * at most.
 *
 * @throws AsobaError `network.failed`
 */
export async function ask(
  settings: ClientSettings,
  address: string,
  init: {
    readonly method?: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly signal?: AbortSignal | undefined
  } = {},
): Promise<Answer> {
  const { signal, ...rest } = init
  const limit = AbortSignal.timeout(patience)
  try {
    const response = await settings.options.fetch(address, {
      ...rest,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    })
    const text = await readText(response, maxAnswer)
    if (text === undefined) throw new TypeError('no text')
    const { status, headers } = response
    return { status, headers, type: mediaTypeOf(response), text }
  } catch {
    if (signal?.aborted === true) throw signal.reason
    // Without the cause: it may quote the request, and with it a code or a token.
    throw new AsobaError('network.failed', 'the issuer cannot be reached: try again later')
  }
}

/** The JSON object of an answer. */
export function jsonOf({ type, text }: Answer): JsonObject | undefined {
  return type === 'application/json' ? objectIn(text) : undefined
}

/** @throws AsobaError `issuance.malformed` */
export function malformed(what: string): AsobaError {
  return new AsobaError('issuance.malformed', what)
}

/** What to do about the errors that the specifications know. */
const advice: Readonly<Record<string, string>> = {
  access_denied: 'access_denied: the issuer or the holder said no',
  credential_request_denied: 'credential_request_denied: the issuer does not issue this credential',
  invalid_authorization_details: 'invalid_authorization_details: ask for a new offer',
  invalid_client: 'invalid_client: the issuer does not take this wallet; update it, or use another',
  invalid_client_attestation: 'invalid_client_attestation: the issuer does not take this wallet',
  invalid_credential_request:
    'invalid_credential_request: wallet and issuer do not understand each other',
  invalid_dpop_proof: 'invalid_dpop_proof: check the clock of this device',
  invalid_encryption_parameters:
    'invalid_encryption_parameters: wallet and issuer share no encryption',
  invalid_grant:
    'invalid_grant: the offer was used or is over, or the code is wrong; ask for a new one',
  invalid_nonce: 'invalid_nonce: try again',
  invalid_proof: 'invalid_proof: the issuer does not take the keys of this wallet',
  invalid_request: 'invalid_request: wallet and issuer do not understand each other',
  invalid_scope: 'invalid_scope: the issuer does not issue this credential',
  invalid_token: 'invalid_token: it took too long; ask for a new offer',
  invalid_transaction_id: 'invalid_transaction_id: it was fetched before, or is over',
  temporarily_unavailable: 'temporarily_unavailable: try again later',
  unknown_credential_configuration: 'unknown_credential_configuration: ask for a new offer',
  unknown_credential_identifier: 'unknown_credential_identifier: ask for a new offer',
}

/** The error code in an answer, if the specifications know it. */
export function errorIn(answer: Answer): string | undefined {
  const error: Json | undefined = isJsonObject(jsonOf(answer))
    ? jsonOf(answer)?.['error']
    : undefined
  return typeof error === 'string' && Object.hasOwn(advice, error) ? error : undefined
}

/** What an answer that is no success says, in our words: the issuer's may say anything. */
export function refusedWith(error: string | undefined): AsobaError {
  const known = error !== undefined && Object.hasOwn(advice, error) ? advice[error] : undefined
  return new AsobaError(
    'issuance.refused',
    known ?? 'the issuer refused without a reason that is known',
  )
}
