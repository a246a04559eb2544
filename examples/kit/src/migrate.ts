import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

const migrations: Readonly<Record<string, Migration>> = {
  '0001-stores': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of [
        sql`create table marks (id bytea primary key, expires timestamptz not null)`,
        sql`create index marks_expires on marks (expires)`,
        sql`create table texts (id bytea primary key, text text, expires timestamptz not null)`,
        sql`create index texts_expires on texts (expires)`,
        sql`create table status_lists (uri text primary key, allocated bytea not null, statuses bytea not null, version bigint not null)`,
        sql`create table offers (id bytea primary key, text text, attempts integer not null, expires timestamptz not null)`,
        sql`create index offers_expires on offers (expires)`,
        sql`create table tags (tag bytea primary key, sealed text not null, version bigint not null)`,
        sql`create table service_keys (id text primary key, public_jwk text not null, sealed text not null, active_from timestamptz not null)`,
        sql`create table trust_lists (publisher text primary key, sequence bigint not null, digest text not null, token text not null)`,
        sql`create table did_logs (name text primary key, log text not null, version bigint not null)`,
      ]) {
        await statement.execute(database)
      }
    },
  },
}

/**
 * Brings the schema up to date. Kysely takes an advisory lock of the server for it, so that of
 * many replicas that start at once one migrates and the others wait.
 */
export async function migrate(database: Kysely<never> | Kysely<unknown>): Promise<void>
export async function migrate<T>(database: Kysely<T>): Promise<void>
export async function migrate(database: unknown): Promise<void> {
  const migrator = new Migrator({
    db: database as Kysely<unknown>,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
