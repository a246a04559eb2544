import { isJsonObject, type Json, type JsonObject, type Jwk } from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { mediaTypeOf, withoutNulls } from '../http.ts'
import {
  type ContentEncryption,
  contentEncryptions,
  decryptJson,
  encryptJson,
  headerOfJwe,
} from '../jwe.ts'
import { answer, json, Refusal } from './answers.ts'
import { maxBody, objectIn, readText } from './body.ts'
import type { Settings } from './settings.ts'

/** Answers a wallet, encrypted where it asked for that. */
export type Respond = (body: JsonObject, status?: number) => Promise<Response>

/**
 * The body of a request for credentials, decrypted, and how to answer it.
 *
 * @throws Refusal `invalid_credential_request`, `invalid_encryption_parameters`
 * @see OpenID4VCI 1.0 sections 8.2, 9.1 and 10
 */
export async function readCredentialRequest(
  settings: Settings,
  request: Request,
): Promise<{ readonly body: JsonObject; readonly respond: Respond }> {
  const type = mediaTypeOf(request)
  const encrypted = type === 'application/jwt'
  if (!encrypted && type !== 'application/json') {
    throw new Refusal('invalid_credential_request', 'send JSON, or a JWE as application/jwt')
  }
  const required = settings.options.encryptedResponses === 'required'
  if (!encrypted && required) {
    throw new Refusal('invalid_encryption_parameters', 'requests are encrypted here')
  }
  const text = await readText(request)
  const sent = encrypted ? await decrypted(settings, text) : objectIn(text)
  if (sent === undefined) throw new Refusal('invalid_credential_request', 'send a JSON object')
  const body = withoutNulls(sent)
  const wanted = body['credential_response_encryption']
  if (wanted === undefined) {
    if (required) throw new Refusal('invalid_encryption_parameters', 'responses are encrypted here')
    return { body, respond: async (content, status = 200) => json(content, { status }) }
  }
  if (settings.encryption === undefined) {
    throw new Refusal('invalid_encryption_parameters', 'responses are not encrypted here')
  }
  // 8.2: else who stands between could put their own key
  if (!encrypted) {
    throw new Refusal(
      'invalid_encryption_parameters',
      'encrypt the request in which you send a key',
    )
  }
  const parameters = parametersIn(wanted)
  const respond: Respond = async (content, status = 200) =>
    answer(status, await encryptJson(content, parameters), { 'content-type': 'application/jwt' })
  return { body, respond }
}

async function decrypted(
  settings: Settings,
  jwe: string | undefined,
): Promise<JsonObject | undefined> {
  const { encryption } = settings
  const header = headerOfJwe(jwe)
  if (encryption === undefined) {
    throw new Refusal('invalid_encryption_parameters', 'requests are not encrypted here')
  }
  if (jwe === undefined || header === undefined || header.kid !== encryption.publicJwk.kid) {
    throw new Refusal('invalid_encryption_parameters', 'encrypt to the key in the metadata')
  }
  const value = await decryptJson(jwe, encryption.privateJwk, { maxLength: maxBody })
  return isJsonObject(value) ? value : undefined
}

function parametersIn(value: Json): { readonly publicJwk: Jwk; readonly enc: ContentEncryption } {
  const { jwk, enc: wanted, zip } = isJsonObject(value) ? value : {}
  const enc = contentEncryptions.find((each) => each === wanted)
  if (enc === undefined) {
    throw new Refusal('invalid_encryption_parameters', 'enc is not one of those in the metadata')
  }
  if (zip !== undefined) throw new Refusal('invalid_encryption_parameters', 'zip is not supported')
  const key = isJsonObject(jwk) && jwk['d'] === undefined ? validatePublicJwk(jwk) : undefined
  if (!isJsonObject(jwk) || key?.crv !== 'P-256' || jwk['alg'] !== 'ECDH-ES') {
    throw new Refusal('invalid_encryption_parameters', 'jwk is a P-256 key with alg ECDH-ES')
  }
  const kid = jwk['kid']
  return { publicJwk: { ...key, ...(typeof kid === 'string' && { kid }) }, enc }
}
