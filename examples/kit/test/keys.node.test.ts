import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSeal } from '@asoba/core/seal'
import { verifyChain } from '@asoba/jwt/x509'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../src/database.ts'
import { createDevCa } from '../src/dev-ca.ts'
import { readEnvironment } from '../src/environment.ts'
import { didDocument, didWebOf, serviceKeys } from '../src/service-keys.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase({})
})
afterAll(() => database.destroy())

describe('keys of a service', () => {
  const seal = createSeal(new Uint8Array(32).fill(7))

  test('replicas that start together have one key', async () => {
    const replicas = [1, 2, 3].map(() => serviceKeys(database, seal))
    const keys = await Promise.all(replicas.map((each) => each.current()))
    expect(new Set(keys.map(({ publicJwk }) => publicJwk.x)).size).toBe(1)
  })

  test('a new key is published before it signs, and the old one stays published', async () => {
    let now = new Date()
    const options = { now: () => now, maxAge: 0 }
    const [one, other] = [1, 2].map(() => serviceKeys(database, seal, options)) as [
      ReturnType<typeof serviceKeys>,
      ReturnType<typeof serviceKeys>,
    ]
    const made = await one.rotate(600)
    expect(made.id).toBe('key-2')
    expect((await other.current()).id).toBe('key-1')
    expect((await other.all()).map(({ id }) => id)).toEqual(['key-1', 'key-2'])
    now = new Date(now.getTime() + 601_000)
    expect((await other.current()).id).toBe('key-2')
    const document = didDocument('did:web:a.example', await other.all())
    expect(document['assertionMethod']).toEqual([
      'did:web:a.example#key-1',
      'did:web:a.example#key-2',
    ])
    expect(JSON.stringify(document)).not.toContain('"d"')
  })

  test('the database alone signs nothing', async () => {
    const { rows } = await sql<{ all: string }>`select k::text as all from service_keys k`.execute(
      database,
    )
    const { privateJwk } = await serviceKeys(database, seal).current()
    for (const { all } of rows) expect(all).not.toContain(privateJwk.d)
    const other = createSeal(new Uint8Array(32).fill(8))
    await expect(serviceKeys(database, other).current()).rejects.toThrow()
  })

  test('a port is part of a did:web', () => {
    expect(didWebOf('http://127.0.0.1:8080')).toBe('did:web:127.0.0.1%3A8080')
    expect(didWebOf('https://registry.example')).toBe('did:web:registry.example')
  })
})

describe('the development CA', () => {
  test('makes chains that verify under its root, and no other', async () => {
    const ca = await createDevCa()
    const { x5c } = await ca.issue('clinic.example')
    const at = new Date()
    const result = await verifyChain({ chain: x5c, anchors: [ca.root], at })
    expect(result.verified && result.subjects).toContain('https://clinic.example')
    const other = await createDevCa()
    expect((await verifyChain({ chain: x5c, anchors: [other.root], at })).verified).toBe(false)
  })

  test('is one command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asoba-ca-'))
    try {
      const command = new URL('../src/dev-ca-command.ts', import.meta.url).pathname
      await promisify(execFile)(process.execPath, [
        command,
        '--out',
        folder,
        'a.example',
        'b.example',
      ])
      expect(await readFile(join(folder, 'root.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
      const { privateJwk, x5c } = JSON.parse(await readFile(join(folder, 'b.example.json'), 'utf8'))
      expect([privateJwk.crv, x5c.length]).toEqual(['P-256', 1])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

test('settings: every fault is said at once, and no value', () => {
  const environment = readEnvironment({ A: 'secret', B: '7', C: ' ', D: 'secret', E: 'secret' })
  environment.number('A', 1)
  expect(environment.number('B', 1)).toBe(7)
  environment.text('C')
  environment.oneOf('D', ['x', 'y'], 'x')
  environment.key('E')
  const fault = (() => {
    try {
      environment.done()
    } catch (error) {
      return String(error)
    }
    return ''
  })()
  expect(fault).toContain('A is a whole number; C must be set; D is one of x, y; E is 32 bytes')
  expect(fault).not.toContain('secret')
})
