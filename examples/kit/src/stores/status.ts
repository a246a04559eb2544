import type { StatusStore } from '@asoba/status'
import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** The state of one status list, in a row that is replaced as a whole. */
export function sqlStatus(database: Database, uri: string): StatusStore {
  return {
    read: async () => {
      const { rows } = await sql<{
        allocated: Uint8Array
        statuses: Uint8Array
        version: string
      }>`select allocated, statuses, version::text as version from status_lists
         where uri = ${uri}`.execute(database)
      const [row] = rows
      if (row === undefined) return undefined
      const { allocated, statuses, version } = row
      return {
        state: { allocated: new Uint8Array(allocated), statuses: new Uint8Array(statuses) },
        version,
      }
    },
    compareAndSet: async (expected, { allocated, statuses }) => {
      const { rows } =
        expected === undefined
          ? await sql`insert into status_lists (uri, allocated, statuses, version)
              values (${uri}, ${allocated}::bytea, ${statuses}::bytea, 1)
              on conflict (uri) do nothing returning 1 as one`.execute(database)
          : await sql`update status_lists
              set allocated = ${allocated}::bytea, statuses = ${statuses}::bytea,
                  version = version + 1
              where uri = ${uri} and version = ${expected}::bigint
              returning 1 as one`.execute(database)
      return rows.length === 1
    },
  }
}
