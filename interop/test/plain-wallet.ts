import { type Jwk, randomSecrets } from '@asoba/core'
import { didJwkOf, holderSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { CompactEncrypt } from 'jose'

/** A credential as {@link plainReceives} got it, and what its key is made of. */
export interface Held {
  readonly wire: string
  readonly retained: Uint8Array
}

const format = sdJwtVc()
const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/**
 * Takes an offer by pre-authorised code with our formats and keys, the protocol spelled out: so
 * that what a peer accepts and sends is seen without any of our protocol's code.
 */
export async function plainReceives(
  offerLink: string,
  txCode: string,
  copies: number,
): Promise<readonly Held[]> {
  const query = new URL(offerLink).searchParams
  const offer = JSON.parse(
    query.get('credential_offer') ?? (await text(query.get('credential_offer_uri') ?? '')),
  )
  const issuer: string = offer.credential_issuer
  const metadata = JSON.parse(await text(wellKnown(issuer, 'openid-credential-issuer')))
  const server = JSON.parse(await text(wellKnown(issuer, 'oauth-authorization-server')))
  const { access_token: token } = await post(
    server.token_endpoint,
    new URLSearchParams({
      grant_type: grant,
      'pre-authorized_code': offer.grants[grant]['pre-authorized_code'],
      tx_code: txCode,
    }),
  )
  const { c_nonce: nonce } = await post(metadata.nonce_endpoint, '')
  const iat = Math.floor(Date.now() / 1000)
  const keys = await Promise.all(
    Array.from({ length: copies }, async () => {
      const { proof, retained } = await format.prepareHolder(randomSecrets())
      if (proof.kind !== 'jwk') throw new Error('this format binds to keys')
      const { publicJwk: jwk } = proof
      const signer = await holderSigner(retained, didJwkOf(jwk))
      const header = { typ: 'openid4vci-proof+jwt', jwk: bare(jwk) }
      return { retained, jwt: await signJws(header, { aud: issuer, iat, nonce }, signer) }
    }),
  )
  const [configuration] = offer.credential_configuration_ids
  const request = {
    credential_configuration_id: configuration,
    proofs: { jwt: keys.map(({ jwt }) => jwt) },
  }
  const { credentials } = await post(metadata.credential_endpoint, JSON.stringify(request), token)
  return keys.map(({ retained }, at) => ({ wire: credentials[at].credential, retained }))
}

/** Answers a request by reference for one credential, encrypted; the verifier's status code. */
export async function plainAnswers(
  link: string,
  held: Held,
  disclose: readonly string[],
): Promise<number> {
  const uri = new URL(link).searchParams.get('request_uri') ?? ''
  const payload = JSON.parse(decode((await text(uri)).split('.')[1] ?? ''))
  const { client_id: audience, nonce, state, response_uri: responseUri } = payload
  const [{ id }] = payload.dcql_query.credentials
  const to = { audience, nonce, purpose: 'present', now: new Date() } as const
  const secured = { format: 'dc+sd-jwt', wire: held.wire } as const
  const { wire } = await format.present(secured, [disclose], to, held.retained)
  const [key] = payload.client_metadata.jwks.keys
  const response = await new CompactEncrypt(
    new TextEncoder().encode(JSON.stringify({ vp_token: { [id]: [wire] }, state })),
  )
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', kid: key.kid })
    .encrypt(key)
  const body = new URLSearchParams({ response })
  return (await fetch(responseUri, { method: 'POST', body })).status
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

async function post(url: string, body: string | URLSearchParams, token?: string) {
  const headers = {
    ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(url, { method: 'POST', body, headers })
  if (!response.ok) throw new Error(`the answer is ${response.status}`)
  return response.json()
}

function bare({ kty, crv = '', x = '', y = '' }: Jwk) {
  return { kty, crv, x, y }
}

function decode(encoded: string): string {
  return Buffer.from(encoded, 'base64url').toString()
}
