import { AsobaError, type Json, type JsonObject, parseJson } from '@asoba/core'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { detailedIn, type Grant, grantJson } from './access.ts'
import { answer, json, Refusal } from './answers.ts'
import { authenticateClient } from './attestation.ts'
import { readForm } from './body.ts'
import { provenKey } from './dpop.ts'
import { paths } from './metadata.ts'
import {
  firstUse,
  hasEnded,
  noteEnd,
  openSealed,
  randomText,
  sealFor,
  unsealFor,
} from './sealed.ts'
import { isIssuerUrl, type Settings } from './settings.ts'
import { codeLifetime } from './token.ts'
import type { Interaction } from './types.ts'

/** Seconds in which a pushed request is brought to the authorisation endpoint, and a login ends. */
const pushedLifetime = 120
const interactionLifetime = 1800
const requestUri = 'urn:ietf:params:oauth:request_uri:'

/** The endpoint for pushed authorisation requests. @see RFC 9126 section 2 */
export async function pushEndpoint(settings: Settings, request: Request): Promise<Response> {
  const form = await readForm(request)
  const clientId = await authenticateClient(settings, request, form.get('client_id'))
  if (clientId === undefined) throw new Refusal('invalid_request', 'client_id is missing')
  for (const name of ['request', 'request_uri']) {
    if (form.has(name))
      throw new Refusal('invalid_request', 'request and request_uri are not taken')
  }
  if (form.get('response_type') !== 'code') {
    throw new Refusal('unsupported_response_type', 'response_type is code')
  }
  if ((form.get('response_mode') ?? 'query') !== 'query') {
    throw new Refusal('invalid_request', 'response_mode is query')
  }
  const redirectUri = form.get('redirect_uri')
  if (redirectUri === undefined || !isRedirectUri(settings, clientId, redirectUri)) {
    throw new Refusal('invalid_request', 'redirect_uri is missing, or not one of the client')
  }
  const challenge = form.get('code_challenge')
  // RFC 7636 section 4.2: 32 bytes as base64url
  if (form.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? '')) {
    throw new Refusal('invalid_request', 'a code_challenge by S256 is demanded')
  }
  const state = form.get('state')
  if (state !== undefined && state.length > 2048) {
    throw new Refusal('invalid_request', 'state is too long')
  }
  const asked = askedFor(settings, form)
  const issuerState = await issuerStateIn(settings, form.get('issuer_state'))
  const jkt = await boundKey(settings, request, form.get('dpop_jkt'))
  const pushed: JsonObject = {
    id: randomText(),
    clientId,
    redirectUri,
    challenge: challenge ?? '',
    ...asked,
    ...(state !== undefined && { state }),
    ...(issuerState !== undefined && { issuerState }),
    ...(jkt !== undefined && { jkt }),
  }
  const uri = requestUri + (await sealFor(settings, 'pushed', pushed, pushedLifetime))
  return json({ request_uri: uri, expires_in: pushedLifetime }, { status: 201 })
}

/** Which credentials are asked for, by scope or in detail. @see OpenID4VCI 1.0 section 5.1 */
function askedFor(
  settings: Settings,
  form: ReadonlyMap<string, string>,
): { readonly configurations: string[]; readonly identifiers: boolean } {
  const text = form.get('authorization_details')
  const detailed =
    text === undefined
      ? undefined
      : detailedIn(settings, parseJson(text, { maxLength: 65_536 }) ?? null)
  const scopes = new Set((form.get('scope') ?? '').split(' '))
  const scoped = [...settings.configurations.values()].filter(({ scope }) => scopes.has(scope))
  if (detailed === undefined && scoped.length === 0) {
    throw new Refusal('invalid_scope', 'no credential is asked for')
  }
  const configurations = new Set([...(detailed ?? []), ...scoped.map(({ id }) => id)])
  return { configurations: [...configurations], identifiers: detailed !== undefined }
}

async function issuerStateIn(
  settings: Settings,
  text: string | undefined,
): Promise<Json | undefined> {
  if (text === undefined) return undefined
  const held = await unsealFor(settings, 'issuer-state', text)
  if (held === undefined) throw new Refusal('invalid_request', 'the offer is over: ask for another')
  return held['subject']
}

/** @see RFC 9449 section 10 */
async function boundKey(
  settings: Settings,
  request: Request,
  named: string | undefined,
): Promise<string | undefined> {
  const proven = await provenKey(settings, request, paths.par)
  if (named !== undefined && !/^[\w-]{43}$/.test(named)) {
    throw new Refusal('invalid_request', 'dpop_jkt is no thumbprint')
  }
  if (proven !== undefined && named !== undefined && proven !== named) {
    throw new Refusal('invalid_dpop_proof', 'dpop_jkt is of another key')
  }
  return proven ?? named
}

