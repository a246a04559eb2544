import type { HolderProof, JsonObject, Signer, StatusReference } from '@asoba/core'
import type { NationTypes } from '@asoba/credentials'
import { createIssuer, type IssuedCredential, type Issuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { type PublishedStatusList, type StatusList, tokenStatusList } from '@asoba/status'
import type { Database } from 'example-kit/database'
import { codeOf } from 'example-kit/log'
import type { ServiceParts } from 'example-kit/service'
import { sqlStatus } from 'example-kit/stores/status'
import { sql } from 'kysely'
import type { IssuedType } from './application.ts'
import { numberIn } from './record.ts'
import type { Settings } from './settings.ts'

/** The status lists of the registry: when one is full the next begins. */
export interface Lists {
  uriOf(number: number): string
  /** The last one that this replica knows of. */
  newest(): Promise<number>
  /** Whether there is a list of this number, on whatever replica it was begun. */
  has(number: number): Promise<boolean>
  /** The one after `number`, which is full. */
  after(number: number): number
}

/** Lists in the database. */
export function createLists(origin: string, database: Database): Lists {
  const uriOf = (number: number): string => `${origin}/status/${number}`
  let known = 0
  const newest = async (): Promise<number> => {
    if (known > 0) return known
    const { rows } = await sql<{ uri: string }>`select uri from status_lists`.execute(database)
    known = Math.max(known, 1, ...rows.map(({ uri }) => numberIn(uri) || 0))
    return known
  }
  return {
    uriOf,
    newest,
    has: async (number) => {
      if (number <= (await newest())) return number >= 1
      const { rows } = await sql`select 1 as one from status_lists
        where uri = ${uriOf(number)}`.execute(database)
      if (rows.length === 1) known = Math.max(known, number)
      return rows.length === 1
    },
    after: (number) => {
      known = Math.max(known, number + 1)
      return known
    },
  }
}

/** Makes copies with one signing key, and takes them back. */
export interface Copies {
  issue(input: {
    readonly type: IssuedType
    readonly claims: JsonObject
    readonly holders: readonly HolderProof[]
  }): Promise<readonly IssuedCredential[]>
  revoke(references: readonly StatusReference[]): Promise<void>
  published(number: number): Promise<PublishedStatusList | undefined>
}

/** See {@link Copies}. */
export function createCopies(
  { database }: ServiceParts,
  options: {
    /** Issuer identifier. */
    readonly issuer: string
    readonly settings: Settings
    readonly nation: NationTypes
    readonly signer: Signer
    readonly lists: Lists
  },
): Copies {
  const { issuer, settings, nation, signer, lists } = options
  const { statusSize, statusTtl, validityDays } = settings
  const statuses = new Map<number, StatusList>()
  const issuers = new Map<number, Issuer<'dc+sd-jwt', IssuedType>>()
  const cache = new Map<
    number,
    { readonly list: Promise<PublishedStatusList>; readonly until: number }
  >()

  const listAt = (number: number): StatusList => {
    const uri = lists.uriOf(number)
    const found =
      statuses.get(number) ??
      tokenStatusList({
        uri,
        size: statusSize,
        bits: 2,
        ttl: statusTtl,
        lifetime: Math.max(86_400, statusTtl),
        store: sqlStatus(database, uri),
        signer,
      })
    statuses.set(number, found)
    return found
  }
  const issuerAt = (number: number): Issuer<'dc+sd-jwt', IssuedType> => {
    const found =
      issuers.get(number) ??
      createIssuer({
        issuer,
        types: { citizenship: nation.citizenship, profession: nation.profession },
        formats: [sdJwtVc({ signer })],
        status: listAt(number),
        formerLists: Array.from({ length: number - 1 }, (_, at) => listAt(at + 1)),
        validityDays,
      })
    issuers.set(number, found)
    return found
  }

  return {
    issue: async (input) => {
      let number = await lists.newest()
      for (;;) {
        try {
          return await issuerAt(number).issue({ format: 'dc+sd-jwt', ...input })
        } catch (error) {
          const hopeless = input.holders.length > statusSize
          if (codeOf(error) !== 'status.list-full' || hopeless) throw error
          number = lists.after(number)
        }
      }
    },
    revoke: async (references) => {
      if (references.length === 0) return
      const numbers = references.map(({ uri }) => numberIn(uri))
      await issuerAt(Math.max(await lists.newest(), ...numbers)).revoke(references)
    },
    published: async (number) => {
      if (!(await lists.has(number))) return undefined
      const now = new Date()
      const held = cache.get(number)
      if (held !== undefined && held.until > now.getTime()) return held.list
      // Signed once per ttl and replica, not for everybody who asks.
      const list = listAt(number).publish({ now })
      cache.set(number, { list, until: now.getTime() + statusTtl * 1000 })
      list.catch(() => cache.delete(number))
      return list
    },
  }
}
