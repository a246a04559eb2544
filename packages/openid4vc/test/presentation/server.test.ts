import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { make } from '../../../jwt/test/certificates.ts'
import {
  answer,
  certified,
  citizen,
  clinicOnTheWeb,
  codeIn,
  didSigner,
  fetchOf,
  query,
  signer,
  url,
} from './world.ts'

const same = { flow: 'same-device', query } as const
const post = (address: string, form: Record<string, string>) =>
  new Request(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
const parametersIn = (link: string) => new URLSearchParams(link.slice(link.indexOf('?') + 1))

describe('same device', () => {
  test('a presentation by reference is accepted, and handed out once', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    expect(link.startsWith('openid4vp://?client_id=x509_san_dns%3Aclinic.example')).toBe(true)
    expect(await server.collect({ transaction })).toEqual({ status: 'pending' })
    const { client, sent } = await citizen(server)
    const responseCode = codeIn(await answer(client, link))
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST'])
    const collected = await server.collect({ transaction, responseCode, query })
    if (collected.status !== 'answered' || !collected.result.verified) {
      throw new Error(JSON.stringify(collected))
    }
    expect(collected.result.claims).toEqual({ citizen: { citizen: true } })
    expect(await server.collect({ transaction, responseCode })).toEqual({ status: 'gone' })
  })

  test('is released to nobody without the response code of this answer', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const other = await server.begin(same)
    const { client } = await citizen(server)
    const responseCode = codeIn(await answer(client, link))
    for (const code of [undefined, '', 'A'.repeat(43)]) {
      const input = { transaction, ...(code !== undefined && { responseCode: code }) }
      expect(await server.collect(input)).toEqual({ status: 'other-session' })
    }
    const crossed = { transaction: other.transaction, responseCode }
    expect(await server.collect(crossed)).toEqual({ status: 'pending' })
    expect((await server.collect({ transaction, responseCode })).status).toBe('answered')
  })

  test('a request that the holder declines says so and nothing else', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const { client } = await citizen(server)
    const read = await client.readRequest(link)
    if (!read.verified) throw new Error('refused')
    const responseCode = codeIn(await client.decline(read.incoming))
    const declined = { status: 'declined', error: 'access_denied' }
    expect(await server.collect({ transaction, responseCode })).toEqual(declined)
  })
})

describe('cross device', () => {
  test('works, with a warning of session fixation', async () => {
    const { server } = await clinicOnTheWeb()
    const begun = await server.begin({ flow: 'cross-device', query })
    expect(begun.warning).toBe('session-fixation')
    const { client } = await citizen(server)
    expect(await answer(client, begun.link)).toEqual({ kind: 'posted' })
    const collected = await server.collect({ transaction: begun.transaction })
    expect(collected).toMatchObject({ status: 'answered', result: { verified: true } })
  })

  test('is off under HAIP', async () => {
    const clientId = { prefix: 'x509_hash', signer } as const
    const { server } = await clinicOnTheWeb({ haip: true, clientId })
    await expect(server.begin({ flow: 'cross-device', query })).rejects.toThrow(TypeError)
  })
})

describe('every way a request travels is answered', () => {
  const ways = [
    ['x509_san_dns', 'reference', true],
    ['x509_san_dns', 'value', true],
    ['x509_hash', 'reference', false],
    ['decentralized_identifier', 'reference', true],
    ['redirect_uri', 'value', true],
    ['redirect_uri', 'value', false],
  ] as const
  for (const [prefix, by, encrypted] of ways) {
    test(`${prefix} by ${by}, ${encrypted ? 'direct_post.jwt' : 'direct_post'}`, async () => {
      const clientId =
        prefix === 'redirect_uri'
          ? { prefix }
          : { prefix, signer: prefix === 'decentralized_identifier' ? await didSigner() : signer }
      const { server } = await clinicOnTheWeb({ clientId })
      const { link, transaction } = await server.begin({ ...same, by, encrypted })
      const { client } = await citizen(server)
      const responseCode = codeIn(await answer(client, link))
      const collected = await server.collect({ transaction, responseCode })
      expect(collected).toMatchObject({ status: 'answered', result: { verified: true } })
    })
  }
})

