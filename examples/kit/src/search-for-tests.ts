import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Every row of every table, as text. */
export async function dumpOf(database: Database): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public'`.execute(database)
  let dump = ''
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t`.execute(database)
    dump += `${name}\n${rows.map(({ row }) => row).join('\n')}\n`
  }
  return dump
}

/** Every byte of every file in a folder: what was deleted may still be in a log of the database. */
export async function filesOf(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((each) => each.isFile())
  return Buffer.concat(
    await Promise.all(files.map((each) => readFile(join(each.parentPath, each.name)))),
  )
}

/** Those of the secrets that are there: as they are, in hex, or within base64 at any offset. */
export function found(secrets: readonly string[], place: string | Buffer): readonly string[] {
  const bytes = typeof place === 'string' ? Buffer.from(place) : place
  return secrets.filter((secret) =>
    formsOf(Buffer.from(secret)).some((form) => bytes.includes(form)),
  )
}

function formsOf(secret: Buffer): readonly Buffer[] {
  const hex = secret.toString('hex')
  const encoded = (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((offset) => {
      // The characters that depend on nothing but the secret.
      const text = Buffer.concat([Buffer.alloc(offset), secret]).toString(encoding)
      const whole = Math.floor(((secret.length + offset) * 8) / 6)
      return text.slice(Math.ceil((offset * 8) / 6), whole)
    }),
  )
  return [secret, ...[hex, hex.toUpperCase(), ...encoded].map((text) => Buffer.from(text))]
}

/** What a service sends to a collector of OpenTelemetry. */
export interface TestCollector {
  readonly endpoint: string
  readonly bodies: readonly string[]
  close(): Promise<void>
}

/** Starts a collector that keeps all it gets. */
export async function startCollector(): Promise<TestCollector> {
  const bodies: string[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part) => parts.push(part as Buffer))
    incoming.on('end', () => {
      bodies.push(`${incoming.url}\n${Buffer.concat(parts).toString()}`)
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
