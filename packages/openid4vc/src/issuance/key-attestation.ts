import { isJsonObject, type Json, type Jwk } from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { Refusal } from './answers.ts'
import { clockSkew, isAttested, isInForce, jwtOf, whyNoJwt } from './attestation.ts'
import type { Configuration, Settings } from './settings.ts'

/** Keys that an attester says lie safe, and the nonce that it was made for. */
export interface AttestedKeys {
  readonly keys: readonly Jwk[]
  readonly nonce: Json | undefined
}

/**
 * A key attestation of an attester that is trusted, of the level that the configuration demands.
 *
 * @throws Refusal `invalid_proof`
 * @see OpenID4VCI 1.0 section D.1
 */
export async function readKeyAttestation(
  settings: Settings,
  { keyAttestation }: Configuration,
  text: Json | undefined,
  options: { readonly expires: 'required' | 'optional' },
): Promise<AttestedKeys> {
  const { keyAttesters } = settings.options
  const parsed = jwtOf(text, 'key-attestation+jwt')
  if (keyAttesters === undefined) throw refuse('is not taken here')
  if (parsed === undefined) throw refuse(whyNoJwt(text, 'key-attestation+jwt'))
  const { header, claims } = parsed
  if (!settings.algorithms.includes(header.alg)) throw refuse('has another algorithm')
  if (!(await isAttested(settings, parsed, keyAttesters))) throw refuse('is by nobody trusted here')
  const { iat, exp, nbf } = claims
  const now = settings.now().getTime() / 1000
  if (typeof iat !== 'number' || iat > now + clockSkew)
    throw refuse('has no iat, or is of the future')
  if (exp === undefined && options.expires === 'required') throw refuse('has no exp')
  const period = { exp: exp === undefined ? now + 1 : exp, ...(nbf !== undefined && { nbf }) }
  if (!isInForce(settings, period)) throw refuse('has expired')
  if (!reaches(claims['key_storage'], keyAttestation?.keyStorage))
    throw refuse('is of another key storage')
  if (!reaches(claims['user_authentication'], keyAttestation?.userAuthentication)) {
    throw refuse('is of another user authentication')
  }
  return { keys: keysIn(claims['attested_keys'], settings.batchSize), nonce: claims['nonce'] }
}

function keysIn(list: Json | undefined, limit: number): readonly Jwk[] {
  const entries = Array.isArray(list) ? (list as readonly Json[]) : []
  if (entries.length === 0 || entries.length > limit) throw refuse('has no keys, or too many')
  return entries.map((each) => {
    const valid =
      isJsonObject(each) && each['d'] === undefined ? validatePublicJwk(each) : undefined
    if (valid === undefined) throw refuse('has a key that is none of ours')
    const { kty, crv, x, y, kid } = valid
    return { kty, crv, x, ...(y !== undefined && { y }), ...(kid !== undefined && { kid }) } as Jwk
  })
}

/** Whether what is attested is among what is demanded. */
function reaches(attested: Json | undefined, demanded: readonly string[] | undefined): boolean {
  if (demanded === undefined) return true
  return Array.isArray(attested) && attested.some((each) => demanded.some((one) => one === each))
}

function refuse(what: string): Refusal {
  return new Refusal('invalid_proof', `the key attestation ${what}`)
}
