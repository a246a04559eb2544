import type { Json } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import type { PresentationClient, RequestReading } from '../../src/wallet.ts'
import {
  clientId,
  encryptionKey,
  holder,
  host,
  linkWith,
  openedAnswer,
  pageParametersWith,
  parametersWith,
  readingOf,
  requestObject,
  requestUri,
  responseUri,
  serving,
  withSignatureBroken,
} from './by-hand.ts'
import { codes, didSigner, query, signer } from './world.ts'

// The modules of the OpenID Foundation's conformance suite for wallets (plan
// oid4vp-1final-wallet), by their own names. The suite plays the verifier; here the tests do.

const [citizen] = query.credentials
if (citizen === undefined) throw new Error('the query asks for nothing')

/** Answers, and opens the answer. */
async function answerTo(client: PresentationClient, reading: RequestReading) {
  if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
  const [match] = await client.match(reading.incoming)
  if (match === undefined) throw new Error('the wallet cannot answer')
  return { match, sent: await client.respond(reading.incoming, match) }
}
async function answered(...input: Parameters<typeof readingOf>) {
  const { client, reading, sent } = await readingOf(...input)
  const { match } = await answerTo(client, reading)
  const answer = await openedAnswer(sent.at(-1)?.form.get('response') ?? '')
  return { match, answer, ids: Object.keys(answer['vp_token'] as object) }
}
/** Codes of the refusal, and the error that the verifier is told, if it may be told. */
async function refused(...input: Parameters<typeof readingOf>) {
  const { client, reading, sent } = await readingOf(...input)
  if (reading.verified) throw new Error('it was read')
  const { refusal } = reading
  if (refusal !== undefined) await client.decline(refusal, refusal.error)
  const told = sent.find(({ url }) => url === responseUri)?.form.get('error')
  return [...codes(reading), ...(told ? [told] : [])]
}

describe('oid4vp-1final-wallet', () => {
  test('happy-flow', async () => {
    expect((await answered()).answer).toMatchObject({
      vp_token: { citizen: [expect.any(String)] },
      state: 'state-of-the-request',
    })
  })

  test('happy-flow-no-state', async () => {
    const { answer } = await answered({ state: undefined })
    expect(Object.keys(answer)).toEqual(['vp_token'])
  })

  test('happy-flow-with-state-and-redirect', async () => {
    const redirect_uri = `https://${host}/done#1`
    const object = await requestObject(parametersWith())
    const { client } = await holder({}, (url) =>
      url === requestUri ? serving(object)(url) : Response.json({ redirect_uri }),
    )
    const link = linkWith({ client_id: clientId, request_uri: requestUri })
    const { sent } = await answerTo(client, await client.readRequest(link))
    expect(sent).toEqual({ kind: 'posted', redirectTo: redirect_uri })
  })

  test('request-uri-method-post', async () => {
    const { client, sent } = await holder({}, async (url, init) => {
      if (url !== requestUri) return Response.json({})
      expect(init?.method).toBe('POST')
      expect(new Headers(init?.headers).get('accept')).toBe('application/oauth-authz-req+jwt')
      const wallet_nonce = new URLSearchParams(String(init?.body)).get('wallet_nonce')
      return serving(await requestObject(parametersWith({ wallet_nonce })))(url)
    })
    const own = { client_id: clientId, request_uri: requestUri, request_uri_method: 'post' }
    await answerTo(client, await client.readRequest(linkWith(own)))
    expect(sent.map(({ url }) => url)).toEqual([requestUri, responseUri])
  })

  test('ignores-unusable-encryption-key', async () => {
    const unusable = [
      { kty: 'AKP', alg: 'ML-KEM-9999', pub: 'AAAA', kid: '1', use: 'enc' },
      { kty: 'UNKNOWN', kid: '2', use: 'enc', alg: 'ECDH-ES' },
      { ...encryptionKey.publicJwk, x: 'AAAA', kid: '3' },
      { ...encryptionKey.publicJwk, use: 'sig', kid: '4' },
      { ...encryptionKey.publicJwk, alg: 'ECDH-ES+A256KW', kid: '5' },
    ]
    const keys = [...unusable, encryptionKey.publicJwk]
    const { ids } = await answered({ client_metadata: { jwks: { keys } } })
    expect(ids).toEqual(['citizen'])
    expect(await refused({ client_metadata: { jwks: { keys: unusable } } })).toEqual([
      'request.unsupported',
      'invalid_request',
    ])
  })

  test('fewer-claims-than-available', async () => {
    const { match } = await answered()
    expect(match.disclosed.map(({ path }) => path)).toEqual([['citizen']])
    expect(match.withheld.length).toBeGreaterThan(0)
  })

  test('optional-credential-set', async () => {
    const other = { ...citizen, id: 'other', meta: { vct_values: ['https://nobody.example/x'] } }
    const dcql_query = {
      credentials: [citizen, other],
      credential_sets: [{ options: [['citizen']] }, { options: [['other']], required: false }],
    }
    expect((await answered({ dcql_query })).ids).toEqual(['citizen'])
  })

  test('no-claims-in-dcql-query', async () => {
    const { claims: _, ...whole } = citizen
    const { match } = await answered({ dcql_query: { credentials: [whole] } })
    expect(match.disclosed).toEqual([])
  })

  test('multisigned-one-invalid-signature', async () => {
    const by = await didSigner()
    const parameters = pageParametersWith({ client_id: undefined })
    const did = by.verificationMethod.slice(0, -2)
    const signatures: Json[] = []
    let payload = ''
    for (const [signing, header] of [
      [by, { client_id: `decentralized_identifier:${did}`, kid: by.verificationMethod }],
      [signer, { client_id: clientId }],
    ] as const) {
      const compact = await requestObject(parameters, { by: signing, header })
      const own = signing === by ? withSignatureBroken(compact) : compact
      const [first = '', middle = '', signature = ''] = own.split('.')
      payload = middle
      signatures.push({ protected: first, signature })
    }
    const data = { request: { payload, signatures } }
    const { client } = await holder()
    const requests = [{ protocol: 'openid4vp-v1-multisigned', data }]
    const reading = await client.readRequest({ origin: `https://${host}`, requests })
    const { sent } = await answerTo(client, reading)
    expect(sent.kind).toBe('dc-api')
  })
})

