import { isJsonObject, type JsonObject, type Jwk } from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { type ParsedJws, parseJws, verifyJwsWith } from '@asoba/jwt'
import { type ChainInput, verifyChain } from '@asoba/jwt/x509'
import { json, Refusal } from './answers.ts'
import { firstUse, nonceLifetime, randomText, sealFor, unsealFor } from './sealed.ts'
import type { Settings } from './settings.ts'
import type { AttesterKeys } from './types.ts'

/** Seconds that clocks of wallets may go before ours. */
export const clockSkew = 60
/** Seconds after which a proof of possession is too old. */
export const proofLifetime = 300

/** A JWS of this type with claims, not judged yet. */
export function jwtOf(
  text: unknown,
  typ: string,
): (ParsedJws & { readonly claims: JsonObject }) | undefined {
  const parsed = parseJws(text, { maxLength: 65_536 })
  return parsed.verified && parsed.header.typ === typ && parsed.claims !== undefined
    ? { ...parsed, claims: parsed.claims }
    : undefined
}

/** Why {@link jwtOf} gives nothing, to stand behind what it is about. */
export function whyNoJwt(text: unknown, typ: string): string {
  const parsed = parseJws(text, { maxLength: 65_536 })
  if (parsed.verified) {
    return parsed.claims === undefined ? 'has no claims' : `has another typ than ${typ}`
  }
  return parsed.problems.every(({ code }) => code === 'jws.algorithm-unsupported')
    ? 'is signed by an algorithm that is not supported'
    : 'is no JWT'
}

/** Whether somebody whom the caller trusts signed it. */
export async function isAttested(
  settings: Settings,
  parsed: ParsedJws,
  keys: AttesterKeys,
): Promise<boolean> {
  const { header, claims } = parsed
  const { kid, x5c } = header
  const issuer = claims?.['iss']
  const trusted = await keys({
    ...(typeof issuer === 'string' && { issuer }),
    ...(kid !== undefined && { kid }),
    ...(x5c !== undefined && { x5c }),
    at: settings.now(),
  })
  return trusted.length > 0 && verifyJwsWith(parsed, trusted)
}

/**
 * Attesters that are trusted by X.509: the chain in `x5c` leads to one of the anchors.
 *
 * @param options `anchors`: DER of the certificates that are trusted for this; `usage`: OIDs of
 * extended key usage of which the leaf must have one
 */
export function x509Attesters(
  options: Pick<ChainInput, 'anchors' | 'usage' | 'haip'>,
): AttesterKeys {
  return async ({ x5c, at }) => {
    if (x5c === undefined) return []
    const path = await verifyChain({ chain: x5c, at, ...options })
    return path.verified ? [path.publicJwk] : []
  }
}

/** Whether a time in seconds lies between `proofLifetime` ago and now. */
export function isFresh(settings: Settings, seconds: unknown): boolean {
  if (typeof seconds !== 'number') return false
  const now = settings.now().getTime() / 1000
  return seconds <= now + clockSkew && seconds >= now - proofLifetime
}

/** Whether `exp` and `nbf` hold; `exp` must be there. */
export function isInForce(settings: Settings, { exp, nbf }: JsonObject): boolean {
  const now = settings.now().getTime() / 1000
  if (typeof exp !== 'number' || !(exp > now)) return false
  return nbf === undefined || (typeof nbf === 'number' && nbf <= now + clockSkew)
}

/**
 * Who the client of a request is: by wallet attestation and proof of possession where it brings
 * them, or as it says.
 *
 * @throws Refusal `invalid_client`
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-attestation-based-client-auth/ section 7
 */
export async function authenticateClient(
  settings: Settings,
  request: Request,
  clientId: string | undefined,
): Promise<string | undefined> {
  const { walletAttestation } = settings.options
  const text = request.headers.get('oauth-client-attestation')
  const proof = request.headers.get('oauth-client-attestation-pop')
  if (walletAttestation === undefined || (text === null && proof === null)) {
    if (walletAttestation?.required === true) throw invalid('a wallet attestation is demanded')
    return clientId
  }
  const attestation = jwtOf(text, 'oauth-client-attestation+jwt')
  if (attestation === undefined) {
    throw invalid(`the wallet attestation ${whyNoJwt(text, 'oauth-client-attestation+jwt')}`)
  }
  if (!settings.attestationAlgorithms.includes(attestation.header.alg)) {
    throw invalid('the algorithm of the wallet attestation is not supported')
  }
  if (!(await isAttested(settings, attestation, walletAttestation.keys))) {
    throw invalid('the wallet attestation is by nobody trusted here')
  }
  if (!isInForce(settings, attestation.claims)) throw invalid('the wallet attestation has expired')
  const { sub, cnf } = attestation.claims
  if (typeof sub !== 'string' || sub === '' || (clientId !== undefined && clientId !== sub)) {
    throw invalid('the wallet attestation is for another client')
  }
  const jwk = isJsonObject(cnf) && isJsonObject(cnf['jwk']) ? cnf['jwk'] : undefined
  const key = jwk && jwk['d'] === undefined ? validatePublicJwk(jwk) : undefined
  if (key === undefined) throw invalid('the wallet attestation confirms no key')
  await checkPossession(settings, proof, { key, clientId: sub })
  return sub
}

async function checkPossession(
  settings: Settings,
  text: string | null,
  { key, clientId }: { readonly key: Jwk; readonly clientId: string },
): Promise<void> {
  const proof = jwtOf(text, 'oauth-client-attestation-pop+jwt')
  if (proof === undefined) {
    const why = whyNoJwt(text, 'oauth-client-attestation-pop+jwt')
    throw invalid(`the proof of the wallet attestation ${why}`)
  }
  if (!settings.attestationAlgorithms.includes(proof.header.alg)) {
    throw invalid('the algorithm of the proof is not supported')
  }
  if (!(await verifyJwsWith(proof, [key]))) throw invalid('the proof is by another key')
  const { iss, aud, iat, exp, jti, challenge } = proof.claims
  // `iss` went with draft -06; who still sends it says who they are.
  if (iss !== undefined && iss !== clientId) throw invalid('the proof is of another client')
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (audiences.length !== 1 || audiences[0] !== settings.url) {
    throw invalid('the proof is for another server')
  }
  if (!isFresh(settings, iat)) throw invalid('the proof is too old, or of the future')
  if (exp !== undefined && !isInForce(settings, { exp })) throw invalid('the proof has expired')
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw invalid('jti is missing')
  // Section 6.1: who brings one brings one of ours. Without it iat and jti say the same.
  if (
    challenge !== undefined &&
    (await unsealFor(settings, 'challenge', challenge)) === undefined
  ) {
    throw new Refusal('use_attestation_challenge', 'the challenge is over: use the new one', {
      headers: { 'oauth-client-attestation-challenge': await freshChallenge(settings) },
    })
  }
  if (!(await firstUse(settings, 'attestation', `${clientId}|${jti}`, 2 * proofLifetime))) {
    throw invalid('the proof was used before')
  }
}

/** The challenge endpoint. @see attestation-based client authentication, section 6.1 */
export async function challengeEndpoint(settings: Settings): Promise<Response> {
  return json({ attestation_challenge: await freshChallenge(settings) })
}

async function freshChallenge(settings: Settings): Promise<string> {
  const value = { random: randomText().slice(0, 22) }
  return sealFor(settings, 'challenge', value, nonceLifetime)
}

function invalid(description: string): Refusal {
  return new Refusal('invalid_client', description, { status: 401 })
}
