import {
  type Check,
  type Json,
  type JsonObject,
  type Jwk,
  type Problem,
  parseDateTimeStamp,
  problem,
  problemsUnder,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { check, listOf } from '@asoba/core/judge'
import type { Cryptosuite, OpenedProof } from './cryptosuite.ts'
import type { DocumentKind } from './reading/open.ts'
import { readSent } from './sent-document.ts'

/** What a verifier fixes before it looks at a proof; nothing of it is read from the document. */
export interface ProofExpectation {
  readonly suites: readonly Cryptosuite[]
  readonly proofPurpose: string
  /** Whom the proof must be made for: all of them and nobody else. Undefined: whoever. */
  readonly domain: string | readonly string[] | undefined
  /** What the proof must answer. Undefined: whatever. */
  readonly challenge: string | undefined
  /** A proof that has `expires` must not have expired then. */
  readonly now: Date
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/** The key of a verification method, where it may be used for that purpose. */
export type FindProofKey = (
  verificationMethod: string,
  proofPurpose: string,
) => Promise<Verified<{ readonly publicJwk: Jwk; readonly controller: string }>>

/** A document all of whose proofs are right. */
export interface VerifiedDocument {
  /** Without its proofs, and, of a presentation, without its credentials. */
  readonly document: JsonObject
  /** What stands in a presentation, each to be judged by proofs of its own; empty elsewhere. */
  readonly credentials: readonly Json[]
  readonly proofs: readonly VerifiedProof[]
}

/** A proof whose value is right. */
export interface VerifiedProof {
  /** Its options as they were signed. */
  readonly proof: JsonObject
  readonly verificationMethod: string
  /** Who controls the key, as {@link FindProofKey} says. */
  readonly controller: string
}

/**
 * Judges every proof of a document: form, purpose, time, domain, challenge and value, alone or in a
 * set or chain. It says that whoever controls these keys made the proofs, and nothing of whether
 * they may speak for the issuer or holder: that is what `verifyCredential` and the formats judge.
 *
 * @param options `kind`: what the document is; of a presentation the credentials come apart
 * @returns the document as it was signed: over statements made of these alone, with arrays in one
 * order; problems `proof.*`, `jsonld.*` and those of `findKey`, each under `/proof`; never throws
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
 */
export async function verifyProof(
  document: unknown,
  options: ProofExpectation & { readonly findKey: FindProofKey; readonly kind: DocumentKind },
): Promise<Verified<VerifiedDocument>> {
  const sent = readSent(document, options.kind)
  if (!sent.verified) return sent
  const problems: Problem[] = []
  const checks: Check[] = []
  const verified: VerifiedProof[] = []
  let first: OpenedProof | undefined
  let overStatements: OpenedProof | undefined
  for (const one of sent.proofs) {
    const suite = one.suiteIn(options.suites)
    const opened = suite === undefined ? refused([unsupported]) : await one.open(suite)
    const all: Problem[] = []
    if (suite === undefined || !opened.verified) {
      if (suite !== undefined) all.push(...optionProblems(one.unreadable, options))
      if (!opened.verified) all.push(...opened.problems)
    } else {
      const found = await keysOf(opened.proof, options)
      const judged = await judgeProof(opened, found.keys, options)
      all.push(...found.problems, ...judged)
      const { verificationMethod } = opened.proof
      if (all.length === 0 && typeof verificationMethod === 'string') {
        const { controller } = found
        verified.push({ proof: opened.proof, verificationMethod, controller })
      }
      first ??= opened
      if (!suite.carriesContext) overStatements ??= opened
    }
    problems.push(...placed(one.path, all))
    checks.push({ ...check('proof', all), path: one.path })
  }
  // A set over statements and over JSON is read in one way, whichever proof comes first.
  const reading = overStatements ?? first
  if (problems.length > 0 || reading === undefined) return refused(problems, checks)
  const { document: read, credentials } = reading
  return { verified: true, checks, document: read, credentials, proofs: verified }
}

const unsupported = problem(
  'proof.unsupported',
  'the proof is not of a cryptosuite that is accepted',
  '/cryptosuite',
)

/** Problems of a proof lie below it; what is wrong with the document has its own place already. */
export function placed(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.flatMap((one) =>
    one.code.startsWith('jsonld.') || one.code.startsWith('presentation.')
      ? one
      : problemsUnder(path, [one]),
  )
}

async function keysOf(
  { verificationMethod }: JsonObject,
  { findKey, proofPurpose }: ProofExpectation & { readonly findKey: FindProofKey },
): Promise<{
  readonly keys: readonly Jwk[] | undefined
  readonly controller: string
  readonly problems: readonly Problem[]
}> {
  if (typeof verificationMethod !== 'string')
    return { keys: undefined, controller: '', problems: [] }
  const found = await findKey(verificationMethod, proofPurpose)
  if (!found.verified) return { keys: undefined, controller: '', problems: found.problems }
  return { keys: [found.publicJwk], controller: found.controller, problems: [] }
}

/**
 * What is wrong with one proof of a document.
 *
 * @param keys that may have made it; undefined where none was found, of which others tell; none at
 * all is a wrong signature
 */
export async function judgeProof(
  opened: OpenedProof,
  keys: readonly Jwk[] | undefined,
  options: ProofExpectation,
): Promise<readonly Problem[]> {
  const problems = optionProblems(opened.proof, options)
  if (keys === undefined) return problems
  const { backend } = options
  return [...problems, ...(await opened.verify(keys, backend === undefined ? {} : { backend }))]
}

/** Steps 4 to 7 of Verify Proof, and the times. */
export function optionProblems(proof: JsonObject, options: ProofExpectation): readonly Problem[] {
  const problems: Problem[] = []
  const { proofPurpose, domain, challenge, now, clockTolerance } = options
  if (typeof proof['verificationMethod'] !== 'string') {
    const detail = 'the proof names no verification method'
    problems.push(problem('proof.malformed', detail, '/verificationMethod'))
  }
  if (proof['proofPurpose'] !== proofPurpose) {
    const detail = 'the proof is for another purpose'
    problems.push(problem('proof.purpose-mismatch', detail, '/proofPurpose'))
  }
  for (const name of ['created', 'expires']) {
    if (proof[name] !== undefined && parseDateTimeStamp(proof[name]) === undefined) {
      const detail = 'a time of the proof is no date and time with a zone'
      problems.push(problem('proof.malformed', detail, `/${name}`))
    }
  }
  const expires = parseDateTimeStamp(proof['expires'])
  if (expires !== undefined && expires.getTime() <= now.getTime() - clockTolerance * 1000) {
    problems.push(problem('proof.expired', 'the proof has expired', '/expires'))
  }
  if (domain !== undefined && !sameSet([domain].flat(), listOf(proof['domain']))) {
    const detail = 'the proof is made for another domain'
    problems.push(problem('proof.domain-mismatch', detail, '/domain'))
  }
  if (challenge !== undefined && (challenge === '' || proof['challenge'] !== challenge)) {
    const detail = 'the proof answers another challenge'
    problems.push(problem('proof.challenge-mismatch', detail, '/challenge'))
  }
  return problems
}

function sameSet(expected: readonly string[], found: readonly Json[]): boolean {
  return (
    expected.length > 0 &&
    expected.every((one) => one !== '' && found.includes(one)) &&
    found.every((one) => typeof one === 'string' && expected.includes(one))
  )
}
