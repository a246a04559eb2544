import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { decline, matchesFor, respond } from './answer.ts'
import type { ClientSettings } from './client-settings.ts'
import { readRequest } from './read-request.ts'
import type { PresentationClient, PresentationClientOptions } from './wallet-types.ts'

/**
 * The wallet's side of OpenID4VP 1.0: reads requests from links and from the Digital Credentials
 * API, and answers them. It keeps nothing.
 *
 * @throws TypeError where an option is missing
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html
 */
export function createPresentationClient(options: PresentationClientOptions): PresentationClient {
  const { wallet, verifiers, fetch } = options
  if (typeof wallet?.present !== 'function' || typeof fetch !== 'function') {
    throw new TypeError('a presentation client needs wallet and fetch')
  }
  if (verifiers?.unsigned !== 'accepted' && verifiers?.unsigned !== 'refused') {
    throw new TypeError('verifiers says of unsigned requests whether they are accepted')
  }
  const settings: ClientSettings = {
    ...options,
    insecure: options[allowInsecureLoopback] === true,
    now: options.now ?? (() => new Date()),
  }
  return {
    readRequest: (input, { signal } = {}) => readRequest(settings, input, signal),
    match: (incoming) => matchesFor(settings, incoming),
    respond: (incoming, match, { signal } = {}) => respond(settings, incoming, match, signal),
    decline: (incoming, error = 'access_denied', { signal } = {}) =>
      decline(settings, incoming, error, signal),
  }
}
