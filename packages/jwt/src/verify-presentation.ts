import {
  type Check,
  type FindHolderKey,
  type Json,
  type JsonObject,
  type Problem,
  type ProblemCode,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
  validatePresentation,
} from '@asoba/core'
import {
  type Clock,
  type CredentialContext,
  check,
  countProblems,
  idOf,
  type JudgedCredential,
  judgeCredentials,
  listOf,
  numericDate,
  periodOf,
  type VerifiedPresentation,
} from '@asoba/core/judge'
import { tokenInEnvelope } from './envelope.ts'
import { sameAs } from './judge-credential.ts'
import { type ParsedJws, parseJws } from './parse-jws.ts'
import { noWrapper, typeProblems, verifyCredential } from './verify-credential.ts'
import { verifyJwsWith } from './verify-jws.ts'

/** What a verifier fixes before it looks at a presentation; nothing of it is read from the message. */
export interface PresentationVerification extends CredentialContext {
  /** The verifier's own identifier. */
  readonly audience: string
  /** The nonce of this request. */
  readonly nonce: string
  /** How old the holder's proof may be, in seconds. */
  readonly maxProofAge: number
  readonly findHolderKey: FindHolderKey
  /** By policy name of the type, once the issuer is known. */
  readonly holderBinding: (type: string) => 'required' | 'bearer'
}

/**
 * Judges a presentation secured as `vp+jwt` (compact, or in its envelope): the holder's signature,
 * audience, nonce and age, and every credential inside like a lone one: signature, issuer trust,
 * validity, form. The holder controls the signing key and is the subject of each credential.
 * Says every problem found; never throws, whatever the input.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-jose
 */
export async function verifyPresentation(
  wire: unknown,
  context: PresentationVerification,
): Promise<Verified<VerifiedPresentation>> {
  const jws = parseJws(typeof wire === 'string' ? wire : tokenInEnvelope(wire, 'vp'))
  if (!jws.verified) return jws
  const presentation = jws.claims
  if (presentation === undefined) {
    return refused([problem('presentation.malformed', 'the payload is not one JSON object')])
  }
  const form = [
    ...typeProblems(jws, 'vp'),
    ...noWrapper(presentation),
    ...validatePresentation(presentation),
    ...sameAs(presentation['iss'], idOf(presentation['holder']), 'iss differs from holder'),
    ...sameAs(presentation['jti'], idOf(presentation), 'jti differs from id'),
  ]
  const enveloped = listOf(presentation['verifiableCredential'])
  return judgePresentation(
    {
      jws,
      holder: idOf(presentation['holder']),
      form,
      credentials: enveloped,
      judge: (one) =>
        tokenInEnvelope(one, 'vc') === undefined
          ? refused([problem('presentation.malformed', 'expected one enveloped vc+jwt')])
          : verifyCredential(one, context),
    },
    context,
  )
}

/** A presentation taken apart: what VC data model 2.0 and 1.1 have in common. */
export interface PresentationParts {
  readonly jws: ParsedJws
  readonly holder: string | undefined
  readonly form: readonly Problem[]
  readonly credentials: readonly Json[]
  /** Judges one credential like a lone one. */
  judge(credential: Json): Verified<JudgedCredential> | Promise<Verified<JudgedCredential>>
}

/** Judges the parts of a presentation: holder's proof, address, and each credential. */
export async function judgePresentation(
  parts: PresentationParts,
  context: PresentationVerification,
): Promise<Verified<VerifiedPresentation>> {
  const { jws, holder } = parts
  const problems: Problem[] = [...parts.form]
  const count = countProblems(parts.credentials)
  if (count.length > 0) return refused([...problems, ...count])
  const address = addressProblems(jws.claims ?? {}, context)
  const proof = await proofProblems(jws, holder, context)
  problems.push(...address, ...proof)
  const checks: Check[] = [
    check('schema', parts.form),
    check('audience-and-nonce', address),
    check('holder-signature', proof),
  ]

  const judged = await judgeCredentials(parts.credentials, {
    holder,
    judge: (one) => parts.judge(one),
    holderBinding: context.holderBinding,
  })
  problems.push(...judged.problems)
  checks.push(...judged.checks)
  if (problems.length > 0 || holder === undefined) return refused(problems, checks)
  return { verified: true, checks, holder, credentials: judged.accepted }
}

function addressProblems(
  claims: JsonObject,
  context: PresentationVerification,
): readonly Problem[] {
  const problems: Problem[] = []
  const { aud, nonce, iat } = claims
  // One audience only: what is addressed to two can be passed on by the first.
  const audience = Array.isArray(aud) && aud.length === 1 ? (aud as readonly Json[])[0] : aud
  if (audience !== context.audience || context.audience === '') {
    problems.push(problem('holder.audience-mismatch', 'it is made for another audience'))
  }
  if (nonce !== context.nonce || context.nonce === '') {
    problems.push(problem('holder.nonce-mismatch', 'it does not answer this request'))
  }
  // RFC 7519 4.1.6: iat is OPTIONAL, and the nonce says already that the proof is fresh.
  const made = iat === undefined ? Number.POSITIVE_INFINITY : numericDate(iat)
  const clock: Clock = context
  const age = (clock.now.getTime() - made) / 1000
  if (Number.isNaN(made)) {
    problems.push(problem('holder.proof-malformed', 'iat is no number of seconds'))
  } else if (age > context.maxProofAge + clock.clockTolerance) {
    problems.push(problem('holder.too-old', 'the proof of the holder is too old'))
  }
  const period = periodOf(claims, { from: undefined, until: undefined }, clock)
  for (const { code, detail } of period.problems) {
    problems.push(problem(ofHolder[code] ?? 'holder.proof-malformed', detail))
  }
  return problems
}

const ofHolder: Partial<Readonly<Record<ProblemCode, ProblemCode>>> = {
  'credential.expired': 'holder.too-old',
  'credential.not-yet-valid': 'holder.not-yet-valid',
}

/** The holder controls the key that signed: it is named by a DID URL of the holder's own DID. */
async function proofProblems(
  jws: ParsedJws,
  holder: string | undefined,
  context: Pick<PresentationVerification, 'findHolderKey'> & {
    readonly backend?: SignatureBackend
  },
): Promise<readonly Problem[]> {
  const { kid } = jws.header
  if (holder === undefined || kid === undefined) {
    return [problem('holder.proof-malformed', 'holder or kid is missing')]
  }
  const found = await context.findHolderKey(kid)
  if (!found.verified) return found.problems
  const problems: Problem[] = []
  if (found.controller !== holder) {
    problems.push(problem('holder.key-mismatch', 'the holder does not control the key'))
  }
  if (!(await verifyJwsWith(jws, [found.publicJwk], context))) {
    problems.push(problem('holder.signature-invalid', 'the signature of the holder is wrong'))
  }
  return problems
}
