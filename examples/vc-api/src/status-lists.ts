import { AsobaError, isJsonObject, type JsonObject, type StatusSource, utf8 } from '@asoba/core'
import { writeStatus } from '@asoba/core/judge'
import {
  type BitstringStatusList,
  bitstringStatusList,
  memoryStatusStore,
  type PublishedStatusList,
} from '@asoba/status'
import type { Issuing } from './issuers.ts'

/** What a list of ours says. */
export type Purpose = 'revocation' | 'suspension'

/** The status lists of this server: one for each purpose. They know indexes, not credentials. */
export interface StatusLists {
  /** Who signs them. */
  readonly issuer: string
  /** A `credentialStatus` for one credential. */
  allocate(purpose: Purpose): Promise<JsonObject>
  /** Sets or clears an entry; false where it is none of ours, or was revoked for good. */
  set(entry: JsonObject, status: boolean): Promise<boolean>
  /** The signed list, made anew when it changed and when it is due. */
  published(purpose: Purpose): Promise<PublishedStatusList>
  /** Our own lists without the network, everything else from `others`. */
  source(others: StatusSource): StatusSource
}

/** Empty lists below an address. */
export function createStatusLists(base: string, issuing: Issuing): StatusLists {
  const listOf = (purpose: Purpose) =>
    keepPublished(
      bitstringStatusList({
        uri: `${base}/status-lists/${purpose}`,
        issuer: issuing.issuer,
        size: 131_072,
        purpose,
        ttl: 300,
        lifetime: 86_400,
        store: memoryStatusStore(),
        secure: async (credential) => ({
          body: JSON.stringify(await issuing.secure(credential, {})),
          mediaType: 'application/vc',
        }),
      }),
    )
  const lists = { revocation: listOf('revocation'), suspension: listOf('suspension') } as const
  const byUri = new Map(Object.values(lists).map((one) => [one.list.uri, one]))
  return {
    issuer: issuing.issuer,
    async allocate(purpose) {
      const [reference] = await lists[purpose].list.allocate(1)
      if (reference === undefined) throw new AsobaError('status.list-full', 'no entry is free')
      const entry = writeStatus(reference)['credentialStatus'] as JsonObject
      return { id: `${reference.uri}#${reference.index}`, ...entry }
    },
    async set(entry, status) {
      const { statusListCredential, statusListIndex } = entry
      const found = byUri.get(String(statusListCredential))
      if (found === undefined || !/^\d{1,6}$/.test(String(statusListIndex))) return false
      const { list } = found
      const uri = list.uri
      const index = Number(statusListIndex)
      const purpose = list === lists.revocation.list ? 'revocation' : 'suspension'
      const reference = { kind: 'bitstring-status-list', uri, index, purpose } as const
      try {
        if (purpose === 'suspension') await list[status ? 'suspend' : 'reinstate'](reference)
        else if (status) await list.revoke(reference)
        else return false
      } catch (error) {
        if (error instanceof AsobaError) return false
        throw error
      }
      found.changed()
      return true
    },
    published: (purpose) => lists[purpose].published(),
    source: (others) => ({
      async get(uri, options) {
        const own = byUri.get(uri)
        if (own === undefined) return others.get(uri, options)
        const { body, mediaType } = await own.published()
        return { bytes: utf8(body), mediaType, fetchedAt: new Date() }
      },
    }),
  }
}

/** The entry in the body of a request to change a status. */
export function entryIn(body: JsonObject): JsonObject | undefined {
  const { credentialStatus } = body
  return isJsonObject(credentialStatus) ? credentialStatus : undefined
}

function keepPublished(list: BitstringStatusList) {
  let kept: { readonly list: Promise<PublishedStatusList>; readonly until: number } | undefined
  return {
    list,
    changed() {
      kept = undefined
    },
    published(): Promise<PublishedStatusList> {
      const now = new Date()
      if (kept === undefined || kept.until <= now.getTime()) {
        kept = { list: list.publish({ now }), until: now.getTime() + 300_000 }
      }
      return kept.list
    },
  }
}
