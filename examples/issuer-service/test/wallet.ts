import { didJwkOf, holderSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Wallet } from '@asoba/wallet'

const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** What a server answered. */
export interface Outcome {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** An offer, with what its issuer says of itself. */
export interface ReadOffer {
  readonly issuer: string
  readonly code: string
  readonly configuration: string
  readonly batchSize: number
  readonly asksForCode: boolean
  /** Of the authorisation code flow; empty where there is none. */
  readonly issuerState: string
  readonly endpoints: Readonly<Record<'token' | 'nonce' | 'credential' | 'notification', string>>
}

/** A wallet that spells out the protocol, so that every step of it can be done twice or wrong. */
export interface TestWallet {
  readonly wallet: Wallet
  redeem(offer: ReadOffer, txCode?: string): Promise<Outcome>
  refresh(offer: ReadOffer, token: string): Promise<Outcome>
  /** Asks for copies with fresh keys, and keeps what comes. */
  ask(
    offer: ReadOffer,
    token: string,
    copies?: number,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome>
  /** All of it: the wires of the copies. */
  receive(link: string, txCode?: string, copies?: number): Promise<readonly string[]>
}

/** Makes a wallet in memory. */
export function testWallet(): TestWallet {
  const format = sdJwtVc()
  const retained = new Map<string, Uint8Array>()
  const wallet = createWallet({
    reuse: 'any',
    formats: [
      {
        ...format,
        prepareHolder: async (secrets, options) => {
          const made = await format.prepareHolder(secrets, options)
          if (made.proof.kind === 'jwk') retained.set(made.proof.publicJwk.x ?? '', made.retained)
          return made
        },
      },
    ],
  })
  const nonce = async (offer: ReadOffer): Promise<string> =>
    String((await post(offer.endpoints.nonce, '')).body['c_nonce'])

  const ask: TestWallet['ask'] = async (offer, token, copies = offer.batchSize, more = {}) => {
    const fresh = await nonce(offer)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: copies })
    const jwt = await Promise.all(
      holders.map(async (holder) => {
        if (holder.kind !== 'jwk') throw new Error('this format binds to keys')
        const { kty, crv = '', x = '', y = '' } = holder.publicJwk
        const secret = retained.get(x) ?? new Uint8Array()
        const signer = await holderSigner(secret, didJwkOf(holder.publicJwk))
        const header = { typ: 'openid4vci-proof+jwt', jwk: { kty, crv, x, y } }
        return signJws(header, { aud: offer.issuer, iat: now(), nonce: fresh }, signer)
      }),
    )
    const request = { credential_configuration_id: offer.configuration, proofs: { jwt } }
    const outcome = await post(offer.endpoints.credential, JSON.stringify(request), token, more)
    if (outcome.status === 200) await wallet.receive(wiresIn(outcome))
    return outcome
  }
  const redeem: TestWallet['redeem'] = (offer, txCode) =>
    post(
      offer.endpoints.token,
      new URLSearchParams({
        grant_type: grant,
        'pre-authorized_code': offer.code,
        ...(txCode !== undefined && { tx_code: txCode }),
      }),
    )
  return {
    wallet,
    redeem,
    ask,
    refresh: (offer, token) =>
      post(
        offer.endpoints.token,
        new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
      ),
    receive: async (link, txCode, copies) => {
      const offer = await readOffer(link)
      const granted = await redeem(offer, txCode)
      if (granted.status !== 200) throw new Error(`no token: ${JSON.stringify(granted.body)}`)
      const outcome = await ask(offer, String(granted.body['access_token']), copies)
      if (outcome.status !== 200) throw new Error(`nothing issued: ${JSON.stringify(outcome.body)}`)
      return wiresIn(outcome)
    },
  }
}

/** The credentials of an answer. */
export function wiresIn({ body }: Outcome): readonly string[] {
  const { credentials = [] } = body as {
    readonly credentials?: readonly { readonly credential: string }[]
  }
  return credentials.map(({ credential }) => credential)
}

/** Follows the link of an offer. */
export async function readOffer(link: string): Promise<ReadOffer> {
  const query = new URL(link).searchParams
  const uri = query.get('credential_offer_uri')
  const offer = (
    uri === null ? JSON.parse(query.get('credential_offer') ?? '') : await get(uri)
  ) as {
    readonly credential_issuer: string
    readonly credential_configuration_ids: readonly string[]
    readonly grants: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
  const issuer = offer.credential_issuer
  const metadata = await get(wellKnown(issuer, 'openid-credential-issuer'))
  const server = await get(wellKnown(issuer, 'oauth-authorization-server'))
  const batch = metadata['batch_credential_issuance'] as { readonly batch_size: number } | undefined
  const given = offer.grants[grant]
  return {
    issuer,
    code: String(given?.['pre-authorized_code']),
    asksForCode: given?.['tx_code'] !== undefined,
    issuerState: String(offer.grants['authorization_code']?.['issuer_state'] ?? ''),
    configuration: offer.credential_configuration_ids[0] ?? '',
    batchSize: batch?.batch_size ?? 1,
    endpoints: {
      token: String(server['token_endpoint']),
      nonce: String(metadata['nonce_endpoint']),
      credential: String(metadata['credential_endpoint']),
      notification: String(metadata['notification_endpoint']),
    },
  }
}

/** @see OpenID4VCI 1.0 section 12.2.2 */
export function wellKnown(issuer: string, name: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/${name}${pathname}`
}

async function get(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status}`)
  return (await response.json()) as Readonly<Record<string, unknown>>
}

/** Sends a form, or JSON with a token. */
export async function post(
  url: string,
  body: string | URLSearchParams,
  token?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const headers = {
    ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...more,
  }
  const response = await fetch(url, { method: 'POST', body, headers })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as Outcome['body']),
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
