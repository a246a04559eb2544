import { isJsonObject, type Json, type JsonObject, type Problem, problem } from '@asoba/core'
import { idOf, numericDate } from '@asoba/core/judge'

/** Base context of the VC data model 1.1. */
export const contextV1 = 'https://www.w3.org/2018/credentials/v1'

/**
 * The credential or presentation that the claims of a JWT stand for: registered claims may be there
 * instead of the properties or in addition to them; where both are, they must agree.
 *
 * @see https://www.w3.org/TR/vc-data-model/#jwt-decoding
 */
export function decodeV1(
  claims: JsonObject,
  kind: 'vc' | 'vp',
): { readonly document: JsonObject; readonly problems: readonly Problem[] } {
  const inner = claims[kind]
  if (!isJsonObject(inner)) {
    const detail = `the ${kind} claim of VC 1.1 is missing`
    return { document: {}, problems: [problem('credential.malformed', detail)] }
  }
  const document: Record<string, Json> = { ...inner }
  const problems: Problem[] = []
  const differs = (detail: string) => problems.push(problem('credential.malformed', detail))
  const merge = (name: string, claim: Json | undefined, same: (there: Json) => boolean) => {
    const there = document[name]
    if (claim === undefined || (there !== undefined && same(there))) return
    if (there !== undefined) differs('a registered claim differs from its property')
    else document[name] = claim
  }
  const { iss, jti, sub, nbf, exp } = claims
  merge('id', jti, (there) => there === jti)
  if (kind === 'vp') {
    merge('holder', iss, (there) => idOf(there) === iss)
    return { document, problems }
  }
  mergeIssuer(document, iss, merge)
  if (sub !== undefined) mergeSubject(document, sub, differs)
  // 6.3.1: exp is expirationDate, nbf is issuanceDate, both to the second.
  const sameTime = (claim: Json) => (there: Json) =>
    typeof there === 'string' && Math.floor(Date.parse(there) / 1000) * 1000 === numericDate(claim)
  if (nbf !== undefined) merge('issuanceDate', dateOf(nbf), sameTime(nbf))
  if (exp !== undefined) merge('expirationDate', dateOf(exp), sameTime(exp))
  return { document, problems }
}

function mergeIssuer(
  document: Record<string, Json>,
  iss: Json | undefined,
  merge: (name: string, claim: Json | undefined, same: (there: Json) => boolean) => void,
): void {
  const there = document['issuer']
  // An issuer object may leave its id to iss.
  if (isJsonObject(there) && there['id'] === undefined && typeof iss === 'string') {
    document['issuer'] = { ...there, id: iss }
  } else merge('issuer', iss, (value) => idOf(value) === iss)
}

function mergeSubject(
  document: Record<string, Json>,
  sub: Json,
  differs: (detail: string) => void,
): void {
  const subject = document['credentialSubject']
  const only: Json | undefined =
    Array.isArray(subject) && subject.length === 1 ? (subject as readonly Json[])[0] : subject
  if (!isJsonObject(only)) differs('sub speaks of one subject, the credential does not')
  else if (only['id'] === undefined) document['credentialSubject'] = { ...only, id: sub }
  else if (only['id'] !== sub) differs('sub differs from the id of the subject')
}

/** A NumericDate as the data model writes it; what is none stays as it is and is refused later. */
function dateOf(claim: Json): Json {
  const time = numericDate(claim)
  return Number.isNaN(time) ? claim : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}
