import {
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  type Refused,
  toBase64url,
  type Verified,
} from '@asoba/core'
import { parametersOf, textOf } from '../http.ts'
import type { ClientSettings } from './client-settings.ts'
import { type Channel, judgeParameters } from './judge-parameters.ts'
import { requestObjectType } from './protocol.ts'
import { type Authenticated, openMultiSigned, openRequestObject, refuse } from './request-object.ts'
import { isCallerOrigin, isWebUrl } from './settings.ts'
import type { PlatformRequest, RequestReading } from './wallet-types.ts'

const maxRequest = 262_144

/** Reads a request, from wherever it came. Never throws. */
export async function readRequest(
  settings: ClientSettings,
  input: string | PlatformRequest,
  signal?: AbortSignal,
): Promise<RequestReading> {
  try {
    return typeof input === 'string'
      ? await fromLink(settings, input, signal)
      : await fromPlatform(settings, input)
  } catch {
    return refuse('request.malformed', 'the request cannot be read')
  }
}

async function fromLink(
  settings: ClientSettings,
  link: string,
  signal: AbortSignal | undefined,
): Promise<RequestReading> {
  const start = link.indexOf('?')
  const query = start < 0 ? '' : (link.slice(start + 1).split('#')[0] ?? '')
  const given = link.length > maxRequest ? undefined : parametersOf(query)
  const clientId = given?.get('client_id')
  if (given === undefined || clientId === undefined) {
    return refuse('request.malformed', 'the link is no request')
  }
  // Only the browser may say it: section 5.9.3.
  if (isOrigin(clientId)) return refuse('request.client-invalid', 'a request names an origin')
  const opened = await openLink(settings, given, { clientId, signal })
  return opened.verified ? judgeParameters(settings, opened, { kind: 'post' }) : opened
}

async function openLink(
  settings: ClientSettings,
  given: ReadonlyMap<string, string>,
  by: { readonly clientId: string; readonly signal: AbortSignal | undefined },
): Promise<Verified<Authenticated>> {
  const { clientId } = by
  const [request, uri] = [given.get('request'), given.get('request_uri')]
  if (request !== undefined && uri !== undefined) {
    return refuse('request.malformed', 'the request is given twice')
  }
  // RFC 9101 section 6.3: what stands beside a request object is not read.
  if (request !== undefined) {
    return settings.haip === true
      ? refuse('request.unsupported', 'HAIP: requests are fetched by reference')
      : openRequestObject(settings, request, { clientId })
  }
  if (uri !== undefined) return fetchRequest(settings, given, { uri, ...by })
  return unsigned(settings, given, clientId)
}

/** 5.10: by POST the wallet sends a nonce, and the request object has it. */
async function fetchRequest(
  settings: ClientSettings,
  given: ReadonlyMap<string, string>,
  from: {
    readonly uri: string
    readonly clientId: string
    readonly signal: AbortSignal | undefined
  },
): Promise<Verified<Authenticated>> {
  const { uri, clientId, signal } = from
  const method = given.get('request_uri_method') ?? 'get'
  if (method !== 'get' && method !== 'post') {
    return refuse('request.unsupported', 'request_uri_method is get or post')
  }
  if (!isWebUrl(uri, settings.insecure)) {
    return refuse('request.malformed', 'request_uri is an https URL')
  }
  const accept = `application/${requestObjectType}`
  const init = {
    headers: { accept },
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(signal && { signal }),
  } as const
  const walletNonce = toBase64url(crypto.getRandomValues(new Uint8Array(16)))
  const body = new URLSearchParams({
    wallet_nonce: walletNonce,
    wallet_metadata: JSON.stringify(metadataOf(settings)),
  }).toString()
  const form = { accept, 'content-type': 'application/x-www-form-urlencoded' }
  let text: string | undefined
  try {
    const response = await settings.fetch(
      uri,
      method === 'post' ? { ...init, method: 'POST', headers: form, body } : init,
    )
    const type = response.headers.get('content-type') ?? ''
    const isObject = /^application\/oauth-authz-req\+jwt\s*(?:;|$)/i.test(type)
    text = response.status === 200 && isObject ? await textOf(response, maxRequest) : undefined
  } catch {
    // What the network says is nobody's business but the reader's.
  }
  if (text === undefined) return refuse('request.unavailable', 'the request could not be fetched')
  return openRequestObject(settings, text, {
    clientId,
    requestUri: uri,
    ...(method === 'post' && { walletNonce }),
  })
}

