import type { SignatureBackend } from '@asoba/core'
import { type DidMethod, failed } from '../resolution.ts'
import type { allowInsecureLoopback } from '../unsafe.ts'
import { type FetchFile, fetchFile } from './fetch-file.ts'
import { parseWebvhDid } from './identifier.ts'
import type { WebvhLimits } from './log-entry.ts'
import { resolveHistory } from './resolve-log.ts'
import { needsWitnesses, verifyEntries, witnessed } from './verify-log.ts'

/** How {@link webvhMethod} reaches the web, and by what it judges. */
export interface WebvhMethodOptions {
  /** The platform's `fetch`, or one with the caller's own network rules. */
  readonly fetch: FetchFile
  /** Milliseconds at most for each file; 5000 when left out. */
  readonly timeout?: number
  /** Bytes of a file at most; 2 MiB when left out. */
  readonly maxBytes?: number
  readonly limits?: WebvhLimits
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
  /** Seconds that a `versionTime` may lie ahead; 60 when left out. */
  readonly clockTolerance?: number
  /** The clock. */
  readonly now?: () => Date
  /** Also allow `localhost` and `127.0.0.1`, by plain http: for demos and tests on one machine. */
  readonly [allowInsecureLoopback]?: true
}

/**
 * did:webvh for `didResolver`: fetches `did.jsonl`, and `did-witness.json` where the log
 * needs it, and believes only what the log proves.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#read-resolve
 */
export function webvhMethod(options: WebvhMethodOptions): DidMethod {
  const { fetch, timeout = 5000, maxBytes = 2_097_152, now = () => new Date() } = options
  return {
    name: 'webvh',
    async resolve({ did }, { signal, versionId, versionTime }) {
      const identifier = parseWebvhDid(did, options)
      if (identifier === undefined) return failed('invalidDid')
      const get = (url: string, accept: string) => {
        const timer = AbortSignal.timeout(timeout)
        return fetchFile(url, {
          fetch,
          maxBytes,
          accept,
          signal: signal === undefined ? timer : AbortSignal.any([signal, timer]),
        })
      }
      const log = await get(identifier.logUrl, 'text/jsonl, application/jsonl, text/plain')
      if (log.outcome !== 'found') {
        return failed(log.outcome === 'failed' ? 'internalError' : 'notFound')
      }
      const judging = { ...options, now: now() }
      const entries = await verifyEntries(log.bytes, judging)
      const witnesses = needsWitnesses(entries)
        ? await get(identifier.witnessUrl, 'application/json')
        : undefined
      // A witness file that cannot be had is none: what needs witnesses is then refused.
      const witnessFile = witnesses?.outcome === 'found' ? witnesses.bytes : undefined
      const history = await witnessed(entries, witnessFile, judging)
      return resolveHistory(did, history, {
        ...options,
        ...(versionId !== undefined && { versionId }),
        ...(versionTime !== undefined && { versionTime }),
      })
    },
  }
}
