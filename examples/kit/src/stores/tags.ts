import type { Json } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** What is kept under uniqueness tags: a little JSON, sealed. */
export interface TagStore {
  /** What lies under the tag; `undefined` where nobody was issued to under it. */
  read(tag: Uint8Array): Promise<Json | undefined>
  /** Replaces it by what `change` makes of it, atomically. */
  update(tag: Uint8Array, change: (held: Json | undefined) => Json): Promise<void>
}

const purpose = 'asoba/tag/v1'
const expires = new Date('9999-12-31T00:00:00Z')

/** Tags in the database. Rows are sealed: the database alone tells how many tags there are, no more. */
export function sqlTags(database: Database, seal: Seal): TagStore {
  const row = async (
    tag: Uint8Array,
  ): Promise<{ readonly held: Json; readonly version: string } | undefined> => {
    const { rows } = await sql<{ sealed: string; version: string }>`
      select sealed, version::text as version from tags where tag = ${tag}::bytea`.execute(database)
    const [found] = rows
    if (found === undefined) return undefined
    const held = await seal.unseal(found.sealed, { now: new Date(), purpose })
    return { held, version: found.version }
  }
  return {
    read: async (tag) => (await row(tag))?.held,
    update: async (tag, change) => {
      for (let tries = 0; tries < 32; tries++) {
        const found = await row(tag)
        const sealed = await seal.seal(change(found?.held), { expires, purpose })
        const { rows } =
          found === undefined
            ? await sql`insert into tags (tag, sealed, version) values (${tag}::bytea, ${sealed}, 1)
                on conflict (tag) do nothing returning 1 as one`.execute(database)
            : await sql`update tags set sealed = ${sealed}, version = version + 1
                where tag = ${tag}::bytea and version = ${found.version}::bigint
                returning 1 as one`.execute(database)
        if (rows.length === 1) return
      }
      throw new Error('the tag is always changing')
    },
  }
}
