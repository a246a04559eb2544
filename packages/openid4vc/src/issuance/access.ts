import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { Refusal } from './answers.ts'
import { provenKey } from './dpop.ts'
import { hasEnded, sealFor, unsealFor } from './sealed.ts'
import type { Settings } from './settings.ts'

/** What a person allowed a wallet, as it lies sealed in tokens. */
export interface Grant {
  /** Random; stays the same when tokens are renewed. */
  readonly id: string
  readonly configurations: readonly string[]
  readonly subject: Json
  /** Whether the wallet asks by `credential_identifier`, since it was given some. */
  readonly identifiers: boolean
  readonly clientId?: string
  /** Thumbprint of the key that tokens are bound to. */
  readonly jkt?: string
  readonly renewal?: true
  /** Id of the authorisation code that it came of: the second use of that ends it. */
  readonly code?: string
}

/** How long an access token is good for credentials, in seconds. */
export const accessLifetime = 900

/** An access token. It is longer good for what was deferred, and for notifications. */
export async function accessToken(settings: Settings, grant: Grant): Promise<string> {
  const until = Math.floor(settings.now().getTime() / 1000) + accessLifetime
  const seconds = accessLifetime + settings.deferredLifetime
  return sealFor(settings, 'access', { ...grantJson(grant), until }, seconds)
}

/**
 * What the access token of a request allows.
 *
 * @param at path of the endpoint
 * @throws Refusal as RFC 6750 section 3.1 and RFC 9449 section 7.1 say
 */
export async function accessOf(
  settings: Settings,
  request: Request,
  at: string,
  options: { readonly afterwards: boolean },
): Promise<Grant> {
  // RFC 6750 section 2.3: what is in an address is in logs
  if (new URL(request.url).searchParams.has('access_token')) {
    throw new Refusal('invalid_request', 'an access token has no place in the address')
  }
  const header = request.headers.get('authorization')
  if (header === null) throw unauthorized(settings)
  const [, scheme = '', token = ''] = /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i.exec(header) ?? []
  const held = await unsealFor(settings, 'access', token)
  const until = held?.['until']
  const now = settings.now().getTime() / 1000
  if (held === undefined || typeof until !== 'number' || (until <= now && !options.afterwards)) {
    throw unauthorized(settings, 'the access token is not valid (any more)')
  }
  const grant = grantOf(held)
  // RFC 6749 section 4.1.2
  if (grant.code !== undefined && (await hasEnded(settings, 'code', grant.code))) {
    throw unauthorized(settings, 'the access token was revoked')
  }
  const bound = scheme.toLowerCase() === 'dpop'
  if (bound !== (grant.jkt !== undefined)) {
    throw unauthorized(settings, 'the access token goes with another scheme')
  }
  if (bound) {
    const jkt = await provenKey(settings, request, at, token)
    if (jkt === undefined) throw unauthorized(settings, 'a DPoP proof is missing')
    if (jkt !== grant.jkt) throw unauthorized(settings, 'the access token is bound to another key')
  }
  return grant
}

function unauthorized(settings: Settings, description?: string): Refusal {
  const error =
    description === undefined ? '' : ` error="invalid_token", error_description="${description}"`
  const algorithms = `algs="${settings.algorithms.join(' ')}"`
  const dpop = `DPoP ${algorithms}${error && `,${error}`}`
  return new Refusal('invalid_token', description ?? 'an access token is missing', {
    status: 401,
    headers: { 'www-authenticate': settings.dpopRequired ? dpop : `Bearer${error}, ${dpop}` },
  })
}

/** A grant as it is sealed. */
export function grantJson(grant: Grant): JsonObject {
  return { ...grant, configurations: [...grant.configurations] }
}

/** What {@link grantJson} made; only what we sealed comes here. */
export function grantOf(held: JsonObject): Grant {
  const { id, configurations, subject, identifiers, clientId, jkt, renewal, code } = held
  if (typeof id !== 'string' || !Array.isArray(configurations)) throw new TypeError('no grant')
  return {
    id,
    configurations: configurations as readonly string[],
    subject: subject as Json,
    identifiers: identifiers === true,
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof jkt === 'string' && { jkt }),
    ...(renewal === true && { renewal }),
    ...(typeof code === 'string' && { code }),
  }
}

/**
 * Ids of the configurations that `authorization_details` names; `undefined` where it is left out.
 *
 * @throws Refusal `invalid_authorization_details`
 * @see OpenID4VCI 1.0 section 5.1.1
 */
export function detailedIn(
  settings: Settings,
  value: Json | undefined,
): readonly string[] | undefined {
  if (value === undefined) return undefined
  const refuse = (text: string): Refusal => new Refusal('invalid_authorization_details', text)
  if (!Array.isArray(value) || value.length === 0 || value.length > settings.configurations.size) {
    throw refuse('authorization_details is an array, an object for each credential')
  }
  const ids = value.map((each: Json) => {
    const id = isJsonObject(each) ? each['credential_configuration_id'] : undefined
    if (!isJsonObject(each) || each['type'] !== 'openid_credential' || typeof id !== 'string') {
      throw refuse('each is of type openid_credential with a credential_configuration_id')
    }
    // `null` is left out, here as in every other object.
    const locations = each['locations'] ?? undefined
    if (
      locations !== undefined &&
      !(Array.isArray(locations) && locations.includes(settings.url))
    ) {
      throw refuse('locations does not name this issuer')
    }
    if (!settings.configurations.has(id)) throw refuse('there is no such configuration')
    return id
  })
  if (new Set(ids).size < ids.length) throw refuse('a configuration is named twice')
  return ids
}
