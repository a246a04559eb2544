import {
  type JsonObject,
  type Problem,
  problem,
  refused,
  type Verified,
  validateCredential,
} from '@asoba/core'
import {
  type CredentialContext,
  idOf,
  type JudgedCredential,
  mediaTypeOf,
  periodOf,
  subjectsOf,
} from '@asoba/core/judge'
import { tokenInEnvelope } from './envelope.ts'
import { judgeCredential, sameAs } from './judge-credential.ts'
import { type ParsedJws, parseJws } from './parse-jws.ts'

/**
 * Judges one credential secured as `vc+jwt` (compact, or in its envelope): form, issuer trust,
 * signature, validity. The status entries are in the result, still to be checked; so is the holder.
 * Says every problem found; never throws, whatever the input.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-jose
 */
export async function verifyCredential(
  wire: unknown,
  context: CredentialContext,
): Promise<Verified<JudgedCredential>> {
  const jws = parseJws(typeof wire === 'string' ? wire : tokenInEnvelope(wire, 'vc'), {
    backend: context.backend,
  })
  if (!jws.verified) return jws
  const credential = jws.claims
  if (credential === undefined) {
    return refused([problem('credential.malformed', 'the payload is not one JSON object')])
  }
  const period = periodOf(
    credential,
    { from: credential['validFrom'], until: credential['validUntil'] },
    context,
  )
  const form = [
    ...typeProblems(jws, 'vc'),
    ...validateCredential(credential),
    ...claimProblems(jws, credential),
  ]
  return judgeCredential(jws, credential, period, form, context)
}

/** What the claims say twice must agree, and what the standard forbids must not be there. */
function claimProblems({ header }: ParsedJws, credential: JsonObject): readonly Problem[] {
  const issuer = idOf(credential['issuer'])
  const subjects = subjectsOf(credential)
  const subject = subjects.length === 1 ? idOf(subjects[0]) : undefined
  return [
    ...noWrapper(credential),
    ...sameAs(header['iss'], issuer, 'iss of the header differs from issuer'),
    ...sameAs(credential['iss'], issuer, 'iss differs from issuer'),
    ...sameAs(credential['jti'], idOf(credential), 'jti differs from id'),
    ...sameAs(credential['sub'], subject, 'sub differs from the id of the one subject'),
  ]
}

/**
 * `typ` says what it is, `cty`, where present, what is inside.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#securing-with-jose
 */
export function typeProblems({ header }: ParsedJws, kind: 'vc' | 'vp'): readonly Problem[] {
  const { typ, cty } = header
  const right =
    mediaTypeOf(typ) === `${kind}+jwt` && (cty === undefined || mediaTypeOf(cty) === kind)
  return right ? [] : [problem('jws.type-mismatch', `typ or cty is not that of ${kind}+jwt`)]
}

/** VC-JOSE-COSE 3.1: the claims of VC 1.1 must not be there. */
export function noWrapper(claims: JsonObject): readonly Problem[] {
  return claims['vc'] === undefined && claims['vp'] === undefined
    ? []
    : [problem('credential.malformed', 'vc and vp claims belong to VC 1.1 and are refused')]
}
