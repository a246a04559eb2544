import {
  digest,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  toBase64url,
  utf8,
} from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { answer, mediaTypeOf, parametersOf, textOf } from '../http.ts'
import { encryptBytes, encryptJson, headerOfJwe } from '../jwe.ts'
import { signRequest } from './begin.ts'
import {
  maxBody,
  type PresentationError,
  presentationErrors,
  requestObjectType,
} from './protocol.ts'
import {
  type RequestRecord,
  type ResponseRecord,
  readRequestRecord,
  requestKey,
  responseKey,
} from './records.ts'
import type { Settings } from './settings.ts'

/** Answers one request of a wallet; whatever it is, it gets an answer. */
export async function answerWallet(settings: Settings, request: Request): Promise<Response> {
  try {
    return await route(settings, request)
  } catch {
    // The store or the signer: not the wallet's fault, and nothing that it should read about.
    return failed(503, 'temporarily_unavailable', 'try again later')
  }
}

async function route(settings: Settings, request: Request): Promise<Response> {
  const [, endpoint, id = ''] =
    /\/(request|response)\/([\w-]{22})$/.exec(new URL(request.url).pathname) ?? []
  if (endpoint === undefined) return failed(404, 'invalid_request', 'there is nothing here')
  const { method } = request
  if (method === 'OPTIONS') return answer(204, null)
  const allowed = endpoint === 'request' ? ['GET', 'POST'] : ['POST']
  if (!allowed.includes(method)) {
    return failed(405, 'invalid_request', 'use another method', { allow: allowed.join(', ') })
  }
  const record = readRequestRecord(await settings.options.responses.get(requestKey(id)))
  if (record === undefined)
    return failed(404, 'invalid_request', 'the request is not known or over')
  if (method === 'GET') return sendRequest(settings, record, {})
  const form = await formOf(request)
  if (typeof form === 'string') return failed(400, 'invalid_request', form)
  return endpoint === 'request'
    ? sendAdapted(settings, record, form)
    : takeResponse(settings, id, record, form)
}

/** The parameters of a form, or what is wrong with it. */
async function formOf(request: Request): Promise<ReadonlyMap<string, string> | string> {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    return 'send a form (application/x-www-form-urlencoded)'
  }
  const text = await textOf(request, maxBody)
  if (text === undefined) return 'the form is too long, or no UTF-8'
  return parametersOf(text) ?? 'the form names a parameter twice'
}

async function sendRequest(
  settings: Settings,
  { parameters, expires }: RequestRecord,
  more: { readonly nonce?: string; readonly encryptTo?: JsonObject },
): Promise<Response> {
  const { nonce, encryptTo } = more
  const client = await settings.client()
  if (client.signer === undefined)
    return failed(404, 'invalid_request', 'the request is in its link')
  const adapted = { ...parameters, ...(nonce !== undefined && { wallet_nonce: nonce }) }
  const body = await signRequest(client, adapted, { expires, now: settings.now() })
  const key = encryptTo && validatePublicJwk(encryptTo)
  const sent =
    key === undefined
      ? body
      : await encryptBytes(utf8(body), {
          publicJwk: key,
          enc: 'A128GCM',
          header: { typ: requestObjectType, cty: requestObjectType },
        })
  return answer(200, sent, { 'content-type': `application/${requestObjectType}` })
}

/** The request as a wallet wants it: with its nonce, encrypted to its key. @see OpenID4VP 1.0 section 5.10 */
async function sendAdapted(
  settings: Settings,
  record: RequestRecord,
  form: ReadonlyMap<string, string>,
): Promise<Response> {
  const nonce = form.get('wallet_nonce')
  const text = form.get('wallet_metadata')
  if (nonce !== undefined && !/^[\x21-\x7e]{1,512}$/.test(nonce)) {
    return failed(400, 'invalid_request', 'wallet_nonce is a short text')
  }
  const metadata = text === undefined ? {} : parseJson(text, { maxLength: 65_536 })
  if (!isJsonObject(metadata)) {
    return failed(400, 'invalid_request', 'wallet_metadata is a JSON object')
  }
  const encryptTo = keyIn(metadata['jwks'])
  return sendRequest(settings, record, {
    ...(nonce !== undefined && { nonce }),
    ...(encryptTo && { encryptTo }),
  })
}

