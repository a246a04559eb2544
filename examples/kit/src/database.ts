import { PGlite } from '@electric-sql/pglite'
import { type Dialect, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { lockFolder } from './folder-lock.ts'
import { migrate } from './migrate.ts'

/** What is stored. No column is for a person. */
export interface Tables {
  /** Identifiers that were used once: requests, proofs, nonces. */
  readonly marks: { readonly id: Uint8Array; readonly expires: Date }
  /** Texts kept for minutes: requests, and answers encrypted to a key that is not here. */
  readonly texts: {
    readonly id: Uint8Array
    readonly text: string | null
    readonly expires: Date
  }
  /** Status lists as bits. */
  readonly status_lists: {
    readonly uri: string
    readonly allocated: Uint8Array
    readonly statuses: Uint8Array
    readonly version: string
  }
  /** Offers and codes, encrypted to what is not here, with the attempts that are left. */
  readonly offers: {
    readonly id: Uint8Array
    readonly text: string | null
    readonly attempts: number
    readonly expires: Date
  }
  /** Who was issued to, under a tag that only the registry's key makes. */
  readonly tags: { readonly tag: Uint8Array; readonly sealed: string; readonly version: string }
  /** Keys of the service, sealed, with when they begin to sign. */
  readonly service_keys: {
    readonly id: string
    readonly public_jwk: string
    readonly sealed: string
    readonly active_from: Date
  }
  /** The last trust list of each publisher. */
  readonly trust_lists: {
    readonly publisher: string
    readonly sequence: number
    readonly digest: string
    readonly token: string
  }
  /** The history of a did:webvh; it is public. */
  readonly did_logs: { readonly name: string; readonly log: string; readonly version: string }
}

/** The database of a service. */
export type Database = Kysely<Tables>

/** Where the database is. */
export interface DatabasePlace {
  /** A PostgreSQL server (`postgres://…`), shared by all replicas. */
  readonly url?: string | undefined
  /** Folder of the embedded database of one process; in memory when left out too. */
  readonly folder?: string | undefined
  /** Connections to the server at most. */
  readonly connections?: number
}

/**
 * Opens the database and brings it up to date.
 *
 * @throws Error where another process has the folder: an embedded database serves one
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  const { url, folder, connections = 10 } = place
  if (url !== undefined) {
    return migrated(new PostgresDialect({ pool: poolOf(url, connections) }))
  }
  const lock = folder === undefined ? undefined : await lockFolder(folder)
  try {
    const pglite = await PGlite.create(folder ?? 'memory://')
    const close = pglite.close.bind(pglite)
    pglite.close = async () => {
      await close()
      await lock?.release()
    }
    return await migrated(new PGliteDialect({ pglite }))
  } catch (error) {
    await lock?.release()
    throw error
  }
}

async function migrated(dialect: Dialect): Promise<Database> {
  const database = new Kysely<Tables>({ dialect })
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.destroy()
    throw error
  }
}

function poolOf(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 30_000,
  })
  // A connection that the server ends: the pool makes a new one, and whoever used it is told by
  // what their query throws. Without these two the process would end with the connection.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Whether the database answers. */
export async function answers(database: Database): Promise<boolean> {
  await sql`select 1`.execute(database)
  return true
}

/** Deletes what has expired. Marks stay an hour longer, should a clock be wrong. */
export async function sweep(database: Database): Promise<void> {
  await sql`delete from marks where expires < now() - interval '1 hour'`.execute(database)
  await sql`delete from texts where expires < now()`.execute(database)
  await sql`delete from offers where expires < now()`.execute(database)
}

/** Sweeps every few minutes until it is closed; a fault is for the next time. */
export function sweeping(database: Database, failed: (error: unknown) => void): () => void {
  const timer = setInterval(
    () => void sweep(database).catch(failed),
    // Replicas that started together need not sweep together.
    240_000 + Math.floor(Math.random() * 120_000),
  )
  timer.unref()
  return () => clearInterval(timer)
}
