import {
  digest,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  type ProblemCode,
  problem,
  type Refused,
  refused,
  toBase64url,
  type Verified,
} from '@asoba/core'
import { findVerificationKeys } from '@asoba/did'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { verifyChain } from '@asoba/jwt/x509'
import type { ClientSettings } from './client-settings.ts'
import { requestObjectType, selfIssued } from './protocol.ts'
import type { VerifierIdentity } from './wallet-types.ts'

/** Client identifier prefixes that prove something, and the one that does not. */
export type Prefix = 'redirect_uri' | 'x509_san_dns' | 'x509_hash' | 'decentralized_identifier'

/** A request whose sender was looked at. */
export interface Authenticated {
  readonly parameters: JsonObject
  readonly verifier: VerifierIdentity
  readonly prefix?: Prefix
}

/** What the wallet knows before it opens a request object. */
export interface Expected {
  /** As the link says it; requests of the Digital Credentials API say it inside alone. */
  readonly clientId?: string
  /** What the wallet sent when it fetched the request. */
  readonly walletNonce?: string
  /** Where the request was fetched from. */
  readonly requestUri?: string
  /** It is one signature of several (A.3.2.2): who signs stands in its header. */
  readonly ofSeveral?: boolean
}

/**
 * Opens a request object: signed by whom its client identifier names. Never throws.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-5.9.3
 */
export async function openRequestObject(
  settings: ClientSettings,
  text: Json | undefined,
  expected: Expected,
): Promise<Verified<Authenticated>> {
  const parsed = parseJws(text, { maxLength: 262_144, backend: settings.backend })
  if (!parsed.verified || parsed.claims === undefined) {
    return refuse('request.malformed', 'the request object is no JWS of a JSON object')
  }
  const { header, claims } = parsed
  if (header.typ !== requestObjectType) {
    return refuse('request.malformed', 'the request object is of another type (typ)')
  }
  const { ofSeveral = false } = expected
  const own = ['client_id', 'verifier_info']
  if (ofSeveral && own.some((name) => claims[name] !== undefined)) {
    return refuse('request.malformed', 'one of several signatures does not say whose it is')
  }
  const { client_id: clientId, verifier_info: info } = ofSeveral ? header : claims
  const walletNonce = claims['wallet_nonce']
  if (typeof clientId !== 'string') {
    return refuse('request.client-invalid', 'the request object has no client_id')
  }
  if (expected.clientId !== undefined && clientId !== expected.clientId) {
    return refuse('request.client-invalid', 'the request object is of another client')
  }
  if (expected.walletNonce !== undefined && walletNonce !== expected.walletNonce) {
    return refuse('request.malformed', 'the request object was not made for this wallet')
  }
  if (!isForWallets(claims['aud'], expected.requestUri) || isOver(claims, settings.now())) {
    return refuse('request.expired', 'the request object is for others, or over')
  }
  const found = await keysOf(settings, clientId, header)
  if (!found.verified) return found
  if (!(await verifyJwsWith(parsed, found.keys, settings))) {
    return refuse('request.signature-invalid', 'the request object is not signed by its client')
  }
  const moved = { client_id: clientId, ...(info !== undefined && { verifier_info: info }) }
  const parameters = ofSeveral ? { ...claims, ...moved } : claims
  return { verified: true, checks: [], parameters, ...found.who }
}

/**
 * Opens a request under several signatures: the first that is right, of somebody whom the wallet
 * knows, is who asks. Never throws.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html appendix A.3.2.2
 */
export async function openMultiSigned(
  settings: ClientSettings,
  request: Json | undefined,
): Promise<Verified<Authenticated>> {
  const { payload, signatures } = isJsonObject(request) ? request : {}
  const list: readonly Json[] = Array.isArray(signatures) ? signatures.slice(0, maxSignatures) : []
  let first: Refused | undefined
  for (const each of list) {
    const { protected: header, signature } = isJsonObject(each) ? each : {}
    const compact = `${String(header)}.${String(payload)}.${String(signature)}`
    const opened = await openRequestObject(settings, compact, { ofSeveral: true })
    if (opened.verified) return opened
    first ??= opened
  }
  return first ?? refuse('request.malformed', 'the request has no signatures')
}

const maxSignatures = 8

interface Found {
  readonly keys: readonly Jwk[]
  readonly who: { readonly verifier: VerifierIdentity; readonly prefix: Prefix }
}

