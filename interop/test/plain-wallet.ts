import { type JsonObject, type Jwk, randomSecrets } from '@asoba/core'
import { didJwkOf, holderSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { CompactEncrypt, type JWK } from 'jose'

/** A credential as {@link plainReceives} got it, and what its key is made of. */
export interface Held {
  readonly wire: string
  readonly retained: Uint8Array
}

const format = sdJwtVc()
const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** An offer with what its issuer says of itself. */
export interface ReadOffer {
  readonly issuer: string
  readonly code: string
  readonly configuration: string
  readonly token: string
  readonly nonce: string
  readonly credential: string
}

/** What came of a request. */
export interface Outcome {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Reads an offer by value or reference, and the metadata of its issuer. */
export async function readOffer(link: string): Promise<ReadOffer> {
  const query = new URL(link).searchParams
  const offer = JSON.parse(
    query.get('credential_offer') ?? (await text(query.get('credential_offer_uri') ?? '')),
  )
  const issuer: string = offer.credential_issuer
  const metadata = JSON.parse(await text(wellKnown(issuer, 'openid-credential-issuer')))
  const server = JSON.parse(await text(wellKnown(issuer, 'oauth-authorization-server')))
  return {
    issuer,
    code: offer.grants[grant]['pre-authorized_code'],
    configuration: offer.credential_configuration_ids[0],
    token: server.token_endpoint,
    nonce: metadata.nonce_endpoint,
    credential: metadata.credential_endpoint,
  }
}

/** Asks for an access token. */
export function redeem(offer: ReadOffer, txCode: string): Promise<Outcome> {
  const form = { grant_type: grant, 'pre-authorized_code': offer.code, tx_code: txCode }
  return post(offer.token, new URLSearchParams(form))
}

/** A nonce for proofs. */
export async function nonceOf(offer: ReadOffer): Promise<string> {
  const { body } = await post(offer.nonce, '')
  return String(body['c_nonce'])
}

/** A fresh key of our formats, and proofs that somebody holds it. */
export async function prover({ issuer }: ReadOffer, nonce: string) {
  const { proof, retained } = await format.prepareHolder(randomSecrets())
  if (proof.kind !== 'jwk') throw new Error('this format binds to keys')
  const { publicJwk: jwk } = proof
  const signer = await holderSigner(retained, didJwkOf(jwk))
  const iat = Math.floor(Date.now() / 1000)
  return {
    retained,
    prove: (change: JsonObject = {}): Promise<string> => {
      const header = { typ: 'openid4vci-proof+jwt', jwk: bare(jwk) }
      return signJws(header, { aud: issuer, iat, nonce, ...change }, signer)
    },
  }
}

/** Asks for credentials, a copy for each proof. */
export function askFor(
  offer: ReadOffer,
  token: string,
  proofs: readonly string[],
): Promise<Outcome> {
  const { configuration } = offer
  const request = { credential_configuration_id: configuration, proofs: { jwt: proofs } }
  return post(offer.credential, JSON.stringify(request), token)
}

/**
 * Takes an offer by pre-authorised code with our formats and keys, the protocol spelled out: so
 * that what a peer accepts and sends is seen without any of our protocol's code.
 */
export async function plainReceives(
  link: string,
  txCode: string,
  copies: number,
): Promise<readonly Held[]> {
  const offer = await readOffer(link)
  const { body: granted } = await redeem(offer, txCode)
  const nonce = await nonceOf(offer)
  const keys = await Promise.all(Array.from({ length: copies }, () => prover(offer, nonce)))
  const proofs = await Promise.all(keys.map(({ prove }) => prove()))
  const { status, body } = await askFor(offer, String(granted['access_token']), proofs)
  if (status !== 200) throw new Error(`the answer is ${status}`)
  const credentials = body['credentials'] as readonly { readonly credential: string }[]
  return keys.map(({ retained }, at) => ({ wire: credentials[at]?.credential ?? '', retained }))
}

/** How an answer differs from what a wallet should send. */
export interface AnswerChange {
  /** When the holder's proof says that it was made. */
  readonly at?: Date
  /** Sent in the open, whatever was asked. */
  readonly open?: true
}

/** Answers a request by reference for one credential, encrypted; the verifier's status code. */
export async function plainAnswers(
  link: string,
  held: Held,
  disclose: readonly (readonly string[])[],
  { at: now = new Date(), open }: AnswerChange = {},
): Promise<number> {
  const uri = new URL(link).searchParams.get('request_uri') ?? ''
  const payload = JSON.parse(decode((await text(uri)).split('.')[1] ?? ''))
  const { client_id: audience, nonce, state, response_uri: responseUri } = payload
  const [{ id }] = payload.dcql_query.credentials
  const to = { audience, nonce, purpose: 'present', now } as const
  const secured = { format: 'dc+sd-jwt', wire: held.wire } as const
  const { wire } = await format.present(secured, disclose, to, held.retained)
  const answer = JSON.stringify({ [id]: [wire] })
  const form = open
    ? { vp_token: answer, state }
    : { response: await encrypted(`{"vp_token":${answer},"state":"${state}"}`, payload) }
  const body = new URLSearchParams(form)
  return (await fetch(responseUri, { method: 'POST', body })).status
}

/** Encrypted to the key that the request names. */
async function encrypted(
  plain: string,
  request: { readonly client_metadata: { readonly jwks: { readonly keys: readonly JWK[] } } },
): Promise<string> {
  const [key = {}] = request.client_metadata.jwks.keys
  const header = { alg: 'ECDH-ES', enc: 'A128GCM', kid: String(key.kid) }
  return new CompactEncrypt(new TextEncoder().encode(plain)).setProtectedHeader(header).encrypt(key)
}

/** @see OpenID4VCI 1.0 section 12.2.2 */
function wellKnown(issuer: string, name: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`
}

async function text(url: string): Promise<string> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the answer is ${response.status}`)
  return response.text()
}

async function post(url: string, body: string | URLSearchParams, token?: string): Promise<Outcome> {
  const headers = {
    ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(url, { method: 'POST', body, headers })
  return { status: response.status, body: (await response.json()) as Outcome['body'] }
}

function bare({ kty, crv = '', x = '', y = '' }: Jwk) {
  return { kty, crv, x, y }
}

function decode(encoded: string): string {
  return Buffer.from(encoded, 'base64url').toString()
}
