import { AsobaError, type StatusSource, type TrustEntry } from '@asoba/core'

/**
 * Status lists that were fetched before, for use offline: the `statusSnapshot` of a trust entry.
 * Their signatures and times are checked like those of any other; they serve until they expire.
 */
export function snapshotSource(snapshot: NonNullable<TrustEntry['statusSnapshot']>): StatusSource {
  return {
    async get(uri) {
      const document = Object.hasOwn(snapshot, uri) ? snapshot[uri] : undefined
      if (document === undefined) {
        throw new AsobaError('status.unavailable', 'the snapshot does not hold this status list')
      }
      return document
    },
  }
}
