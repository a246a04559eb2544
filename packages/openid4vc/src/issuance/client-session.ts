import {
  AsobaError,
  digest,
  isJsonObject,
  type JsonObject,
  type Jwk,
  type PrivateJwk,
  parseJson,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { createKey, jwkSigner, publicJwkOf } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import type { IssuerDescription } from './client-metadata.ts'
import {
  type Answer,
  ask,
  type ClientSettings,
  errorIn,
  jsonOf,
  malformed,
} from './client-settings.ts'
import { randomText } from './sealed.ts'

/** A conversation with one issuer. */
export interface Session {
  readonly description: IssuerDescription
  /** What tokens are bound to; absent where the server knows no DPoP. */
  readonly key: DpopKey | undefined
  /** Nonces for DPoP by origin, as they come. */
  readonly nonces: Map<string, string>
  /** Challenges for wallet attestations by origin, as they come. */
  readonly challenges: Map<string, string>
}

/** A key for DPoP, one for each issuance. */
export interface DpopKey {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: Jwk
  readonly signer: Signer
}

/** @throws AsobaError `issuance.unsupported` where HAIP is demanded and the server has no DPoP */
export async function openSession(
  settings: ClientSettings,
  description: IssuerDescription,
  kept?: PrivateJwk,
): Promise<Session> {
  const wanted = kept !== undefined || description.server.dpop.includes('ES256')
  if (settings.haip && !wanted) {
    throw new AsobaError(
      'issuance.unsupported',
      'the issuer binds tokens to no key, which HAIP demands',
    )
  }
  const key = wanted ? await dpopKey(kept) : undefined
  return { description, key, nonces: new Map(), challenges: new Map() }
}

async function dpopKey(kept?: PrivateJwk): Promise<DpopKey> {
  const privateJwk = kept ?? (await createKey('ES256')).privateJwk
  const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
  return { privateJwk, publicJwk: publicJwkOf(privateJwk), signer }
}

/** Sends a form to the authorisation server, as the wallet that it is. */
export async function postForm(
  settings: ClientSettings,
  session: Session,
  address: string,
  form: Readonly<Record<string, string | undefined>>,
  options: { readonly signal: AbortSignal | undefined; readonly dpop: boolean },
): Promise<Answer> {
  const given = Object.entries(form).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const body = new URLSearchParams(given).toString()
  const send = async (): Promise<Answer> =>
    ask(settings, address, {
      method: 'POST',
      body,
      signal: options.signal,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(await attestationHeaders(settings, session, address)),
        ...(options.dpop && (await dpopHeader(settings, session, address))),
      },
    })
  return withNonce(session, address, send)
}

/** Sends a body with an access token. */
export async function postWithToken(
  settings: ClientSettings,
  session: Session,
  address: string,
  content: { readonly type: string; readonly body: string; readonly token: string },
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { type, body, token } = content
  const send = async (): Promise<Answer> =>
    ask(settings, address, {
      method: 'POST',
      body,
      signal,
      headers: {
        'content-type': type,
        accept: 'application/json, application/jwt',
        authorization: `${session.key === undefined ? 'Bearer' : 'DPoP'} ${token}`,
        ...(await dpopHeader(settings, session, address, token)),
      },
    })
  return withNonce(session, address, send)
}

/** What a server may want in a proof, by error, and the header it comes in. */
const wishes: readonly (readonly [error: string, header: string])[] = [
  ['use_dpop_nonce', 'dpop-nonce'],
  ['use_attestation_challenge', 'oauth-client-attestation-challenge'],
]

/**
 * Once more, for each, where the server wants a nonce or a challenge of its own.
 *
 * @see RFC 9449 sections 8, 9; attestation-based client authentication section 6.2
 */
async function withNonce(
  session: Session,
  address: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  let answer = await send()
  remember(session, address, answer)
  const left = new Set(wishes)
  for (;;) {
    const { status, text, headers } = answer
    const challenge = headers.get('www-authenticate') ?? ''
    const wish = [...left].find(
      ([error, header]) =>
        (text.includes(error) || challenge.includes(error)) && headers.get(header) !== null,
    )
    if (status < 400 || wish === undefined) return answer
    left.delete(wish)
    answer = await send()
    remember(session, address, answer)
  }
}

