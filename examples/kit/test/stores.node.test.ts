import { replayContract } from '@asoba/core/testing'
import { offerStoreContract, responseStoreContract } from '@asoba/openid4vc/testing'
import { statusAllocator } from '@asoba/status'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { answers, type Database, openDatabase, sweep } from '../src/database.ts'
import { startPostgres, type TestPostgres } from '../src/postgres-for-tests.ts'
import { dumpOf } from '../src/search-for-tests.ts'
import { sqlOffers } from '../src/stores/offers.ts'
import { sqlReplay } from '../src/stores/replay.ts'
import { sqlResponses } from '../src/stores/responses.ts'
import { sqlStatus } from '../src/stores/status.ts'
import { sqlTags } from '../src/stores/tags.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

let postgres: TestPostgres
const open: Database[] = []

beforeAll(async () => {
  postgres = await startPostgres()
}, 120_000)
afterAll(async () => {
  await Promise.all(open.map((database) => database.destroy()))
  await postgres?.close()
}, 60_000)

const databases: Readonly<Record<string, () => Promise<readonly [Database, Database]>>> = {
  PGlite: async () => {
    const database = await openDatabase({})
    open.push(database)
    return [database, database]
  },
  PostgreSQL: async () => {
    const url = await postgres.create(`stores_${open.length}`)
    // Two replicas that start at the same moment on an empty database.
    const both = await Promise.all([
      openDatabase({ url, connections: 3 }),
      openDatabase({ url, connections: 3 }),
    ])
    open.push(...both)
    return both as [Database, Database]
  },
}

for (const [name, make] of Object.entries(databases)) {
  describe(`stores on ${name}`, () => {
    // One database for all: contracts get a clean one.
    let pair: Promise<readonly [Database, Database]> | undefined
    const clean = async (): Promise<readonly [Database, Database]> => {
      pair ??= make()
      const [one, other] = await pair
      await sql`truncate marks, texts, status_lists, offers, tags`.execute(one)
      return [one, other]
    }

    replayContract({ describe, test, expect }, name, async () => sqlReplay((await clean())[0]))
    responseStoreContract({ describe, test, expect }, name, async () => {
      const [one, other] = await clean()
      return [sqlResponses(one), sqlResponses(other)]
    })

    offerStoreContract({ describe, test, expect }, name, async () => {
      const [one, other] = await clean()
      return [sqlOffers(one), sqlOffers(other)]
    })

    test('what lies under a tag is changed by one after the other, and sealed', async () => {
      const key = new Uint8Array(32).fill(3)
      const databases = await clean()
      const [one, other] = databases.map((database) => sqlTags(database, key))
      const tag = new Uint8Array(32).fill(9)
      expect(await one?.read(tag)).toBe(undefined)
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? one : other)?.update(tag, (held) => [
            ...((held as number[] | undefined) ?? []),
            index,
          ]),
        ),
      )
      const held = (await other?.read(tag)) ?? []
      expect(new Set(held as number[])).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
      expect(await one?.update(tag, () => undefined)).toBe(undefined)
      expect(await one?.read(tag)).toEqual(held)
      // Neither another tag nor another key opens it.
      expect(await one?.read(new Uint8Array(32))).toBe(undefined)
      expect(await sqlTags(databases[0], new Uint8Array(32)).read(tag)).toBe(undefined)
      expect(await dumpOf(databases[0])).not.toContain(Buffer.from(tag).toString('hex'))
    })

    test('the first use is known to every replica', async () => {
      const [one, other] = await clean()
      const expires = new Date(Date.now() + 60_000)
      const uses = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          sqlReplay(index % 2 === 0 ? one : other).firstUse('a', expires),
        ),
      )
      expect(uses.filter((first) => first)).toHaveLength(1)
    })

    test('replicas that allocate at once never give out one entry twice', async () => {
      const [one, other] = await clean()
      const put = (): void => undefined
      const allocators = [one, other].map((database) =>
        statusAllocator({
          size: 256,
          bits: 2,
          store: sqlStatus(database, 'https://registry.example/status/1'),
          put,
          at: () => 0,
        }),
      )
      const given = await Promise.all(
        Array.from({ length: 20 }, (_, index) => allocators[index % 2]?.allocate(5)),
      )
      const entries = given.flatMap((each) => each ?? [])
      expect(new Set(entries).size).toBe(100)
    })

    test('what has expired is swept, and the database says that it answers', async () => {
      const [one] = await clean()
      await sqlReplay(one).firstUse('old', new Date(Date.now() - 7_200_000))
      await sqlReplay(one).firstUse('new', new Date(Date.now() + 60_000))
      await sweep(one)
      const { rows } = await sql<{
        count: string
      }>`select count(*)::text as count from marks`.execute(one)
      expect(rows[0]?.count).toBe('1')
      expect(await answers(one)).toBe(true)
    })

    test('an identifier is stored as a hash', async () => {
      const [one] = await clean()
      await sqlResponses(one).put('response/secret-id', 'text', new Date(Date.now() + 60_000))
      const { rows } = await sql<{ id: Uint8Array }>`select id from texts`.execute(one)
      expect(Buffer.from(rows[0]?.id ?? []).toString('latin1')).not.toContain('secret')
      expect(rows[0]?.id).toHaveLength(32)
    })
  })
}
