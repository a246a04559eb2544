import type { ResponseStore } from '@asoba/openid4vc/verifier'
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { hashed } from './hash.ts'

/** A {@link ResponseStore} that all replicas share. Times are those of the database. */
export function sqlResponses(database: Database): ResponseStore {
  return {
    put: async (id, text, expires) => {
      const { rows } = await sql`
        insert into texts as held (id, text, expires)
        select ${hashed('text', id)}::bytea, ${text}::text, ${expires}::timestamptz
        where ${expires}::timestamptz > clock_timestamp()
        on conflict (id) do update set text = excluded.text, expires = excluded.expires
        where held.expires <= clock_timestamp()
        returning 1 as one`.execute(database)
      return rows.length === 1
    },
    get: async (id) => {
      const { rows } = await sql<{ text: string }>`
        select text from texts
        where id = ${hashed('text', id)}::bytea and text is not null
        and expires > clock_timestamp()`.execute(database)
      return rows[0]?.text
    },
    take: async (id) => {
      // The row is locked, then read: who comes second finds it empty.
      const { rows } = await sql<{ text: string }>`
        with held as (
          select id, text from texts
          where id = ${hashed('text', id)}::bytea and text is not null
          and expires > clock_timestamp() for update
        )
        update texts set text = null from held where texts.id = held.id
        returning held.text as text`.execute(database)
      return rows[0]?.text
    },
  }
}
