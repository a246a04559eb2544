import type { Signer } from '@asoba/core'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import type { DcApiRequestData, PresentationServer } from '../../src/verifier.ts'
import type { IncomingRequest, PresentationClient } from '../../src/wallet.ts'
import {
  clientId,
  holder,
  host,
  openedAnswer,
  pageParametersWith,
  requestObject,
  withSignatureBroken,
} from './by-hand.ts'
import {
  answer,
  certified,
  citizen,
  clinicOnTheWeb,
  codes,
  didSigner,
  now,
  query,
  signer,
} from './world.ts'

const origin = `https://${host}`
const page = { flow: 'dc-api', query } as const

const appOrigins = [
  'platform:pkg-key-hash:Z4OFzVVSZrzTRa3eg79hUuHy12MVW0vzPDf4q4zaPs0',
  'android:apk-key-hash:sha256:7d1a/+=_-',
  'ios:app-id:TEAM.org.example.clinic',
]
const refusedOrigins = [
  'http://clinic.example',
  'ftp://clinic.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'ws://clinic.example',
  'wss://clinic.example',
  'file:///x',
  'blob:https://clinic.example/1',
  'origin:https://clinic.example',
  'https://clinic.example/',
  'https://clinic.example/page',
  'https://user@clinic.example',
  'HTTPS://clinic.example',
  'HTTP://clinic.example',
  'clinic.example',
  'android:',
  ':x',
  'android:with space',
  'android:with\nline',
  'android:ключ',
  `android:${'x'.repeat(3000)}`,
]

/** What the page gets from its browser. */
async function answered(
  client: PresentationClient,
  request: DcApiRequestData,
  from: string = origin,
): Promise<unknown> {
  const sent = await answer(client, { origin: from, requests: [request] })
  if (sent.kind !== 'dc-api') throw new Error('it was posted')
  expect(sent.protocol).toBe(request.protocol)
  return sent.data
}

const collected = async (server: PresentationServer, transaction: string, response: unknown) =>
  server.collect({ transaction, response, query })

