import type { ReplayStore } from '@asoba/core'
import type { Database } from '../database.ts'
import { hashed } from './hash.ts'

/** A {@link ReplayStore} that all replicas share. */
export function sqlReplay(database: Database): ReplayStore {
  return {
    firstUse: async (id, expires) => {
      const inserted = await database
        .insertInto('marks')
        .values({ id: hashed('mark', id), expires })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute()
      return inserted.length === 1
    },
  }
}