describe('a request object', () => {
  test('has what the specification wants, a fresh key and a fresh nonce', async () => {
    const { server } = await clinicOnTheWeb()
    const seen = new Set<unknown>()
    for (let round = 0; round < 2; round++) {
      const { link } = await server.begin(same)
      const address = parametersIn(link).get('request_uri') ?? ''
      const response = await server.handle(new Request(address))
      expect(response.headers.get('content-type')).toBe('application/oauth-authz-req+jwt')
      expect(response.headers.get('cache-control')).toBe('no-store')
      const text = await response.text()
      const { typ, alg, x5c } = decodeProtectedHeader(text)
      expect({ typ, alg, chain: x5c?.length }).toEqual({
        typ: 'oauth-authz-req+jwt',
        alg: 'ES256',
        chain: 1,
      })
      const claims: Record<string, unknown> = decodeJwt(text)
      expect(claims).toMatchObject({
        aud: 'https://self-issued.me/v2',
        client_id: 'x509_san_dns:clinic.example',
        response_type: 'vp_token',
        response_mode: 'direct_post.jwt',
        client_metadata: {
          encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
          jwks: { keys: [{ kty: 'EC', crv: 'P-256', use: 'enc', alg: 'ECDH-ES' }] },
        },
      })
      const metadata = claims['client_metadata'] as { jwks: { keys: { x: string; d?: string }[] } }
      expect(metadata.jwks.keys[0]).not.toHaveProperty('d')
      seen.add(claims['nonce']).add(metadata.jwks.keys[0]?.x)
    }
    expect(seen.size).toBe(4)
  })

  test('request_uri fetched twice must work, and many times', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin(same)
    const address = parametersIn(link).get('request_uri') ?? ''
    for (let round = 0; round < 5; round++) {
      expect((await server.handle(new Request(address))).status).toBe(200)
    }
    const { client } = await citizen(server)
    const responseCode = codeIn(await answer(client, link))
    expect((await server.collect({ transaction, responseCode })).status).toBe('answered')
    expect((await server.handle(new Request(address))).status).toBe(404)
  })

  test('request_uri_method=post gives the nonce of the wallet back', async () => {
    const { server } = await clinicOnTheWeb()
    const { link } = await server.begin(same)
    const parameters = parametersIn(link)
    expect(parameters.get('request_uri_method')).toBe('post')
    const address = parameters.get('request_uri') ?? ''
    const response = await server.handle(
      post(address, { wallet_nonce: 'n-1', wallet_metadata: '{}' }),
    )
    expect(decodeJwt(await response.text())).toMatchObject({ wallet_nonce: 'n-1' })
  })

  test('is refused to those who ask in another form', async () => {
    const { server } = await clinicOnTheWeb()
    const { link } = await server.begin(same)
    const address = parametersIn(link).get('request_uri') ?? ''
    const status = async (request: Request) => (await server.handle(request)).status
    expect(await status(new Request(address, { method: 'PUT' }))).toBe(405)
    expect(await status(new Request(address, { method: 'POST', body: '{}' }))).toBe(400)
    expect(await status(post(address, { wallet_metadata: '[]' }))).toBe(400)
    expect(await status(new Request(`${url}/request/${'A'.repeat(22)}`))).toBe(404)
    expect(await status(new Request(`${url}/other`))).toBe(404)
  })
})

