import { isJsonObject, type JsonObject, parseJson } from '@asoba/core'
import { createVerifier } from '@asoba/verifier'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { clinicOptions } from '../../../verifier/test/nation.ts'
import { type ContentEncryption, encryptJson } from '../../src/jwe.ts'
import type { PresentationServer } from '../../src/verifier.ts'
import { encryptionKey, holder, linkWith, parametersWith, requestObject } from './by-hand.ts'
import {
  answer,
  certified,
  citizen,
  clinicOnTheWeb,
  codeIn,
  codes,
  didSigner,
  fetchOf,
  query,
  registry,
} from './world.ts'

// What somebody does with an answer, or a request, that is not theirs.
const same = { flow: 'same-device', query } as const
const origin = 'https://clinic.example'

/** The parameters of a request that a server made. */
async function parametersOf(server: PresentationServer, link: string): Promise<JsonObject> {
  const { fetch } = fetchOf(server)
  const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
  const response = await fetch(parameters.get('request_uri') ?? '')
  return decodeJwt(await response.text()) as JsonObject
}

/** Posts whatever is wished, encrypted as the request wants it. */
async function postTo(server: PresentationServer, asked: JsonObject, payload: JsonObject) {
  const metadata = asked['client_metadata'] as unknown as { jwks: { keys: never[] } }
  const enc: ContentEncryption = 'A256GCM'
  const [publicJwk] = metadata.jwks.keys
  const response = await encryptJson(payload, { publicJwk: publicJwk as never, enc })
  const { fetch } = fetchOf(server)
  const init = { method: 'POST', body: new URLSearchParams({ response }) }
  const posted = await fetch(String(asked['response_uri']), init)
  const sent = parseJson(await posted.text())
  const to = isJsonObject(sent) ? String(sent['redirect_uri']) : ''
  return new URL(to).searchParams.get('response_code') ?? ''
}

/** What a holder shows for these parameters, in the open. */
async function shownFor(parameters: JsonObject): Promise<JsonObject> {
  const { client, sent } = await holder()
  const request = await requestObject(parameters)
  const link = linkWith({ client_id: parameters['client_id'], request })
  await answer(client, link)
  return parseJson(sent.at(-1)?.form.get('vp_token') ?? '') as JsonObject
}

/** What comes of an answer that was made for other parameters. */
async function relayed(change: object): Promise<readonly string[]> {
  const { server } = await clinicOnTheWeb()
  const { link, transaction } = await server.begin(same)
  const asked = await parametersOf(server, link)
  const vpToken = await shownFor(
    parametersWith({ nonce: asked['nonce'], response_mode: 'direct_post', ...change }),
  )
  const state = asked['state'] as string
  const responseCode = await postTo(server, asked, { vp_token: vpToken, state })
  const collected = await server.collect({ transaction, responseCode })
  return collected.status === 'answered'
    ? [...codes(collected.result), ...(collected.result.verified ? ['accepted'] : [])]
    : [collected.status]
}

describe('an answer to somebody else', () => {
  test('with our nonce, passed on to us, is not accepted', async () => {
    expect(await relayed({})).toEqual(['accepted'])
    const stranger = 'redirect_uri:https://stranger.example/'
    const { client, sent } = await holder()
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const asked = await parametersOf(server, link)
    const response_uri = 'https://stranger.example/'
    const own = { client_id: stranger, response_uri, response_mode: 'direct_post' }
    await answer(client, linkWith(parametersWith({ ...own, nonce: asked['nonce'] })))
    const vpToken = parseJson(sent.at(-1)?.form.get('vp_token') ?? '') as JsonObject
    const state = asked['state'] as string
    const responseCode = await postTo(server, asked, { vp_token: vpToken, state })
    const collected = await server.collect({ transaction, responseCode })
    expect(collected.status === 'answered' && codes(collected.result)).toEqual([
      'holder.audience-mismatch',
    ])
  })

  test('to another request of ours is not accepted, and neither is another state', async () => {
    expect(await relayed({ nonce: 'of-another-request' })).toEqual(['holder.nonce-mismatch'])
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const asked = await parametersOf(server, link)
    const vpToken = await shownFor(
      parametersWith({ nonce: asked['nonce'], response_mode: 'direct_post' }),
    )
    for (const state of ['of-another-request', undefined]) {
      const payload = { vp_token: vpToken, ...(state && { state }) }
      const own = await server.begin(same)
      const other = await parametersOf(server, own.link)
      const responseCode = await postTo(server, other, payload)
      const collected = await server.collect({ transaction: own.transaction, responseCode })
      expect(collected.status === 'answered' && codes(collected.result)).toEqual([
        'request.state-invalid',
      ])
    }
    expect((await server.collect({ transaction })).status).toBe('pending')
  })

  test('under another client identifier of ours is not accepted', async () => {
    const { server } = await clinicOnTheWeb()
    const did = await clinicOnTheWeb({
      clientId: { prefix: 'decentralized_identifier', signer: await didSigner() },
    })
    const { link } = await server.begin(same)
    const theirs = await did.server.begin(same)
    const { client, sent } = await citizen(server)
    await answer(client, link)
    const { body = '' } = sent.at(-1) ?? {}
    const { fetch } = fetchOf(did.server)
    const asked = await parametersOf(did.server, theirs.link)
    const posted = await fetch(String(asked['response_uri']), {
      method: 'POST',
      body: new URLSearchParams(body),
    })
    expect(posted.status).toBe(400)
    expect(await did.server.collect({ transaction: theirs.transaction })).toEqual({
      status: 'pending',
    })
  })
})

