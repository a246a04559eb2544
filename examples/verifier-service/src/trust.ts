import type { CredentialTypeName, Problem, TrustPolicy } from '@asoba/core'
import { combine, trustedIssuers } from '@asoba/verifier'
import { type LoadedTrustList, loadTrustList, type TrustListMark } from '@asoba/verifier/trust-list'
import type { Database } from 'example-kit/database'
import { sql } from 'kysely'
import type { Settings } from './settings.ts'

/** Whom this verifier trusts: by its settings, and by a list that somebody signed. */
export interface Trust {
  /** The policy now, and a text that changes with it. */
  current(): Promise<{ readonly policy: TrustPolicy; readonly version: string }>
  /** The signed list that holds, if there is one. */
  list(): Promise<LoadedTrustList | undefined>
  /** Takes a new list for all replicas; says why not where it is not accepted. */
  take(token: string): Promise<readonly Problem[]>
  readonly trusted: Settings['trusted']
}

/** Trust of the settings and of the list in the database. */
export function createTrust(options: {
  readonly database: Database
  readonly settings: Settings
  readonly types: readonly CredentialTypeName[]
  readonly now?: () => Date
  /** Milliseconds after which the database is asked for a newer list. */
  readonly maxAge?: number
}): Trust {
  const { database, settings, types, now = () => new Date(), maxAge = 5_000 } = options
  const { publisher, offline, trusted } = settings
  const fixed = trustedIssuers(trusted)
  let loaded: LoadedTrustList | undefined
  let asked = Number.NEGATIVE_INFINITY

  const judge = (
    token: string,
    previous: TrustListMark | 'none',
  ): ReturnType<typeof loadTrustList> | undefined =>
    publisher &&
    loadTrustList(token, {
      publisher,
      types,
      now: now(),
      clockTolerance: 60,
      previous,
      snapshots: offline ? 'use' : 'ignore',
      maxLength: 1_000_000,
    })

  const list = async (): Promise<LoadedTrustList | undefined> => {
    const at = now().getTime()
    if (publisher === undefined || at - asked < maxAge) return loaded
    asked = at
    const row = await database
      .selectFrom('trust_lists')
      .select(['sequence', 'digest', 'token'])
      .where('publisher', '=', publisher.id)
      .executeTakeFirst()
    if (row === undefined || row.digest === loaded?.mark.digest) return loaded
    const result = await judge(row.token, loaded?.mark ?? 'none')
    if (result?.verified) loaded = result
    return loaded
  }

  return {
    trusted,
    list,
    current: async () => {
      const held = await list()
      return held === undefined
        ? { policy: fixed, version: 'settings' }
        : { policy: combine(fixed, held.trust), version: held.mark.digest ?? '' }
    },
    take: async (token) => {
      asked = Number.NEGATIVE_INFINITY
      const held = await list()
      const result = await judge(token.trim(), held?.mark ?? 'none')
      if (result === undefined || publisher === undefined) {
        return [{ code: 'trust-list.malformed', detail: 'no publisher is set' }]
      }
      if (!result.verified) return result.problems
      const { sequence, digest = '' } = result.mark
      // Of two replicas that take a list at once the one with the greater number stays.
      await sql`insert into trust_lists as held (publisher, sequence, digest, token)
        values (${publisher.id}, ${sequence}, ${digest}, ${token.trim()})
        on conflict (publisher) do update
        set sequence = excluded.sequence, digest = excluded.digest, token = excluded.token
        where held.sequence < excluded.sequence`.execute(database)
      asked = Number.NEGATIVE_INFINITY
      return []
    },
  }
}
