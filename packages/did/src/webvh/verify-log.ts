import {
  type Check,
  type Problem,
  problem,
  problemsUnder,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import type { WebvhHostOptions } from './identifier.ts'
import { readEntry, splitLog, type WebvhLimits } from './log-entry.ts'
import { verifyEntry, type WebvhVersion } from './verify-entry.ts'
import { verifyWitnesses } from './witness.ts'

/** How a log is verified. */
export interface VerifyWebvhOptions extends WebvhHostOptions {
  /** Text or bytes of `did-witness.json`; `undefined` where there is none. */
  readonly witnessFile: string | Uint8Array | undefined
  readonly now: Date
  /** Seconds that a `versionTime` may lie ahead of `now`; 60 when left out. */
  readonly clockTolerance?: number
  readonly limits?: WebvhLimits
  /** The platform's own where left out. */
  readonly backend?: SignatureBackend
}

/** The versions of a log up to the first that is wrong, and what is wrong with that one. */
export interface WebvhHistory {
  readonly versions: readonly WebvhVersion[]
  readonly problems: readonly Problem[]
}

/**
 * Judges a whole did:webvh log: every entry's hash, SCID, proofs, parameters and time,
 * and its witnesses. It does not say whose log it should be: compare the `id` of the
 * documents, or use {@link resolveWebvhLog}.
 *
 * @param log text or bytes of `did.jsonl`
 * @returns the versions, oldest first, or problems `did.webvh-invalid`,
 * `did.webvh-unwitnessed` and `proof.*` of the first wrong entry, with its index in
 * the path; `input.malformed` where it is no log within the limits
 * @see https://identity.foundation/didwebvh/v1.0/#read-resolve
 */
export async function verifyWebvhLog(
  log: string | Uint8Array,
  options: VerifyWebvhOptions,
): Promise<Verified<{ readonly versions: readonly WebvhVersion[] }>> {
  const entries = await verifyEntries(log, options)
  const { versions, problems } = await witnessed(entries, options.witnessFile, options)
  const outcome = problems.length === 0 ? 'passed' : 'failed'
  const checks: readonly Check[] = [{ check: 'webvh-log', path: '', outcome }]
  if (problems.length > 0) return refused(problems, checks)
  return { verified: true, checks, versions }
}

/** Verifies all of a log but its witnesses. */
export async function verifyEntries(
  log: string | Uint8Array,
  options: Omit<VerifyWebvhOptions, 'witnessFile'>,
): Promise<WebvhHistory> {
  const lines = splitLog(log, options.limits)
  if (lines === undefined) {
    const detail = 'the log is empty, no UTF-8 text or too large'
    return { versions: [], problems: [problem('input.malformed', detail)] }
  }
  const versions: WebvhVersion[] = []
  for (const [at, line] of lines.entries()) {
    const entry = readEntry(line)
    if (entry === undefined) {
      const malformed = problem('did.webvh-invalid', 'a line of the log is no log entry', `/${at}`)
      return { versions, problems: [malformed] }
    }
    const { version, problems } = await verifyEntry(entry, {
      ...options,
      before: versions.at(-1),
      clockTolerance: options.clockTolerance ?? 60,
    })
    if (problems.length > 0) return { versions, problems: problemsUnder(`/${at}`, problems) }
    versions.push(version)
  }
  return { versions, problems: [] }
}

/** The history up to the first version whose witnesses are too few. */
export async function witnessed(
  history: WebvhHistory,
  file: string | Uint8Array | undefined,
  options: { readonly backend?: SignatureBackend; readonly limits?: WebvhLimits },
): Promise<WebvhHistory> {
  const fault = await verifyWitnesses(history.versions, file, options)
  if (fault === undefined) return history
  return { versions: history.versions.slice(0, fault.at), problems: [fault.problem] }
}

/** Whether any version had to be witnessed, so that `did-witness.json` is needed. */
export function needsWitnesses(history: WebvhHistory): boolean {
  return history.versions.some((version) => version.witnessedBy !== undefined)
}
