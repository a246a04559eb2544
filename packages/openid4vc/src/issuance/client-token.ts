import {
  AsobaError,
  digest,
  isJsonObject,
  type Json,
  type JsonObject,
  toBase64url,
  utf8,
} from '@asoba/core'
import { jwkThumbprint } from '@asoba/did'
import type { ConfigurationDescription } from './client-metadata.ts'
import { textsIn } from './client-server.ts'
import { isSuccess, postForm, type Session } from './client-session.ts'
import {
  type Answer,
  type ClientSettings,
  errorIn,
  jsonOf,
  malformed,
  refusedWith,
} from './client-settings.ts'
import { randomText } from './sealed.ts'

/** What a wallet asks for credentials with. */
export interface Tokens {
  readonly access: string
  readonly refresh?: string
  /** `credential_identifiers` by configuration, where the server gave some. */
  readonly identifiers: ReadonlyMap<string, readonly string[]>
}

/**
 * Asks for tokens.
 *
 * @throws AsobaError `issuance.refused`, `issuance.malformed`
 * @see OpenID4VCI 1.0 section 6
 */
export async function requestTokens(
  settings: ClientSettings,
  session: Session,
  form: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<Tokens> {
  const { clientId } = settings.options
  const { server } = session.description
  const answer = await postForm(
    settings,
    session,
    server.token,
    { client_id: clientId, ...form },
    { signal, dpop: true },
  )
  if (!isSuccess(answer)) throw refusedWith(errorIn(answer))
  const found = jsonOf(answer)
  const { access_token: access, token_type: type, refresh_token: refresh } = found ?? {}
  // RFC 6749 appendix A.12: what else it may hold would break the header that it goes into.
  if (typeof access !== 'string' || !visible.test(access) || typeof type !== 'string') {
    throw malformed('the answer has no access token')
  }
  // A key was proven; a token that anybody could use would be a step back.
  const wanted = session.key === undefined ? 'bearer' : 'dpop'
  if (type.toLowerCase() !== wanted)
    throw malformed('the access token is not bound as it should be')
  return {
    access,
    ...(typeof refresh === 'string' && visible.test(refresh) && { refresh }),
    identifiers: identifiersIn(found?.['authorization_details']),
  }
}

const visible = /^[\x21-\x7e]{1,65536}$/
/** Credentials of one configuration that are fetched at most. */
const maxIdentifiers = 20

function identifiersIn(details: Json | undefined): Tokens['identifiers'] {
  const entries = Array.isArray(details) ? (details as readonly Json[]) : []
  return new Map(
    entries.flatMap((each) => {
      if (!isJsonObject(each)) return []
      const { credential_configuration_id: id, credential_identifiers: identifiers } = each
      const texts = [...new Set(textsIn(identifiers))]
      if (texts.length > maxIdentifiers) throw malformed('the token is for too many credentials')
      return typeof id === 'string' ? [[id, texts] as const] : []
    }),
  )
}

/** Where the browser goes, and what must come back. */
export interface Begun {
  readonly url: string
  readonly verifier: string
  readonly state: string
}

/**
 * Pushes an authorisation request.
 *
 * @throws AsobaError `issuance.refused`, `issuance.malformed`, `issuance.unsupported`
 * @see OpenID4VCI 1.0 section 5, RFC 9126, RFC 7636
 */
export async function beginAuthorization(
  settings: ClientSettings,
  session: Session,
  asked: {
    readonly configurations: readonly ConfigurationDescription[]
    readonly issuerState: string | undefined
    readonly signal: AbortSignal | undefined
  },
): Promise<Begun> {
  const { clientId, redirectUri } = settings.options
  const { par, authorization } = session.description.server
  if (clientId === undefined || redirectUri === undefined) {
    throw new AsobaError('issuance.unsupported', 'the wallet was given no clientId and redirectUri')
  }
  // Pushed requests alone: what is asked for goes through no browser's history (RFC 9126).
  if (par.address === undefined || authorization.address === undefined) {
    throw new AsobaError('issuance.unsupported', par.why ?? String(authorization.why))
  }
  const verifier = randomText()
  const state = randomText()
  const form = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: toBase64url(await digest('SHA-256', utf8(verifier))),
    code_challenge_method: 'S256',
    state,
    ...requested(session, asked.configurations),
    issuer_state: asked.issuerState,
    dpop_jkt: session.key && (await jwkThumbprint(session.key.publicJwk)),
  }
  const answer = await postForm(settings, session, par.address, form, {
    signal: asked.signal,
    dpop: false,
  })
  if (!isSuccess(answer)) throw refusedWith(errorIn(answer))
  const uri = jsonOf(answer)?.['request_uri']
  if (typeof uri !== 'string' || uri.length > 65_536)
    throw malformed('the answer has no request_uri')
  const url = new URL(authorization.address)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('request_uri', uri)
  return { url: url.href, verifier, state }
}

/** By scope where every configuration has one, in detail otherwise. */
function requested(
  { description }: Session,
  configurations: readonly ConfigurationDescription[],
): {
  readonly scope?: string
  readonly resource?: string
  readonly authorization_details?: string
} {
  const { issuer, namesServers } = description
  const scopes = configurations.flatMap(({ scope }) => (scope === undefined ? [] : [scope]))
  // 5.1.2, RFC 8707: whom it is for, where a server may serve several issuers
  if (scopes.length === configurations.length) {
    return { scope: scopes.join(' '), ...(namesServers && { resource: issuer }) }
  }
  const details = configurations.map(
    ({ configuration }): JsonObject => ({
      type: 'openid_credential',
      credential_configuration_id: configuration,
      // 5.1.1: where the metadata have authorization_servers, whoever that is
      ...(namesServers && { locations: [issuer] }),
    }),
  )
  return { authorization_details: JSON.stringify(details) }
}

/**
 * The code that the browser brought back.
 *
 * @throws AsobaError `issuance.refused`, `issuance.malformed`
 * @see RFC 9207 section 2.4
 */
export function codeIn(
  settings: ClientSettings,
  { description }: Session,
  callback: string,
  state: string,
): string {
  const { redirectUri = '' } = settings.options
  const [before = ''] = callback.split(/[?#]/)
  const [expected = ''] = redirectUri.split('?')
  if (!URL.canParse(callback) || before.replace(/\/$/, '') !== expected.replace(/\/$/, '')) {
    throw malformed('the browser came back to another address')
  }
  const parameters = new URL(callback).searchParams
  const once = (name: string): string | undefined => {
    const all = parameters.getAll(name)
    if (all.length > 1) throw malformed('a parameter came back twice')
    return all[0]
  }
  if (once('state') !== state) throw malformed('what came back is of another request')
  const iss = once('iss')
  const { server } = description
  if (iss === undefined ? server.namesItself : iss !== server.issuer) {
    throw malformed('what came back is of another authorisation server')
  }
  const error = once('error')
  if (error !== undefined) throw refusedWith(error)
  const code = once('code')
  if (code === undefined || code === '') throw malformed('no code came back')
  return code
}

/** Whether an answer of the nonce endpoint has a nonce. */
export function nonceIn(answer: Answer): string {
  const nonce = jsonOf(answer)?.['c_nonce']
  if (typeof nonce !== 'string' || nonce === '' || nonce.length > 16_384) {
    throw malformed('the nonce endpoint gives no nonce')
  }
  return nonce
}
