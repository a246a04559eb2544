import type { SignatureBackend } from '@asoba/core'
import { type FetchFile, fetchFile } from './fetch-file.ts'
import { parseWebvhDid, type WebvhHostOptions } from './identifier.ts'
import { defaultMaxBytes, type WebvhLimits } from './log-entry.ts'
import {
  failed,
  resolveHistory,
  type WebvhResolution,
  type WebvhVersionQuery,
} from './resolve-log.ts'
import { needsWitnesses, verifyEntries, type WebvhHistory, witnessed } from './verify-log.ts'

/** How {@link webvhMethod} resolves. */
export interface WebvhMethodOptions extends WebvhHostOptions {
  /**
   * The platform's `fetch`, or one of yours. The rules for hosts see names only: where the
   * resolver stands inside a network that strangers must not reach, this is the place to
   * refuse private addresses after the name was looked up.
   */
  readonly fetch: FetchFile
  /** Clock; the system's when left out. */
  readonly now?: () => Date
  /** Milliseconds at most for a whole resolution; 5000 when left out. */
  readonly timeout?: number
  /** Seconds that a `versionTime` may lie ahead; 60 when left out. */
  readonly clockTolerance?: number
  readonly limits?: WebvhLimits
  readonly backend?: SignatureBackend
  /** See {@link ResolveWebvhOptions.returnDeactivatedDidDocument}. */
  readonly returnDeactivatedDidDocument?: boolean
}

/** What one resolution is asked. */
export interface WebvhRequest extends WebvhVersionQuery {
  readonly signal?: AbortSignal
}

/** did:webvh as a DID method, for `didResolver({ methods })`. */
export interface WebvhMethod {
  readonly name: 'webvh'
  /** Resolves a bare DID; never throws, errors are in `didResolutionMetadata`. */
  resolve(did: { readonly did: string }, options?: WebvhRequest): Promise<WebvhResolution>
}

/**
 * Resolves did:webvh over https.
 *
 * The method remembers the last version that it saw of up to 1024 DIDs, in memory: a log
 * that is suddenly shorter or other than that is refused, because whoever holds the web
 * server could otherwise take back a key rotation by serving an older log.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#read-resolve
 */
export function webvhMethod(options: WebvhMethodOptions): WebvhMethod {
  const { fetch, now = () => new Date(), timeout = 5000, limits } = options
  const maxBytes = limits?.maxBytes ?? defaultMaxBytes
  const seen = rememberVersions(1024)
  return {
    name: 'webvh',
    async resolve({ did }, request = {}) {
      const identifier = parseWebvhDid(did, options)
      if (identifier === undefined) return failed('invalidDid', 'The text is no did:webvh DID.')
      const deadline = AbortSignal.timeout(timeout)
      const { signal: given, ...query } = request
      const signal = given === undefined ? deadline : AbortSignal.any([given, deadline])
      const get = { fetch, maxBytes, signal }
      const log = await fetchFile(identifier.logUrl, { ...get, accept: 'text/jsonl, */*' })
      if (log.outcome !== 'found') {
        return log.outcome === 'failed'
          ? failed('internalError', 'The log could not be fetched.')
          : failed('notFound', 'There is no log at the place of the DID.')
      }
      let history = await verifyEntries(log.bytes, { ...options, now: now() })
      if (needsWitnesses(history)) {
        const accept = 'application/json'
        const file = await fetchFile(identifier.witnessUrl, { ...get, accept })
        const bytes = file.outcome === 'found' ? file.bytes : undefined
        history = await witnessed(history, bytes, options)
      }
      if (!seen.continues(identifier.scid, history)) {
        return failed('invalidDid', 'The log does not continue the one that was seen before.')
      }
      return resolveHistory(did, history, { ...options, ...query })
    },
  }
}

/** The last version seen by SCID, the oldest sight forgotten first. */
function rememberVersions(size: number): {
  continues(scid: string, history: WebvhHistory): boolean
} {
  const seen = new Map<string, { readonly number: number; readonly versionId: string }>()
  return {
    continues(scid, { versions, problems }) {
      const last = versions.at(-1)
      // A log of another DID says nothing of this one, a broken one is refused anyway.
      if (problems.length > 0 || last?.parameters.scid !== scid) return true
      const known = seen.get(scid)
      if (known !== undefined && versions[known.number - 1]?.versionId !== known.versionId) {
        return false
      }
      seen.delete(scid)
      seen.set(scid, { number: last.versionNumber, versionId: last.versionId })
      for (const oldest of seen.keys()) {
        if (seen.size <= size) break
        seen.delete(oldest)
      }
      return true
    },
  }
}
