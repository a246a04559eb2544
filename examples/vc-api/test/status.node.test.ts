import type { JsonObject } from '@asoba/core'
import { expect, test } from 'vitest'
import { codes, credentialOf, testServer, unsigned } from './server.ts'

const server = testServer()
const verify = (verifiableCredential: JsonObject) =>
  server.post('/credentials/verify', { verifiableCredential })
const issueWith = async (name: string, statusPurpose: string) => {
  const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose }
  return credentialOf(await server.issue(name, unsigned, { credentialStatus }))
}
const change = (credential: JsonObject, status: boolean) =>
  server.post('/credentials/status', {
    credentialStatus: credential['credentialStatus'] as JsonObject,
    status,
  })

test.each(['eddsa-rdfc-2022', 'ecdsa-jcs-2019-p384'])(
  'a credential of %s holds until it is revoked, for good',
  async (name) => {
    const credential = await issueWith(name, 'revocation')
    expect((await verify(credential)).status).toBe(200)
    expect((await change(credential, true)).status).toBe(200)
    expect(codes(await verify(credential))).toEqual(['status.revoked'])
    expect((await change(credential, false)).status).toBe(400)
    const another = await issueWith(name, 'revocation')
    expect((await verify(another)).status).toBe(200)
  },
)

test('a suspended credential holds again', async () => {
  const credential = await issueWith('eddsa-jcs-2022', 'suspension')
  await change(credential, true)
  expect(codes(await verify(credential))).toEqual(['status.suspended'])
  await change(credential, false)
  expect((await verify(credential)).status).toBe(200)
})

test('the list is a credential that verifies, and tells no one apart', async () => {
  const credential = await issueWith('eddsa-rdfc-2022', 'revocation')
  const { statusListCredential } = credential['credentialStatus'] as JsonObject
  expect(statusListCredential).toBe(server.url('/status-lists/revocation'))
  const named = await server.get('/status-lists/revocation', 'application/vc')
  expect(named.type).toBe('application/vc')
  expect(named.headers.get('cache-control')).toBe('public, max-age=300')
  const { type, body } = await server.get('/status-lists/revocation', 'application/json')
  expect(type).toBe('application/json')
  expect(body).toEqual(named.body)
  expect(body['type']).toContain('BitstringStatusListCredential')
  expect((await verify(body)).status).toBe(200)
  expect((await server.get('/status-lists/message')).status).toBe(404)
})

test('the entry of another list is not ours to set, and its status cannot be had', async () => {
  const entry = {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '5',
    statusListCredential: 'https://registry.example/status/1',
  }
  const credential = { ...unsigned, credentialStatus: entry }
  expect((await change(credential, true)).status).toBe(400)
  const issued = credentialOf(await server.issue('eddsa-rdfc-2022', credential))
  expect(codes(await verify(issued))).toEqual(['status.unavailable'])
})

test.each([
  {},
  { credentialStatus: 'a' },
  { credentialStatus: {}, status: true },
  { credentialStatus: { statusListCredential: 'a', statusListIndex: '-1' }, status: true },
])('sets nothing for %j', async (body) => {
  expect((await server.post('/credentials/status', body as JsonObject)).status).toBe(400)
})
