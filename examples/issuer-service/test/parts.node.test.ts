import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { resolveWebvhLog } from '@asoba/did/webvh'
import { type Database, openDatabase } from 'example-kit/database'
import { createLog } from 'example-kit/log'
import { deriveKey } from 'example-kit/secret'
import type { ServiceParts } from 'example-kit/service'
import { serviceKeys } from 'example-kit/service-keys'
import { createTelemetry } from 'example-kit/telemetry'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  claimsOf,
  faultsOf,
  openApplication,
  readApplication,
  sealApplication,
} from '../src/application.ts'
import { createDidLog } from '../src/did-log.ts'
import { createOfficers, hashPassword } from '../src/officers.ts'
import { tagOf } from '../src/tag.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

const secret = new Uint8Array(32).fill(4)
const seal = createSeal(secret)
const nation = nationTypes({ origin: 'https://nation.example' })
const form = (more: Readonly<Record<string, string>> = {}): URLSearchParams =>
  new URLSearchParams({
    type: 'citizenship',
    givenName: 'Plantedgiven',
    familyName: 'Plantedfamily',
    givenNameBe: 'Планавана',
    birthdate: '1991-03-25',
    personalNumber: '3250391a001 pb1',
    ...more,
  })

describe('an application', () => {
  test('is read, sealed, and opened by nobody else', async () => {
    const { application, missing } = readApplication(form())
    expect(missing).toEqual([])
    expect(faultsOf(application, nation)).toEqual([])
    expect(application.personalNumber).toBe('3250391A001PB1')
    const sealed = await sealApplication(seal, application)
    // A scanner may break the line.
    expect(await openApplication(seal, `${sealed.slice(0, 50)}\n${sealed.slice(50)}`)).toEqual(
      application,
    )
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('Planted')
    expect(await openApplication(createSeal(new Uint8Array(32)), sealed)).toBe(undefined)
    expect(await openApplication(seal, '')).toBe(undefined)
  })

  test('says which fields are wrong', () => {
    expect(readApplication(form({ givenName: '', birthdate: '25.03.1991' })).missing).toEqual([
      'givenName',
      'birthdate',
    ])
    expect(readApplication(form({ type: 'profession' })).missing).toEqual([
      'occupation',
      'occupationTitle',
    ])
    const { application } = readApplication(form({ givenNameBe: 'Latin' }))
    expect(faultsOf(application, nation).map(({ path }) => path)).toEqual(['/given_name#be'])
  })

  test('gives claims without the number of the document', () => {
    const { application } = readApplication(form())
    expect(JSON.stringify(claimsOf(application, new Date()))).not.toContain('3250391A001PB1')
    const doctor = readApplication(
      form({ type: 'profession', occupation: '2211', occupationTitle: 'Doctor' }),
    )
    expect(faultsOf(doctor.application, nation)).toEqual([])
  })

  test('has a tag that only the key makes', () => {
    const tag = Buffer.from(tagOf(secret, 'citizenship', 'A1')).toString('hex')
    expect(Buffer.from(tagOf(secret, 'citizenship', 'A1')).toString('hex')).toBe(tag)
    expect(Buffer.from(tagOf(secret, 'profession', 'A1')).toString('hex')).not.toBe(tag)
    expect(Buffer.from(tagOf(new Uint8Array(32), 'citizenship', 'A1')).toString('hex')).not.toBe(
      tag,
    )
  })
})

describe('officers', () => {
  const origin = 'https://registry.example'

  test('log in by their password, and have a session that nobody can make', async () => {
    const officers = createOfficers({
      officers: { alena: await hashPassword('пароль') },
      seal,
      origin,
    })
    expect(await officers.login('alena', 'пароль')).toBe(true)
    expect(await officers.login('alena', 'other')).toBe(false)
    expect(await officers.login('nobody', 'пароль')).toBe(false)
    expect(await officers.login('constructor', 'пароль')).toBe(false)
    const cookie = await officers.open('alena')
    expect(cookie).toMatch(/^__Host-officer=.*; Path=\/; HttpOnly; SameSite=Strict; .*Secure$/)
    const request = (value: string): Request => new Request(origin, { headers: { cookie: value } })
    expect(await officers.of(request(cookie.split(';')[0] ?? ''))).toBe('alena')
    expect(await officers.of(request('__Host-officer=alena'))).toBe(undefined)
    const others = createOfficers({ officers: {}, seal, origin })
    expect(await others.of(request(cookie.split(';')[0] ?? ''))).toBe(undefined)
  })

  test('have ten tries a minute', async () => {
    const officers = createOfficers({ officers: { alena: await hashPassword('a') }, seal, origin })
    for (let index = 0; index < 10; index++)
      expect(await officers.login('alena', 'wrong')).toBe(false)
    expect(await officers.login('alena', 'a')).toBe(false)
  })
})

describe('the history of the DID', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({})
  })
  afterAll(() => database.destroy())

  test('verifies, names the did:web, and gets a version with each new key', async () => {
    const keys = serviceKeys(database, seal, { maxAge: 0 })
    const parts: ServiceParts = {
      origin: 'http://127.0.0.1:8080',
      folder: 'memory',
      insecure: true,
      database,
      seal,
      deriveKey: (purpose) => deriveKey(secret, purpose),
      log: createLog('test', () => undefined),
      telemetry: createTelemetry('test', {}),
    }
    let now = new Date()
    const replicas = [1, 2].map(() => createDidLog(parts, keys, () => now))
    const [first, same] = await Promise.all(replicas.map((log) => log()))
    expect(same).toBe(first)
    await keys.rotate(900)
    expect(await replicas[0]?.()).toBe(first)
    now = new Date(now.getTime() + 2000)
    const log = (await replicas[1]?.()) ?? ''
    expect(log.startsWith(first ?? '-')).toBe(true)
    const did = JSON.parse(log.split('\n')[0] ?? '{}').state.id as string
    const judged = await resolveWebvhLog(did, log, {
      witnessFile: undefined,
      now: new Date(Date.now() + 5000),
      [allowInsecureLoopback]: true,
    })
    expect(judged.didDocument?.['alsoKnownAs']).toEqual(['did:web:127.0.0.1%3A8080'])
    expect(judged.didDocument?.['assertionMethod']).toEqual([`${did}#key-1`, `${did}#key-2`])
  })
})
