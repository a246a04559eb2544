import { digest, equalBytes, type JsonObject, parseJson, toBase64url, utf8 } from '@asoba/core'
import {
  accessLifetime,
  accessToken,
  detailedIn,
  type Grant,
  grantJson,
  grantOf,
} from './access.ts'
import { json, Refusal } from './answers.ts'
import { authenticateClient } from './attestation.ts'
import { readForm } from './body.ts'
import { dpopNonce, provenKey } from './dpop.ts'
import { paths, preAuthorizedCode } from './metadata.ts'
import { readPreAuthorized } from './offer.ts'
import { firstUse, hasEnded, hashOf, noteEnd, randomText, sealFor, unsealFor } from './sealed.ts'
import type { Settings } from './settings.ts'

type Form = ReadonlyMap<string, string>

interface Asker {
  readonly clientId: string | undefined
  readonly jkt: string | undefined
}

/** The token endpoint. @see OpenID4VCI 1.0 section 6, RFC 6749 section 5 */
export async function tokenEndpoint(settings: Settings, request: Request): Promise<Response> {
  const form = await readForm(request)
  const clientId = await authenticateClient(settings, request, form.get('client_id'))
  const jkt = await provenKey(settings, request, paths.token)
  if (jkt === undefined && settings.dpopRequired) {
    throw new Refusal('invalid_dpop_proof', 'tokens are bound to a key here: send a DPoP proof')
  }
  const asker = { clientId, jkt }
  switch (form.get('grant_type')) {
    case preAuthorizedCode:
      return tokens(settings, await byPreAuthorizedCode(settings, form, asker), asker)
    case 'authorization_code':
      return tokens(settings, await byCode(settings, form, asker), asker)
    case 'refresh_token':
      return byRefreshToken(settings, form, asker)
    case undefined:
      throw new Refusal('invalid_request', 'grant_type is missing')
    default:
      throw new Refusal('unsupported_grant_type', 'see grant_types_supported')
  }
}

/** @see OpenID4VCI 1.0 section 6.1 */
async function byPreAuthorizedCode(
  settings: Settings,
  form: Form,
  { clientId, jkt }: Asker,
): Promise<Grant> {
  const code = form.get('pre-authorized_code')
  const given = form.get('tx_code')
  if (code === undefined) throw new Refusal('invalid_request', 'pre-authorized_code is missing')
  const record = await readPreAuthorized(settings, code)
  if (record === undefined) throw deadCode()
  const { txCode } = record
  if (txCode === undefined && given !== undefined) {
    throw new Refusal('invalid_request', 'no transaction code was asked for')
  }
  if (txCode !== undefined && given === undefined) {
    throw new Refusal('invalid_request', 'the transaction code is missing')
  }
  const chosen = detailsOf(settings, form, record.configurations)
  const { offers } = settings.options
  const id = await hashOf('offer', code)
  if (txCode !== undefined) {
    // Counted before it is looked at, so that of many guesses at once no more are answered.
    if ((await offers.attempt(id)) === undefined) throw deadCode()
    if (!equalBytes(utf8(given ?? ''), utf8(txCode))) {
      throw new Refusal('invalid_grant', 'the transaction code is wrong')
    }
  }
  if (!(await offers.take(id))) throw deadCode()
  return {
    id: randomText(),
    configurations: chosen ?? record.configurations,
    subject: record.subject,
    identifiers: chosen !== undefined,
    ...(clientId !== undefined && { clientId }),
    ...(jkt !== undefined && { jkt }),
  }
}

function deadCode(): Refusal {
  return new Refusal('invalid_grant', 'the code is not known, was used, or has expired')
}

