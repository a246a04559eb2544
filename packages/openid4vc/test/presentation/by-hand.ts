import type { JsonObject, Signer } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import { createEncryptionKey, decryptJson, type EncryptionKey } from '../../src/jwe.ts'
import {
  createPresentationClient,
  type PresentationClient,
  type PresentationClientOptions,
  type RequestReading,
} from '../../src/wallet.ts'
import { anchor, citizensWallet, now, query, signer } from './world.ts'

// A verifier that says whatever a test wants, right or wrong.
export const host = 'clinic.example'
export const clientId = `x509_san_dns:${host}`
export const responseUri = `https://${host}/response/1`
export const requestUri = `https://${host}/request/1`
export const encryptionKey: EncryptionKey = await createEncryptionKey()

/** A change of the parameters: `undefined` takes one away. */
export type Change = Readonly<Record<string, unknown>>

/** Parameters of a request that is right, changed. */
export function parametersWith(change: Change = {}): JsonObject {
  const parameters = {
    client_id: clientId,
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    response_uri: responseUri,
    aud: 'https://self-issued.me/v2',
    nonce: 'nonce-of-the-request',
    state: 'state-of-the-request',
    dcql_query: query,
    client_metadata: {
      vp_formats_supported: { 'dc+sd-jwt': {} },
      jwks: { keys: [encryptionKey.publicJwk] },
    },
    ...change,
  }
  return JSON.parse(JSON.stringify(parameters)) as JsonObject
}

/** The same for a page. */
export function pageParametersWith(change: Change = {}): JsonObject {
  return parametersWith({
    response_mode: 'dc_api.jwt',
    response_uri: undefined,
    state: undefined,
    expected_origins: [`https://${host}`],
    ...change,
  })
}

/** Signs parameters as a request object. */
export async function requestObject(
  parameters: JsonObject,
  options: { readonly by?: Signer; readonly header?: JsonObject } = {},
): Promise<string> {
  const { by = signer, header = {} } = options
  const own = { typ: 'oauth-authz-req+jwt', ...(by.x5c && { x5c: by.x5c }), ...header }
  return signJws(JSON.parse(JSON.stringify(own)) as JsonObject, parameters, by)
}

/** A link with these parameters. */
export function linkWith(parameters: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return `openid4vp://?${form}`
}

/** A wallet, and what it sent to whom. */
export async function holder(
  change: Partial<PresentationClientOptions> = {},
  served: (url: string, init?: RequestInit) => Response | Promise<Response> = () =>
    Response.json({}),
): Promise<{ client: PresentationClient; sent: { url: string; form: URLSearchParams }[] }> {
  const sent: { url: string; form: URLSearchParams }[] = []
  const client = createPresentationClient({
    wallet: await citizensWallet(),
    verifiers: { x509: [anchor], unsigned: 'accepted' },
    fetch: async (input, init) => {
      sent.push({ url: String(input), form: new URLSearchParams(String(init?.body ?? '')) })
      return served(String(input), init)
    },
    now: () => now,
    ...change,
  })
  return { client, sent }
}

/** Serves a request object under {@link requestUri}, and takes what is posted. */
export function serving(object: string, type = 'application/oauth-authz-req+jwt') {
  return (url: string): Response =>
    url === requestUri
      ? new Response(object, { headers: { 'content-type': type } })
      : Response.json({})
}

/** What a wallet makes of a request object that it fetches. */
export async function readingOf(
  change: Change = {},
  options: {
    readonly by?: Signer
    readonly header?: JsonObject
    readonly link?: Change
    readonly client?: Partial<PresentationClientOptions>
    readonly object?: (object: string) => string
  } = {},
): Promise<{ reading: RequestReading } & Awaited<ReturnType<typeof holder>>> {
  const { object = (same) => same } = options
  const parameters = parametersWith(change)
  const text = object(await requestObject(parameters, options))
  const held = await holder(options.client, serving(text))
  const own = { client_id: parameters['client_id'], request_uri: requestUri, ...options.link }
  return { ...held, reading: await held.client.readRequest(linkWith(own)) }
}

/** The answer that a wallet encrypted. */
export async function openedAnswer(response: string): Promise<JsonObject> {
  const opened = await decryptJson(response, encryptionKey.privateJwk, { maxLength: 1_000_000 })
  return opened as JsonObject
}

/** The parts of a compact JWS, one of them changed. */
export function withSignatureBroken(compact: string): string {
  const [header, payload, signature = ''] = compact.split('.')
  const first = signature.startsWith('A') ? 'B' : 'A'
  return `${header}.${payload}.${first}${signature.slice(1)}`
}
