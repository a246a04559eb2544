import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { PrivateJwk } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import type { WalletAttestation } from '@asoba/openid4vc/wallet'
import type { Certified } from 'example-kit/dev-ca'
import { type Outcome, type ReadOffer, wellKnown } from './wallet.ts'

/** The app that the browser is sent back to. */
export const redirectUri = 'example.wallet:/back'
/** What the app is called. */
export const clientId = 'https://wallet.example'

/** The authorisation code flow as a wallet goes it, step by step; with DPoP and attestation where told. */
export interface LoginWallet {
  /** Pushes the request; where the browser goes. */
  push(): Promise<Outcome & { readonly address: string }>
  redeem(code: string, change?: Readonly<Record<string, string>>): Promise<Outcome>
  /** Headers for a request with the token. */
  authorized(url: string, token: string): Promise<Record<string, string>>
}

/** A wallet that logs in at an issuer. */
export async function loginWallet(
  offer: ReadOffer,
  options: { readonly provider?: Certified; readonly dpop?: true } = {},
): Promise<LoginWallet> {
  const { provider, dpop } = options
  const server = (await (
    await fetch(wellKnown(offer.issuer, 'oauth-authorization-server'))
  ).json()) as Readonly<Record<string, string>>
  const verifier = randomBytes(32).toString('base64url')
  const own = (await createKey('ES256')) as { publicJwk: never; privateJwk: PrivateJwk }
  const instance = provider && (await attestationBy(provider))
  let nonce: string | undefined

  const proofOf = async (url: string, token?: string): Promise<string> => {
    const ath = token && createHash('sha256').update(token).digest('base64url')
    return signJws(
      { typ: 'dpop+jwt', jwk: own.publicJwk },
      {
        ...{ htm: 'POST', htu: url, iat: now(), jti: randomUUID() },
        ...(nonce !== undefined && { nonce }),
        ...(ath !== undefined && { ath }),
      },
      await jwkSigner({ privateJwk: own.privateJwk, verificationMethod: '' }),
    )
  }
  const attested = async (): Promise<Record<string, string>> => {
    if (instance === undefined) return {}
    const proof = await signJws(
      { typ: 'oauth-client-attestation-pop+jwt' },
      { aud: offer.issuer, iat: now(), jti: randomUUID() },
      instance.signer,
    )
    return { 'oauth-client-attestation': instance.jwt, 'oauth-client-attestation-pop': proof }
  }
  const send = async (url: string, form: Record<string, string>): Promise<Outcome> => {
    for (let tries = 0; ; tries++) {
      const headers = { ...(await attested()), ...(dpop && { dpop: await proofOf(url) }) }
      const body = new URLSearchParams(form)
      const response = await fetch(url, { method: 'POST', headers, body })
      nonce = response.headers.get('dpop-nonce') ?? nonce
      const answer = (await response.json()) as Outcome['body']
      if (answer['error'] === 'use_dpop_nonce' && tries === 0) continue
      return { status: response.status, body: answer }
    }
  }
  return {
    push: async () => {
      const outcome = await send(server['pushed_authorization_request_endpoint'] ?? '', {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        scope: offer.configuration,
        state: 'state-of-the-wallet',
        issuer_state: offer.issuerState,
      })
      const address = new URL(server['authorization_endpoint'] ?? '')
      address.searchParams.set('client_id', clientId)
      address.searchParams.set('request_uri', String(outcome.body['request_uri']))
      return { ...outcome, address: address.href }
    },
    redeem: (code, change = {}) =>
      send(offer.endpoints.token, {
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        code,
        ...change,
      }),
    authorized: async (url, token) =>
      dpop
        ? { authorization: `DPoP ${token}`, dpop: await proofOf(url, token) }
        : { authorization: `Bearer ${token}` },
  }
}

/** What the provider of a wallet says of one of its instances. */
export async function attestationBy({ x5c, privateJwk }: Certified): Promise<WalletAttestation> {
  const instance = (await createKey('ES256')) as { publicJwk: never; privateJwk: PrivateJwk }
  const jwt = await signJws(
    { typ: 'oauth-client-attestation+jwt', x5c: [...x5c] },
    { sub: clientId, exp: now() + 3600, cnf: { jwk: instance.publicJwk } },
    await jwkSigner({ privateJwk, verificationMethod: '' }),
  )
  const signer = await jwkSigner({ privateJwk: instance.privateJwk, verificationMethod: '' })
  return { jwt, signer }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