describe('oid4vp-1final-wallet-negative-test', () => {
  test('invalid-request-object-signature', async () => {
    const broken = await refused({}, { object: withSignatureBroken })
    expect(broken).toEqual(['request.signature-invalid'])
    const changed = (text: string) => {
      const [header, payload = '', signature] = text.split('.')
      const claims = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')))
      const other = btoa(JSON.stringify({ ...claims, nonce: 'another' }))
      return `${header}.${other.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}.${signature}`
    }
    expect(await refused({}, { object: changed })).toEqual(['request.signature-invalid'])
  })

  test('invalid-request-object-typ', async () => {
    for (const typ of ['JWT', 'oauth-authz-req+jwt ', 'kb+jwt']) {
      expect(await refused({}, { header: { typ } })).toEqual(['request.malformed'])
    }
  })

  test('missing-request-object-typ', async () => {
    const header = { typ: undefined as never }
    expect(await refused({}, { header })).toEqual(['request.malformed'])
  })

  test('mismatched-client-id', async () => {
    const link = { client_id: 'x509_san_dns:other.example' }
    expect(await refused({}, { link })).toEqual(['request.client-invalid'])
  })

  test('redirect-uri-with-direct-post', async () => {
    for (const response_mode of ['direct_post', 'direct_post.jwt']) {
      expect(await refused({ redirect_uri: responseUri, response_mode })).toEqual([
        'request.malformed',
        'invalid_request',
      ])
    }
  })

  test('missing-nonce', async () => {
    expect(await refused({ nonce: undefined })).toEqual([
      'request.nonce-missing',
      'invalid_request',
    ])
  })

  test('invalid-client-id-prefix', async () => {
    const client_id = `invalid_scheme:${host}`
    expect(await refused({ client_id })).toEqual(['request.client-invalid'])
  })

  test('unknown-transaction-data-type', async () => {
    const transaction = { type: 'https://suite.example/unknown', credential_ids: ['citizen'] }
    const text = btoa(JSON.stringify(transaction)).replace(/=+$/, '')
    expect(await refused({ transaction_data: [text] })).toEqual([
      'request.transaction-unknown',
      'invalid_transaction_data',
    ])
  })

  test('response-uri-not-client-id', async () => {
    const response_uri = 'https://other.example/response'
    expect(await refused({ response_uri })).toEqual(['request.response-uri-mismatch'])
  })

  test('wrong-expected-origins', async () => {
    const parameters = pageParametersWith({ expected_origins: ['https://other.example'] })
    const data = { request: await requestObject(parameters) }
    const { client } = await holder()
    const requests = [{ protocol: 'openid4vp-v1-signed', data }]
    const reading = await client.readRequest({ origin: `https://${host}`, requests })
    expect(codes(reading)).toEqual(['request.origin-mismatch'])
    if (reading.verified || reading.refusal === undefined) throw new Error('nobody to tell')
    const { reply, error } = reading.refusal
    expect(await client.decline({ reply }, error)).toMatchObject({
      data: { error: 'invalid_request' },
    })
  })

  test('required-non-matching-credential, claim-not-in-credential', async () => {
    const other = { ...citizen, id: 'other', meta: { vct_values: ['https://nobody.example/x'] } }
    const sets = {
      credentials: [citizen, other],
      credential_sets: [{ options: [['citizen']] }, { options: [['other']] }],
    }
    const claims = [...(citizen.claims ?? []), { path: ['no_such_claim'] }]
    for (const dcql_query of [sets, { credentials: [{ ...citizen, claims }] }]) {
      const { client, reading, sent } = await readingOf({ dcql_query })
      if (!reading.verified) throw new Error('refused')
      expect(await client.match(reading.incoming)).toEqual([])
      await client.decline(reading.incoming)
      expect(sent.at(-1)?.form.get('error')).toBe('access_denied')
    }
  })
})
