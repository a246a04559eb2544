import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  parseDigestSri,
  problem,
  type StatusReference,
} from '@asoba/core'
import { holdsDigests, type OpenedSdJwt } from './parse.ts'

/**
 * Claims that may be in no disclosure, nor any part of them. Draft -13 has the same list but for
 * `aka_vcts`, which it does not know.
 */
const alwaysShown = ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'aka_vcts', 'status']

/** Credentials of one type have all the same: the last that was right is not read again. */
let lastIntegrity: Json | undefined

/** Claims that speak of the credential, not of its subject. */
const ofCredential = new Set([...alwaysShown, 'iat', 'sub', 'aud', 'jti'])

/**
 * What is wrong with the form of an SD-JWT VC, whether by draft -19 or by -13.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 2.2.2
 */
export function vcProblems({ payload, claims, disclosed, jws }: OpenedSdJwt): readonly Problem[] {
  const problems: Problem[] = []
  const bad = (detail: string, path: string): unknown =>
    problems.push(problem('credential.malformed', detail, path))
  for (const name of alwaysShown) {
    const hidden = disclosed.some(({ path }) => path[0] === name)
    if (hidden || holdsDigests(payload[name])) {
      const detail = 'the claim may not be selectively disclosable'
      problems.push(problem('disclosure.forbidden', detail, `/${name}`))
    }
  }
  const { iss, vct, cnf, aka_vcts: aliases } = claims
  if (!isName(vct)) bad('vct is missing or no string', '/vct')
  if (iss !== undefined && !isName(iss)) bad('iss is no string', '/iss')
  // Section 2.2.2.3: iss may be missing where the leaf certificate names the issuer.
  if (iss === undefined && jws.header.x5c === undefined) bad('nothing names the issuer', '/iss')
  const sri = claims['vct#integrity']
  if (sri !== undefined && sri !== lastIntegrity) {
    if (parseDigestSri(sri) !== undefined) lastIntegrity = sri
    else bad('vct#integrity is no integrity metadata', '/vct#integrity')
  }
  if (cnf !== undefined && !isJsonObject(cnf)) bad('cnf is no object', '/cnf')
  // Section 2.2.2.2. Nothing is ever matched or trusted by it.
  if (aliases !== undefined && !(Array.isArray(aliases) && areAliases(aliases, vct))) {
    bad('aka_vcts is no array of other types', '/aka_vcts')
  }
  if (claims['status'] !== undefined && statusOf(claims) === undefined) {
    const detail = 'status is malformed or of an unknown kind'
    problems.push(problem('status.invalid-entry', detail, '/status'))
  }
  return problems
}

/**
 * The entry of a token status list; `undefined` where there is none that can be read.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ section 6.1
 */
export function statusOf(claims: JsonObject): StatusReference | undefined {
  const { status } = claims
  const list = isJsonObject(status) ? status['status_list'] : undefined
  if (!isJsonObject(list)) return undefined
  const { idx, uri } = list
  if (!isName(uri) || typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) {
    return undefined
  }
  return { kind: 'token-status-list', uri, index: idx }
}

/** The claims of the subject alone. */
export function subjectOf(claims: JsonObject): JsonObject {
  const subject: Record<string, Json> = {}
  for (const name of Object.keys(claims)) {
    if (!ofCredential.has(name)) subject[name] = claims[name] as Json
  }
  return subject
}

/** Names that the credential itself uses, so that no claim of a subject may have them. */
export function isCredentialClaim(name: string): boolean {
  return ofCredential.has(name)
}

function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== ''
}

function areAliases(aliases: readonly Json[], vct: Json | undefined): boolean {
  return aliases.length > 0 && aliases.every((alias) => isName(alias) && alias !== vct)
}
