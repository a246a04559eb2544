import { garbageFor, survivorsOf } from 'example-kit/garbage-for-tests'
import type { Server } from 'example-kit/serve'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIssuerService } from '../src/start.ts'
import { officers } from './desk.ts'

let server: Server
const lines: string[] = []
beforeAll(async () => {
  server = await startIssuerService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      RATE_PER_MINUTE: '1000000',
      GRANT: 'authorization_code',
      OFFICERS: await officers(),
      STATUS_SIZE: '1024',
    },
    { write: (line) => lines.push(line) },
  )
}, 60_000)
afterAll(() => server?.close())

const endpoints = ['token', 'nonce', 'credential', 'deferred_credential', 'notification', 'par']
const fields = [
  ...['type', 'givenName', 'familyName', 'givenNameBe', 'familyNameBe', 'birthdate'],
  ...['personalNumber', 'occupation', 'occupationTitle', 'application', 'document', 'person'],
  ...['name', 'session', 'answer', 'digits', 'grant_type', 'pre-authorized_code', 'tx_code'],
  ...['code', 'client_id', 'redirect_uri', 'refresh_token', 'scope', 'issuer_state'],
  ...['authorization_details', 'credential_configuration_id', 'proofs', 'notification_id'],
]

test('whatever comes to whatever path is answered, and never by a fault of ours', async () => {
  const garbage = garbageFor({
    paths: [
      ...['/', '/apply', '/officer', '/officer/logout', '/officer/application'],
      ...['/officer/approve', '/officer/revoke', '/agree', '/status/1', '/nothing'],
      ...['/.well-known/did.json', '/.well-known/did.jsonl', '/oid4vci', '/oid4vci/authorize'],
      ...endpoints.map((name) => `/oid4vci/${name}`),
      `/oid4vci/offer/${'A'.repeat(43)}`,
      ...['openid-credential-issuer', 'oauth-authorization-server'].map(
        (name) => `/.well-known/${name}/oid4vci`,
      ),
    ],
    fields,
    cookies: ['officer', 'lang'],
    headers: { authorization: 'Bearer planted-garbage' },
  })
  expect(await survivorsOf(server.origin, garbage)).toEqual([])
  const log = lines.join('')
  expect(log).not.toContain('planted-garbage')
  expect(log).not.toContain('"level":"error"')
}, 180_000)

test('an officer who is let in is not tripped up either', async () => {
  const login = await fetch(`${server.origin}/officer/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name: 'alena', password: 'password' }),
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const garbage = garbageFor({
    paths: ['/officer', '/officer/application', '/officer/approve', '/officer/revoke'],
    fields,
    cookies: [],
    headers: { cookie },
  }).filter(({ headers }) => headers['cookie'] === cookie)
  expect(garbage.length).toBeGreaterThan(200)
  expect(await survivorsOf(server.origin, garbage)).toEqual([])
  expect(lines.join('')).not.toContain('"level":"error"')
}, 180_000)
