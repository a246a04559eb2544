import { createHmac } from 'node:crypto'
import type { Json } from '@asoba/core'
import { createSeal, type Seal } from '@asoba/core/seal'
import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** What is kept under uniqueness tags: a little JSON, sealed. */
export interface TagStore {
  /** What lies under the tag; `undefined` where nobody was issued to under it. */
  read(tag: Uint8Array): Promise<Json | undefined>
  /**
   * Replaces it by what `change` makes of it, atomically, and says what holds then. Where `change`
   * makes nothing, nothing changes and nothing is said. It may be called again and again.
   */
  update<T extends Json>(
    tag: Uint8Array,
    change: (held: Json | undefined) => T | undefined,
  ): Promise<T | undefined>
}

const purpose = 'asoba/tag/v1'
const expires = new Date('9999-12-31T00:00:00Z')

/**
 * Tags in the database, under names and seals that only the tag and the service's key together
 * make: who has both database and key still opens no row whose tag they do not know.
 *
 * @param key 32 bytes
 */
export function sqlTags(database: Database, key: Uint8Array): TagStore {
  const made = (kind: string, tag: Uint8Array): Uint8Array =>
    createHmac('sha256', key).update(`asoba/tag/${kind}/v1|`).update(tag).digest()
  const row = async (
    id: Uint8Array,
    seal: Seal,
  ): Promise<{ readonly held: Json; readonly version: string } | undefined> => {
    const { rows } = await sql<{ sealed: string; version: string }>`
      select sealed, version::text as version from tags where tag = ${id}::bytea`.execute(database)
    const [found] = rows
    if (found === undefined) return undefined
    const held = await seal.unseal(found.sealed, { now: new Date(), purpose })
    return { held, version: found.version }
  }
  return {
    read: async (tag) => (await row(made('id', tag), createSeal(made('seal', tag))))?.held,
    update: async (tag, change) => {
      const id = made('id', tag)
      const seal = createSeal(made('seal', tag))
      for (let tries = 0; tries < 32; tries++) {
        const found = await row(id, seal)
        const next = change(found?.held)
        if (next === undefined) return undefined
        const sealed = await seal.seal(next, { expires, purpose })
        const { rows } =
          found === undefined
            ? await sql`insert into tags (tag, sealed, version) values (${id}::bytea, ${sealed}, 1)
                on conflict (tag) do nothing returning 1 as one`.execute(database)
            : await sql`update tags set sealed = ${sealed}, version = version + 1
                where tag = ${id}::bytea and version = ${found.version}::bigint
                returning 1 as one`.execute(database)
        if (rows.length === 1) return next
      }
      throw new Error('the tag is always changing')
    },
  }
}