describe('a request of somebody else', () => {
  test('shown on another page is not answered', async () => {
    const { server } = await clinicOnTheWeb()
    const { request } = await server.begin({ flow: 'dc-api', query })
    const { client } = await citizen(server)
    const reading = await client.readRequest({
      origin: 'https://stranger.example',
      requests: [request],
    })
    expect(codes(reading)).toEqual(['request.origin-mismatch'])
  })

  test('unsigned, shown on another page, is answered for that page alone', async () => {
    const { server } = await clinicOnTheWeb()
    const { request, transaction } = await server.begin({ flow: 'dc-api', query, signed: false })
    const { client } = await citizen(server)
    const from = 'https://stranger.example'
    const sent = await answer(client, { origin: from, requests: [request] })
    const response = sent.kind === 'dc-api' ? sent.data : undefined
    const collected = await server.collect({ transaction, response })
    expect(collected.status === 'answered' && codes(collected.result)).toEqual([
      'holder.audience-mismatch',
    ])
  })

  test('signed by another host for our address is not answered', async () => {
    const by = await certified('stranger.example')
    const parameters = parametersWith({ client_id: 'x509_san_dns:stranger.example' })
    const request = await requestObject(parameters, { by })
    const { client } = await holder()
    const link = linkWith({ client_id: parameters['client_id'], request })
    expect(codes(await client.readRequest(link))).toEqual(['request.response-uri-mismatch'])
  })
})

describe('session fixation', () => {
  test('whoever sends the link to somebody else gets nothing of what that person answers', async () => {
    const { server } = await clinicOnTheWeb()
    const attacker = await server.begin(same)
    const { client: victim } = await citizen(server)
    const code = codeIn(await answer(victim, attacker.link))
    const { transaction } = attacker
    expect(await server.collect({ transaction })).toEqual({ status: 'other-session' })
    expect(code).toMatch(/^[\w-]{43}$/)
    // The victim's browser has the code and no transaction.
    const own = await server.begin(same)
    expect(await server.collect({ ...own, responseCode: code })).toEqual({ status: 'pending' })
  })
})

describe('an answer is taken once', () => {
  test('also where the verifier keeps no marks of its own', async () => {
    const options = await clinicOptions(registry)
    const verifier = createVerifier({ ...options, replay: 'single-use-by-caller' })
    const one = await clinicOnTheWeb({ verifier })
    const two = await clinicOnTheWeb({ verifier, responses: one.options.responses })
    const { request, transaction } = await one.server.begin({ flow: 'dc-api', query })
    const { client } = await citizen(one.server)
    const sent = await answer(client, { origin, requests: [request] })
    const response = sent.kind === 'dc-api' ? sent.data : undefined
    const all = await Promise.all(
      [one, two, one, two].map(({ server }) => server.collect({ transaction, response })),
    )
    expect(all.map(({ status }) => status).sort()).toEqual(['answered', 'gone', 'gone', 'gone'])
  })

  test('and the key of one request opens no other', async () => {
    const { server } = await clinicOnTheWeb()
    const keys = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const asked = await parametersOf(server, (await server.begin(same)).link)
      keys.add(JSON.stringify((asked['client_metadata'] as JsonObject)['jwks']))
    }
    expect(keys.size).toBe(3)
    expect(keys).not.toContain(JSON.stringify({ keys: [encryptionKey.publicJwk] }))
  })
})
