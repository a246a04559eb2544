import {
  type Check,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  jsonLimits,
  type Problem,
  parseDateTimeStamp,
  problem,
  problemsUnder,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { check, listOf } from '@asoba/core/judge'
import { proofInput } from './add-proof.ts'
import type { Cryptosuite } from './cryptosuite.ts'

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

/** A proof whose value is right. */
export interface VerifiedProof {
  readonly proof: JsonObject
  readonly verificationMethod: string
  /** Who controls the key, as {@link FindProofKey} says. */
  readonly controller: string
}

/** Proofs of one document at most. */
const maxProofs = 16

/**
 * Judges every proof of a document: form, purpose, time, domain, challenge and value, alone or in a
 * set or chain. It says that whoever controls these keys made the proofs, and nothing of whether
 * they may speak for the issuer or holder: that is what `verifyCredential` and the formats judge.
 *
 * @returns problems `proof.*`, `jsonld.*` and those of `findKey`, each under `/proof`; never throws
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
 */
export async function verifyProof(
  document: unknown,
  options: ProofExpectation & { readonly findKey: FindProofKey },
): Promise<Verified<{ readonly document: JsonObject; readonly proofs: readonly VerifiedProof[] }>> {
  const read = readProofs(document)
  if (!read.verified) return read
  const { unsecured, proofs, paths } = read
  const problems: Problem[] = []
  const checks: Check[] = []
  const verified: VerifiedProof[] = []
  for (const [index, proof] of proofs.entries()) {
    const path = paths[index] as string
    const found = await keysOf(proof, options)
    const judged = await judgeProof({ unsecured, proof, proofs, keys: found.keys }, options)
    const all = [...found.problems, ...judged]
    problems.push(...placed(path, all))
    checks.push({ ...check('proof', all), path })
    const { verificationMethod } = proof
    if (all.length === 0 && typeof verificationMethod === 'string') {
      verified.push({ proof, verificationMethod, controller: found.controller })
    }
  }
  if (problems.length > 0) return refused(problems, checks)
  return { verified: true, checks, document: unsecured, proofs: verified }
}

/** Problems of a proof lie below it; what is wrong with the document has its own place already. */
export function placed(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.flatMap((one) =>
    one.code.startsWith('jsonld.') ? one : problemsUnder(path, [one]),
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

/** A document taken apart. */
export interface ReadProofs {
  readonly unsecured: JsonObject
  readonly proofs: readonly JsonObject[]
  /** JSON pointer to each proof. */
  readonly paths: readonly string[]
}

/** The proofs of a document, and what is left of it without them. Never throws. */
export function readProofs(document: unknown): Verified<ReadProofs> {
  if (!isJsonObject(document) || !shallow(document)) {
    return refused([problem('input.malformed', 'a secured document is a JSON object')])
  }
  const { proof, ...unsecured } = document
  const all = listOf(proof)
  const proofs = all.filter(isJsonObject)
  if (proofs.length === 0 || proofs.length !== all.length || proofs.length > maxProofs) {
    const detail = 'a secured document has one or more proofs, and not too many'
    return refused([problem('proof.malformed', detail, '/proof')])
  }
  const ids = proofs.flatMap(({ id }) => id ?? [])
  if (new Set(ids).size !== ids.length) {
    return refused([problem('proof.malformed', 'two proofs have one name', '/proof')])
  }
  const paths = proofs.map((_, index) => (Array.isArray(proof) ? `/proof/${index}` : '/proof'))
  return { verified: true, checks: [], unsecured, proofs, paths }
}

/** What is wrong with one proof of a document, given the keys that may have made it. */
export async function judgeProof(
  {
    unsecured,
    proof,
    proofs,
    keys,
  }: {
    readonly unsecured: JsonObject
    readonly proof: JsonObject
    readonly proofs: readonly JsonObject[]
    /** Undefined where none was found, of which others tell; none at all is a wrong signature. */
    readonly keys: readonly Jwk[] | undefined
  },
  options: ProofExpectation,
): Promise<readonly Problem[]> {
  const suite = options.suites.find(({ name }) => name === proof['cryptosuite'])
  if (suite === undefined || proof['type'] !== 'DataIntegrityProof') {
    const detail = 'the proof is not of a cryptosuite that is accepted'
    return [problem('proof.unsupported', detail, '/cryptosuite')]
  }
  const problems = optionProblems(proof, options)
  const document = proofInput(unsecured, proof, proofs)
  if (document === undefined) {
    const detail = 'the proof builds on one that is not there'
    return [...problems, problem('proof.malformed', detail, '/previousProof')]
  }
  if (keys === undefined) return problems
  const { backend } = options
  const input = { document, proof, keys, ...(backend !== undefined && { backend }) }
  return [...problems, ...(await suite.verify(input))]
}

/** Steps 4 to 7 of Verify Proof, and the times. */
function optionProblems(proof: JsonObject, options: ProofExpectation): readonly Problem[] {
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

/** What is deeper than any JSON that we parse: no recursive reader must see it. */
function shallow(value: unknown, depth: number = jsonLimits.maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((one) => shallow(one, depth - 1))
}