function remember({ nonces, challenges }: Session, address: string, { headers }: Answer): void {
  const { origin } = new URL(address)
  const keepIn = (known: Map<string, string>, header: string): void => {
    const value = headers.get(header)
    if (value !== null && value.length <= 4096) known.set(origin, value)
  }
  keepIn(nonces, 'dpop-nonce')
  keepIn(challenges, 'oauth-client-attestation-challenge')
}

async function dpopHeader(
  settings: ClientSettings,
  { key, nonces }: Session,
  address: string,
  token?: string,
): Promise<Readonly<Record<string, string>>> {
  if (key === undefined) return {}
  const { origin, pathname } = new URL(address)
  const nonce = nonces.get(origin)
  const ath = token === undefined ? undefined : toBase64url(await digest('SHA-256', utf8(token)))
  const dpop = await signJws(
    { typ: 'dpop+jwt', jwk: key.publicJwk as unknown as JsonObject },
    {
      jti: randomText(),
      htm: 'POST',
      htu: origin + pathname,
      iat: secondsOf(settings),
      ...(ath !== undefined && { ath }),
      ...(nonce !== undefined && { nonce }),
    },
    key.signer,
  )
  return { dpop }
}

async function attestationHeaders(
  settings: ClientSettings,
  { description, challenges }: Session,
  address: string,
): Promise<Readonly<Record<string, string>>> {
  const { attestation } = settings.options
  const { server } = description
  if (attestation === undefined || !(server.attestation || settings.haip)) return {}
  const { jwt, signer } = await attestation(server.issuer)
  const { origin } = new URL(address)
  if (!challenges.has(origin)) await fetchChallenge(settings, server, { origin, challenges })
  const challenge = challenges.get(origin)
  const proof = await signJws(
    { typ: 'oauth-client-attestation-pop+jwt' },
    {
      aud: server.issuer,
      jti: randomText(),
      iat: secondsOf(settings),
      ...(challenge !== undefined && { challenge }),
    },
    signer,
  )
  return { 'oauth-client-attestation': jwt, 'oauth-client-attestation-pop': proof }
}

/**
 * A challenge of the server, where it gives any. Without one the server says whether it wants it.
 *
 * @see attestation-based client authentication, section 6.1
 */
async function fetchChallenge(
  settings: ClientSettings,
  { challenge }: IssuerDescription['server'],
  kept: { readonly origin: string; readonly challenges: Map<string, string> },
): Promise<void> {
  if (challenge.address === undefined) return
  const asked = { method: 'POST', body: '', headers: { accept: 'application/json' } } as const
  const answer = await ask(settings, challenge.address, asked).catch(() => undefined)
  const value = answer?.status === 200 ? jsonOf(answer)?.['attestation_challenge'] : undefined
  if (typeof value === 'string' && value.length <= 4096) kept.challenges.set(kept.origin, value)
}

/** Now, as on the wire. */
export function secondsOf({ now }: ClientSettings): number {
  return Math.floor(now().getTime() / 1000)
}

/** What a session leaves for later; secret. */
export function keep(kind: string, content: JsonObject): string {
  return JSON.stringify({ kind: `asoba/${kind}/v1`, ...content })
}

/** What {@link keep} made. @throws TypeError where it is something else */
export function kept(kind: string, text: string): JsonObject {
  const value = parseJson(text, { maxLength: 1_048_576 })
  if (!isJsonObject(value) || value['kind'] !== `asoba/${kind}/v1`) {
    throw new TypeError(`this is no ${kind} of an issuance client`)
  }
  return value
}

/** Whether an answer is a success; what else it is. @throws AsobaError `issuance.malformed` */
export function isSuccess(answer: Answer): boolean {
  if (answer.status >= 300 && errorIn(answer) === undefined && answer.status < 400) {
    throw malformed('the issuer sends the wallet elsewhere')
  }
  return answer.status >= 200 && answer.status < 300
}
