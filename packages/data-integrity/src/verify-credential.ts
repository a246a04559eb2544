import {
  baseContext,
  type Check,
  type IssuerClaim,
  isJsonObject,
  type Json,
  type JsonObject,
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
  periodOf,
  readStatus,
  stringsOf,
} from '@asoba/core/judge'
import { baseContextV1, validateCredentialV1 } from '@asoba/core/v1'
import type { Cryptosuite } from './cryptosuite.ts'
import { judgeProof, placed, type ReadProofs, readProofs } from './verify-proof.ts'

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
 * A context that stands in the document itself, and not by its URL, is refused: whoever passes the
 * credential on could call other claims by the names that a verifier reads, and over the statements
 * of JSON-LD the signature would stay right.
 *
 * @returns every problem found; never throws, whatever the input
 * @see https://www.w3.org/TR/vc-data-integrity/#validating-contexts
 */
export async function verifyCredential(
  document: unknown,
  context: CredentialExpectation,
): Promise<Verified<JudgedCredential>> {
  const read = readProofs(document)
  if (!read.verified) return read
  const { unsecured: credential } = read
  const whole = document as JsonObject
  const old = isOld(credential)
  const issuer = idOf(credential['issuer'])
  const period = periodOf({}, validityOf(credential), context)
  const status = readStatus(credential, undefined)
  const form = [
    ...(old ? validateCredentialV1(whole) : validateCredential(whole)),
    ...contextProblems(credential),
    ...status.problems,
  ]
  const problems: Problem[] = [...form, ...period.problems]
  const checks: Check[] = [check('schema', form), check('validity', period.problems)]

  const own = issuersProofs(read, issuer, context.suites)
  if (own.length === 0) {
    const detail = 'no proof of an accepted cryptosuite names a key of the issuer'
    problems.push(problem('issuer.key-not-found', detail, '/proof'))
    return refused(problems, [...checks, check('issuer-trust', problems)])
  }
  let trusted: TrustedIssuer | undefined
  for (const { proof, path, suite } of own) {
    const algorithm = suite.algorithmOf(proof['proofValue'])
    const claim = claimOf(credential, issuer, proof)
    const found = algorithm && (await context.findIssuer({ ...claim, algorithm }))
    checks.push({ ...check('issuer-trust', found?.verified === false ? found.problems : []), path })
    if (found?.verified === false) problems.push(...found.problems)
    const keys = found?.verified ? found.keys : undefined
    if (found?.verified) trusted ??= found
    const judged = await judgeOwn(read, { proof, keys, own: own.map((one) => one.proof) }, context)
    // Without a known algorithm the suite still says what is wrong with the value.
    const input = { document: {}, proof, keys: [] }
    const value = algorithm === undefined ? await suite.verify(input) : []
    const all = [...judged, ...value]
    checks.push({ ...check('signature', all), path })
    problems.push(...placed(path, all))
  }
  if (problems.length > 0 || trusted === undefined) return refused(problems, checks)
  const { type, mechanism } = trusted
  return judgedCredential({ credential, type, issuer: trusted.issuer, mechanism }, checks, {
    period,
    status: status.entries,
  })
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
  }: {
    readonly period: ReturnType<typeof periodOf>
    readonly status: JudgedCredential['status']
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
  }
}

/** Whether it is of the VC data model 1.1. */
export function isOld(credential: JsonObject): boolean {
  const [first] = [credential['@context']].flat()
  return first === baseContextV1
}

/** The base context of a credential's data model. */
export function baseOf(credential: JsonObject): string {
  return isOld(credential) ? baseContextV1 : baseContext
}

/** Start and end of validity, as its data model calls them. */
export function validityOf(credential: JsonObject): {
  readonly from: Json | undefined
  readonly until: Json | undefined
} {
  return isOld(credential)
    ? { from: credential['issuanceDate'], until: credential['expirationDate'] }
    : { from: credential['validFrom'], until: credential['validUntil'] }
}

interface OwnProof {
  readonly proof: JsonObject
  readonly path: string
  readonly suite: Cryptosuite
}

/** The proofs of given suites by keys of the issuer; a DID issuer names its keys by its DID. */
function issuersProofs(
  { proofs, paths }: ReadProofs,
  issuer: string | undefined,
  suites: readonly Cryptosuite[],
): readonly OwnProof[] {
  return proofs.flatMap((proof, index) => {
    const { verificationMethod, cryptosuite } = proof
    const suite = suites.find(({ name }) => name === cryptosuite)
    if (suite === undefined || issuer === undefined) return []
    if (typeof verificationMethod !== 'string') return []
    if (issuer.startsWith('did:') && !verificationMethod.startsWith(`${issuer}#`)) return []
    return { proof, path: paths[index] as string, suite }
  })
}

async function judgeOwn(
  { unsecured, proofs }: ReadProofs,
  input: {
    readonly proof: JsonObject
    readonly keys: TrustedIssuer['keys'] | undefined
    readonly own: readonly JsonObject[]
  },
  context: CredentialExpectation,
): Promise<readonly Problem[]> {
  const { proof, keys, own } = input
  const expected = {
    ...context,
    proofPurpose: 'assertionMethod',
    domain: undefined,
    challenge: undefined,
  }
  const problems = await judgeProof({ unsecured, proof, proofs, keys }, expected)
  const names = [proof['previousProof'] ?? []].flat()
  if (names.every((name) => own.some(({ id }) => id === name))) return problems
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

/** Contexts must be URLs, wherever they stand. */
export function contextProblems(document: JsonObject): readonly Problem[] {
  if (onlyUrls(document)) return []
  const detail = 'a context must be named by its URL, not stand in the document'
  return [problem('credential.malformed', detail, '/@context')]
}

function onlyUrls(value: Json): boolean {
  if (Array.isArray(value)) return value.every(onlyUrls)
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([name, member]) =>
    name === '@context'
      ? [member].flat().every((one) => typeof one === 'string')
      : onlyUrls(member),
  )
}
