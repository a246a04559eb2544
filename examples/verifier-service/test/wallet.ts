import { digest, toBase64url, utf8 } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Wallet } from '@asoba/wallet'
import { CompactEncrypt, decodeJwt, importJWK, type JWK } from 'jose'

/** A wallet in memory. */
export function testWallet(): Wallet {
  return createWallet({ formats: [sdJwtVc()], reuse: 'any' })
}

/** What a request says, once it is fetched. */
export interface FetchedRequest {
  readonly clientId: string
  readonly nonce: string
  readonly state: string
  readonly responseUri: string
  readonly query: unknown
  readonly encryptionKey: JWK
}

/** Follows a link as a wallet does after it scanned a code. */
export async function fetchRequest(link: string): Promise<FetchedRequest> {
  const parameters = new URL(link).searchParams
  const response = await fetch(parameters.get('request_uri') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ wallet_nonce: 'bm9uY2U' }),
  })
  if (!response.ok) throw new Error(`the verifier answered ${response.status}`)
  const request = decodeJwt(await response.text()) as unknown as Readonly<Record<string, string>>
  if (request['wallet_nonce'] !== 'bm9uY2U') throw new Error('the request is not for this wallet')
  const metadata = request['client_metadata'] as unknown as {
    readonly jwks: { readonly keys: readonly JWK[] }
  }
  const [encryptionKey] = metadata.jwks.keys
  if (encryptionKey === undefined) throw new Error('there is no key to encrypt to')
  return {
    clientId: request['client_id'] ?? '',
    nonce: request['nonce'] ?? '',
    state: request['state'] ?? '',
    responseUri: request['response_uri'] ?? '',
    query: request['dcql_query'],
    encryptionKey,
  }
}

/** What a wallet would post: encrypted, and made but once. */
export async function makeResponse(wallet: Wallet, request: FetchedRequest): Promise<string> {
  const asked = {
    query: request.query,
    nonce: request.nonce,
    audience: request.clientId,
    responseUri: request.responseUri,
    encryptionKeyThumbprint: await thumbprint(request.encryptionKey),
  }
  const [match] = await wallet.match(asked)
  if (match === undefined) throw new Error('nothing in the wallet answers this')
  const { vp_token: vpToken } = await wallet.present(asked, match)
  const payload = utf8(JSON.stringify({ vp_token: vpToken, state: request.state }))
  return new CompactEncrypt(payload)
    .setProtectedHeader({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      ...(request.encryptionKey.kid !== undefined && { kid: request.encryptionKey.kid }),
    })
    .encrypt(await importJWK({ ...request.encryptionKey, alg: 'ECDH-ES' }))
}

/** Posts a response; where the browser is to go then, if anywhere. */
export async function postResponse(
  request: FetchedRequest,
  response: string,
  to: string = request.responseUri,
): Promise<{ readonly status: number; readonly redirectUri?: string }> {
  const answer = await fetch(to, { method: 'POST', body: new URLSearchParams({ response }) })
  const body = (await answer.json()) as { readonly redirect_uri?: string }
  return {
    status: answer.status,
    ...(body.redirect_uri !== undefined && { redirectUri: body.redirect_uri }),
  }
}

/** Scans, consents, answers. */
export async function answerLink(
  wallet: Wallet,
  link: string,
): Promise<{ readonly status: number; readonly redirectUri?: string }> {
  const request = await fetchRequest(link)
  return postResponse(request, await makeResponse(wallet, request))
}

async function thumbprint({ crv, kty, x, y }: JWK): Promise<string> {
  return toBase64url(await digest('SHA-256', utf8(JSON.stringify({ crv, kty, x, y }))))
}
