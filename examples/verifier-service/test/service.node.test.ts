import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Jwk } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { signTrustList } from '@asoba/verifier/trust-list'
import type { Wallet } from '@asoba/wallet'
import type { Server } from 'example-kit/serve'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startVerifierService } from '../src/start.ts'
import { planted, type Registry, startRegistry } from './registry.ts'
import { answerLink, fetchRequest, makeResponse, postResponse, testWallet } from './wallet.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

let registry: Registry
let wallet: Wallet
const open: Server[] = []

beforeAll(async () => {
  registry = await startRegistry()
  wallet = testWallet()
  await registry.give(wallet, 'citizenship', 1)
  await registry.give(wallet, 'profession', 1)
}, 60_000)
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()))
  await registry?.close()
}, 60_000)

async function start(variables: Readonly<Record<string, string>> = {}): Promise<Server> {
  const server = await startVerifierService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      RATE_PER_MINUTE: '100000',
      TRUSTED_ISSUERS: JSON.stringify({ citizenship: [registry.did], profession: [registry.did] }),
      ...variables,
    },
    { write: () => undefined },
  )
  open.push(server)
  return server
}

/** A browser that keeps one cookie. */
function browser(server: Server) {
  let cookie = ''
  const keep = (response: Response): Response => {
    for (const each of response.headers.getSetCookie()) {
      if (each.startsWith('presentation=')) cookie = each.split(';')[0] ?? ''
    }
    return response
  }
  return {
    ask: async (question: string, flow: string): Promise<string> => {
      const body = new URLSearchParams({ question, flow })
      const response = keep(await fetch(`${server.origin}/ask`, { method: 'POST', body }))
      const text = await response.text()
      const link = /(?:id="link">|id="wallet" href=")([^<"]+)/.exec(text)?.[1] ?? ''
      return link.replaceAll('&amp;', '&')
    },
    get: async (path: string): Promise<{ status: number; text: string }> => {
      const headers = { cookie, 'accept-language': 'en' }
      const response = keep(await fetch(new URL(path, server.origin), { headers }))
      return { status: response.status, text: await response.text() }
    },
  }
}

