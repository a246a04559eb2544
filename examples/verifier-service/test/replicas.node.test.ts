import { startPostgres, type TestPostgres } from 'example-kit/postgres-for-tests'
import {
  type Balancer,
  type Replica,
  startBalancer,
  startReplica,
} from 'example-kit/processes-for-tests'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Registry, startRegistry } from './registry.ts'
import { fetchRequest, makeResponse, postResponse, testWallet } from './wallet.ts'

const main = new URL('../main.ts', import.meta.url)
const replicas: Replica[] = []
let postgres: TestPostgres
let registry: Registry
let balancer: Balancer
let variables: Readonly<Record<string, string>>

beforeAll(async () => {
  ;[postgres, registry, balancer] = await Promise.all([
    startPostgres(),
    startRegistry(),
    startBalancer(),
  ])
  variables = {
    ORIGIN: balancer.origin,
    DATABASE_URL: await postgres.create('verifier'),
    SEAL_KEY: Buffer.alloc(32, 6).toString('base64url'),
    API_TOKEN: 'token',
    TRUSTED_ISSUERS: JSON.stringify({ citizenship: [registry.did] }),
  }
  // Both at once, on an empty database.
  replicas.push(
    ...(await Promise.all([startReplica(main, variables), startReplica(main, variables)])),
  )
  balancer.ports.push(...replicas.map(({ port }) => port))
}, 180_000)
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()))
  await balancer?.close()
  await registry?.close()
  await postgres?.close()
}, 120_000)

async function call(origin: string, path: string, body: unknown) {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { authorization: 'Bearer token' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Readonly<Record<string, never>> & {
    readonly link: string
    readonly transaction: string
    readonly status: string
    readonly verified?: boolean
  }
}

test('one of two replicas dies under load: nothing is lost, and no answer counts twice', async () => {
  const wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  const people = 40
  let done = 0
  const answered: { transaction: string; response: string; responseUri: string }[] = []

  const one = async (): Promise<void> => {
    const begun = await call(balancer.origin, '/api/presentations', { question: 'citizen' })
    const request = await fetchRequest(begun.link)
    const response = await makeResponse(wallet, request)
    const { status } = await postResponse(request, response)
    // 400 where the dead replica had taken it, and the other was asked again.
    expect([200, 400]).toContain(status)
    answered.push({ transaction: begun.transaction, response, responseUri: request.responseUri })
    done += 1
    if (done === people / 4) await replicas[0]?.cut()
  }
  const queue = Array.from({ length: people }, (_, index) => index)
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      while (queue.pop() !== undefined) await one()
    }),
  )
  expect(answered).toHaveLength(people)

  const third = await startReplica(main, variables)
  replicas.push(third)
  balancer.ports.splice(0, 2, replicas[1]?.port ?? 0, third.port)
  const doors = balancer.ports.map((port) => `http://127.0.0.1:${port}`)

  for (const { transaction, response, responseUri } of answered) {
    const replayed = await fetch(responseUri, {
      method: 'POST',
      body: new URLSearchParams({ response }),
    })
    expect(replayed.status).toBe(400)
    // Both replicas at the same moment: one has the result.
    const results = await Promise.all(
      doors.flatMap((door) =>
        [0, 1].map(() => call(door, '/api/presentations/collect', { transaction })),
      ),
    )
    expect(
      results.filter(({ status }) => status === 'answered').map(({ verified }) => verified),
    ).toEqual([true])
    const after = await call(doors[0] ?? '', '/api/presentations/collect', { transaction })
    expect(after.status).toBe('gone')
  }
}, 180_000)

test('a replica that is told to stop goes in peace', async () => {
  const replica = await startReplica(main, variables)
  expect(await replica.stop()).toBe(0)
  expect(replica.lines.at(-1)).toContain('"event":"closed"')
}, 60_000)
