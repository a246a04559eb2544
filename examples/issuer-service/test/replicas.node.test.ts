import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startPostgres, type TestPostgres } from 'example-kit/postgres-for-tests'
import {
  type Balancer,
  type Replica,
  startBalancer,
  startReplica,
} from 'example-kit/processes-for-tests'
import { didWebOf } from 'example-kit/service-keys'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judge } from './clinic.ts'
import { type Desk, officers, openDesk, planted } from './desk.ts'
import { readOffer, type TestWallet, testWallet, wiresIn } from './wallet.ts'

const main = new URL('../main.ts', import.meta.url)
const replicas: Replica[] = []
let postgres: TestPostgres
let balancer: Balancer
let variables: Readonly<Record<string, string>>

beforeAll(async () => {
  ;[postgres, balancer] = await Promise.all([startPostgres(), startBalancer()])
  variables = {
    ORIGIN: balancer.origin,
    DATABASE_URL: await postgres.create('issuer'),
    SEAL_KEY: Buffer.alloc(32, 5).toString('base64url'),
    OFFICERS: await officers(),
    BATCH_SIZE: '2',
    STATUS_SIZE: '4096',
    STATUS_TTL: '1',
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
  await postgres?.close()
}, 120_000)

interface Issued {
  readonly wallet: TestWallet
  readonly link: string
  readonly txCode: string | undefined
  readonly wires: readonly string[]
}

/** What a person does: whose code was spent by a replica that died comes to the officer again. */
async function visit(desk: Desk, personalNumber: string): Promise<Issued> {
  for (let visits = 0; visits < 3; visits++) {
    const wallet = testWallet()
    const { link, txCode } = await desk.approve({ ...planted, personalNumber })
    const offer = await readOffer(link)
    const { status, body } = await wallet.redeem(offer, txCode)
    if (status !== 200) continue
    for (let tries = 0; tries < 3; tries++) {
      // A nonce that the dead replica had taken is spent; a wallet gets another.
      const outcome = await wallet.ask(offer, String(body['access_token']))
      if (outcome.status === 200) return { wallet, link, txCode, wires: wiresIn(outcome) }
    }
  }
  throw new Error('somebody was not issued to')
}

const statusOf = (wire: string): number =>
  (decodeJwt(wire.split('~')[0] ?? '') as never as { status: { status_list: { idx: number } } })
    .status.status_list.idx

test('one of two replicas dies under load: nobody goes without, and no code is used twice', async () => {
  const desk = await openDesk(balancer.origin)
  const people = 30
  const issued: Issued[] = []
  const queue = Array.from({ length: people }, (_, index) => index)
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        issued.push(await visit(desk, `PLANTEDNUMBER${next}`))
        if (issued.length === people / 3) await replicas[0]?.cut()
      }
    }),
  )
  expect(issued).toHaveLength(people)

  const third = await startReplica(main, variables)
  replicas.push(third)
  balancer.ports.splice(0, 2, replicas[1]?.port ?? 0, third.port)
  const did = didWebOf(balancer.origin)
  // No entry of the list was given out twice, and everything issued is known to be valid.
  const entries = issued.flatMap(({ wires }) => wires.map(statusOf))
  expect(new Set(entries).size).toBe(people * 2)
  for (const { wallet, link, txCode } of issued) {
    expect(await judge(wallet.wallet, did)).toEqual([])
    const again = await wallet.redeem(await readOffer(link), txCode)
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_grant'])
  }
}, 180_000)

test('one code at both replicas at the same moment gives one token', async () => {
  const desk = await openDesk(balancer.origin)
  for (let index = 0; index < 5; index++) {
    const { link, txCode } = await desk.approve({ ...planted, personalNumber: `TWICE${index}` })
    const offer = await readOffer(link)
    const doors = [...balancer.ports, ...balancer.ports].map((port) => ({
      ...offer,
      endpoints: {
        ...offer.endpoints,
        token: offer.endpoints.token.replace(balancer.origin, `http://127.0.0.1:${port}`),
      },
    }))
    const { redeem } = testWallet()
    const answers = await Promise.all(doors.map((door) => redeem(door, txCode)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400])
  }
}, 60_000)

test('keys rotate while the replicas run: both are published, and what either signed holds', async () => {
  const desk = await openDesk(balancer.origin)
  const did = didWebOf(balancer.origin)
  const before = await visit(desk, 'ROTATES')
  const env = { PATH: process.env['PATH'], ...variables }
  const command = new URL('../rotate-key.ts', import.meta.url).pathname
  await promisify(execFile)(process.execPath, [command, '--after', '0'], { env })
  const kids = async (): Promise<readonly (string | undefined)[]> => {
    const made = await Promise.all([1, 2].map((each) => visit(desk, `ROTATES${each}`)))
    return made.map(({ wires }) => decodeProtectedHeader(wires[0]?.split('~')[0] ?? '').kid)
  }
  // Each replica hears of it from the database within seconds.
  await expect
    .poll(kids, { timeout: 60_000, interval: 1000 })
    .toEqual([`${did}#key-2`, `${did}#key-2`])
  const published = async (port: number): Promise<unknown> =>
    (await (await fetch(`http://127.0.0.1:${port}/.well-known/did.json`)).json()).assertionMethod
  for (const port of balancer.ports) {
    await expect.poll(() => published(port), { timeout: 30_000 }).toHaveLength(2)
  }
  const after = await visit(desk, 'ROTATED')
  expect(await judge(after.wallet.wallet, did)).toEqual([])
  expect(await judge(before.wallet.wallet, did)).toEqual([])
}, 180_000)

test('a replica that is told to stop finishes what it began, and goes in peace', async () => {
  const replica = await startReplica(main, variables)
  const origin = `http://127.0.0.1:${replica.port}`
  const asked = Promise.all(
    Array.from({ length: 10 }, () => fetch(`${origin}/status/1`).then(({ status }) => status)),
  )
  expect(await asked).toEqual(Array.from({ length: 10 }, () => 200))
  expect(await replica.stop()).toBe(0)
  expect(replica.lines.at(-1)).toContain('"event":"closed"')
}, 60_000)
