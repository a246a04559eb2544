import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from 'example-kit/database'
import { startReplica } from 'example-kit/processes-for-tests'
import {
  dumpOf,
  filesOf,
  found,
  startCollector,
  type TestCollector,
} from 'example-kit/search-for-tests'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { officers, openDesk, type Person } from './desk.ts'
import { readOffer, testWallet, wiresIn } from './wallet.ts'

let collector: TestCollector
let folder: string
beforeAll(async () => {
  ;[collector, folder] = await Promise.all([
    startCollector(),
    mkdtemp(join(tmpdir(), 'asoba-issuer-')),
  ])
}, 60_000)
afterAll(async () => {
  await collector?.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const people = 200
/** Letters for a number: names have no digits. */
const letters = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')

test('after 200 issuances neither database nor log nor telemetry hold anything of the people', async () => {
  const service = await startReplica(new URL('../main.ts', import.meta.url), {
    DATA_FOLDER: folder,
    OFFICERS: await officers(),
    BATCH_SIZE: '2',
    STATUS_SIZE: '4096',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  })
  const origin = `http://127.0.0.1:${service.port}`
  // What ties a line or a row to somebody, besides what every person's data begin with.
  const bearers: string[] = []
  const applications: string[] = []
  let issued = 0
  try {
    const desk = await openDesk(origin)
    const one = async (index: number): Promise<void> => {
      const person: Person = {
        type: index % 4 === 3 ? 'profession' : 'citizenship',
        givenName: `Plantedgiven${letters(index)}`,
        familyName: `Plantedfamily${letters(index)}`,
        birthdate: '1991-03-25',
        personalNumber: `PLANTEDNUMBER${index}`,
      }
      const { link, txCode } = await desk.approve(person)
      const wallet = testWallet()
      const offer = await readOffer(link)
      if (index % 10 === 0) {
        await wallet.redeem(offer, 'PLANTEDCODE')
        await fetch(`${origin}/${person.familyName}?name=${person.givenName}`, {
          headers: { 'user-agent': 'planted-agent', referer: `${origin}/planted-referer` },
        })
        await desk.post('/apply', { ...person, birthdate: person.familyName, type: 'citizenship' })
        await desk.review(`${person.familyName}.${person.givenName}`)
      }
      const { body } = await wallet.redeem(offer, txCode)
      const token = String(body['access_token'])
      const outcome = await wallet.ask(offer, token)
      const wires = wiresIn(outcome)
      issued += wires.length
      bearers.push(offer.code, token, String(body['refresh_token']), link, ...wires)
      applications.push(await desk.apply(person))
      if (index % 20 === 0) await desk.revoke(person)
    }
    const queue = Array.from({ length: people }, (_, index) => index)
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) await one(next)
      }),
    )
  } finally {
    expect(await service.stop()).toBe(0)
  }
  expect(issued).toBe(people * 2)

  const database = await openDatabase({ folder: join(folder, 'database') })
  const dump = await dumpOf(database)
  await database.destroy()
  const files = await filesOf(join(folder, 'database'))
  const log = service.lines.join('\n')
  const telemetry = collector.bodies.join('\n')

  // These are the places …
  expect(dump.split('\n').length).toBeGreaterThan(people * 3)
  expect(found(['service_keys'], files)).toEqual(['service_keys'])
  expect(log).toContain('"route":"/officer/approve"')
  expect(telemetry).toContain('asoba.credentials.issued')
  // … and nobody is there, neither in rows nor in what the database writes beside them.
  const planted = [
    ...['Plantedgiven', 'Plantedfamily', 'PLANTEDNUMBER', 'PLANTEDCODE', '1991-03-25'],
    ...['General practitioner', 'planted-agent', 'planted-referer', 'alena'],
  ]
  for (const place of [dump, files, log, telemetry]) expect(found(planted, place)).toEqual([])
  for (const place of [dump, log, telemetry]) {
    expect([...bearers, ...applications].filter((each) => place.includes(each))).toEqual([])
  }
  for (const place of [log, telemetry]) expect(place).not.toContain('127.0.0.1')
  // There is a row for each of them all the same, or there would be nothing to look through.
  const tags = dump.slice(dump.indexOf('tags\n') + 5).split('\n')
  const sizes = tags.filter((row) => row.startsWith('("\\\\x')).map((row) => row.length)
  expect(sizes.length).toBeGreaterThanOrEqual(people)
}, 240_000)