async function keysOf(
  settings: ClientSettings,
  clientId: string,
  header: { readonly alg: string; readonly kid?: string; readonly x5c?: readonly string[] },
): Promise<Verified<Found>> {
  const { verifiers, haip } = settings
  const colon = clientId.indexOf(':')
  const [prefix, rest] = [clientId.slice(0, colon), clientId.slice(colon + 1)]
  if (haip === true && (prefix !== 'x509_hash' || header.alg !== 'ES256')) {
    return refuse('request.unsupported', 'HAIP requests are signed by ES256 as x509_hash')
  }
  if (prefix === 'x509_san_dns' || prefix === 'x509_hash') {
    const { x5c = [] } = header
    const anchors = verifiers.x509 ?? []
    const { backend } = settings
    const chain = await verifyChain({
      chain: x5c,
      anchors,
      at: settings.now(),
      // HAIP 5 forbids of requests what 6.1.1 forbids of credentials.
      haip: haip === true,
      ...(verifiers.x509Usage !== undefined && { usage: verifiers.x509Usage }),
      ...(backend && { backend }),
    })
    if (!chain.verified) {
      return refused(
        chain.problems.map(({ detail, path = '' }) => {
          return problem(
            'request.untrusted',
            detail,
            path.startsWith('/anchors') ? path : `/x5c${path}`,
          )
        }),
      )
    }
    const { publicJwk, subjects } = chain
    const fits =
      prefix === 'x509_san_dns'
        ? // RFC 5280 7.2: host names are compared without case; certificates are read in lower case.
          subjects.includes(`https://${rest.toLowerCase()}`)
        : rest === (await hashOf(x5c[0] as string))
    return fits
      ? found([publicJwk], { by: 'x509', clientId, names: subjects }, prefix)
      : refuse('request.client-invalid', 'the certificate is not that of the client')
  }
  if (prefix === 'decentralized_identifier') {
    if (verifiers.did === undefined) {
      return refuse('request.unsupported', 'the wallet resolves no DIDs of verifiers')
    }
    const { kid } = header
    // 5.9.3: kid is an absolute DID URL of a key in the client's own document.
    if (kid === undefined || !kid.startsWith(`${rest}#`)) {
      return refuse('request.client-invalid', 'the key is not that of the client')
    }
    const at = settings.now()
    const query = { did: rest, kid }
    for (const relationship of ['authentication', 'assertionMethod'] as const) {
      const keys = await findVerificationKeys(verifiers.did, { ...query, relationship }, { at })
      if (!keys.verified) continue
      const jwks = keys.keys.map(({ publicJwk }) => publicJwk)
      return found(jwks, { by: 'did', clientId, names: [] }, prefix)
    }
    return refuse('request.untrusted', 'the key of the client was not found')
  }
  return refuse(
    'request.client-invalid',
    prefix === 'redirect_uri'
      ? 'a redirect_uri client cannot sign its requests'
      : 'the wallet knows no such client identifier',
  )
}

function found(keys: readonly Jwk[], verifier: VerifierIdentity, prefix: Prefix): Verified<Found> {
  return { verified: true, checks: [], keys, who: { verifier, prefix } }
}

async function hashOf(certificate: string): Promise<string> {
  const der = Uint8Array.from(atob(certificate), (char) => char.charCodeAt(0))
  return toBase64url(await digest('SHA-256', der))
}

/**
 * Section 5.8 wants the symbolic name. `@openid4vc/openid4vp`, and Credo with it, writes the address
 * of the request itself, which says as much: a wallet got it there.
 */
function isForWallets(aud: Json | undefined, requestUri: string | undefined): boolean {
  const named = Array.isArray(aud) ? aud : [aud]
  return (
    aud === undefined ||
    named.some((one) => one === selfIssued || (one !== undefined && one === requestUri))
  )
}

function isOver({ exp, nbf }: JsonObject, now: Date): boolean {
  const seconds = now.getTime() / 1000
  const within = (value: Json | undefined, test: (at: number) => boolean): boolean =>
    value === undefined || (typeof value === 'number' && test(value))
  return !within(exp, (at) => seconds < at) || !within(nbf, (at) => at <= seconds + 60)
}

/** A refusal of one reason. */
export function refuse(code: ProblemCode, detail: string, path?: string): Refused {
  return refused([problem(code, detail, path)])
}