/** @see RFC 6749 section 4.1.3, RFC 7636 section 4.6 */
async function byCode(settings: Settings, form: Form, { clientId, jkt }: Asker): Promise<Grant> {
  const code = form.get('code')
  const verifier = form.get('code_verifier')
  if (code === undefined || verifier === undefined) {
    throw new Refusal('invalid_request', 'code or code_verifier is missing')
  }
  const held = await unsealFor(settings, 'code', code)
  if (held === undefined) throw deadCode()
  const grant = grantOf(held)
  if (grant.clientId !== clientId)
    throw new Refusal('invalid_grant', 'the code is of another client')
  if (held['redirectUri'] !== form.get('redirect_uri')) {
    throw new Refusal('invalid_grant', 'redirect_uri is not that of the request')
  }
  if (grant.jkt !== undefined && grant.jkt !== jkt) {
    throw new Refusal('invalid_grant', 'the code is bound to another key')
  }
  const challenge = toBase64url(await digest('SHA-256', utf8(verifier)))
  if (!/^[\w.~-]{43,128}$/.test(verifier) || challenge !== held['challenge']) {
    throw new Refusal('invalid_grant', 'code_verifier is not of this request')
  }
  const chosen = detailsOf(settings, form, grant.configurations)
  if (!(await firstUse(settings, 'code', code, codeLifetime))) {
    // RFC 6749 section 4.1.2: one of the two who had it is somebody else
    await noteEnd(settings, 'code', grant.id, longestLifetime(settings))
    throw deadCode()
  }
  return {
    ...grant,
    code: grant.id,
    ...(chosen && { configurations: chosen, identifiers: true }),
    ...(jkt !== undefined && { jkt }),
  }
}

/** After how many seconds nothing is left of a grant. */
function longestLifetime({ options, deferredLifetime }: Settings): number {
  return Math.max(accessLifetime + deferredLifetime, options.refreshLifetime ?? 0)
}

/** How long a code of the authorisation code flow may be redeemed, in seconds. */
export const codeLifetime = 60

function detailsOf(
  settings: Settings,
  form: Form,
  allowed: readonly string[],
): readonly string[] | undefined {
  const text = form.get('authorization_details')
  if (text === undefined) return undefined
  const ids = detailedIn(settings, parseJson(text, { maxLength: 65_536 }) ?? null)
  if (ids?.some((id) => !allowed.includes(id))) {
    throw new Refusal('invalid_authorization_details', 'more than was allowed')
  }
  return ids
}

/** @see RFC 6749 section 6, RFC 9700 section 4.14 */
async function byRefreshToken(settings: Settings, form: Form, asker: Asker): Promise<Response> {
  const { refreshLifetime } = settings.options
  const token = form.get('refresh_token')
  if (token === undefined) throw new Refusal('invalid_request', 'refresh_token is missing')
  const held = await unsealFor(settings, 'refresh', token)
  const dead = new Refusal(
    'invalid_grant',
    'the refresh token is not known, was used, or has expired',
  )
  if (refreshLifetime === undefined || held === undefined) throw dead
  const grant = grantOf(held)
  if (grant.code !== undefined && (await hasEnded(settings, 'code', grant.code))) throw dead
  if (grant.clientId !== asker.clientId) {
    throw new Refusal('invalid_grant', 'the refresh token is of another client')
  }
  if (grant.jkt !== asker.jkt) {
    throw new Refusal('invalid_grant', 'the refresh token is bound to another key')
  }
  const chosen = detailsOf(settings, form, grant.configurations)
  const until = Number(held['until'])
  // What is bound to a key may be used again; what is not is used once and replaced.
  if (grant.jkt === undefined && !(await firstUse(settings, 'refresh', token, refreshLifetime))) {
    throw dead
  }
  const renewed = { ...grant, ...(chosen && { configurations: chosen, identifiers: true }) }
  return tokens(settings, { ...renewed, id: randomText(), renewal: true }, asker, until)
}

async function tokens(
  settings: Settings,
  grant: Grant,
  { jkt }: Asker,
  until?: number,
): Promise<Response> {
  const details: JsonObject[] = grant.configurations.map((id) => ({
    type: 'openid_credential',
    credential_configuration_id: id,
    // One set of claims for each configuration: the person's.
    credential_identifiers: [id],
  }))
  const refresh = await refreshToken(settings, grant, until)
  const body: JsonObject = {
    access_token: await accessToken(settings, grant),
    token_type: grant.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: accessLifetime,
    ...(refresh !== undefined && { refresh_token: refresh }),
    ...(grant.identifiers && { authorization_details: details }),
  }
  const headers = jkt === undefined ? {} : { 'dpop-nonce': await dpopNonce(settings) }
  return json(body, { headers })
}

async function refreshToken(
  settings: Settings,
  grant: Grant,
  before: number | undefined,
): Promise<string | undefined> {
  const { refreshLifetime } = settings.options
  if (refreshLifetime === undefined) return undefined
  const now = Math.floor(settings.now().getTime() / 1000)
  const until = before ?? now + refreshLifetime
  return sealFor(settings, 'refresh', { ...grantJson(grant), until }, until - now)
}
