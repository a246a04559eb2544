import {
  type Check,
  type IssuerClaim,
  type Json,
  type JsonObject,
  type Jwk,
  type KeyAlgorithm,
  type KeyMechanism,
  type Problem,
  problem,
  refused,
  type TrustedIssuer,
  type Verified,
  validateCredential,
} from '@asoba/core'
import {
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  listOf,
  type Period,
  periodOf,
  readStatus,
  stringsOf,
} from '@asoba/core/judge'
import { baseContextV1, validateCredentialV1 } from '@asoba/core/v1'
import type { Cryptosuite, OpenedProof } from './cryptosuite.ts'
import { contextProblems, contextRuleProblems } from './expected-contexts.ts'
import { readSent, type SentDocument, type SentProof } from './sent-document.ts'
import { judgeProof, placed } from './verify-proof.ts'

/** What a verifier fixes before it looks at a credential with Data Integrity proofs. */
export interface CredentialExpectation extends CredentialContext {
  readonly suites: readonly Cryptosuite[]
}

/**
 * Judges one credential of the VC data model 2.0 or 1.1: form, validity, and its proofs by the keys
 * of the issuer that the credential names and the policy trusts. A right signature by anybody else
 * is none. Of a set the issuer's proofs of the given suites count, all of them, and what they build
 * on must be the issuer's as well. Status and holder are still to be checked.
 *
 * What is judged, and what the result holds, is what was signed. Over statements the credential is
 * made of these alone (`credential` of the result: arrays in one order, one value instead of an
 * array of one, nodes below every reference), under the very contexts that `findIssuer` expects of
 * its type: whoever passes it on could write it in other words, or call claims by other names, and
 * the signature would stay right.
 *
 * @returns every problem found; never throws, whatever the input
 * @see https://www.w3.org/TR/vc-data-integrity/#validating-contexts
 */
export async function verifyCredential(
  document: unknown,
  context: CredentialExpectation,
): Promise<Verified<JudgedCredential>> {
  const sent = readSent(document, 'credential')
  if (!sent.verified) return sent
  const { own, issuer, read, failed } = await openOwn(sent, context.suites)
  const credential = read?.document
  const old = isOld(sent.contexts)
  const status = readStatus(credential ?? {}, undefined)
  const form = [
    ...formProblems(document, credential, old),
    ...contextProblems(document),
    ...status.problems,
  ]
  const period = judgeValidity(credential ?? {}, old, context)
  const problems: Problem[] = [...form, ...period.problems]
  const checks: Check[] = [check('schema', form), check('validity', period.problems)]
  problems.push(...failed)
  if (failed.length > 0) checks.push(check('signature', failed))
  if (own.length === 0 && failed.length === 0) {
    problems.push(nobodysProof(sent, context.suites))
    return refused(problems, [...checks, check('issuer-trust', problems)])
  }

  let trusted: TrustedIssuer | undefined
  for (const { opened, path, suite, algorithm } of own) {
    const claim = claimOf(opened.document, issuer, opened.proof)
    const found = algorithm && (await context.findIssuer({ ...claim, algorithm }))
    checks.push({ ...check('issuer-trust', found?.verified === false ? found.problems : []), path })
    if (found?.verified === false) problems.push(...found.problems)
    const keys = found?.verified ? found.keys : undefined
    if (found?.verified) {
      trusted ??= found
      if (!suite.carriesContext) {
        const other = contextRuleProblems(found.contexts, sent.contexts, opened)
        problems.push(...other)
        checks.push({ ...check('contexts', other), path })
      }
    }
    const judged = await judgeOwn(opened, { keys, own }, context)
    // Without a known algorithm the suite still says what is wrong with the value.
    const value = algorithm === undefined ? await opened.verify([], {}) : []
    const all = [...judged, ...value]
    checks.push({ ...check('signature', all), path })
    problems.push(...placed(path, all))
  }
  if (problems.length > 0 || trusted === undefined || read === undefined) {
    return refused(problems, checks)
  }
  const { type, mechanism } = trusted
  const { document: signed } = read
  const facts = { credential: signed, type, issuer: trusted.issuer, mechanism }
  return judgedCredential(facts, checks, {
    period,
    status: status.entries,
    // A proof of a chain is over those before it as well, and a holder may leave the last ones out.
    issuedMark: await (own.find(startsChain) ?? own[0])?.opened.mark(),
  })
}

function startsChain({ opened }: OwnProof): boolean {
  return opened.proof['previousProof'] === undefined
}

/** A proof of a given suite by a key of the issuer. */
interface OwnProof {
  readonly opened: OpenedProof
  readonly path: string
  readonly suite: Cryptosuite
  readonly algorithm: KeyAlgorithm | undefined
}

/**
 * The proofs of given suites by keys of the issuer, and the credential as they say it; a DID issuer
 * names its keys by its DID. What cannot be opened counts as the issuer's unless it says otherwise.
 */
