import {
  type Check,
  type Json,
  type JsonObject,
  type Problem,
  type ProblemCode,
  parseDateTimeStamp,
  problem,
  refused,
  type SignatureBackend,
  type VerificationContext,
  type Verified,
  validatePresentation,
} from '@asoba/core'
import {
  check,
  countProblems,
  idOf,
  judgeCredentials,
  listOf,
  type VerifiedPresentation,
} from '@asoba/core/judge'
import { validatePresentationV1 } from '@asoba/core/v1'
import type { Cryptosuite } from './cryptosuite.ts'
import { contextProblems } from './expected-contexts.ts'
import { isOld, verifyCredential } from './verify-credential.ts'
import { type VerifiedProof, verifyProof } from './verify-proof.ts'

/** What a verifier fixes before it looks at a presentation with Data Integrity proofs. */
export interface PresentationExpectation
  extends Pick<
    VerificationContext,
    | 'audience'
    | 'nonce'
    | 'now'
    | 'clockTolerance'
    | 'maxProofAge'
    | 'findIssuer'
    | 'findHolderKey'
    | 'holderBinding'
  > {
  /** Of the credentials. */
  readonly suites: readonly Cryptosuite[]
  /** Of the holder's proof. */
  readonly presentationSuites: readonly Cryptosuite[]
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/**
 * Judges a presentation with a proof of its holder: for this audience (`domain`) and nonce
 * (`challenge`), fresh, by a key listed for authentication; and every credential in it like a lone
 * one. Who presents is the subject of each, but where the policy says `bearer`.
 *
 * @returns every problem found; never throws, whatever the input
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html appendix B.1.3.2
 */
export async function verifyPresentation(
  document: unknown,
  context: PresentationExpectation,
): Promise<Verified<VerifiedPresentation>> {
  const { audience, nonce, presentationSuites, findHolderKey } = context
  const proven = await verifyProof(document, {
    ...context,
    suites: presentationSuites,
    proofPurpose: 'authentication',
    domain: audience,
    challenge: nonce,
    findKey: findHolderKey,
    kind: 'presentation',
  })
  const proofProblems = proven.verified
    ? ageProblems(proven.proofs, context)
    : proven.problems.map(ofHolder)
  if (!proven.verified && proven.problems.some(({ code }) => code === 'input.malformed')) {
    return proven
  }
  const form = [...formProblems(document), ...contextProblems(document)]
  const problems: Problem[] = [...form, ...proofProblems]
  const checks: Check[] = [check('schema', form), check('holder-signature', proofProblems)]
  const [holder, ...others] = new Set(
    proven.verified ? proven.proofs.map(({ controller }) => controller) : [],
  )
  const named = proven.verified ? idOf(proven.document['holder']) : undefined
  if (proven.verified && (others.length > 0 || (named !== undefined && named !== holder))) {
    const detail = 'the holder does not control the key of the proof'
    problems.push(problem('holder.key-mismatch', detail, '/holder'))
  }

  // What the proof does not hold is judged as well, to say every problem; nothing of it is accepted.
  const credentials = proven.verified ? proven.credentials : credentialsIn(document)
  const count = countProblems(credentials)
  if (count.length > 0) return refused([...problems, ...count], checks)
  const judged = await judgeCredentials(credentials, {
    holder: proven.verified ? holder : undefined,
    judge: (one) => verifyCredential(one, context),
    holderBinding: context.holderBinding,
  })
  problems.push(...judged.problems)
  checks.push(...judged.checks)
  if (problems.length > 0 || holder === undefined) return refused(problems, checks)
  return { verified: true, checks, holder, credentials: judged.accepted }
}

/** By the data model of its contexts. */
function formProblems(document: unknown): readonly Problem[] {
  const { '@context': contexts } = document as JsonObject
  return (isOld(listOf(contexts)) ? validatePresentationV1 : validatePresentation)(document)
}

function credentialsIn(document: unknown): readonly Json[] {
  return listOf((document as JsonObject)['verifiableCredential'])
}

function ageProblems(
  proofs: readonly VerifiedProof[],
  { now, clockTolerance, maxProofAge }: PresentationExpectation,
): readonly Problem[] {
  return proofs.flatMap(({ proof }) => {
    const created = parseDateTimeStamp(proof['created'])
    if (created === undefined) {
      return problem('holder.proof-malformed', 'the proof of the holder says no time', '/proof')
    }
    const age = (now.getTime() - created.getTime()) / 1000
    if (age < -clockTolerance) {
      return problem('holder.not-yet-valid', 'the proof of the holder is of the future', '/proof')
    }
    return age > maxProofAge + clockTolerance
      ? problem('holder.too-old', 'the proof of the holder is too old', '/proof')
      : []
  })
}

const codes: Partial<Readonly<Record<ProblemCode, ProblemCode>>> = {
  'proof.challenge-mismatch': 'holder.nonce-mismatch',
  'proof.domain-mismatch': 'holder.audience-mismatch',
  'proof.expired': 'holder.too-old',
  'proof.malformed': 'holder.proof-malformed',
  'proof.purpose-mismatch': 'holder.proof-malformed',
  'proof.signature-invalid': 'holder.signature-invalid',
  'proof.unsupported': 'holder.proof-malformed',
}

/** The same codes for a holder's proof in every format. */
function ofHolder(one: Problem): Problem {
  return { ...one, code: codes[one.code] ?? one.code }
}
