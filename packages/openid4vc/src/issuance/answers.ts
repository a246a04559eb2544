import type { JsonObject } from '@asoba/core'
import { answer as plainAnswer } from '../http.ts'

/** A request that is refused, in the words of its protocol; every text is a constant. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** Error code of the specification. */
  readonly error: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    error: string,
    description: string,
    options: {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(description)
    this.error = error
    this.status = options.status ?? 400
    this.headers = options.headers ?? {}
  }
}

/** The answer to a {@link Refusal}. */
export function refusalAnswer(refusal: Refusal): Response {
  const { error, message, status, headers } = refusal
  const body: JsonObject = { error, error_description: message }
  return json(body, { status, headers })
}

/** An answer in JSON; never cached. */
export function json(
  body: JsonObject,
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const { status = 200, headers = {} } = options
  return answer(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** Any answer, with the headers that all have. */
export function answer(
  status: number,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return plainAnswer(status, body, {
    'access-control-expose-headers':
      'dpop-nonce, oauth-client-attestation-challenge, www-authenticate',
    ...headers,
  })
}

/** What a browser asks before it sends a request of a wallet. */
export function preflight(): Response {
  return answer(204, null, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, accept, accept-language, dpop, oauth-client-attestation, oauth-client-attestation-pop',
    'access-control-max-age': '86400',
  })
}