function isRedirectUri(settings: Settings, clientId: string, uri: string): boolean {
  if (uri.length > 2048 || !URL.canParse(uri) || uri.includes('#')) return false
  const { redirectUriAllowed } = settings.options
  const judged = redirectUriAllowed === undefined ? 'usual' : redirectUriAllowed(clientId, uri)
  if (judged !== 'usual') return judged === true
  const { protocol, username, password } = new URL(uri)
  if (username !== '' || password !== '') return false
  // RFC 8252 section 7.1: a private-use scheme is a domain name turned around
  if (/^[a-z][a-z\d+-]*(?:\.[a-z\d+-]+)+:$/.test(protocol)) return true
  const [bare = ''] = uri.split('?')
  return isIssuerUrl(bare, settings.options[allowInsecureLoopback] === true)
}

/** The authorisation endpoint: to the deployer's pages. @see RFC 9126 section 4 */
export async function authorizeEndpoint(settings: Settings, request: Request): Promise<Response> {
  const { authorize } = settings.options
  const parameters = new URL(request.url).searchParams
  const clientId = parameters.get('client_id')
  const [, text = ''] = (parameters.get('request_uri') ?? '').split(requestUri)
  const pushed = await unsealFor(settings, 'pushed', text)
  // Nothing is known of who asks, so nobody is sent anywhere.
  if (authorize === undefined || pushed === undefined || pushed['clientId'] !== clientId) {
    throw new Refusal(
      'invalid_request',
      'the request is not known or over: begin again in the wallet',
    )
  }
  // RFC 9126 section 7.3: it may be loaded again until it is answered, and not afterwards
  if (await hasEnded(settings, 'pushed', String(pushed['id']))) {
    throw new Refusal('invalid_request', 'the request was answered before: go back to the wallet')
  }
  const { issuerState, ...rest } = pushed
  const interaction: Interaction = {
    interaction: await sealFor(settings, 'interaction', rest, interactionLifetime),
    configurations: pushed['configurations'] as readonly string[],
    clientId: String(clientId),
    ...(issuerState !== undefined && { issuerState }),
  }
  return authorize(request, interaction)
}

/** Ends an interaction with a code. @throws AsobaError, TypeError as `IssuerServer.approve` */
export async function approve(
  settings: Settings,
  interaction: string,
  decision: { readonly subject: Json; readonly configurations?: readonly string[] },
): Promise<Response> {
  const held = await openSealed(settings, 'interaction', interaction)
  const asked = held['configurations'] as readonly string[]
  const { subject, configurations = asked } = decision
  if (configurations.length === 0 || configurations.some((id) => !asked.includes(id))) {
    throw new TypeError('configurations are some of those asked for')
  }
  await endInteraction(settings, held)
  const { clientId, jkt } = held
  const grant: Grant = {
    id: randomText(),
    configurations,
    subject,
    identifiers: held['identifiers'] === true,
    clientId: String(clientId),
    ...(typeof jkt === 'string' && { jkt }),
  }
  const code = await sealFor(
    settings,
    'code',
    {
      ...grantJson(grant),
      redirectUri: held['redirectUri'] ?? null,
      challenge: held['challenge'] ?? null,
    },
    codeLifetime,
  )
  return redirect(settings, held, { code })
}

/** Ends an interaction with a no. @throws AsobaError as `IssuerServer.deny` */
export async function deny(settings: Settings, interaction: string): Promise<Response> {
  const held = await openSealed(settings, 'interaction', interaction)
  await endInteraction(settings, held)
  return redirect(settings, held, { error: 'access_denied' })
}

/** One request has one end, however often its page was opened. */
async function endInteraction(settings: Settings, held: JsonObject): Promise<void> {
  const seconds = pushedLifetime + interactionLifetime
  const id = String(held['id'])
  if (!(await firstUse(settings, 'interaction', id, seconds))) {
    throw new AsobaError('request.invalid', 'the interaction has ended before')
  }
  // Twice as long as it could be opened, should clocks of replicas differ.
  await noteEnd(settings, 'pushed', id, 2 * pushedLifetime)
}

/** @see RFC 6749 section 4.1.2, RFC 9207 section 2 */
function redirect(
  settings: Settings,
  held: JsonObject,
  parameters: Readonly<Record<string, string>>,
): Response {
  const { redirectUri, state } = held
  const to = new URL(String(redirectUri))
  for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value)
  if (typeof state === 'string') to.searchParams.set('state', state)
  to.searchParams.set('iss', settings.url)
  return answer(303, null, { location: to.href })
}
