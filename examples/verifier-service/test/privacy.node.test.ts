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
import { planted, type Registry, startRegistry } from './registry.ts'
import { fetchRequest, makeResponse, postResponse, testWallet } from './wallet.ts'

let registry: Registry
let collector: TestCollector
let folder: string
beforeAll(async () => {
  ;[registry, collector, folder] = await Promise.all([
    startRegistry(),
    startCollector(),
    mkdtemp(join(tmpdir(), 'asoba-verifier-')),
  ])
}, 60_000)
afterAll(async () => {
  await registry?.close()
  await collector?.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

test('after 120 people neither database nor log nor telemetry hold anything of them', async () => {
  const service = await startReplica(new URL('../main.ts', import.meta.url), {
    DATA_FOLDER: folder,
    API_TOKEN: 'planted-api-token',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    TRUSTED_ISSUERS: JSON.stringify({ citizenship: [registry.did], profession: [registry.did] }),
  })
  const origin = `http://127.0.0.1:${service.port}`
  const call = async (path: string, body: unknown) => {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: { authorization: 'Bearer planted-api-token', 'user-agent': 'planted-agent' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Readonly<Record<string, unknown>>
  }
  // Names of people, and all that ties a presentation to somebody.
  const secrets: string[] = [
    ...[planted.givenName, planted.familyName, '1991-03-25', 'General practitioner'],
    ...['planted-api-token', 'planted-agent'],
  ]
  const outcomes: Record<string, number> = {}
  try {
    const wallet = testWallet()
    await registry.give(wallet, 'citizenship', 1)
    await registry.give(wallet, 'profession', 1)
    const thief = testWallet()
    await registry.revoke(await registry.give(thief, 'citizenship', 1))
    for (let index = 0; index < 120; index++) {
      const question = ['citizen', 'adult', 'doctor'][index % 3] ?? ''
      const { link, transaction, id } = await call('/api/presentations', { question })
      const request = await fetchRequest(String(link))
      secrets.push(String(transaction))
      const holder = index % 20 === 0 ? thief : wallet
      if (index % 10 === 9) {
        // One who says no, and nonsense with a name in it.
        const body = new URLSearchParams({ error: planted.familyName })
        await fetch(request.responseUri, { method: 'POST', body })
        await call('/api/presentations', { question: planted.givenName })
        await fetch(`${origin}/${planted.givenName}?name=${planted.familyName}`)
      } else {
        const response = await makeResponse(holder, request).catch(() => 'a.b.c.d.e')
        await postResponse(request, response)
        if (index % 10 === 8) await postResponse(request, response)
      }
      // Some are never collected.
      if (index % 6 === 5) continue
      const { status, verified } = await call('/api/presentations/collect', { transaction })
      const outcome = `${status} ${verified ?? ''}`.trim()
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      expect(id).toBeTypeOf('string')
    }
  } finally {
    expect(await service.stop()).toBe(0)
  }
  expect(outcomes['answered true']).toBeGreaterThan(60)
  expect(Object.keys(outcomes).length).toBeGreaterThan(2)

  const database = await openDatabase({ folder: join(folder, 'database') })
  const dump = await dumpOf(database)
  await database.destroy()
  const files = await filesOf(join(folder, 'database'))
  const log = service.lines.join('\n')
  const telemetry = collector.bodies.join('\n')
  // They are where they should be looked for …
  expect(dump.length).toBeGreaterThan(10_000)
  expect(found(['marks_expires'], files)).toEqual(['marks_expires'])
  expect(log).toContain('"route":"/api/presentations/collect"')
  expect(telemetry).toContain('asoba.presentations.judged')
  expect(telemetry).toContain('/api/openid4vp/*')
  // … and there is nothing.
  for (const place of [dump, files, log, telemetry]) expect(found(secrets, place)).toEqual([])
  for (const place of [log, telemetry]) expect(place).not.toContain('127.0.0.1')
}, 180_000)

test('what is searched for would be found', () => {
  const name = planted.familyName
  const hidden = [
    name,
    Buffer.from(name).toString('hex'),
    ...[0, 1, 2].map((offset) =>
      Buffer.from(`${'x'.repeat(offset)}${name} and more`).toString('base64url'),
    ),
  ]
  for (const place of hidden)
    expect(found([name, 'nobody'], `before ${place} after`)).toEqual([name])
})
