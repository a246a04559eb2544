import { garbageFor, survivorsOf } from 'example-kit/garbage-for-tests'
import type { Server } from 'example-kit/serve'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startVerifierService } from '../src/start.ts'

let server: Server
const lines: string[] = []
beforeAll(async () => {
  server = await startVerifierService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      RATE_PER_MINUTE: '1000000',
      API_TOKEN: 'token',
      ADMIN_TOKEN: 'token',
      TRUST_PUBLISHER: JSON.stringify({
        id: 'https://nation.example',
        keys: [
          {
            kty: 'EC',
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
        ],
      }),
    },
    { write: (line) => lines.push(line) },
  )
}, 60_000)
afterAll(() => server?.close())

test('whatever comes to whatever path is answered, and never by a fault of ours', async () => {
  const garbage = garbageFor({
    paths: [
      ...['/', '/ask', '/result', '/return', '/dc-api', '/trust', '/healthz', '/readyz'],
      ...['/api/presentations', '/api/presentations/collect', '/.well-known/did.json'],
      ...['openid4vp', 'api/openid4vp'].flatMap((path) =>
        ['request', 'response'].map((end) => `/${path}/${end}/AAAAAAAAAAAAAAAAAAAAAA`),
      ),
      ...['/assets/style.css', '/assets/wait.js', '/nothing'],
    ],
    fields: [
      ...['question', 'flow', 'list', 'token', 'query', 'transaction', 'response_code'],
      ...['response', 'vp_token', 'state', 'error', 'wallet_nonce', 'wallet_metadata'],
    ],
    cookies: ['presentation', 'lang'],
    headers: { authorization: 'Bearer token' },
  })
  expect(await survivorsOf(server.origin, garbage)).toEqual([])
  const log = lines.join('')
  expect(log).not.toContain('planted-garbage')
  expect(log).not.toContain('"level":"error"')
}, 180_000)

test('whatever is asked by the API is a request, or is said not to be one', async () => {
  const claims = [{ path: ['citizen'] }]
  const meta = { vct_values: ['https://nation.example/credentials/citizenship/1'] }
  const right = { id: 'a', format: 'dc+sd-jwt', meta, claims }
  const ask = async (query: unknown): Promise<number> =>
    (
      await fetch(`${server.origin}/api/presentations`, {
        method: 'POST',
        headers: { authorization: 'Bearer token' },
        body: JSON.stringify({ query }),
      })
    ).status
  expect(await ask({ credentials: [right] })).toBe(201)
  for (const wrong of [
    ...[null, '', 1, [], {}, { credentials: null }, { credentials: [null] }],
    { credentials: [{ ...right, id: '' }] },
    { credentials: [right, right] },
    { credentials: [{ ...right, format: 'mso_mdoc' }] },
    { credentials: [{ ...right, meta: {} }] },
    { credentials: [{ ...right, meta: { vct_values: [1] } }] },
    { credentials: [{ ...right, claims: [{ path: [{}] }] }] },
    { credentials: [{ ...right, claim_sets: [['none']] }] },
    { credentials: [right], credential_sets: [{ options: [['none']] }] },
    { credentials: Array.from({ length: 2000 }, (_, at) => ({ ...right, id: `a${at}` })) },
  ]) {
    expect(await ask(wrong)).toBe(400)
  }
})
