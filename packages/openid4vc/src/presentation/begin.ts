import { AsobaError, type JsonObject, readQuery, toBase64url } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import type { VerifierRequest } from '@asoba/verifier'
import { createEncryptionKey, type EncryptionKey } from '../jwe.ts'
import type { Client } from './client.ts'
import { requestObjectType, selfIssued } from './protocol.ts'
import { requestKey, requestText, sealTransaction } from './records.ts'
import {
  checkVerifierInfo,
  encodeTransactions,
  formatsFor,
  parametersFrom,
} from './request-parameters.ts'
import type { Settings } from './settings.ts'
import type { DcApiInput, DcApiRequest, LinkInput, LinkRequest } from './types.ts'

/** Begins a presentation by link or QR code. */
export async function beginByLink(settings: Settings, input: LinkInput): Promise<LinkRequest> {
  const { haip, url } = settings
  const { flow, by = 'reference' } = input
  if (haip && flow === 'cross-device') {
    throw new TypeError('HAIP: cross device is off, for nothing ties the answer to a session')
  }
  if (haip && by === 'value') throw new TypeError('HAIP: requests are fetched by reference')
  const client = await settings.client()
  const id = random()
  const responseUri = `${url}/response/${id}`
  const clientId = client.idFor(responseUri)
  const state = random()
  const made = await make(settings, input, { id, clientId, audience: clientId, responseUri, state })
  const { parameters, request, key } = made
  const record = { parameters, publicJwk: key.publicJwk, flow, expires: request.expires }
  const kept = await settings.options.responses.put(
    requestKey(id),
    requestText(record),
    request.expires,
  )
  // A random id is never taken: the store is full, or keeps nothing.
  if (!kept) throw new AsobaError('replay.unavailable', 'the response store took no request')
  const link =
    client.signer === undefined
      ? parameters
      : by === 'value'
        ? {
            client_id: clientId,
            request: await signRequest(client, parameters, { ...request, now: settings.now() }),
          }
        : {
            client_id: clientId,
            request_uri: `${url}/request/${id}`,
            request_uri_method: 'post',
          }
  return {
    link: linkTo(settings.walletUrl, link),
    transaction: made.transaction,
    expires: request.expires,
    ...(flow === 'cross-device' && { warning: 'session-fixation' }),
  }
}

/** Begins a presentation by the Digital Credentials API. @see OpenID4VP 1.0 appendix A */
export async function beginByDcApi(settings: Settings, input: DcApiInput): Promise<DcApiRequest> {
  const { origins = [] } = settings.options
  const origin = input.origin ?? (origins.length === 1 ? origins[0] : undefined)
  if (origin === undefined || !origins.includes(origin)) {
    throw new TypeError('origin is one of the origins of the server')
  }
  const client = await settings.client()
  const signed = input.signed ?? client.signer !== undefined
  if (settings.haip && !signed) throw new TypeError('HAIP: requests are signed')
  if (signed && client.signer === undefined) {
    throw new TypeError('this client identifier cannot sign requests')
  }
  const clientId = signed ? client.idFor('') : undefined
  const made = await make(settings, input, {
    id: random(),
    clientId,
    // Always the origin, in signed requests too (A.4).
    audience: `origin:${origin}`,
    expectedOrigins: signed ? [origin] : undefined,
  })
  const { parameters, request: begun } = made
  const request = signed
    ? {
        protocol: 'openid4vp-v1-signed',
        data: { request: await signRequest(client, parameters, { ...begun, now: settings.now() }) },
      }
    : { protocol: 'openid4vp-v1-unsigned', data: parameters }
  return { request, transaction: made.transaction, expires: begun.expires }
}

interface Address {
  readonly id: string
  readonly clientId: string | undefined
  readonly audience: string
  readonly responseUri?: string
  readonly state?: string
  readonly expectedOrigins?: readonly string[] | undefined
}

interface Made {
  readonly parameters: JsonObject
  readonly request: VerifierRequest
  readonly key: EncryptionKey
  readonly transaction: string
}

async function make(
  settings: Settings,
  input: LinkInput | DcApiInput,
  address: Address,
): Promise<Made> {
  const { verifier, seal, formats = {} } = settings.options
  const { encrypted = true, transactionData = [], verifierInfo = [], flow } = input
  const { id, clientId, audience, responseUri, state, expectedOrigins } = address
  const asked = readQuery(input.query)
  if (settings.haip && !encrypted) throw new TypeError('HAIP: responses are encrypted')
  if (settings.haip && asked.credentials.some(({ format }) => format !== 'dc+sd-jwt')) {
    throw new TypeError('HAIP: credentials are dc+sd-jwt')
  }
  checkVerifierInfo(verifierInfo, asked)
  const { encoded, remembered } = await encodeTransactions(transactionData, asked)
  const key = await createEncryptionKey()
  const request = await verifier.request(input.query, {
    audience,
    expires: new Date(settings.now().getTime() + settings.lifetime * 1000),
    ...(responseUri !== undefined && { responseUri }),
    ...(encrypted && { encryptionKeyThumbprint: key.publicJwk.kid }),
    ...(remembered.length > 0 && { transactionData: remembered }),
  })
  const query = request.query as unknown as JsonObject
  const mode = flow === 'dc-api' ? 'dc_api' : 'direct_post'
  const parameters = parametersFrom({
    clientId,
    responseMode: encrypted ? `${mode}.jwt` : mode,
    responseUri,
    state,
    nonce: request.nonce,
    query,
    formats: formatsFor(asked, { said: formats, haip: settings.haip }),
    encryptionKey: encrypted ? key.publicJwk : undefined,
    transactionData: encoded,
    verifierInfo,
    expectedOrigins,
  })
  const transaction = await sealTransaction(
    seal,
    {
      id,
      flow,
      encrypted,
      query,
      audience,
      verifierState: request.state,
      exp: request.expires.getTime(),
      ...(state !== undefined && { state }),
      key: key.privateJwk,
    },
    request.expires,
  )
  return { parameters, request, key, transaction }
}

/** The request object: signed parameters. @see https://www.rfc-editor.org/rfc/rfc9101#section-4 */
export async function signRequest(
  client: Client,
  parameters: JsonObject,
  { expires, now }: { readonly expires: Date; readonly now: Date },
): Promise<string> {
  const { signer, header } = client
  if (signer === undefined) throw new TypeError('this client identifier cannot sign requests')
  const named = { typ: requestObjectType, ...header } as JsonObject
  const [iat, exp] = [now, expires].map((at) => Math.floor(at.getTime() / 1000)) as [number, number]
  return signJws(named, { ...parameters, aud: selfIssued, iat, exp }, signer)
}

/** Parameters in the query of a link; objects as JSON. @see OpenID4VP 1.0 section 5.1 */
function linkTo(walletUrl: string, parameters: JsonObject): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return `${walletUrl}${walletUrl.includes('?') ? '&' : '?'}${query}`
}

function random(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(16)))
}