describe('over the Digital Credentials API', () => {
  test.each([
    ['signed, dc_api.jwt', undefined, undefined, 'x509'],
    ['signed, dc_api', undefined, false, 'x509'],
    ['unsigned, dc_api.jwt', false, undefined, 'origin'],
    ['unsigned, dc_api', false, false, 'origin'],
  ] as const)('%s is answered and accepted', async (_name, signed, encrypted, by) => {
    const { server } = await clinicOnTheWeb()
    const { request, transaction } = await server.begin({
      ...page,
      ...(signed !== undefined && { signed }),
      ...(encrypted !== undefined && { encrypted }),
    })
    expect(request.protocol).toBe(`openid4vp-v1-${signed === false ? 'unsigned' : 'signed'}`)
    const { client, sent } = await citizen(server)
    const read = await client.readRequest({ origin, requests: [request] })
    expect(read.verified && read.incoming.verifier).toMatchObject({ by, origin })
    expect(read.verified && read.incoming.request.audience).toBe(`origin:${origin}`)
    const data = await answered(client, request)
    expect(Object.keys(data as object)).toEqual([encrypted === false ? 'vp_token' : 'response'])
    expect(sent).toEqual([])
    expect(await collected(server, transaction, undefined)).toEqual({ status: 'pending' })
    const result = await collected(server, transaction, data)
    expect(result).toMatchObject({ status: 'answered', result: { verified: true } })
    expect((await collected(server, transaction, data)).status).not.toBe('pending')
    expect(await collected(server, transaction, data)).not.toMatchObject({
      result: { verified: true },
    })
  })

  test.each(appOrigins.flatMap((app) => [true, false].map((signed) => [app, signed] as const)))(
    'an app (%s, signed: %s) is answered and accepted by its origin as the platform says it',
    async (app, signed) => {
      const { server } = await clinicOnTheWeb({ origins: [origin, app] })
      const { request, transaction } = await server.begin({ ...page, origin: app, signed })
      const { client } = await citizen(server)
      const read = await client.readRequest({ origin: app, requests: [request] })
      expect(read.verified && read.incoming.verifier.origin).toBe(app)
      expect(read.verified && read.incoming.request.audience).toBe(`origin:${app}`)
      const data = await answered(client, request, app)
      expect(await collected(server, transaction, data)).toMatchObject({
        status: 'answered',
        result: { verified: true },
      })
      // Nor does an answer to one app do for another, or for the page.
      for (const other of [origin, `${app}x`]) {
        const two = await clinicOnTheWeb({ origins: [origin, app, `${app}x`] })
        const begun = await two.server.begin({ ...page, origin: app, signed: false })
        const elsewhere = await answered((await citizen(two.server)).client, begun.request, other)
        expect(await collected(two.server, begun.transaction, elsewhere)).toMatchObject({
          result: { verified: false },
        })
      }
    },
  )

  test('a server has no origins that are of no page and no app', async () => {
    for (const each of refusedOrigins) {
      await expect(clinicOnTheWeb({ origins: [each] })).rejects.toThrow(TypeError)
    }
  })

  test('a request has neither state nor address, and says its origins where it is signed', async () => {
    const { server } = await clinicOnTheWeb()
    const unsigned = await server.begin({ ...page, signed: false })
    const signed = await server.begin(page)
    const object = decodeJwt(String(signed.request.data['request']))
    expect(object['expected_origins']).toEqual([origin])
    expect(object['client_id']).toBe(clientId)
    for (const parameters of [unsigned.request.data, object]) {
      for (const name of ['state', 'response_uri', 'redirect_uri']) {
        expect(parameters).not.toHaveProperty(name)
      }
      expect(parameters['response_mode']).toBe('dc_api.jwt')
    }
    expect(unsigned.request.data).not.toHaveProperty('client_id')
    expect(unsigned.request.data).not.toHaveProperty('expected_origins')
  })

  test('is for the origins of the server alone', async () => {
    const { server } = await clinicOnTheWeb()
    const other = await clinicOnTheWeb({ origins: [] })
    const two = await clinicOnTheWeb({ origins: [origin, 'https://www.clinic.example'] })
    const unsignedOnly = await clinicOnTheWeb({ clientId: { prefix: 'redirect_uri' } })
    for (const begin of [
      () => server.begin({ ...page, origin: 'https://other.example' }),
      () => other.server.begin(page),
      () => two.server.begin(page),
      () => unsignedOnly.server.begin({ ...page, signed: true }),
    ]) {
      await expect(begin()).rejects.toThrow(TypeError)
    }
    const { request } = await two.server.begin({ ...page, origin: 'https://www.clinic.example' })
    const object = decodeJwt(String(request.data['request']))
    expect(object['expected_origins']).toEqual(['https://www.clinic.example'])
    expect((await unsignedOnly.server.begin(page)).request.protocol).toBe('openid4vp-v1-unsigned')
  })

  test('an answer to another page, or another request of this page, is not accepted', async () => {
    const { server } = await clinicOnTheWeb()
    for (const encrypted of [true, false]) {
      const one = await server.begin({ ...page, signed: false, encrypted })
      const other = await server.begin({ ...page, signed: false, encrypted })
      const { client } = await citizen(server)
      const elsewhere = await answered(client, one.request, 'https://other.example')
      const fresh = await citizen(server)
      const ofTheOther = await answered(fresh.client, other.request)
      for (const data of [elsewhere, ofTheOther, {}, null, 'x', [], { response: 'x' }]) {
        expect(await collected(server, one.transaction, data ?? { vp_token: null })).toMatchObject({
          status: 'answered',
          result: { verified: false },
        })
      }
    }
  })

  test('an answer in the open to a request for an encrypted one is not accepted', async () => {
    const { server } = await clinicOnTheWeb()
    const { request, transaction } = await server.begin({ ...page, signed: false })
    const open = { ...request, data: { ...request.data, response_mode: 'dc_api' } }
    const { client } = await citizen(server)
    const data = await answered(client, open)
    expect(data).toHaveProperty('vp_token')
    expect(await collected(server, transaction, data)).toMatchObject({
      result: { verified: false },
    })
  })

  test('a no is heard', async () => {
    const { server } = await clinicOnTheWeb()
    const { request, transaction } = await server.begin(page)
    const { client } = await citizen(server)
    const read = await client.readRequest({ origin, requests: [request] })
    if (!read.verified) throw new Error('refused')
    const sent = await client.decline(read.incoming)
    if (sent.kind !== 'dc-api') throw new Error('posted')
    expect(sent.data).toEqual({ error: 'access_denied' })
    expect(await collected(server, transaction, sent.data)).toEqual({
      status: 'declined',
      error: 'access_denied',
    })
    expect(await collected(server, transaction, { error: 'a text of somebody' })).toEqual({
      status: 'declined',
      error: 'invalid_request',
    })
  })
})

