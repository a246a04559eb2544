import { digest, isJsonObject, toBase64url, utf8 } from '@asoba/core'
import { periodOf } from '@asoba/core/judge'
import { jwkThumbprint, validatePublicJwk } from '@asoba/did'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { Refusal } from './answers.ts'
import { firstUse, nonceLifetime, randomText, sealFor, unsealFor } from './sealed.ts'
import type { Settings } from './settings.ts'

/** By how many seconds the clocks of a wallet may differ. */
const clockTolerance = 60

/** A nonce for DPoP proofs. @see RFC 9449 section 8 */
export async function dpopNonce(settings: Settings): Promise<string> {
  return sealFor(settings, 'dpop-nonce', { random: randomText().slice(0, 22) }, nonceLifetime)
}

/**
 * The thumbprint of the key that a request proves; `undefined` where it proves none.
 *
 * @param at path of the endpoint below the issuer's URL; `accessToken`: the token that comes with it
 * @throws Refusal `invalid_dpop_proof`, `use_dpop_nonce`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export async function provenKey(
  settings: Settings,
  request: Request,
  at: string,
  accessToken?: string,
): Promise<string | undefined> {
  const proof = request.headers.get('dpop')
  // 1: not more than one; fetch joins two by a comma, which no JWS has
  if (proof === null) return undefined
  const refuse = (text: string, error = 'invalid_dpop_proof'): Refusal =>
    refusalOf(error, text, accessToken !== undefined)
  const parsed = parseJws(proof, { maxLength: 16_384 })
  if (!parsed.verified) throw refuse('the DPoP proof is no JWS of ours')
  const { header, claims } = parsed
  // 3–7: claims, type, algorithm, signature, no private key
  if (header.typ !== 'dpop+jwt') throw refuse('the DPoP proof has another typ')
  if (!settings.algorithms.includes(header.alg)) throw refuse('the algorithm is not supported')
  const jwk = header['jwk']
  const key = isJsonObject(jwk) && jwk['d'] === undefined ? validatePublicJwk(jwk) : undefined
  if (key === undefined) throw refuse('the DPoP proof has no public key')
  if (!(await verifyJwsWith(parsed, [key]))) throw refuse('the signature is wrong')
  const { htm, htu, iat, jti, ath, nonce, ...times } = claims ?? {}
  // 8, 9: method and address
  if (htm !== request.method) throw refuse('htm is another method')
  if (!sameAddress(htu, `${settings.url}${at}`)) throw refuse('htu is another address')
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw refuse('jti is missing')
  if (typeof iat !== 'number') throw refuse('iat is missing')
  // Times that 4.2 does not name hold as in every JWT (RFC 7519 4.1.4, 4.1.5).
  const anyModel = { from: undefined, until: undefined }
  const clock = { now: settings.now(), clockTolerance }
  if (periodOf(times, anyModel, clock).problems.length > 0) throw refuse('exp or nbf is not met')
  // 12: with a token, its hash
  if (accessToken !== undefined) {
    const hash = toBase64url(await digest('SHA-256', utf8(accessToken)))
    if (ath !== hash) throw refuse('ath is not of this token')
  }
  // 10, 11: the nonce is ours, which says when it was made
  if ((await unsealFor(settings, 'dpop-nonce', nonce)) === undefined) {
    const fresh = refuse('use the nonce in the DPoP-Nonce header', 'use_dpop_nonce')
    throw new Refusal(fresh.error, fresh.message, {
      status: fresh.status,
      headers: { ...fresh.headers, 'dpop-nonce': await dpopNonce(settings) },
    })
  }
  const thumbprint = await jwkThumbprint(key)
  if (!(await firstUse(settings, 'dpop', `${thumbprint}|${jti}`, nonceLifetime))) {
    throw refuse('the DPoP proof was used before')
  }
  return thumbprint
}

function refusalOf(error: string, text: string, resource: boolean): Refusal {
  return resource
    ? new Refusal(error, text, {
        status: 401,
        headers: { 'www-authenticate': `DPoP error="${error}", error_description="${text}"` },
      })
    : new Refusal(error, text)
}

function sameAddress(htu: unknown, address: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const { origin, pathname } = new URL(htu)
  const ours = new URL(address)
  return origin === ours.origin && pathname === ours.pathname
}
