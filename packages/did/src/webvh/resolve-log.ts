import type { Json, JsonObject, Problem } from '@asoba/core'
import { parseWebvhDid } from './identifier.ts'
import type { WebvhParameters } from './parameters.ts'
import { withImplicitServices } from './services.ts'
import { parseUtc } from './time.ts'
import type { WebvhVersion } from './verify-entry.ts'
import {
  type VerifyWebvhOptions,
  verifyEntries,
  type WebvhHistory,
  witnessed,
} from './verify-log.ts'

/** Which version of a DID is meant; the last one where nothing is said. */
export interface WebvhVersionQuery {
  readonly versionId?: string
  /** The version in force at that time: UTC, ISO 8601 with zone. */
  readonly versionTime?: string
  readonly versionNumber?: number
}

/** What {@link resolveWebvhLog} is asked, beside how the log is verified. */
export interface ResolveWebvhOptions extends VerifyWebvhOptions, WebvhVersionQuery {
  /**
   * Return the last document of a deactivated DID too. The specification says that it
   * must not be returned; the published vectors of every implementation return it.
   * What is left out here is safe, so it is withheld unless asked for.
   */
  readonly returnDeactivatedDidDocument?: boolean
}

/** A DID resolution result, in the shape of DID Resolution. */
export interface WebvhResolution {
  readonly didDocument: JsonObject | null
  readonly didDocumentMetadata: JsonObject
  readonly didResolutionMetadata: JsonObject
}

/**
 * Resolves a DID from its log, without any network.
 *
 * @param did the bare DID asked for
 * @param log text or bytes of `did.jsonl`
 * @returns with `didResolutionMetadata.error` `invalidDid` or `notFound` where it cannot be
 * resolved, and the first reason as `problemDetails`; never throws
 * @see https://identity.foundation/didwebvh/v1.0/#read-resolve
 */
export async function resolveWebvhLog(
  did: string,
  log: string | Uint8Array,
  options: ResolveWebvhOptions,
): Promise<WebvhResolution> {
  const entries = await verifyEntries(log, options)
  return resolveHistory(did, await witnessed(entries, options.witnessFile, options), options)
}

/** The resolution result of a DID whose log was verified, witnesses included. */
export function resolveHistory(
  did: string,
  history: WebvhHistory,
  options: Omit<ResolveWebvhOptions, 'witnessFile' | 'now'>,
): WebvhResolution {
  const identifier = parseWebvhDid(did, options)
  if (identifier === undefined) {
    return failed('invalidDid', 'The text is not a did:webvh DID.')
  }
  const { versions, problems } = history
  const [first] = versions
  const last = versions.at(-1)
  if (first === undefined || last === undefined) return invalidLog(problems)
  // Step 6: whose log it is. A moved DID is found under each of its names.
  const named = versions.some(({ document }) => document['id'] === did)
  if (!named || first.parameters.scid !== identifier.scid) {
    return failed('invalidDid', 'The log is that of another DID.')
  }
  // Step 11: a version before a wrong entry can still be asked for by its name.
  const asked = [options.versionId, options.versionNumber, options.versionTime]
  const version = selectVersion(versions, problems.length === 0, options)
  if (problems.length > 0 && (version === undefined || asked.every((one) => one === undefined))) {
    return invalidLog(problems)
  }
  if (version === undefined) return failed('notFound', 'The DID has no such version.')
  const withheld = version.parameters.deactivated && options.returnDeactivatedDidDocument !== true
  return {
    didDocument: withheld ? null : withImplicitServices(version.document, options),
    didDocumentMetadata: metadataOf(version, first, last),
    didResolutionMetadata: { contentType: 'application/did' },
  }
}

function selectVersion(
  versions: readonly WebvhVersion[],
  complete: boolean,
  { versionId, versionNumber, versionTime }: WebvhVersionQuery,
): WebvhVersion | undefined {
  let found = versions
  if (versionId !== undefined) found = found.filter((one) => one.versionId === versionId)
  if (versionNumber !== undefined) {
    found = found.filter((one) => one.versionNumber === versionNumber)
  }
  if (versionTime !== undefined) {
    const time = parseUtc(versionTime) ?? Number.NEGATIVE_INFINITY
    const inForce = versions.findLast((one) => (parseUtc(one.versionTime) ?? 0) <= time)
    // Nobody can say until when the last version before a wrong entry was in force.
    const known = complete || inForce !== versions.at(-1)
    found = found.filter((one) => known && one === inForce)
  }
  return found.at(-1)
}

function metadataOf(
  version: WebvhVersion,
  first: WebvhVersion,
  last: WebvhVersion,
): { readonly [name: string]: Json } {
  const { portable, deactivated, witness, watchers, ttl }: WebvhParameters = last.parameters
  return {
    versionId: version.versionId,
    versionNumber: version.versionNumber,
    versionTime: version.versionTime,
    created: first.versionTime,
    // Of the whole DID, as the specification has it; some implementations give the version's own.
    updated: last.versionTime,
    scid: first.parameters.scid,
    portable,
    deactivated,
    ttl: String(ttl),
    // The text wants the threshold as a string; the vectors have the number, so it stays one.
    witness:
      witness === undefined ? {} : { threshold: witness.threshold, witnesses: witness.witnesses },
    watchers,
  }
}

const problemTypes = {
  invalidDid: 'https://www.w3.org/ns/did#INVALID_DID',
  notFound: 'https://www.w3.org/ns/did#NOT_FOUND',
  internalError: 'https://www.w3.org/ns/did#INTERNAL_ERROR',
} as const

/** An unsuccessful resolution; the detail is a constant sentence. */
export function failed(error: keyof typeof problemTypes, detail: string): WebvhResolution {
  return {
    didDocument: null,
    didDocumentMetadata: {},
    didResolutionMetadata: {
      error,
      problemDetails: { type: problemTypes[error], title: 'The DID was not resolved.', detail },
    },
  }
}

function invalidLog(problems: readonly Problem[]): WebvhResolution {
  return failed('invalidDid', `The log is not valid: ${problems[0]?.detail ?? 'it is empty'}.`)
}
