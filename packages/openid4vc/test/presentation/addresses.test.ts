import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { expect, test } from 'vitest'
import { isWebUrl } from '../../src/presentation/settings.ts'
import { clientId, holder, linkWith, requestUri } from './by-hand.ts'
import { clinicOnTheWeb, codes } from './world.ts'

const never = [
  undefined,
  '',
  'clinic.example',
  '//clinic.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'ws://localhost',
  'https://user@clinic.example',
  'https://user:pass@clinic.example',
  'http://clinic.example',
  'http://localhost.clinic.example',
  'http://127.0.0.1.clinic.example',
  'http://user@localhost',
]
const loopback = ['http://localhost:8080/x', 'http://127.0.0.1', 'http://[::1]:1/']

test('an address is https, or plain to this machine where that was allowed', () => {
  for (const insecure of [true, false]) {
    for (const each of never) expect(isWebUrl(each, insecure)).toBe(false)
    for (const each of loopback) expect(isWebUrl(each, insecure)).toBe(insecure)
    expect(isWebUrl('https://clinic.example:8443/a?b#c', insecure)).toBe(true)
  }
})

test('the weakening is a symbol, which no JSON can bring', async () => {
  const plain = { url: 'http://localhost:8080/openid4vp' }
  await expect(clinicOnTheWeb(plain)).rejects.toThrow(TypeError)
  await expect(
    clinicOnTheWeb({ ...plain, ...({ allowInsecureLoopback: true } as object) }),
  ).rejects.toThrow(TypeError)
  const clientId = { prefix: 'redirect_uri' } as const
  const weak = { ...plain, clientId, [allowInsecureLoopback]: true as const }
  expect((await clinicOnTheWeb(weak)).server).toHaveProperty('begin')
})

test('a wallet fetches nothing over plain http unless it was allowed', async () => {
  const request_uri = requestUri.replace('https://clinic.example', 'http://localhost:8080')
  const link = linkWith({ client_id: clientId, request_uri })
  const strict = await holder()
  expect(codes(await strict.client.readRequest(link))).toEqual(['request.malformed'])
  expect(strict.sent).toEqual([])
  const weak = await holder({ [allowInsecureLoopback]: true })
  expect(codes(await weak.client.readRequest(link))).toEqual(['request.unavailable'])
  expect(weak.sent).toHaveLength(1)
})
