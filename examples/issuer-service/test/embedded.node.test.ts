import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Balancer,
  type Replica,
  startBalancer,
  startReplica,
} from 'example-kit/processes-for-tests'
import { didWebOf } from 'example-kit/service-keys'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judge } from './clinic.ts'
import { officers, openDesk, planted } from './desk.ts'
import { readOffer, testWallet } from './wallet.ts'

const main = new URL('../main.ts', import.meta.url)
let folder: string
let balancer: Balancer
let service: Replica
let variables: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asoba-issuer-'))
  // An address that stays, whatever port the process gets.
  balancer = await startBalancer()
  variables = {
    ORIGIN: balancer.origin,
    DATA_FOLDER: folder,
    OFFICERS: await officers(),
    BATCH_SIZE: '2',
    STATUS_SIZE: '1024',
    STATUS_TTL: '1',
  }
  service = await startReplica(main, variables)
  balancer.ports.push(service.port)
}, 120_000)
afterAll(async () => {
  await service?.stop()
  await balancer?.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

test('with the embedded database a process that is killed loses nothing that was answered', async () => {
  const did = didWebOf(balancer.origin)
  const desk = await openDesk(balancer.origin)
  const taken = testWallet()
  const first = await desk.approve(planted)
  await taken.receive(first.link, first.txCode)
  const other = { ...planted, personalNumber: 'PLANTEDNUMBER1' }
  const waiting = await desk.approve(other)

  for (let times = 0; times < 2; times++) {
    await service.cut()
    service = await startReplica(main, variables)
    balancer.ports.splice(0, 1, service.port)
  }
  // The same keys, the officer's session, what was issued, what was used, what still waits.
  expect(await judge(taken.wallet, did)).toEqual([])
  expect((await taken.redeem(await readOffer(first.link), first.txCode)).status).toBe(400)
  const late = testWallet()
  await late.receive(waiting.link, waiting.txCode)
  expect(await judge(late.wallet, did)).toEqual([])
  expect(await desk.revoke(planted)).toContain('Copies revoked: 2')
  await expect.poll(() => judge(taken.wallet, did), { timeout: 30_000 }).toContain('status.revoked')
  expect(await judge(late.wallet, did)).toEqual([])
}, 180_000)

test('a second process on the same folder does not start, and the first goes on', async () => {
  const second = startReplica(main, variables)
  await expect(second).rejects.toThrow('another process uses this data folder')
  expect((await fetch(`${balancer.origin}/readyz`)).status).toBe(200)
}, 60_000)
