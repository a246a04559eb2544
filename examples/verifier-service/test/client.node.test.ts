import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createPresentationClient, type PresentationClientOptions } from '@asoba/openid4vc/wallet'
import type { Wallet } from '@asoba/wallet'
import { createDevCa, type DevCa } from 'example-kit/dev-ca'
import type { Server } from 'example-kit/serve'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startVerifierService } from '../src/start.ts'
import { type Registry, startRegistry } from './registry.ts'
import { testWallet } from './wallet.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

let registry: Registry
let wallet: Wallet
let folder: string
let ca: DevCa
const open: Server[] = []

beforeAll(async () => {
  registry = await startRegistry()
  wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  folder = await mkdtemp(join(tmpdir(), 'asoba-verifier-'))
  ca = await createDevCa()
  const certified = await ca.issue('127.0.0.1')
  await writeFile(join(folder, 'certificate.json'), JSON.stringify(certified))
}, 60_000)
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()))
  await registry?.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

async function start(variables: Readonly<Record<string, string>>): Promise<Server> {
  const server = await startVerifierService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      TRUSTED_ISSUERS: JSON.stringify({ citizenship: [registry.did] }),
      CERTIFICATE_FILE: join(folder, 'certificate.json'),
      ...variables,
    },
    { write: () => undefined },
  )
  open.push(server)
  return server
}

/** Our own wallet client against our own service, over HTTP. */
function client(more: Partial<PresentationClientOptions>) {
  const reach = { fetch: globalThis.fetch, [allowInsecureLoopback]: true as const }
  return createPresentationClient({
    wallet,
    verifiers: {
      x509: [ca.root],
      did: didResolver({ methods: [webMethod(reach)] }),
      unsigned: 'accepted',
    },
    ...reach,
    ...more,
  })
}

test.each([
  ['did', 'did', {}],
  ['x509_san_dns', 'x509', {}],
  ['x509_hash', 'x509', {}],
  ['redirect_uri', 'nobody', {}],
  ['x509_hash', 'x509', { HAIP: '1' }],
] as const)(
  'a wallet knows the verifier as %s, by %s, and answers %o',
  async (clientId, by, more) => {
    const server = await start({ CLIENT_ID: clientId, ...more })
    const haip = 'HAIP' in more
    const asked = await fetch(`${server.origin}/ask`, {
      method: 'POST',
      body: new URLSearchParams({ question: 'citizen', flow: 'same-device' }),
    })
    const [cookie = ''] = asked.headers.getSetCookie().map((each) => each.split(';')[0])
    const link = /id="wallet" href="([^"]+)/.exec(await asked.text())?.[1]?.replaceAll('&amp;', '&')
    const citizen = client(haip ? { haip: true } : {})
    const read = await citizen.readRequest(link ?? '')
    if (!read.verified) throw new Error(JSON.stringify(read.problems))
    const { incoming } = read
    expect(incoming.verifier.by).toBe(by)
    const [match] = await citizen.match(incoming)
    if (match === undefined) throw new Error('the wallet cannot answer')
    // What a consent screen shows.
    expect(match.disclosed.map(({ path }) => path.join('.'))).toEqual(['citizen'])
    const sent = await citizen.respond(incoming, match)
    if (sent.kind !== 'posted' || sent.redirectTo === undefined) throw new Error('no way back')
    const result = await fetch(sent.redirectTo, { headers: { cookie, 'accept-language': 'en' } })
    expect(await result.text()).toContain('data-verified="yes"')
    if (!haip) return
    // HAIP has no cross-device flow: the page does not offer it, and nobody gets it.
    expect(await (await fetch(server.origin)).text()).not.toContain('cross-device')
    const crossed = await fetch(`${server.origin}/ask`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ question: 'citizen', flow: 'cross-device' }),
    })
    expect(crossed.status).toBe(303)
  },
)

test('a wallet answers no request that another server hands out as its own', async () => {
  const server = await start({})
  const asked = await fetch(`${server.origin}/ask`, {
    method: 'POST',
    body: new URLSearchParams({ question: 'citizen', flow: 'same-device' }),
  })
  const link = /id="wallet" href="([^"]+)/.exec(await asked.text())?.[1]?.replaceAll('&amp;', '&')
  const evil = new URL(link ?? '')
  evil.searchParams.set('client_id', 'decentralized_identifier:did:web:evil.example')
  expect((await client({}).readRequest(evil.href)).verified).toBe(false)
})

test('a certificate of another host stops the start', async () => {
  const file = join(folder, 'other.json')
  await writeFile(file, JSON.stringify(await ca.issue('other.example')))
  const started = start({ CLIENT_ID: 'x509_san_dns', CERTIFICATE_FILE: file })
  await expect(started).rejects.toThrow('does not name the host')
})

test('under HAIP a question without a flow, or across devices, is refused for the flow', async () => {
  const server = await start({
    HAIP: '1',
    API_TOKEN: 'token',
    API_RETURN_TO: 'https://partner.example/done',
  })
  const ask = (body: object): Promise<Response> =>
    fetch(`${server.origin}/api/presentations`, {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'citizen', ...body }),
    })
  for (const body of [{}, { flow: 'cross-device' }]) {
    const response = await ask(body)
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'flow is same-device under HAIP, where cross-device is off' },
    ])
  }
  expect((await ask({ flow: 'same-device' })).status).toBe(201)
  expect((await ask({ flow: 'same-device', query: { credentials: [] } })).status).toBe(400)
})

test('an app of the partner asks through the platform, under its origin and no other', async () => {
  const app = 'android:apk-key-hash:sha256:7d1a'
  const server = await start({ API_TOKEN: 'token', APP_ORIGINS: `https://app.example ${app}` })
  const call = async (path: string, body: object): Promise<{ status: number; body: never }> => {
    const response = await fetch(server.origin + path, {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as never }
  }
  const begin = (more: object) =>
    call('/api/presentations', { question: 'citizen', flow: 'dc-api', ...more })
  for (const origin of [undefined, 'android:apk-key-hash:sha256:other', server.origin]) {
    expect(await begin({ origin })).toEqual({
      status: 400,
      body: { error: 'origin is not one of APP_ORIGINS' },
    })
  }
  const citizen = client({})
  const answered = async (from: string): Promise<{ status: string; verified: boolean }> => {
    const { request, transaction } = (await begin({ origin: app })).body as {
      request: { protocol: string; data: never }
      transaction: string
    }
    const read = await citizen.readRequest({ origin: from, requests: [request] })
    if (!read.verified) throw new Error(read.problems[0].code)
    const [match] = await citizen.match(read.incoming)
    if (match === undefined) throw new Error('the wallet cannot answer')
    const sent = await citizen.respond(read.incoming, match)
    if (sent.kind !== 'dc-api') throw new Error('it was posted')
    return (await call('/api/presentations/collect', { transaction, response: sent.data })).body
  }
  expect(await answered(app)).toMatchObject({ status: 'answered', verified: true })
  await expect(answered('https://app.example')).rejects.toThrow('request.origin-mismatch')
})

test.each(['http://app.example', 'javascript:x', 'app.example'])(
  'an origin that is of no page and no app (%s) stops the start',
  async (origin) => {
    await expect(start({ APP_ORIGINS: origin })).rejects.toThrow(/origins are https origins/)
  },
)