describe('the verifier’s pages', () => {
  let server: Server
  beforeAll(async () => {
    server = await start()
  })

  test('cross device: the result is there when the wallet has answered, once', async () => {
    const visitor = browser(server)
    const link = await visitor.ask('adult', 'cross-device')
    expect((await visitor.get('/result')).status).toBe(202)
    expect(await answerLink(wallet, link)).toEqual({ status: 200 })
    const { status, text } = await visitor.get('/result')
    expect(status).toBe(200)
    expect(text).toContain('data-verified="yes"')
    expect(text).toContain('18 or over')
    for (const each of [
      'Signature',
      'Not revoked',
      'Trust in the issuer',
      'Bound to the holder',
      'First time',
    ]) {
      expect(text).toContain(each)
    }
    expect(text).not.toContain(planted.givenName)
    expect((await visitor.get('/result')).status).toBe(410)
  })

  test('same device: only the browser that began and that the wallet sends back gets the result', async () => {
    const visitor = browser(server)
    const link = await visitor.ask('doctor', 'same-device')
    const { redirectUri = '' } = await answerLink(wallet, link)
    expect(redirectUri).toContain('response_code=')
    const other = browser(server)
    await other.ask('doctor', 'same-device')
    expect((await other.get(redirectUri)).text).not.toContain('data-verified="yes"')
    expect((await visitor.get('/result')).text).toContain('another window')
    expect((await visitor.get(redirectUri)).text).toContain('doctor entitled to practise')
  })

  test('an answer is taken once, and no answer serves another request', async () => {
    const visitor = browser(server)
    const request = await fetchRequest(await visitor.ask('citizen', 'cross-device'))
    const response = await makeResponse(wallet, request)
    expect((await postResponse(request, response)).status).toBe(200)
    expect((await postResponse(request, response)).status).toBe(400)
    const other = await fetchRequest(await visitor.ask('citizen', 'cross-device'))
    expect((await postResponse(other, response)).status).toBe(400)
  })

  test('a wallet may say no', async () => {
    const visitor = browser(server)
    const request = await fetchRequest(await visitor.ask('citizen', 'cross-device'))
    await fetch(request.responseUri, {
      method: 'POST',
      body: new URLSearchParams({ error: 'access_denied' }),
    })
    expect((await visitor.get('/result')).text).toContain('declined')
  })

  test('what was revoked is not accepted, and the page says why', async () => {
    const thief = testWallet()
    await registry.revoke(await registry.give(thief, 'citizenship', 1))
    const fresh = await start()
    const visitor = browser(fresh)
    await answerLink(thief, await visitor.ask('citizen', 'cross-device'))
    const { text } = await visitor.get('/result')
    expect(text).toContain('data-verified="no"')
    expect(text).toContain('The credential was revoked.')
  })

  test('an issuer that is not trusted for the type is refused', async () => {
    const strict = await start({ TRUSTED_ISSUERS: JSON.stringify({ profession: [registry.did] }) })
    const visitor = browser(strict)
    await answerLink(wallet, await visitor.ask('citizen', 'cross-device'))
    expect((await visitor.get('/result')).text).toContain('not on our list')
  })

  test('a form of another site begins nothing, nor does a question that nobody asks', async () => {
    const body = new URLSearchParams({ question: 'citizen', flow: 'cross-device' })
    const headers = { origin: 'https://evil.example' }
    const post = (init: RequestInit): Promise<Response> =>
      fetch(`${server.origin}/ask`, { method: 'POST', redirect: 'manual', ...init })
    expect((await post({ body, headers })).status).toBe(303)
    expect(
      (await post({ body: new URLSearchParams({ question: 'name', flow: 'cross-device' }) }))
        .status,
    ).toBe(303)
  })

  test('a request for the browser’s own API is signed and names the origin', async () => {
    const body = new URLSearchParams({ question: 'citizen', flow: 'dc-api' })
    const response = await fetch(`${server.origin}/ask`, { method: 'POST', body })
    const { request } = (await response.json()) as {
      readonly request: { readonly protocol: string; readonly data: { readonly request: string } }
    }
    expect(request.protocol).toBe('openid4vp-v1-signed')
    const payload = JSON.parse(
      Buffer.from(request.data.request.split('.')[1] ?? '', 'base64url').toString(),
    )
    expect(payload.expected_origins).toEqual([server.origin])
  })
})

