import {
  type Check,
  type IssuerClaim,
  type Json,
  type JsonObject,
  type Problem,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import {
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  markOf,
  type Period,
  readStatus,
  readsAlike,
  stringsOf,
} from '@asoba/core/judge'
import type { ParsedJws } from './parse-jws.ts'
import { verifyJwsWith } from './verify-jws.ts'

/**
 * What is common to VC data model 2.0 and 1.1: status entries, `kid`, trust, signature, validity.
 *
 * @param kid whether a DID issuer has to name the key: not in 1.1
 */
export async function judgeCredential(
  jws: ParsedJws,
  credential: JsonObject,
  period: Period,
  formProblems: readonly Problem[],
  context: CredentialContext,
  kid: 'required' | 'optional' = 'required',
): Promise<Verified<JudgedCredential>> {
  const issuer = idOf(credential['issuer'])
  const status = readStatus(credential, jws.claims?.['status'])
  const named = kid === 'required' || jws.header.kid !== undefined
  const problems = [...formProblems, ...status.problems, ...(named ? kidProblems(jws, issuer) : [])]
  if (!readsAlike(jws.claims ?? null)) {
    problems.push(problem('credential.malformed', 'parsers disagree on a number or text in it'))
  }
  const checks: Check[] = [check('schema', problems), check('validity', period.problems)]
  problems.push(...period.problems)

  const trusted = await context.findIssuer(issuerClaim(jws, issuer, credential['type']))
  if (!trusted.verified) {
    problems.push(...trusted.problems)
    return refused(problems, [...checks, check('issuer-trust', problems)])
  }
  checks.push(check('issuer-trust', []))
  const signed = await verifyJwsWith(jws, trusted.keys, context)
  if (!signed) {
    problems.push(problem('jws.signature-invalid', 'the signature is not of the trusted issuer'))
  }
  checks.push({ check: 'signature', path: '', outcome: signed ? 'passed' : 'failed' })
  if (problems.length > 0) return refused(problems, checks)
  const { validFrom, validUntil } = period
  const judged: Writable<JudgedCredential> & { verified: true; checks: Check[] } = {
    verified: true,
    checks,
    credential,
    type: trusted.type,
    issuer: trusted.issuer,
    mechanism: trusted.mechanism,
    status: status.entries,
    issuedMark: await markOf(jws.signingInput),
  }
  if (trusted.certificate !== undefined) judged.certificate = trusted.certificate
  if (validFrom !== undefined) judged.validFrom = validFrom
  if (validUntil !== undefined) judged.validUntil = validUntil
  return judged
}

// Spreading what may be absent takes ten times as long as writing it, at every verification.
type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** Where a JWT claim is present, it must say the same as its property in the data model. */
export function sameAs(
  claim: Json | undefined,
  property: string | undefined,
  detail: string,
): readonly Problem[] {
  if (claim === undefined || (typeof claim === 'string' && claim === property)) return []
  return [problem('credential.malformed', detail)]
}

function issuerClaim(jws: ParsedJws, issuer: string | undefined, types: Json | undefined) {
  const { alg, kid, x5c } = jws.header
  const claim: Writable<IssuerClaim> = {
    types: stringsOf(types),
    algorithm: alg,
    purpose: 'credential',
  }
  if (issuer !== undefined) claim.issuer = issuer
  if (kid !== undefined) claim.kid = kid
  if (x5c !== undefined) claim.x5c = x5c
  return claim
}

/** A DID issuer names its key by the full DID URL, so that no other document is ever asked. */
function kidProblems({ header }: ParsedJws, issuer: string | undefined): readonly Problem[] {
  if (!issuer?.startsWith('did:')) return []
  const { kid, x5c } = header
  if (kid === undefined ? x5c !== undefined : kid.startsWith(`${issuer}#`)) return []
  return [problem('jws.header-invalid', 'kid of a DID issuer is a DID URL of that DID')]
}