describe('a response', () => {
  test('that is no form is told what is wrong with it', async () => {
    const { server } = await clinicOnTheWeb()
    const { link } = await server.begin(same)
    const address = (parametersIn(link).get('request_uri') ?? '').replace('/request/', '/response/')
    const form = 'application/x-www-form-urlencoded'
    for (const [type, body, said] of [
      ['application/json', '{"vp_token":{}}', 'send a form (application/x-www-form-urlencoded)'],
      ['text/plain', 'a=b', 'send a form (application/x-www-form-urlencoded)'],
      [form, 'state=a&state=b', 'the form names a parameter twice'],
      [form, `a=${'x'.repeat(3_000_000)}`, 'the form is too long, or no UTF-8'],
    ] as const) {
      const headers = { 'content-type': type }
      const answer = await server.handle(new Request(address, { method: 'POST', headers, body }))
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: 'invalid_request', error_description: said },
      ])
    }
  })

  test('lies in the store as ciphertext, also where it came in the clear', async () => {
    for (const encrypted of [true, false]) {
      const texts: string[] = []
      const { server, options } = await clinicOnTheWeb()
      const { put } = options.responses
      Object.assign(options.responses, {
        put: (id: string, text: string, expires: Date) => {
          texts.push(text)
          return put(id, text, expires)
        },
      })
      const { link } = await server.begin({ ...same, encrypted })
      await answer((await citizen(server)).client, link)
      expect(texts).toHaveLength(2)
      expect(texts[1]).toMatch(/^\{"jwe":"[\w.-]+","codeHash":"[\w-]{43}"\}$/)
      expect(texts.join()).not.toContain('"d":')
    }
  })

  test('is taken once: a second one is refused, before and after it was collected', async () => {
    const { server } = await clinicOnTheWeb()
    const { link, transaction } = await server.begin({ flow: 'cross-device', query })
    const { client, sent } = await citizen(server)
    await answer(client, link)
    const { url: to = '', body = '' } = sent.at(-1) ?? {}
    const again = () => server.handle(post(to, Object.fromEntries(new URLSearchParams(body))))
    expect((await again()).status).toBe(400)
    expect((await server.collect({ transaction })).status).toBe('answered')
    expect((await again()).ok).toBe(false)
    expect(await server.collect({ transaction })).toEqual({ status: 'gone' })
  })

  test('for another request is refused where it is posted', async () => {
    const { server } = await clinicOnTheWeb()
    const [one, other] = [await server.begin(same), await server.begin(same)]
    const { client, sent } = await citizen(server)
    await answer(client, one.link)
    const body = Object.fromEntries(new URLSearchParams(sent.at(-1)?.body))
    const address = parametersIn(other.link).get('request_uri') ?? ''
    const response = await server.handle(post(address.replace('/request/', '/response/'), body))
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: 'the response is not encrypted to the key of this request',
      },
    ])
  })

  test('that is no form, too long, or no JWE is refused', async () => {
    const { server } = await clinicOnTheWeb()
    const { link } = await server.begin(same)
    const address = (parametersIn(link).get('request_uri') ?? '').replace('request/', 'response/')
    const forms = [{}, { response: 'x' }, { response: 'e30..A.A.A' }, { vp_token: '{}' }]
    for (const form of [...forms, { response: 'a'.repeat(2_200_000) }]) {
      expect((await server.handle(post(address, form as never))).status).toBe(400)
    }
  })

  test('a transaction of another key, or broken, gives nothing', async () => {
    const { server } = await clinicOnTheWeb()
    for (const transaction of ['', 'x', 'A'.repeat(400), undefined as never]) {
      expect(await server.collect({ transaction })).toEqual({ status: 'gone' })
    }
  })

  test('is judged by any replica with the same key and store', async () => {
    const one = await clinicOnTheWeb()
    const { responses } = one.options
    const two = await clinicOnTheWeb({ responses })
    const { link, transaction } = await one.server.begin(same)
    const { client } = await citizen(two.server)
    const responseCode = codeIn(await answer(client, link))
    const all = await Promise.all(
      [one, two, one, two].map(({ server }) => server.collect({ transaction, responseCode })),
    )
    expect(all.map(({ status }) => status).sort()).toEqual(['answered', 'gone', 'gone', 'gone'])
  })
})

describe('a server is not made', () => {
  test('where something is missing or does not fit', async () => {
    const wrong = [
      { url: 'http://clinic.example' },
      { url: 'https://clinic.example/?a' },
      { returnTo: 'javascript:alert(1)' },
      { origins: ['https://clinic.example/'] },
      { lifetime: 0 },
      { seal: undefined as never },
      { haip: true },
      { haip: true, clientId: { prefix: 'redirect_uri' } },
    ] as const
    for (const change of wrong) await expect(clinicOnTheWeb(change)).rejects.toThrow(TypeError)
  })

  test('with a certificate that signs itself, an anchor beside it, or none', async () => {
    const own = await make({ name: 'CN=clinic.example', ca: true })
    const chains = [[own.base64], [...(signer.x5c ?? []), own.base64], [], ['AAAA'], undefined]
    for (const prefix of ['x509_hash', 'x509_san_dns'] as const) {
      for (const x5c of chains) {
        const { x5c: _, ...rest } = signer
        const by = { ...rest, ...(x5c && { x5c }) }
        const { server } = await clinicOnTheWeb({ clientId: { prefix, signer: by } })
        await expect(server.begin(same)).rejects.toThrow(TypeError)
      }
    }
  })

  test('with a certificate for another host', async () => {
    const clientId = { prefix: 'x509_san_dns', signer: await certified('other.example') } as const
    const { server } = await clinicOnTheWeb({ clientId })
    await expect(server.begin(same)).rejects.toThrow(TypeError)
  })

  test('and answers 503 where the store fails', async () => {
    const down = async () => Promise.reject(new Error('down'))
    const responses = { put: down, get: down, take: down }
    const { server } = await clinicOnTheWeb({ responses })
    const { fetch } = fetchOf(server)
    expect((await fetch(`${url}/request/${'A'.repeat(22)}`)).status).toBe(503)
  })
})