describe('the API', () => {
  test('begins, tells by a signed webhook, and gives the result', async () => {
    const hooks: { body: string; headers: IncomingHttpHeaders }[] = []
    let told: () => void = () => undefined
    const heard = new Promise<void>((resolve) => {
      told = resolve
    })
    const receiver = createServer((incoming, outgoing) => {
      let body = ''
      incoming.on('data', (part) => {
        body += String(part)
      })
      incoming.on('end', () => {
        hooks.push({ body, headers: incoming.headers })
        outgoing.end()
        told()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const { port } = receiver.address() as AddressInfo
    const secret = Buffer.alloc(32, 5)
    try {
      const server = await start({
        API_TOKEN: 'token-of-the-partner',
        WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
        WEBHOOK_SECRET: secret.toString('base64url'),
      })
      const call = async (path: string, body: unknown, token = 'token-of-the-partner') => {
        const response = await fetch(server.origin + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: JSON.stringify(body),
        })
        return { status: response.status, body: await response.json() }
      }
      expect((await call('/api/presentations', { question: 'citizen' }, 'wrong')).status).toBe(401)
      expect((await call('/api/presentations', { question: 'name' })).status).toBe(400)
      expect((await call('/api/presentations', { query: { credentials: [] } })).status).toBe(400)
      const begun = (await call('/api/presentations', { question: 'citizen' })).body
      expect(begun.warning).toBe('session-fixation')
      const { transaction } = begun
      expect((await call('/api/presentations/collect', { transaction })).body.status).toBe(
        'pending',
      )
      await answerLink(wallet, begun.link)
      await heard
      const [{ body, headers } = { body: '', headers: {} as IncomingHttpHeaders }] = hooks
      expect(JSON.parse(body)).toEqual({ type: 'presentation.answered', data: { id: begun.id } })
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
      const expected = createHmac('sha256', secret).update(signed).digest('base64')
      expect(headers['webhook-signature']).toBe(`v1,${expected}`)
      const { body: result } = await call('/api/presentations/collect', { transaction })
      expect(result).toMatchObject({
        status: 'answered',
        verified: true,
        claims: { citizen: { citizen: true } },
      })
      expect(JSON.stringify(result)).not.toContain('cnf')
      expect((await call('/api/presentations/collect', { transaction })).body.status).toBe('gone')
    } finally {
      receiver.close()
    }
  })
})

describe('the trust list', () => {
  const publisher = 'https://nation.example'
  const nation = nationTypes({ origin: 'https://nation.example' })

  async function publish(
    sequence: number,
    keys: { publicJwk: Jwk; privateJwk: Jwk & { d: string } },
  ) {
    const signer = await jwkSigner({ privateJwk: keys.privateJwk, verificationMethod: '' })
    const uri = `${registry.origin}/status/1`
    const fetched = await fetch(uri)
    const snapshot = {
      bytes: new Uint8Array(await fetched.arrayBuffer()),
      mediaType: fetched.headers.get('content-type') ?? '',
      fetchedAt: new Date(),
    }
    const issuedAt = new Date()
    const expires = new Date(issuedAt.getTime() + 86_400_000)
    const entry = {
      issuer: registry.did,
      types: ['citizenship'],
      mechanism: 'did',
      keys: [registry.publicJwk],
      statusSnapshot: { [uri]: snapshot },
    } as const
    const list = { publisher, sequence, issuedAt, expires, entries: [entry] }
    return signTrustList(list, { signer, types: [nation.citizenship] })
  }

  test('is changed by who has the token, only forwards, and serves without a network', async () => {
    const keys = (await createKey('ES256')) as { publicJwk: Jwk; privateJwk: Jwk & { d: string } }
    const server = await start({
      TRUSTED_ISSUERS: '{}',
      TRUST_PUBLISHER: JSON.stringify({ id: publisher, keys: [keys.publicJwk] }),
      ADMIN_TOKEN: 'token-of-the-administrator',
      OFFLINE: '1',
    })
    const put = async (list: string, token = 'token-of-the-administrator'): Promise<string> => {
      const body = new URLSearchParams({ list, token })
      const headers = { 'accept-language': 'en' }
      return (await fetch(`${server.origin}/trust`, { method: 'POST', body, headers })).text()
    }
    const visitor = browser(server)
    await answerLink(wallet, await visitor.ask('citizen', 'cross-device'))
    expect((await visitor.get('/result')).text).toContain('data-verified="no"')

    const first = await publish(1, keys)
    expect(await put(first, 'wrong')).toContain('token is wrong')
    expect(await put(await publish(1, (await createKey('ES256')) as typeof keys))).toContain(
      'jws.signature-invalid',
    )
    expect(await put(await publish(2, keys))).toContain('The list was taken.')
    expect(await put(first)).toContain('trust-list.outdated')
    expect((await visitor.get('/trust')).text).toContain(registry.did)

    await answerLink(wallet, await visitor.ask('citizen', 'cross-device'))
    expect((await visitor.get('/result')).text).toContain('data-verified="yes"')
  })
})

test('who asks too much has to wait, and is told how long; probes have not', async () => {
  const server = await start({ RATE_PER_MINUTE: '5' })
  const statuses: number[] = []
  for (let index = 0; index < 7; index++) statuses.push((await fetch(server.origin)).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  expect((await fetch(server.origin)).headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
})

test('settings that make no sense stop the start, by name and without a value', async () => {
  for (const [wrong, name] of [
    [{ SEAL_KEY: 'planted-secret' }, 'SEAL_KEY'],
    [{ CLIENT_ID: 'planted-secret' }, 'CLIENT_ID'],
    [{ HAIP: '1' }, 'CERTIFICATE_FILE'],
    [{ WEBHOOK_URL: 'https://planted-secret.example' }, 'WEBHOOK_SECRET'],
    [{ ORIGIN: 'http://planted-secret.example' }, 'ORIGIN'],
    [{ TRUSTED_ISSUERS: '{planted-secret' }, 'TRUSTED_ISSUERS'],
    [{ DATABASE_URL: 'postgres://planted-secret@127.0.0.1:1/x' }, 'SEAL_KEY'],
  ] as const) {
    const fault = await start(wrong).then(
      () => undefined,
      (error: unknown) => String(error),
    )
    expect(fault).toContain(name)
    expect(fault).not.toContain('planted-secret')
  }
})
