import { connect, createServer, type Socket, type Server as TcpServer } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../src/postgres-for-tests.ts'
import type { Server } from '../src/serve.ts'
import { type ServiceParts, startService } from '../src/service.ts'
import { sqlReplay } from '../src/stores/replay.ts'

let postgres: TestPostgres
let wire: TcpServer
let service: Server
let cut = false
const sockets = new Set<Socket>()
const lines: string[] = []
let asked: () => void = () => undefined

beforeAll(async () => {
  postgres = await startPostgres()
  const url = new URL(await postgres.create('outage'))
  const target = Number(url.port)
  // The network between service and database, which can be cut.
  wire = createServer((socket) => {
    if (cut) {
      socket.destroy()
      return
    }
    const onward = connect(target, '127.0.0.1')
    for (const each of [socket, onward]) {
      sockets.add(each)
      each.on('error', () => undefined)
      each.on('close', () => {
        socket.destroy()
        onward.destroy()
      })
    }
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const address = wire.address()
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  service = await startService(
    'test',
    {
      PORT: '0',
      DATABASE_URL: url.href,
      SEAL_KEY: Buffer.alloc(32, 1).toString('base64url'),
    },
    {
      defaultPort: 0,
      configure: () => ({}),
      write: (line) => lines.push(line),
      routes: async ({ database }: ServiceParts) => [
        {
          method: 'POST',
          path: '/slow',
          handle: async () => {
            asked()
            await sql`select pg_sleep(30)`.execute(database)
            return new Response('')
          },
        },
        {
          method: 'POST',
          path: '/mark/:id',
          handle: async (_request, { params }) => {
            const expires = new Date(Date.now() + 60_000)
            const first = await sqlReplay(database).firstUse(params['id'] ?? '', expires)
            return new Response(first ? 'first' : 'again')
          },
        },
      ],
    },
  )
}, 120_000)
afterAll(async () => {
  await service?.close()
  for (const each of sockets) each.destroy()
  await new Promise<void>((resolve) => wire?.close(() => resolve()) ?? resolve())
  await postgres?.close()
}, 60_000)

const status = async (path: string, method = 'GET'): Promise<number> =>
  (await fetch(service.origin + path, { method })).status
const mark = async (id: string): Promise<string> =>
  (await fetch(`${service.origin}/mark/${id}`, { method: 'POST' })).text()

test('while its database is out of reach a service lives, is not ready and marks nothing; then it goes on', async () => {
  expect(await mark('before')).toBe('first')
  expect(await status('/readyz')).toBe(200)

  // One request is at the database just then.
  const begun = new Promise<void>((resolve) => {
    asked = resolve
  })
  const slow = status('/slow', 'POST')
  await begun
  cut = true
  for (const each of sockets) each.destroy()
  expect(await slow).toBe(500)
  expect(await status('/readyz')).toBe(503)
  expect(await status('/healthz')).toBe(200)
  const failed = await fetch(`${service.origin}/mark/meanwhile`, { method: 'POST' })
  expect([failed.status, await failed.text()]).toEqual([500, 'something went wrong'])

  cut = false
  await expect.poll(() => status('/readyz'), { timeout: 30_000 }).toBe(200)
  expect(await mark('before')).toBe('again')
  expect(await mark('meanwhile')).toBe('first')
  // The log says that something failed, and neither where the database is nor who may enter.
  expect(lines.join('')).toContain('"event":"request-failed"')
  expect(lines.join('')).not.toMatch(/postgres:|127\.0\.0\.1/)
}, 120_000)
