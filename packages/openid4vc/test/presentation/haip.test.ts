import type { Signer } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  clientId,
  holder,
  host,
  linkWith,
  pageParametersWith,
  parametersWith,
  readingOf,
  requestObject,
  responseUri,
} from './by-hand.ts'
import {
  answer,
  certified,
  certifiedRegistry,
  citizen,
  clinicOnTheWeb,
  codeIn,
  codes,
  fetchOf,
  now,
  query,
  signer,
} from './world.ts'

const clientIdentifier = { prefix: 'x509_hash', signer } as const
const haip = { haip: true, clientId: clientIdentifier } as const
const same = { flow: 'same-device', query } as const
const page = { flow: 'dc-api', query } as const

/** The client identifier of the signer. */
async function hashId(by: Signer = signer): Promise<string> {
  const { server } = await clinicOnTheWeb({ clientId: { prefix: 'x509_hash', signer: by } })
  const { link } = await server.begin(same)
  return new URLSearchParams(link.slice(link.indexOf('?') + 1)).get('client_id') ?? ''
}

describe('a verifier under HAIP', () => {
  test('asks by reference, signed, for an encrypted answer, of SD-JWT VCs by ES256', async () => {
    const { server } = await clinicOnTheWeb(haip)
    const { link } = await server.begin(same)
    expect(link).toMatch(/^haip-vp:\/\/\?client_id=x509_hash%3A[\w-]{43}&request_uri=/)
    const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
    const { fetch } = fetchOf(server)
    const text = await (await fetch(parameters.get('request_uri') ?? '')).text()
    expect(decodeProtectedHeader(text)).toMatchObject({ alg: 'ES256', x5c: [signer.x5c?.[0]] })
    expect(decodeJwt(text)).toMatchObject({
      client_id: parameters.get('client_id'),
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      client_metadata: {
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ECDH-ES', use: 'enc' }] },
      },
    })
  })

  test('asks a page by a signed request for dc_api.jwt', async () => {
    const { server } = await clinicOnTheWeb(haip)
    const { request } = await server.begin(page)
    expect(request.protocol).toBe('openid4vp-v1-signed')
    const claims = decodeJwt(String(request.data['request']))
    expect(claims).toMatchObject({
      response_mode: 'dc_api.jwt',
      expected_origins: [`https://${host}`],
    })
  })

  test('has no other way', async () => {
    const { server } = await clinicOnTheWeb(haip)
    const ldp = {
      credentials: [{ id: 'x', format: 'ldp_vc', meta: { type_values: [['X']] } }],
    }
    const inputs = [
      { ...same, flow: 'cross-device' },
      { ...same, by: 'value' },
      { ...same, encrypted: false },
      { ...same, query: ldp },
      { ...page, signed: false },
      { ...page, encrypted: false },
    ] as const
    for (const input of inputs) {
      await expect(server.begin(input as never)).rejects.toThrow(TypeError)
    }
    const { privateJwk } = await createKey('EdDSA')
    const eddsa = await jwkSigner({ privateJwk, verificationMethod: '', x5c: signer.x5c ?? [] })
    for (const wrong of [
      { prefix: 'redirect_uri' },
      { prefix: 'x509_san_dns', signer },
      { prefix: 'decentralized_identifier', signer },
      { prefix: 'x509_hash', signer: eddsa },
    ] as const) {
      await expect(clinicOnTheWeb({ haip: true, clientId: wrong })).rejects.toThrow(TypeError)
    }
  })
})

describe('a wallet under HAIP', () => {
  const strict = { haip: true } as const

  test('reads what HAIP allows, and nothing else by link', async () => {
    const client_id = await hashId()
    const client = { client: strict }
    expect(codes((await readingOf({ client_id }, client)).reading)).toEqual([])
    const ldp = { credentials: [{ id: 'x', format: 'ldp_vc', meta: { type_values: [['X']] } }] }
    for (const change of [
      { client_id: clientId },
      { client_id, response_mode: 'direct_post' },
      { client_id, dcql_query: ldp },
    ]) {
      const { reading } = await readingOf(change, client)
      expect(codes(reading)).toEqual(['request.unsupported'])
    }
    const held = await holder(strict)
    const request = await requestObject(parametersWith({ client_id }))
    const byValue = await held.client.readRequest(linkWith({ client_id, request }))
    expect(codes(byValue)).toEqual(['request.unsupported'])
    const open = parametersWith({ client_id: `redirect_uri:${responseUri}` })
    expect(codes(await held.client.readRequest(linkWith(open)))).toEqual(['request.untrusted'])
  })

  test('reads requests of pages, signed and unsigned, for dc_api.jwt alone', async () => {
    const client_id = await hashId()
    const { client } = await holder(strict)
    const read = async (change: object, signed: boolean) => {
      const parameters = pageParametersWith({ client_id, ...change })
      const data = signed ? { request: await requestObject(parameters) } : parameters
      const requests = [{ protocol: `openid4vp-v1-${signed ? '' : 'un'}signed`, data }]
      return codes(await client.readRequest({ origin: `https://${host}`, requests }))
    }
    expect(await read({}, true)).toEqual([])
    expect(await read({}, false)).toEqual([])
    expect(await read({ client_id: clientId }, true)).toEqual(['request.unsupported'])
    for (const signed of [true, false]) {
      expect(await read({ response_mode: 'dc_api' }, signed)).toEqual(['request.unsupported'])
    }
  })

  test('answers the better of the two encryptions', async () => {
    const { server } = await clinicOnTheWeb(haip)
    const { link } = await server.begin(same)
    const { client, sent } = await citizen(server, strict)
    await answer(client, link)
    const form = new URLSearchParams(sent.at(-1)?.body)
    expect(decodeProtectedHeader(form.get('response') ?? '')).toMatchObject({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
    })
  })
})

test('both, with credentials by certificate, understand one another', async () => {
  const { url, registry, verifier } = await certifiedRegistry()
  const { server } = await clinicOnTheWeb({ ...haip, verifier })
  for (const flow of ['same-device', 'dc-api'] as const) {
    const wallet = createWallet({ formats: [sdJwtVc()], now: () => now })
    const [own] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    const held = await registry.issue({
      issuer: url,
      status: undefined,
      ...(own && { holder: own }),
    })
    expect(decodeProtectedHeader(held.wire.split('~')[0] ?? '')).toHaveProperty('x5c')
    await wallet.receive(held.wire)
    const { client } = await citizen(server, { wallet, haip: true })
    const result = { status: 'answered', result: { verified: true } }
    if (flow === 'dc-api') {
      const { request, transaction } = await server.begin(page)
      const requests = [request]
      const sent = await answer(client, { origin: `https://${host}`, requests })
      const response = sent.kind === 'dc-api' ? sent.data : undefined
      expect(await server.collect({ transaction, response })).toMatchObject(result)
    } else {
      const { link, transaction } = await server.begin(same)
      const responseCode = codeIn(await answer(client, link))
      expect(await server.collect({ transaction, responseCode })).toMatchObject(result)
    }
  }
})

test('a certificate of another host is another client', async () => {
  expect(await hashId(await certified('other.example'))).not.toBe(await hashId())
})