/** The first P-256 key for ECDH-ES. */
function keyIn(jwks: Json | undefined): JsonObject | undefined {
  const keys = isJsonObject(jwks) && Array.isArray(jwks['keys']) ? (jwks['keys'] as Json[]) : []
  return keys.find(
    (key): key is JsonObject =>
      isJsonObject(key) &&
      key['crv'] === 'P-256' &&
      (key['use'] ?? 'enc') === 'enc' &&
      (key['alg'] ?? 'ECDH-ES') === 'ECDH-ES' &&
      validatePublicJwk(key) !== undefined,
  )
}

/** Keeps what a wallet posts until the session that began comes for it. @see OpenID4VP 1.0 section 8.2 */
async function takeResponse(
  settings: Settings,
  id: string,
  record: RequestRecord,
  form: ReadonlyMap<string, string>,
): Promise<Response> {
  const content = await contentOf(record, form)
  if ('fault' in content) return failed(400, 'invalid_request', content.fault)
  const { responses, returnTo } = settings.options
  const code = toBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const kept: ResponseRecord =
    record.flow === 'same-device' ? { ...content, codeHash: await hashOfCode(code) } : content
  if (!(await responses.put(responseKey(id), JSON.stringify(kept), record.expires))) {
    return failed(400, 'invalid_request', 'the request was answered already')
  }
  if (record.flow === 'cross-device') return json(200, {})
  const back = new URL(returnTo)
  back.searchParams.set('response_code', code)
  return json(200, { redirect_uri: back.href })
}

type Content = { readonly jwe: string } | { readonly error: PresentationError }

async function contentOf(
  { parameters, publicJwk }: RequestRecord,
  form: ReadonlyMap<string, string>,
): Promise<Content | { readonly fault: string }> {
  const response = form.get('response')
  const error = form.get('error')
  const state = form.get('state')
  const encrypted = parameters['response_mode'] === 'direct_post.jwt'
  // 14.3: what comes in the open says which request it answers, so that nothing else uses it up.
  const astray = { fault: 'the response has another state than the request' }
  if (error !== undefined) {
    if (state !== undefined && state !== parameters['state']) return astray
    // A code that nobody knows is still a no; the description is not kept, it could say anything.
    return { error: presentationErrors.find((each) => each === error) ?? 'invalid_request' }
  }
  if (encrypted) {
    const header = headerOfJwe(response)
    if (response === undefined || header === undefined) {
      return { fault: 'send response: a JWE by ECDH-ES with A128GCM or A256GCM' }
    }
    return header.kid === publicJwk.kid
      ? { jwe: response }
      : { fault: 'the response is not encrypted to the key of this request' }
  }
  const vpToken = parseJson(form.get('vp_token') ?? '', { maxLength: maxBody })
  if (!isJsonObject(vpToken)) return { fault: 'vp_token is a JSON object' }
  if (state === undefined || state !== parameters['state']) return astray
  const payload = { vp_token: vpToken, state }
  // In the store there is nothing but ciphertext, however it came.
  return { jwe: await encryptJson(payload, { publicJwk, enc: 'A256GCM' }) }
}

/** What is kept of a response code. */
export async function hashOfCode(code: string): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(`asoba/response-code/v1|${code}`)))
}

function json(status: number, body: JsonObject): Response {
  return answer(status, JSON.stringify(body), { 'content-type': 'application/json' })
}

function failed(
  status: number,
  error: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = JSON.stringify({ error, error_description: detail })
  return answer(status, body, { 'content-type': 'application/json', ...headers })
}