async function openOwn(
  { proofs }: SentDocument,
  suites: readonly Cryptosuite[],
): Promise<{
  readonly own: readonly OwnProof[]
  readonly issuer: string | undefined
  readonly read: OpenedProof | undefined
  readonly failed: readonly Problem[]
}> {
  const own: OwnProof[] = []
  const failed: { readonly sent: SentProof; readonly problems: readonly Problem[] }[] = []
  let first: OpenedProof | undefined
  let overStatements: OpenedProof | undefined
  for (const sent of proofs) {
    const suite = sent.suiteIn(suites)
    const issuer = first && idOf(first.document['issuer'])
    if (suite === undefined || (issuer !== undefined && sent.isOfAnother(issuer))) continue
    const opened = await sent.open(suite)
    if (!opened.verified) {
      failed.push({ sent, problems: placed(sent.path, opened.problems) })
      continue
    }
    first ??= opened
    if (!suite.carriesContext) overStatements ??= opened
    const { verificationMethod } = opened.proof
    const named = idOf(opened.document['issuer'])
    if (named === undefined || typeof verificationMethod !== 'string') continue
    if (named.startsWith('did:') && !verificationMethod.startsWith(`${named}#`)) continue
    own.push({ opened, path: sent.path, suite, algorithm: sent.algorithmOf(suite) })
  }
  // A set over statements and over JSON is read in one way, whichever proof comes first.
  const read = overStatements ?? first
  const issuer = idOf(read?.document['issuer'])
  const counted = failed.filter(({ sent }) => issuer === undefined || !sent.isOfAnother(issuer))
  return { own, issuer, read, failed: counted.flatMap(({ problems }) => problems) }
}

/** Why there is no proof to judge: none of a given suite, or none by the issuer. */
function nobodysProof({ proofs }: SentDocument, suites: readonly Cryptosuite[]): Problem {
  if (proofs.some((one) => one.suiteIn(suites) !== undefined)) {
    const detail = 'no proof of an accepted cryptosuite names a key of the issuer'
    return problem('issuer.key-not-found', detail, '/proof')
  }
  const [called] = proofs.flatMap((one) => one.called ?? [])
  const detail = 'no proof is of a cryptosuite that is accepted'
  return problem('proof.unsupported', called ? `${detail}: ${called}` : detail, '/proof')
}

/** By the data model of its contexts; the JSON as it was sent must be of that form as well. */
function formProblems(
  document: unknown,
  credential: JsonObject | undefined,
  old: boolean,
): readonly Problem[] {
  const validate = old ? validateCredentialV1 : validateCredential
  const sent = validate(document)
  return sent.length > 0 || credential === undefined ? sent : validate(credential)
}

function judgedCredential(
  parts: {
    readonly credential: JsonObject
    readonly type: string
    readonly issuer: string
    readonly mechanism: KeyMechanism
  },
  checks: readonly Check[],
  {
    period,
    status,
    issuedMark,
  }: Pick<JudgedCredential, 'status' | 'issuedMark'> & {
    readonly period: ReturnType<typeof periodOf>
  },
): Verified<JudgedCredential> {
  const { validFrom, validUntil } = period
  return {
    verified: true,
    checks,
    ...parts,
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    status,
    issuedMark,
  }
}

/** Whether the contexts are those of the VC data model 1.1. */
export function isOld([first]: readonly Json[]): boolean {
  return first === baseContextV1
}

/** Start and end of validity, as its data model calls them. */
export function validityOf(
  credential: JsonObject,
  old: boolean,
): {
  readonly from: Json | undefined
  readonly until: Json | undefined
} {
  return old
    ? { from: credential['issuanceDate'], until: credential['expirationDate'] }
    : { from: credential['validFrom'], until: credential['validUntil'] }
}

/**
 * The context of 1.1 has the names of 2.0 for the same statements: whichever of them a credential
 * has, it is in force by all of them.
 */
function judgeValidity(credential: JsonObject, old: boolean, context: CredentialContext): Period {
  const period = periodOf({}, validityOf(credential, old), context)
  if (!old) return period
  const newer = periodOf({}, validityOf(credential, false), context)
  return { ...newer, ...period, problems: [...period.problems, ...newer.problems] }
}

async function judgeOwn(
  opened: OpenedProof,
  by: { readonly keys: readonly Jwk[] | undefined; readonly own: readonly OwnProof[] },
  context: CredentialExpectation,
): Promise<readonly Problem[]> {
  const expected = {
    ...context,
    proofPurpose: 'assertionMethod',
    domain: undefined,
    challenge: undefined,
  }
  const problems = await judgeProof(opened, by.keys, expected)
  const names = listOf(opened.proof['previousProof'])
  const known = by.own.map((one) => one.opened.proof['id'])
  if (names.every((name) => known.includes(name))) return problems
  const detail = 'the proof builds on one that is not the issuer’s'
  return [...problems, problem('proof.unsupported', detail, '/previousProof')]
}

function claimOf(
  credential: JsonObject,
  issuer: string | undefined,
  { verificationMethod }: JsonObject,
): Omit<IssuerClaim, 'algorithm'> {
  return {
    ...(issuer !== undefined && { issuer }),
    types: stringsOf(credential['type']),
    ...(typeof verificationMethod === 'string' && { kid: verificationMethod }),
    purpose: 'credential',
  }
}
