import {
  type DcqlQuery,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
  readForeignQuery,
  refused,
} from '@asoba/core'
import { jwkThumbprint, validatePublicJwk } from '@asoba/did'
import { withoutNulls } from '../http.ts'
import type { ClientSettings } from './client-settings.ts'
import { type Fault, judgeTransactions } from './judge-transactions.ts'
import type { PresentationError, VerifierInfo } from './protocol.ts'
import type { Authenticated } from './request-object.ts'
import { isWebUrl } from './settings.ts'
import type { Reply, ReplyEncryption, RequestReading } from './wallet-types.ts'

/** How a request came, which is how its answer goes. */
export type Channel =
  | { readonly kind: 'post' }
  | { readonly kind: 'dc-api'; readonly protocol: string; readonly origin: string }

/** Judges the parameters of a request whose sender is known. @see OpenID4VP 1.0 section 5 */
export async function judgeParameters(
  settings: ClientSettings,
  authenticated: Authenticated,
  channel: Channel,
): Promise<RequestReading> {
  const problems: Problem[] = []
  const fault: Fault = (code, detail, path) => problems.push(problem(code, detail, path))
  const parameters = given(authenticated.parameters)
  const asked = { ...authenticated, parameters }
  const { verifier } = asked
  const { response_type: type, nonce, state } = parameters
  if (type !== 'vp_token') {
    fault('request.unsupported', 'the request is not for vp_token alone', '/response_type')
  }
  if (typeof nonce !== 'string' || !/^[\w.~+/=-]{1,512}$/.test(nonce)) {
    fault('request.nonce-missing', 'the request has no usable nonce', '/nonce')
  }
  const usable = typeof state === 'string' && /^[\x21-\x7e]{1,4096}$/.test(state)
  if (state !== undefined && !usable) {
    fault('request.malformed', 'state is a short text', '/state')
  }
  const encrypted = judgeMode(settings, parameters, channel, fault)
  const address =
    channel.kind === 'dc-api'
      ? judgeOrigins(asked, channel, fault)
      : judgeAddress(settings, asked, fault)
  const query = queryOf(settings, parameters, fault)
  const encryption =
    encrypted === true ? encryptionOf(parameters['client_metadata'], fault) : undefined
  const { transactions, remembered } = await judgeTransactions(
    settings,
    parameters['transaction_data'],
    { query, fault },
  )
  const verifierInfo = verifierInfoOf(parameters['verifier_info'], query, fault)
  const posted = address !== undefined && { uri: address, ...(usable && { state }) }
  const plainReply: Reply | undefined =
    channel.kind === 'dc-api'
      ? { kind: 'dc-api', protocol: channel.protocol }
      : posted
        ? { kind: 'post', ...posted }
        : undefined
  if (problems.length > 0 || plainReply === undefined) {
    return refusedWith(problems, encrypted === undefined ? undefined : plainReply)
  }

  const [forReply, thumbprint] =
    encryption === undefined
      ? [{}, {}]
      : [{ encryption }, { encryptionKeyThumbprint: await jwkThumbprint(encryption.publicJwk) }]
  const reply: Reply = { ...plainReply, ...forReply }
  const request = {
    query,
    nonce: nonce as string,
    // A.4: over the Digital Credentials API always the origin; else the whole identifier.
    audience:
      channel.kind === 'dc-api' ? `origin:${channel.origin}` : (verifier.clientId as string),
    ...(address !== undefined && { responseUri: address }),
    ...thumbprint,
    ...(remembered.length > 0 && { transactionData: remembered }),
  }
  const cryptosuites = cryptosuitesOf(parameters['client_metadata'])
  const incoming = {
    verifier,
    request,
    transactions,
    verifierInfo,
    ...(cryptosuites && { cryptosuites }),
    reply,
  }
  return { verified: true, checks: [], incoming }
}

/** Parameters without those that are `null`: left out, as in every other object. */
function given(parameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null))
}

/** Why not, and where the verifier can be told so: 8.5. */
function refusedWith(problems: readonly Problem[], reply: Reply | undefined): RequestReading {
  const refusal = refused(problems)
  if (reply === undefined) return refusal
  const [{ code, path }] = refusal.problems
  const alone = problems.every((each) => each.code === code)
  const error: PresentationError =
    alone && code === 'request.transaction-unknown'
      ? 'invalid_transaction_data'
      : alone && path === '/response_type'
        ? 'unsupported_response_type'
        : alone && code === 'request.unsupported' && path === '/scope'
          ? 'invalid_scope'
          : 'invalid_request'
  return { ...refusal, refusal: { reply, error } }
}

/** Whether the answer is encrypted; `undefined` where there is no way to answer. */
function judgeMode(
  { haip }: ClientSettings,
  { response_mode: mode }: JsonObject,
  { kind }: Channel,
  fault: Fault,
): boolean | undefined {
  const plain = kind === 'dc-api' ? 'dc_api' : 'direct_post'
  const path = '/response_mode'
  if (mode !== plain && mode !== `${plain}.jwt`) {
    fault('request.unsupported', 'the wallet does not answer in this response mode', path)
    return undefined
  }
  if (haip === true && mode === plain) {
    fault('request.unsupported', 'HAIP: answers are encrypted', path)
  }
  return mode === `${plain}.jwt`
}

/** A.2: who signs says from which pages, so that nobody shows the request elsewhere. */
function judgeOrigins(
  { parameters, prefix }: Authenticated,
  { origin }: { readonly origin: string },
  fault: Fault,
): undefined {
  if (prefix === undefined) return
  const { expected_origins: origins } = parameters
  if (!Array.isArray(origins) || !origins.includes(origin)) {
    fault('request.origin-mismatch', 'the request is for pages of others', '/expected_origins')
  }
}

