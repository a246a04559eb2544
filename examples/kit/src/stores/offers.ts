import type { OfferStore } from '@asoba/openid4vc/issuer'
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { hashed } from './hash.ts'

/** An {@link OfferStore} that all replicas share. Attempts are counted by the database, one by one. */
export function sqlOffers(database: Database): OfferStore {
  const key = (id: string): Uint8Array => hashed('offer', id)
  return {
    put: async (id, text, { expires, attempts }) => {
      const { rows } = await sql`
        insert into offers as held (id, text, attempts, expires)
        select ${key(id)}::bytea, ${text}::text, ${attempts}::integer, ${expires}::timestamptz
        where ${expires}::timestamptz > clock_timestamp()
        on conflict (id) do update
        set text = excluded.text, attempts = excluded.attempts, expires = excluded.expires
        where held.expires <= clock_timestamp()
        returning 1 as one`.execute(database)
      return rows.length === 1
    },
    get: async (id) => {
      const { rows } = await sql<{ text: string }>`
        select text from offers
        where id = ${key(id)}::bytea and text is not null and attempts > 0
        and expires > clock_timestamp()`.execute(database)
      return rows[0]?.text
    },
    attempt: async (id) => {
      // Where two come at once the second waits for the row, and counts what the first left.
      const { rows } = await sql<{ text: string }>`
        update offers set attempts = attempts - 1
        where id = ${key(id)}::bytea and text is not null and attempts > 0
        and expires > clock_timestamp()
        returning text`.execute(database)
      return rows[0]?.text
    },
    take: async (id) => {
      const { rows } = await sql`
        update offers set text = null
        where id = ${key(id)}::bytea and text is not null and expires > clock_timestamp()
        returning 1 as one`.execute(database)
      return rows.length === 1
    },
  }
}
