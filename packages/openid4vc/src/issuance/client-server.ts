import {
  isJsonObject,
  type Json,
  type JsonObject,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { withoutNulls } from '../http.ts'
import { type Endpoint, type EndpointName, endpointIn, hostsBeside } from './client-hosts.ts'
import { ask, type ClientSettings, jsonOf } from './client-settings.ts'
import { wellKnown, wellKnownBehind } from './metadata.ts'

/** The authorisation server. */
export interface ServerDescription {
  readonly issuer: string
  readonly token: string
  readonly authorization: Endpoint
  readonly par: Endpoint
  /** `grant_types_supported`, where it says. */
  readonly grants: readonly string[] | undefined
  readonly dpop: readonly string[]
  readonly attestation: boolean
  /** Where challenges for proofs of the wallet are had. */
  readonly challenge: Endpoint
  readonly anonymous: boolean
  /** Whether what the browser brings back must say who sent it. */
  readonly namesItself: boolean
}

/** What an authorisation server says of itself. @see https://www.rfc-editor.org/rfc/rfc8414#section-3 */
export async function describeServer(
  settings: ClientSettings,
  issuer: string,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly server: ServerDescription }>> {
  const found = await fetchServer(settings, issuer, signal)
  if (found === undefined) {
    return bad('offer.unavailable', 'the metadata of the authorisation server cannot be fetched')
  }
  if (found['issuer'] !== issuer) {
    return bad('offer.metadata-invalid', 'the metadata are of another authorisation server')
  }
  const at = (name: EndpointName): Endpoint => endpointIn(settings, found, name, issuer)
  const token = at('token_endpoint')
  if (token.address === undefined) return bad('offer.metadata-invalid', token.why)
  const authorization = at('authorization_endpoint')
  return {
    verified: true,
    checks: [],
    server: {
      issuer,
      token: token.address,
      authorization,
      par: at('pushed_authorization_request_endpoint'),
      grants:
        found['grant_types_supported'] === undefined
          ? undefined
          : textsIn(found['grant_types_supported']),
      dpop: textsIn(found['dpop_signing_alg_values_supported']),
      attestation: textsIn(found['token_endpoint_auth_methods_supported']).includes(
        'attest_jwt_client_auth',
      ),
      challenge: at('challenge_endpoint'),
      anonymous: found['pre-authorized_grant_anonymous_access_supported'] === true,
      // RFC 9700 section 4.4: who names the login page of somebody else would be sent the code
      // of that somebody; the other's answer does not say that it is theirs.
      namesItself:
        found['authorization_response_iss_parameter_supported'] === true ||
        hostsBeside(issuer, [authorization.address]).length > 0,
    },
  }
}

/**
 * The document at the first place that has one: that of RFC 8414 section 3, then those of OpenID
 * Connect in the order of its section 5.
 */
async function fetchServer(
  settings: ClientSettings,
  issuer: string,
  signal: AbortSignal | undefined,
): Promise<JsonObject | undefined> {
  const places = [
    wellKnown(issuer, 'oauth-authorization-server'),
    wellKnown(issuer, 'openid-configuration'),
    wellKnownBehind(issuer, 'openid-configuration'),
  ]
  for (const address of new Set(places)) {
    const init = { headers: { accept: 'application/json' }, signal }
    const answer = await ask(settings, address, init).catch(() => undefined)
    const found = answer?.status === 200 ? jsonOf(answer) : undefined
    if (found !== undefined) return withoutNulls(found)
  }
  return undefined
}

/** The texts in an array; empty where it is none. */
export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : []
}

/** The objects in an array; empty where it is none. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : []
}

/** One problem. */
export function bad(
  code:
    | 'offer.issuer-untrusted'
    | 'offer.malformed'
    | 'offer.metadata-invalid'
    | 'offer.unavailable'
    | 'offer.unsupported',
  detail: string,
): ReturnType<typeof refused> {
  return refused([problem(code, detail)])
}
