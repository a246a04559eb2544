import {
  type DcqlQuery,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type Problem,
  type ProblemCode,
  parseJson,
  problem,
  readQuery,
  refused,
  type TransactionData,
} from '@asoba/core'
import { jwkThumbprint, validatePublicJwk } from '@asoba/did'
import type { ClientSettings } from './client-settings.ts'
import type { VerifierInfo } from './protocol.ts'
import { type Authenticated, isTransaction } from './request-object.ts'
import { hashOfTransaction } from './request-parameters.ts'
import { isWebUrl } from './settings.ts'
import type { Reply, ReplyEncryption, RequestReading } from './wallet-types.ts'

/** How a request came, which is how its answer goes. */
export type Channel =
  | { readonly kind: 'post' }
  | { readonly kind: 'dc-api'; readonly protocol: string; readonly origin: string }

type Fault = (code: ProblemCode, detail: string, path?: string) => void

/** Judges the parameters of a request whose sender is known. @see OpenID4VP 1.0 section 5 */
export async function judgeParameters(
  settings: ClientSettings,
  asked: Authenticated,
  channel: Channel,
): Promise<RequestReading> {
  const problems: Problem[] = []
  const fault: Fault = (code, detail, path) => problems.push(problem(code, detail, path))
  const { parameters, verifier } = asked
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
  if (channel.kind === 'dc-api') judgeOrigins(asked, channel, fault)
  else judgeAddress(settings, asked, fault)
  const query = queryOf(settings, parameters, fault)
  const encryption = encrypted ? encryptionOf(parameters['client_metadata'], fault) : undefined
  const { transactions, remembered } = await transactionsOf(settings, parameters, query, fault)
  const verifierInfo = verifierInfoOf(parameters['verifier_info'], query, fault)
  if (problems.length > 0) return refused(problems)

  const responseUri = parameters['response_uri'] as string
  const [forReply, thumbprint] =
    encryption === undefined
      ? [{}, {}]
      : [{ encryption }, { encryptionKeyThumbprint: await jwkThumbprint(encryption.publicJwk) }]
  const reply: Reply =
    channel.kind === 'dc-api'
      ? { kind: 'dc-api', protocol: channel.protocol, ...forReply }
      : {
          kind: 'post',
          uri: responseUri,
          ...(usable && { state }),
          ...forReply,
        }
  const request = {
    query,
    nonce: nonce as string,
    // A.4: over the Digital Credentials API always the origin; else the whole identifier.
    audience:
      channel.kind === 'dc-api' ? `origin:${channel.origin}` : (verifier.clientId as string),
    ...(channel.kind === 'post' && { responseUri }),
    ...thumbprint,
    ...(remembered.length > 0 && { transactionData: remembered }),
  }
  const incoming = { verifier, request, transactions, verifierInfo, reply }
  return { verified: true, checks: [], incoming }
}

/** Whether the answer is encrypted. */
function judgeMode(
  { haip }: ClientSettings,
  { response_mode: mode }: JsonObject,
  { kind }: Channel,
  fault: Fault,
): boolean {
  const plain = kind === 'dc-api' ? 'dc_api' : 'direct_post'
  const path = '/response_mode'
  if (mode !== plain && mode !== `${plain}.jwt`) {
    fault('request.unsupported', 'the wallet does not answer in this response mode', path)
  } else if (haip === true && mode === plain) {
    fault('request.unsupported', 'HAIP: answers are encrypted', path)
  }
  return mode === `${plain}.jwt`
}

/** A.2: who signs says from which pages, so that nobody shows the request elsewhere. */
function judgeOrigins(
  { parameters, prefix }: Authenticated,
  { origin }: { readonly origin: string },
  fault: Fault,
): void {
  if (prefix === undefined) return
  const { expected_origins: origins } = parameters
  if (!Array.isArray(origins) || !origins.includes(origin)) {
    fault('request.origin-mismatch', 'the request is for pages of others', '/expected_origins')
  }
}

/** 5.9.3 and 8.2: the answer goes to the client and to nobody else. */
function judgeAddress(
  { insecure }: ClientSettings,
  { parameters, prefix, verifier }: Authenticated,
  fault: Fault,
): void {
  const { response_uri: uri, redirect_uri: redirect } = parameters
  const path = '/response_uri'
  if (redirect !== undefined) {
    fault('request.malformed', 'redirect_uri has no place in direct_post', '/redirect_uri')
  }
  if (!isWebUrl(uri, insecure)) {
    fault('request.malformed', 'response_uri is an https URL', path)
    return
  }
  const rest = verifier.clientId?.slice((prefix ?? '').length + 1)
  const { hostname } = new URL(uri)
  if (
    (prefix === 'redirect_uri' && uri !== rest) ||
    (prefix === 'x509_san_dns' && hostname !== rest)
  ) {
    fault('request.response-uri-mismatch', 'the answer would not go to the client', path)
  }
}

function queryOf(
  { haip }: ClientSettings,
  { dcql_query: asked, scope }: JsonObject,
  fault: Fault,
): DcqlQuery {
  const none: DcqlQuery = { credentials: [] }
  if (scope !== undefined) {
    fault('request.unsupported', 'the wallet knows no queries by scope', '/scope')
  }
  try {
    const query = readQuery(asked)
    if (haip === true && query.credentials.some(({ format }) => format !== 'dc+sd-jwt')) {
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
  if (key === undefined || enc === undefined) {
    fault('request.unsupported', 'there is no key to encrypt the answer to', '/client_metadata')
    return undefined
  }
  const { kty, crv, x, y, kid } = key as unknown as Jwk
  return { publicJwk: { kty, crv, x, y, ...(kid !== undefined && { kid }) } as Jwk, enc }
}

/** 8.4: what the holder cannot be shown is not authorised. */
async function transactionsOf(
  { transactionTypes = [] }: ClientSettings,
  { transaction_data: data }: JsonObject,
  query: DcqlQuery,
  fault: Fault,
): Promise<{
  readonly transactions: readonly JsonObject[]
  readonly remembered: readonly TransactionData[]
}> {
  const nothing = { transactions: [], remembered: [] }
  if (data === undefined) return nothing
  const path = '/transaction_data'
  if (!Array.isArray(data) || data.length === 0 || data.length > 32) {
    fault('request.malformed', 'transactions are a list of a few', path)
    return nothing
  }
  const transactions: JsonObject[] = []
  const remembered: TransactionData[] = []
  for (const [index, text] of data.entries()) {
    const bytes = typeof text === 'string' ? fromBase64url(text) : undefined
    const value = bytes === undefined ? undefined : parseJson(bytes, { maxLength: 65_536 })
    if (!isTransaction(value, transactionTypes, query)) {
      fault(
        'request.transaction-unknown',
        'the wallet cannot show this transaction',
        `${path}/${index}`,
      )
      continue
    }
    const credentialIds = value['credential_ids'] as readonly string[]
    transactions.push(value)
    remembered.push({ hash: await hashOfTransaction(text as string), credentialIds })
  }
  return { transactions, remembered }
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
