import fc from 'fast-check'
import { compactDecrypt, decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { textOf } from '../../src/http.ts'
import { createEncryptionKey } from '../../src/jwe.ts'
import type { Collected, DcApiRequest, PresentationServer } from '../../src/verifier.ts'
import {
  clientId,
  holder,
  host,
  linkWith,
  parametersWith,
  requestObject,
  requestUri,
  responseUri,
  serving,
} from './by-hand.ts'
import { answer, citizen, clinicOnTheWeb, codeIn, fetchOf, query, url } from './world.ts'

const origin = `https://${host}`
const requestType = 'oauth-authz-req+jwt'
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** The text with one character exchanged for another. */
const changed = (text: string, at: number, by: number): string => {
  const place = at % text.length
  const old = text[place] ?? ''
  const next = characters[(characters.indexOf(old) + 1 + (by % 62)) % characters.length] ?? 'A'
  return text.slice(0, place) + (next === old ? '.' : next) + text.slice(place + 1)
}
const anyPlace = [fc.nat(), fc.nat()] as const
const accepted = (collected: Collected): boolean =>
  collected.status === 'answered' && collected.result.verified

describe('a wallet', () => {
  test('never throws, whatever link it is given', async () => {
    const { client } = await holder()
    const parameter = fc.constantFrom(
      'client_id',
      'request',
      'request_uri',
      'request_uri_method',
      'response_uri',
      'response_mode',
      'nonce',
      'dcql_query',
      'client_metadata',
      'transaction_data',
      'verifier_info',
    )
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(clientId, `redirect_uri:${responseUri}`, requestUri, 'direct_post', 'post'),
    )
    const links = fc.oneof(
      fc.string(),
      fc.array(fc.tuple(parameter, value)).map((list) => linkWith(Object.fromEntries(list))),
    )
    await fc.assert(
      fc.asyncProperty(links, async (link) => {
        expect(typeof (await client.readRequest(link)).verified).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })

  test('never throws, whatever the platform hands over', async () => {
    const { client } = await holder()
    const protocol = fc.constantFrom('unsigned', 'signed', 'multisigned')
    const request = fc.record({
      protocol: protocol.map((kind) => `openid4vp-v1-${kind}`),
      data: fc.oneof(fc.jsonValue(), fc.record({ request: fc.jsonValue() })),
    })
    const input = fc.oneof(
      fc.jsonValue(),
      fc.record({ origin: fc.constantFrom(origin, 'x'), requests: fc.array(request) }),
    )
    await fc.assert(
      fc.asyncProperty(input, async (given) => {
        expect(typeof (await client.readRequest(given as never)).verified).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })

  test('never throws, and reads nothing, whatever parameters of a stranger it is given', async () => {
    const { client } = await holder()
    const names = Object.keys(parametersWith())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const own = { client_id: `redirect_uri:${responseUri}`, [name]: value }
        const reading = await client.readRequest(linkWith(parametersWith(own)))
        expect(typeof reading.verified).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })

  test('reads no request object of which a character was changed', async () => {
    const object = await requestObject(parametersWith())
    let served = object
    const { client } = await holder({}, (to) => serving(served)(to))
    const link = linkWith({ client_id: clientId, request_uri: requestUri })
    expect((await client.readRequest(link)).verified).toBe(true)
    await fc.assert(
      fc.asyncProperty(...anyPlace, async (at, by) => {
        served = changed(object, at, by)
        expect((await client.readRequest(link)).verified).toBe(false)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a verifier', () => {
  let server: PresentationServer
  let begun: DcApiRequest
  let response: string
  let open: DcApiRequest
  let presentation: string
  beforeAll(async () => {
    ;({ server } = await clinicOnTheWeb())
    begun = await server.begin({ flow: 'dc-api', query })
    open = await server.begin({ flow: 'dc-api', query, encrypted: false })
    const { client } = await citizen(server)
    const sent = await answer(client, { origin, requests: [begun.request] })
    response = String(sent.kind === 'dc-api' && sent.data['response'])
    const other = await citizen(server)
    const inTheOpen = await answer(other.client, { origin, requests: [open.request] })
    const data = inTheOpen.kind === 'dc-api' ? inTheOpen.data : {}
    const shown = data['vp_token'] as unknown as { readonly citizen: readonly string[] }
    presentation = shown.citizen[0] ?? ''
  })
  const collect = (data: unknown): Promise<Collected> =>
    server.collect({ transaction: begun.transaction, response: data })

  test('accepts no answer of which a character was changed', async () => {
    await fc.assert(
      fc.asyncProperty(...anyPlace, async (at, by) => {
        expect(accepted(await collect({ response: changed(response, at, by) }))).toBe(false)
        const shown = { citizen: [changed(presentation, at, by)] }
        const { transaction } = open
        const collected = await server.collect({ transaction, response: { vp_token: shown } })
        expect(accepted(collected)).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('never throws, and accepts nothing, whatever the page brings', async () => {
    const data = fc.oneof(
      fc.jsonValue(),
      fc.record({ response: fc.jsonValue() }),
      fc.record({ vp_token: fc.jsonValue() }),
      fc.record({ vp_token: fc.record({ citizen: fc.array(fc.jsonValue()) }) }),
    )
    await fc.assert(
      fc.asyncProperty(data, async (given) => {
        expect(accepted(await collect(given))).toBe(false)
        const { transaction } = open
        expect(accepted(await server.collect({ transaction, response: given }))).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('knows no transaction of which a character was changed', async () => {
    await fc.assert(
      fc.asyncProperty(...anyPlace, async (at, by) => {
        const transaction = changed(begun.transaction, at, by)
        const collected = await server.collect({ transaction, response: { response } })
        expect(collected).toEqual({ status: 'gone' })
      }),
      { numRuns: 100 },
    )
  })

  // After all the others: what was changed used nothing up.
  test('accepts both answers as they are', async () => {
    expect(accepted(await collect({ response }))).toBe(true)
    const { transaction } = open
    const data = { vp_token: { citizen: [presentation] } }
    expect(accepted(await server.collect({ transaction, response: data }))).toBe(true)
  })

  test('accepts no posted answer of which a character was changed', async () => {
    for (let round = 0; round < 12; round++) {
      for (const encrypted of [true, false]) {
        const own = await clinicOnTheWeb()
        const input = { flow: 'same-device', query, encrypted } as const
        const { link, transaction } = await own.server.begin(input)
        const { fetch } = fetchOf(own.server)
        const { client } = await citizen(own.server, {
          fetch: async (to, init) => {
            const form = new URLSearchParams(String(init?.body ?? ''))
            const name = encrypted ? 'response' : 'vp_token'
            const value = form.get(name)
            if (value === null) return fetch(to, init)
            // Not the names in the JSON: an answer to another question is another test.
            const from = encrypted ? 0 : value.indexOf('ey')
            const length = value.length - from - (encrypted ? 0 : 3)
            const at = Math.floor((length * (round + 0.5)) / 12)
            const part = changed(value.slice(from, from + length), at, round)
            form.set(name, value.slice(0, from) + part + value.slice(from + length))
            return fetch(to, { ...init, body: form.toString() })
          },
        })
        const sent = await answer(client, link).catch(() => undefined)
        if (sent === undefined) continue
        const collected = await own.server.collect({ transaction, responseCode: codeIn(sent) })
        expect([collected.status, accepted(collected)]).toEqual(['answered', false])
      }
    }
  })

  test('answers every request that can be sent, and promises nothing', async () => {
    const { link } = await server.begin({ flow: 'same-device', query })
    const id = /request%2F([\w-]{22})/.exec(link)?.[1] ?? ''
    const { fetch } = fetchOf(server)
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
      path: fc.oneof(fc.constantFrom(`/request/${id}`, `/response/${id}`, '/', ''), fc.webPath()),
      type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', ''),
      body: fc.oneof(
        fc.string(),
        fc
          .array(fc.tuple(fc.constantFrom('wallet_metadata', 'vp_token', 'x'), fc.json()))
          .map((list) => new URLSearchParams(list).toString()),
        fc.string().map((text) => new URLSearchParams({ response: text }).toString()),
      ),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, type, body }) => {
        const init = method === 'GET' || method === 'HEAD' ? {} : { body }
        const headers = type === '' ? {} : { 'content-type': type }
        const response = await fetch(url + path, { method, headers, ...init })
        expect(response.status).toBeLessThan(500)
        if (response.status === 200) expect(path).toBe(`/request/${id}`)
      }),
      { numRuns: 150 },
    )
  })

  test('encrypts requests to the key that a wallet names, and only to a right one', async () => {
    const { link } = await server.begin({ flow: 'same-device', query })
    const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
    const { fetch } = fetchOf(server)
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (jwks) => {
        const metadata = JSON.stringify({ jwks: { keys: [jwks] } })
        const body = new URLSearchParams({ wallet_metadata: metadata })
        const to = parameters.get('request_uri') ?? ''
        const response = await fetch(to, { method: 'POST', body })
        // A JWS, in no JWE; some JSON we do not read at all.
        const parts = (await response.text()).split('.').length
        expect([200, 400]).toContain(response.status)
        if (response.status === 200) expect(parts).toBe(3)
      }),
      { numRuns: 50 },
    )
    const { publicJwk, privateJwk } = await createEncryptionKey()
    const metadata = JSON.stringify({ jwks: { keys: [{ kty: 'OKP' }, publicJwk] } })
    const body = new URLSearchParams({ wallet_metadata: metadata, wallet_nonce: 'mine' })
    const to = parameters.get('request_uri') ?? ''
    const response = await fetch(to, { method: 'POST', body })
    const sealed = await response.text()
    expect(decodeProtectedHeader(sealed)).toMatchObject({ kid: publicJwk.kid, cty: requestType })
    const { kty, crv, x, y, d } = privateJwk
    const { plaintext } = await compactDecrypt(sealed, { kty, crv, x, y, d } as never)
    const object = new TextDecoder().decode(plaintext)
    expect(decodeJwt(object)).toMatchObject({ wallet_nonce: 'mine' })
  })
})

describe('a body', () => {
  const bodyOf = (chunk: () => Uint8Array | undefined) => ({
    body: new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = chunk()
        if (part === undefined) controller.close()
        else controller.enqueue(part)
      },
    }),
  })

  test('that never ends is read to the limit and no further', async () => {
    let chunks = 0
    const body = bodyOf(() => {
      chunks++
      return new Uint8Array(1000).fill(65)
    })
    expect(await textOf(body, 10_000)).toBe(undefined)
    expect(chunks).toBeLessThan(20)
  })

  test('that breaks off, or is no UTF-8, is none', async () => {
    const broken = bodyOf(() => {
      throw new Error('reset')
    })
    expect(await textOf(broken, 100)).toBe(undefined)
    let parts = [Uint8Array.of(0xc3)]
    expect(
      await textOf(
        bodyOf(() => parts.pop()),
        100,
      ),
    ).toBe(undefined)
    parts = [Uint8Array.of(0xa9), Uint8Array.of(0xc3)]
    expect(
      await textOf(
        bodyOf(() => parts.pop()),
        2,
      ),
    ).toBe('é')
    expect(await textOf({ body: null }, 0)).toBe('')
  })
})
