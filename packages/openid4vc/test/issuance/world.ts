import {
  digest,
  type JsonObject,
  type Jwk,
  type PrivateJwk,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, tokenStatusList } from '@asoba/status'
import { memoryReplay } from '@asoba/verifier'
import { citizenship, claims, now, residency, statusUri } from '../../../verifier/test/nation.ts'
import {
  createIssuerServer,
  type IssueRequest,
  type IssuerServer,
  type IssuerServerOptions,
  memoryOffers,
  type OfferInput,
} from '../../src/issuer.ts'

export { citizenship, claims, now }
export const url = 'https://registry.example/oid4vci'
export const preAuthorizedCode = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** A key with its signer. */
export async function keyPair(): Promise<{
  readonly publicJwk: Jwk
  readonly privateJwk: PrivateJwk
  readonly signer: Signer
}> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${didJwkOf(publicJwk)}#0` })
  return { publicJwk, privateJwk, signer }
}

/** A registry on the web, and what it keeps. */
export async function registryOnTheWeb(change: Partial<IssuerServerOptions> = {}) {
  const { publicJwk, signer } = await keyPair()
  const did = didJwkOf(publicJwk)
  const status = tokenStatusList({
    uri: statusUri,
    size: 1000,
    bits: 1,
    ttl: 3600,
    lifetime: 86_400,
    store: memoryStatusStore(),
    signer,
  })
  const issuer = createIssuer({
    issuer: did,
    types: { citizenship, residency },
    formats: [sdJwtVc({ signer })],
    status,
    validityDays: 30,
    now: () => now,
  })
  const asked: IssueRequest[] = []
  const failures: unknown[] = []
  const options: IssuerServerOptions = {
    url,
    configurations: {
      citizenship: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256' },
      residency: { format: 'dc+sd-jwt', type: residency, signedWith: 'ES256', scope: 'home' },
    },
    issue: async (request) => {
      asked.push(request)
      return issuer.issue({
        format: 'dc+sd-jwt',
        type: 'citizenship',
        claims: request.subject as JsonObject,
        holders: request.holders,
      })
    },
    seal: createSeal(new Uint8Array(32).fill(7)),
    offers: memoryOffers({ now: () => now }),
    replay: memoryReplay({ now: () => now }),
    batchSize: 4,
    failed: (error) => failures.push(error),
    now: () => now,
    ...change,
  }
  return { server: createIssuerServer(options), options, asked, failures, did, issuer }
}

/** What most tests offer. */
export const offered = {
  configurations: ['citizenship'],
  grant: 'pre-authorized_code',
  subject: claims,
  txCode: 'none',
} as const satisfies OfferInput

/** An answer, read. */
export interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
}

async function heard(response: Response): Promise<Heard> {
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').startsWith('application/json')
  const body = (json ? JSON.parse(text) : { text }) as JsonObject
  return { status: response.status, headers: response.headers, body }
}

/** A wallet that says exactly what it is told to: the protocol, spelled out. */
export function plainWallet(server: Pick<IssuerServer, 'handle'>, at: string = url) {
  const get = async (address: string, headers: Record<string, string> = {}): Promise<Heard> =>
    heard(await server.handle(new Request(address, { headers })))
  const post = async (
    path: string,
    body: Record<string, string> | string,
    headers: Record<string, string> = {},
  ): Promise<Heard> =>
    heard(
      await server.handle(
        new Request(at + path, {
          method: 'POST',
          body: typeof body === 'string' ? body : new URLSearchParams(body),
          headers,
        }),
      ),
    )
  return {
    get,
    post,
    token: (form: Record<string, string>, headers?: Record<string, string>) =>
      post('/token', form, headers),
    /** Redeems the code in an offer. */
    redeem: (
      offer: JsonObject,
      more: Record<string, string> = {},
      headers?: Record<string, string>,
    ) =>
      post(
        '/token',
        { grant_type: preAuthorizedCode, 'pre-authorized_code': codeOf(offer), ...more },
        headers,
      ),
    nonce: async () => String((await post('/nonce', '')).body['c_nonce']),
    credential: (
      token: unknown,
      body: JsonObject | string,
      headers: Record<string, string> = {},
    ) => {
      const plain = typeof body !== 'string'
      return post('/credential', plain ? JSON.stringify(body) : body, {
        'content-type': plain ? 'application/json' : 'application/jwt',
        authorization: `Bearer ${String(token)}`,
        ...headers,
      })
    },
  }
}

/** The code in an offer. */
export function codeOf(offer: JsonObject): string {
  const grants = offer['grants'] as Record<string, Record<string, string>>
  return grants[preAuthorizedCode]?.['pre-authorized_code'] ?? ''
}

/** A proof of possession, right unless changed. */
export async function proof(
  nonce: string,
  change: {
    readonly key?: Awaited<ReturnType<typeof keyPair>>
    readonly signer?: Signer
    readonly header?: JsonObject
    readonly claims?: JsonObject
  } = {},
): Promise<string> {
  const { key = await keyPair(), header, claims: more } = change
  return signJws(
    { typ: 'openid4vci-proof+jwt', jwk: key.publicJwk as unknown as JsonObject, ...header },
    { aud: url, iat: Math.floor(now.getTime() / 1000), nonce, ...more },
    change.signer ?? key.signer,
  )
}

/** A DPoP proof, right unless changed. */
export async function dpop(
  key: Awaited<ReturnType<typeof keyPair>>,
  claims_: {
    readonly at: string
    readonly nonce?: string
    readonly token?: string
    readonly jti?: string
    /** `exp` and `nbf`, in seconds from now. */
    readonly times?: Readonly<Record<string, number>>
  },
): Promise<string> {
  const { at, nonce, token, jti = crypto.randomUUID(), times = {} } = claims_
  const seconds = Math.floor(now.getTime() / 1000)
  const ath = token === undefined ? undefined : toBase64url(await digest('SHA-256', utf8(token)))
  return signJws(
    { typ: 'dpop+jwt', jwk: key.publicJwk as unknown as JsonObject },
    {
      htm: 'POST',
      htu: url + at,
      iat: Math.floor(now.getTime() / 1000),
      jti,
      ...Object.fromEntries(Object.entries(times).map(([name, at]) => [name, seconds + at])),
      ...(nonce !== undefined && { nonce }),
      ...(ath !== undefined && { ath }),
    },
    key.signer,
  )
}