/** What verifiers may know of every wallet alike. @see OpenID4VP 1.0 section 10 */
function metadataOf({ haip, verifiers }: ClientSettings): JsonObject {
  const algorithms = haip === true ? ['ES256'] : ['ES256', 'ES384', 'ES512', 'EdDSA']
  const formats = {
    'dc+sd-jwt': { 'sd-jwt_alg_values': algorithms, 'kb-jwt_alg_values': algorithms },
  }
  const prefixes = [
    ...(verifiers.x509 === undefined
      ? []
      : ['x509_hash', ...(haip === true ? [] : ['x509_san_dns'])]),
    ...(verifiers.did === undefined || haip === true ? [] : ['decentralized_identifier']),
  ]
  return {
    vp_formats_supported: formats,
    client_id_prefixes_supported: prefixes,
    request_object_signing_alg_values_supported: algorithms,
    response_types_supported: ['vp_token'],
    response_modes_supported:
      haip === true ? ['direct_post.jwt'] : ['direct_post', 'direct_post.jwt'],
  }
}

const inJson = ['dcql_query', 'client_metadata', 'transaction_data', 'verifier_info']

function unsigned(
  { verifiers, haip }: ClientSettings,
  given: ReadonlyMap<string, string>,
  clientId: string,
): Verified<Authenticated> {
  // A signing client that does not sign is somebody else.
  if (!clientId.startsWith('redirect_uri:')) {
    return refuse('request.signature-invalid', 'the request of this client is not signed')
  }
  if (haip === true || verifiers.unsigned !== 'accepted') {
    return refuse('request.untrusted', 'the wallet answers nobody who is not known')
  }
  const members: [string, Json][] = []
  for (const [name, text] of given) {
    const value = inJson.includes(name) ? parseJson(text, { maxLength: maxRequest }) : text
    if (value === undefined)
      return refuse('request.malformed', 'a parameter is no JSON', `/${name}`)
    members.push([name, value])
  }
  const verifier = { by: 'nobody', clientId, names: [] } as const
  const parameters = Object.fromEntries(members)
  return { verified: true, checks: [], parameters, verifier, prefix: 'redirect_uri' }
}

async function fromPlatform(
  settings: ClientSettings,
  { origin, requests }: PlatformRequest,
): Promise<RequestReading> {
  if (typeof origin !== 'string' || origin === '' || origin === 'null') {
    return refuse('request.origin-mismatch', 'the platform names no origin')
  }
  if (!isCallerOrigin(origin, settings.insecure)) {
    const detail = 'the origin is neither one of https (scheme, host and port alone) nor of an app'
    return refuse('request.origin-mismatch', detail)
  }
  const list: readonly unknown[] = Array.isArray(requests) ? requests.slice(0, maxRequests) : []
  let first: Refused | undefined
  for (const each of list) {
    const protocol = isJsonObject(each) ? each['protocol'] : undefined
    if (!isJsonObject(each) || typeof protocol !== 'string' || !ours.test(protocol)) continue
    const data = parseJson(JSON.stringify(each['data']) ?? '', { maxLength: maxRequest })
    const read = isJsonObject(data)
      ? await fromPage(settings, data, { kind: 'dc-api', protocol, origin })
      : refuse('request.malformed', 'the request is no object, or too large')
    if (read.verified) return read
    first ??= read
  }
  return first ?? refuse('request.unsupported', 'there is no request that the wallet understands')
}

/** A.1. */
const ours = /^openid4vp-v1-(?:un|multi)?signed$/
const maxRequests = 8

async function fromPage(
  settings: ClientSettings,
  data: JsonObject,
  channel: Channel & { readonly kind: 'dc-api' },
): Promise<RequestReading> {
  const { protocol, origin } = channel
  if (protocol !== 'openid4vp-v1-unsigned') {
    const { request } = data
    const opened = protocol.endsWith('-multisigned')
      ? await openMultiSigned(settings, request)
      : await openRequestObject(settings, request, {})
    if (!opened.verified) return opened
    const verifier = { ...opened.verifier, origin }
    return judgeParameters(settings, { ...opened, verifier }, channel)
  }
  // A.2: the client is the origin, whatever the request says of itself; that it lies is a reason.
  const { client_id: said, ...parameters } = data
  if (isOrigin(said)) return refuse('request.client-invalid', 'a request names an origin')
  const verifier = { by: 'origin', origin, names: [] } as const
  return judgeParameters(settings, { parameters, verifier }, channel)
}

function isOrigin(clientId: unknown): boolean {
  return typeof clientId === 'string' && /^origin:/i.test(clientId)
}