describe('the wallet', () => {
  const unsigned = (change: object = {}): DcApiRequestData => ({
    protocol: 'openid4vp-v1-unsigned',
    data: pageParametersWith({ client_id: undefined, expected_origins: undefined, ...change }),
  })
  const signed = async (change: object = {}, by: Signer = signer): Promise<DcApiRequestData> => ({
    protocol: 'openid4vp-v1-signed',
    data: { request: await requestObject(pageParametersWith({ ...change }), { by }) },
  })
  const read = async (
    requests: readonly unknown[],
    from: unknown = origin,
    change: Parameters<typeof holder>[0] = {},
  ) => {
    const { client } = await holder(change)
    const reading = await client.readRequest({ origin: from, requests } as never)
    return { codes: codes(reading), reading, client }
  }

  test('answers a signed request on the pages that it names alone', async () => {
    expect((await read([await signed()])).codes).toEqual([])
    const wrong: readonly [object, unknown][] = [
      [{}, 'https://other.example'],
      [{}, `${origin}:8443`],
      [{ expected_origins: undefined }, origin],
      [{ expected_origins: [] }, origin],
      [{ expected_origins: origin }, origin],
      [{ expected_origins: [`${origin}/`] }, origin],
      [{ expected_origins: [origin.toUpperCase()] }, origin],
    ]
    for (const [change, from] of wrong) {
      const { codes: found, reading } = await read([await signed(change)], from)
      expect(found).toEqual(['request.origin-mismatch'])
      expect(!reading.verified && reading.refusal).toMatchObject({ error: 'invalid_request' })
    }
  })

  test('wants an origin from the platform, and says what is wrong with it', async () => {
    const why = async (from: unknown): Promise<unknown> => {
      const { reading, codes: found } = await read([unsigned()], from)
      expect(found).toEqual(['request.origin-mismatch'])
      return !reading.verified && reading.problems[0].detail
    }
    for (const from of [null, '', 'null', 7, {}]) {
      expect(await why(from)).toMatch(/names no origin/)
    }
    for (const from of [...refusedOrigins, 'http://localhost:8080']) {
      expect(await why(from)).toMatch(/neither one of https .* nor of an app/)
    }
    const { client } = await holder({ [allowInsecureLoopback]: true })
    const loopback = { origin: 'http://localhost:8080', requests: [unsigned()] }
    expect(codes(await client.readRequest(loopback))).toEqual([])
  })

  test('compares the origin of an app with what a signed request names, as text', async () => {
    for (const app of appOrigins) {
      const named = await signed({ expected_origins: [app] })
      const { reading } = await read([named], app)
      expect(reading.verified && reading.incoming.verifier).toMatchObject({
        by: 'x509',
        origin: app,
      })
      expect(reading.verified && reading.incoming.request.audience).toBe(`origin:${app}`)
      for (const other of [`${app}A`, app.toUpperCase(), `${app}/`, app.replace(':', '://')]) {
        const wrong = await signed({ expected_origins: [other] })
        expect((await read([wrong], app)).codes).toEqual(['request.origin-mismatch'])
      }
    }
  })

  test('takes what an unsigned request says of itself for nothing', async () => {
    const change = {
      client_id: clientId,
      expected_origins: ['https://other.example'],
      response_uri: 'https://other.example/',
      state: 's',
    }
    const { reading, client } = await read([unsigned(change)])
    if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
    const { incoming } = reading
    expect(incoming.verifier).toEqual({ by: 'origin', origin, names: [] })
    expect(incoming.request.audience).toBe(`origin:${origin}`)
    expect(incoming.request).not.toHaveProperty('responseUri')
    const [match] = await client.match(incoming)
    if (match === undefined) throw new Error('no match')
    const sent = await client.respond(incoming, match)
    if (sent.kind !== 'dc-api') throw new Error('posted')
    const answered = await openedAnswer(String(sent.data['response']))
    expect(Object.keys(answered)).toEqual(['vp_token'])
  })

  test('refuses origin: as a client, signed or not', async () => {
    const client_id = `origin:${origin}`
    expect((await read([unsigned({ client_id })])).codes).toEqual(['request.client-invalid'])
    expect((await read([await signed({ client_id })])).codes).toEqual(['request.client-invalid'])
  })

  test('refuses a broken signature, a client that cannot sign, and no client', async () => {
    const { data } = await signed()
    const broken = { request: withSignatureBroken(String(data['request'])) }
    const requests: readonly [object, string][] = [
      [broken, 'request.signature-invalid'],
      [{ request: 7 }, 'request.malformed'],
      [(await signed({ client_id: `redirect_uri:${origin}` })).data, 'request.client-invalid'],
      [(await signed({ client_id: undefined })).data, 'request.client-invalid'],
      [(await signed({ client_id: 'x509_san_dns:other.example' })).data, 'request.client-invalid'],
    ]
    for (const [each, code] of requests) {
      const request = { protocol: 'openid4vp-v1-signed', data: each }
      expect((await read([request])).codes).toEqual([code])
    }
  })

  test('takes the first request that is right', async () => {
    const other = { protocol: 'org-iso-mdoc', data: {} }
    const { reading } = await read([other, await signed({ nonce: undefined }), unsigned()])
    expect(reading.verified && reading.incoming.verifier.by).toBe('origin')
    expect((await read([other])).codes).toEqual(['request.unsupported'])
    expect((await read([])).codes).toEqual(['request.unsupported'])
    expect((await read([await signed({ nonce: undefined }), other])).codes).toEqual([
      'request.nonce-missing',
    ])
    for (const data of [undefined, null, 'x', { big: 'x'.repeat(300_000) }]) {
      const request = { protocol: 'openid4vp-v1-unsigned', data }
      expect((await read([request])).codes).toEqual(['request.malformed'])
    }
  })

  test('answers an origin, never as though the request had said it', async () => {
    const { reading, client } = await read([unsigned()])
    if (!reading.verified) throw new Error('refused')
    const said = { ...reading.incoming, reply: { kind: 'post', uri: `${origin}/` } } as const
    await expect(client.match(said as IncomingRequest)).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  describe('reads several signatures', () => {
    const several = async (
      signatures: readonly { readonly by: Signer; readonly header: object }[],
      change: object = {},
    ): Promise<DcApiRequestData> => {
      const parameters = pageParametersWith({ client_id: undefined, ...change })
      const all = await Promise.all(
        signatures.map(async ({ by, header }) => {
          const compact = await requestObject(parameters, { by, header: header as never })
          const [first, payload, signature] = compact.split('.')
          return { protected: first, payload, signature }
        }),
      )
      const request = {
        payload: all[0]?.payload,
        signatures: all.map(({ protected: first, signature }) => ({ protected: first, signature })),
      }
      return { protocol: 'openid4vp-v1-multisigned', data: { request } as never }
    }
    const ours = { by: signer, header: { client_id: clientId } }

    test('and knows the verifier by the first that it can check', async () => {
      const by = await didSigner()
      const unknown = {
        by,
        header: { client_id: 'decentralized_identifier:did:jwk:x', kid: 'did:jwk:x#0' },
      }
      const info = [{ format: 'jwt', data: 'x' }]
      const signatures = [unknown, { ...ours, header: { ...ours.header, verifier_info: info } }]
      const { reading } = await read([await several(signatures)])
      if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
      expect(reading.incoming.verifier).toMatchObject({ by: 'x509', clientId, origin })
      expect(reading.incoming.verifierInfo).toEqual(info)
    })

    test('and refuses where none is right, or a signature does not say whose it is', async () => {
      const stranger = { by: await certified('other.example'), header: { client_id: clientId } }
      const wrong: readonly [DcApiRequestData, string][] = [
        [await several([stranger]), 'request.client-invalid'],
        [await several([ours], { client_id: clientId }), 'request.malformed'],
        [await several([ours], { verifier_info: [] }), 'request.malformed'],
        [await several([{ by: signer, header: {} }]), 'request.client-invalid'],
        [await several([ours], { expected_origins: [] }), 'request.origin-mismatch'],
        [
          { protocol: 'openid4vp-v1-multisigned', data: { request: { payload: 'x' } } },
          'request.malformed',
        ],
        [{ protocol: 'openid4vp-v1-multisigned', data: { request: 'x' } }, 'request.malformed'],
        [await several([{ ...ours, header: { ...ours.header, typ: 'JWT' } }]), 'request.malformed'],
      ]
      for (const [request, code] of wrong) expect((await read([request])).codes).toEqual([code])
    })
  })
})

test('a request that is over is answered to nobody', async () => {
  let time = now
  const { server } = await clinicOnTheWeb({ now: () => time })
  const { request, transaction, expires } = await server.begin(page)
  const { client } = await citizen(server, { now: () => expires })
  expect(codes(await client.readRequest({ origin, requests: [request] }))).toEqual([
    'request.expired',
  ])
  const early = await citizen(server)
  const data = await answered(early.client, request)
  time = expires
  expect(await collected(server, transaction, data)).toEqual({ status: 'gone' })
})