/** The address for the answer. 5.9.3 and 8.2: it is the client's and nobody else's. */
function judgeAddress(
  { insecure }: ClientSettings,
  asked: Authenticated,
  fault: Fault,
): string | undefined {
  const { parameters, prefix, verifier } = asked
  const uri = responseUriOf(asked)
  const { redirect_uri: redirect } = parameters
  const path = '/response_uri'
  if (redirect !== undefined) {
    fault('request.malformed', 'redirect_uri has no place in direct_post', '/redirect_uri')
  }
  if (!isWebUrl(uri, insecure)) {
    fault('request.malformed', 'response_uri is an https URL', path)
    return undefined
  }
  const rest = verifier.clientId?.slice((prefix ?? '').length + 1)
  const { hostname } = new URL(uri)
  if (
    (prefix === 'redirect_uri' && uri !== rest) ||
    (prefix === 'x509_san_dns' && hostname !== rest?.toLowerCase())
  ) {
    fault('request.response-uri-mismatch', 'the answer would not go to the client', path)
    return undefined
  }
  return uri
}

/** 5.9.3: a redirect_uri client need not say its address twice. */
function responseUriOf({ parameters, prefix, verifier }: Authenticated): Json | undefined {
  const { response_uri: uri } = parameters
  return uri === undefined && prefix === 'redirect_uri'
    ? verifier.clientId?.slice('redirect_uri:'.length)
    : uri
}

/** B.1.3.2: cryptosuites that the verifier says it reads. */
function cryptosuitesOf(metadata: Json | undefined): readonly string[] | undefined {
  const formats = isJsonObject(metadata) ? metadata['vp_formats_supported'] : undefined
  const suites =
    isJsonObject(formats) && isJsonObject(formats['ldp_vc'])
      ? formats['ldp_vc']['cryptosuite_values']
      : undefined
  return Array.isArray(suites) ? suites.filter((each) => typeof each === 'string') : undefined
}

/** Formats that we present and HAIP does not know; what is not known at all matches nothing. */
const besideHaip = ['jwt_vc_json', 'ldp_vc', 'vc+jwt', 'vc+sd-jwt']

function queryOf(
  { haip }: ClientSettings,
  { dcql_query: asked, scope }: JsonObject,
  fault: Fault,
): DcqlQuery {
  const none: DcqlQuery = { credentials: [] }
  if (scope !== undefined && asked !== undefined) {
    // 5.1: one of the two
    fault('request.malformed', 'the request has scope and dcql_query', '/scope')
  } else if (scope !== undefined) {
    fault('request.unsupported', 'the wallet knows no queries by scope', '/scope')
    return none
  }
  try {
    const query = readForeignQuery(isJsonObject(asked) ? withoutNulls(asked) : asked)
    if (haip === true && query.credentials.some(({ format }) => besideHaip.includes(format))) {
      fault('request.unsupported', 'HAIP: credentials are dc+sd-jwt', '/dcql_query')
    }
    return query
  } catch {
    fault('request.malformed', 'the query is no DCQL that the wallet reads', '/dcql_query')
    return none
  }
}

/** 8.3: a P-256 key of the metadata, and the best encryption that both have. */
function encryptionOf(metadata: Json | undefined, fault: Fault): ReplyEncryption | undefined {
  const { jwks, encrypted_response_enc_values_supported: values = ['A128GCM'] } = isJsonObject(
    metadata,
  )
    ? metadata
    : {}
  const keys: readonly Json[] =
    isJsonObject(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'] : []
  const key = keys
    .slice(0, 32)
    .find(
      (each) =>
        isJsonObject(each) &&
        each['crv'] === 'P-256' &&
        (each['use'] ?? 'enc') === 'enc' &&
        (each['alg'] ?? 'ECDH-ES') === 'ECDH-ES' &&
        validatePublicJwk(each) !== undefined,
    )
  const enc = (['A256GCM', 'A128GCM'] as const).find(
    (each) => Array.isArray(values) && values.includes(each),
  )
  if (key === undefined) {
    const detail = 'there is no P-256 key for ECDH-ES to encrypt the answer to'
    fault('request.unsupported', detail, '/client_metadata/jwks')
  }
  if (enc === undefined) {
    const path = '/client_metadata/encrypted_response_enc_values_supported'
    fault('request.unsupported', 'the verifier reads neither A256GCM nor A128GCM', path)
  }
  if (key === undefined || enc === undefined) return undefined
  const { kty, crv, x, y, kid } = key as unknown as Jwk
  return { publicJwk: { kty, crv, x, y, ...(kid !== undefined && { kid }) } as Jwk, enc }
}

/** 5.11: handed on, not judged; what the wallet cannot judge it must ignore. */
function verifierInfoOf(
  info: Json | undefined,
  { credentials }: DcqlQuery,
  fault: Fault,
): readonly VerifierInfo[] {
  if (info === undefined) return []
  const list: readonly Json[] = Array.isArray(info) ? info : []
  const fits = list.every((each) => {
    if (!isJsonObject(each)) return false
    const { format, data, credential_ids: ids } = each
    const named =
      ids === undefined ||
      (Array.isArray(ids) &&
        ids.length > 0 &&
        ids.every((id) => credentials.some((query) => query.id === id)))
    return typeof format === 'string' && (typeof data === 'string' || isJsonObject(data)) && named
  })
  if (!fits || list.length === 0 || list.length > 32) {
    fault('request.malformed', 'verifier_info is a list of attestations', '/verifier_info')
    return []
  }
  return list as unknown as readonly VerifierInfo[]
}
