import {
  type Check,
  type FindTrustedIssuer,
  type KeyMechanism,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type StatusReference,
  type StatusSource,
  type Verified,
} from '@asoba/core'
import { isIndex } from './bits.ts'
import type { StatusContext, StatusDocument, StatusMechanism, StatusReading } from './mechanism.ts'
import { tokenStatus } from './token-verify.ts'

/** The issuer of the credential whose status is asked for, as trust was already found in it. */
export interface StatusSubject {
  /** Issuer as the trust entry names it. */
  readonly issuer: string
  /** Policy name of the credential's type. */
  readonly type: string
  /** The list's signer must be found by the same mechanism. */
  readonly mechanism: KeyMechanism
  /** Who else may sign the lists of this issuer: what the trust entry says, nothing else. */
  readonly statusIssuers?: readonly string[]
}

/** Options of {@link checkStatus}. */
export interface CheckStatusOptions {
  readonly issuer: StatusSubject
  /** Where whole lists come from: `httpStatusSource()`, `snapshotSource()`, your own. */
  readonly source: StatusSource
  /**
   * Trust policy and key discovery. Asked with purpose `status`, the policy name of the
   * credential's type as the only type, and the issuer that the list names or, where it names
   * none, the credential's issuer.
   */
  readonly findIssuer: FindTrustedIssuer
  readonly now: Date
  /** Tolerated difference of clocks, in seconds; none when left out. */
  readonly clockTolerance?: number
  /** How lists are read; Token Status List alone when left out. */
  readonly mechanisms?: readonly StatusMechanism[]
  /** How old a list without an expiry of its own may be, in seconds; a day when left out. */
  readonly maxAge?: number
  /** Bytes of a decompressed list at most; 16 MiB when left out. */
  readonly maxListBytes?: number
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
  readonly signal?: AbortSignal
}

/** What the lists said, in the order of the references. */
export interface CheckedStatus {
  readonly readings: readonly StatusReading[]
}

/**
 * Whether a credential still holds, by every status reference that it carries. Fails closed: no
 * reference, a list that cannot be had, is expired, is signed by somebody else, is another list or
 * too short, and a value that nobody gave a meaning are all refused. Call it once the credential
 * itself is verified, so that a forged one makes nobody fetch anything. Never throws.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-8.3
 */
export async function checkStatus(
  references: readonly StatusReference[],
  options: CheckStatusOptions,
): Promise<Verified<CheckedStatus>> {
  const results = await Promise.all(references.map((reference) => readOne(reference, options)))
  const problems: Problem[] = results.flatMap((result) =>
    result.verified ? meaningProblems(result) : result.problems,
  )
  if (references.length === 0) {
    problems.push(problem('status.missing', 'the credential has no status entry'))
  }
  const outcome = problems.length === 0 ? 'passed' : 'failed'
  const checks: Check[] = [{ check: 'status', path: '', outcome }]
  if (problems.length > 0) return refused(problems, checks)
  const readings = results.filter((result) => result.verified).map(readingOf)
  return { verified: true, checks, readings }
}

async function readOne(
  reference: StatusReference,
  options: CheckStatusOptions,
): Promise<Verified<StatusReading>> {
  const { source, signal, now, mechanisms = [tokenStatus()] } = options
  const mechanism = mechanisms.find(({ kind }) => kind === reference.kind)
  if (mechanism === undefined) {
    return refused([
      problem('status.invalid-entry', 'no status mechanism of this kind is accepted'),
    ])
  }
  if (!isIndex(reference.index) || typeof reference.uri !== 'string') {
    return refused([problem('status.invalid-entry', 'the status entry is malformed')])
  }
  const context: StatusContext = {
    now,
    clockTolerance: options.clockTolerance ?? 0,
    maxAge: options.maxAge ?? 86_400,
    maxListBytes: options.maxListBytes ?? 16_777_216,
    findIssuer: allowedSigners(options),
    ...(options.backend && { backend: options.backend }),
  }
  try {
    const get = (maxAge?: number): Promise<StatusDocument> =>
      source.get(reference.uri, {
        ...(signal && { signal }),
        ...(maxAge !== undefined && { maxAge }),
      })
    const document = await get()
    const reading = await mechanism.read(document, reference, context)
    const age = (now.getTime() - document.fetchedAt.getTime()) / 1000
    const longest = longestAge(reading)
    if (longest === undefined || age <= longest) return reading
    // 8.3 step 4d: a fresh copy once the ttl has passed. A source that has no fresher one, because
    // it is a snapshot for use offline, gives the same again, which then holds until it expires.
    return await mechanism.read(await get(longest), reference, context)
  } catch {
    return refused([problem('status.unavailable', 'the status list cannot be had')])
  }
}

/** Seconds a copy may be old before another is asked for: its ttl, and none for an expired list. */
function longestAge(reading: Verified<StatusReading>): number | undefined {
  if (reading.verified) return reading.ttl
  return reading.problems.some(({ code }) => code === 'status.expired') ? 0 : undefined
}

/** The credential's issuer and whom its trust entry names, by the mechanism of that entry. */
function allowedSigners({ issuer: subject, findIssuer }: CheckStatusOptions): FindTrustedIssuer {
  return async (claim) => {
    // Where the list names nobody, it is the credential's issuer; a certificate names one itself.
    const named = subject.mechanism === 'x509' && claim.x5c !== undefined
    const trusted = await findIssuer({
      ...(named ? {} : { issuer: subject.issuer }),
      ...claim,
      types: [subject.type],
      purpose: 'status',
    })
    if (!trusted.verified) return trusted
    if (trusted.mechanism !== subject.mechanism) {
      return refused([
        problem(
          'issuer.mechanism-mismatch',
          'the keys of the list were found by another mechanism',
        ),
      ])
    }
    const { issuer, statusIssuers = [] } = subject
    if (trusted.issuer !== issuer && !statusIssuers.includes(trusted.issuer)) {
      return refused([
        problem('issuer.untrusted', 'the list is signed by neither the issuer nor whom it named'),
      ])
    }
    return trusted
  }
}

function meaningProblems({ meaning }: StatusReading): readonly Problem[] {
  switch (meaning) {
    case 'valid':
    case 'noted':
      return []
    case 'revoked':
      return [problem('status.revoked', 'the credential was revoked')]
    case 'suspended':
      return [problem('status.suspended', 'the credential is suspended')]
    default:
      return [problem('status.invalid-entry', 'the status value has no agreed meaning')]
  }
}

function readingOf(result: StatusReading): StatusReading {
  const { value, meaning, purpose, message, ttl } = result
  return {
    value,
    meaning,
    ...(purpose !== undefined && { purpose }),
    ...(message !== undefined && { message }),
    ...(ttl !== undefined && { ttl }),
  }
}
