import { digest, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { jwkThumbprint } from '@asoba/did'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import { secret } from '../../../verifier/test/nation.ts'
import type { Interaction, IssuerServerOptions } from '../../src/issuer.ts'
import {
  citizenship,
  claims,
  dpop,
  keyPair,
  now,
  plainWallet,
  proof,
  registryOnTheWeb,
  url,
} from './world.ts'

const verifier = 'v'.repeat(43)
const challenge = toBase64url(await digest('SHA-256', utf8(verifier)))
const redirectUri = 'https://wallet.example/cb'
const asking = {
  client_id: 'wallet',
  response_type: 'code',
  redirect_uri: redirectUri,
  code_challenge: challenge,
  code_challenge_method: 'S256',
  scope: 'citizenship openid',
  state: 's-1',
} as const

/** A registry whose pages do what the test does with the interaction. */
async function world(change: Partial<IssuerServerOptions> = {}) {
  const seen: Interaction[] = []
  const registry = await registryOnTheWeb({
    authorize: async (_request, interaction) => {
      seen.push(interaction)
      return new Response('a page')
    },
    ...change,
  })
  const wallet = plainWallet(registry.server)
  const push = async (more: Record<string, string> = {}, headers?: Record<string, string>) =>
    wallet.post('/par', { ...asking, ...more }, headers)
  const open = async (uri: unknown, clientId = 'wallet') =>
    wallet.get(
      `${url}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: String(uri) })}`,
    )
  /** As far as the page: what it is given. */
  const interact = async (more?: Record<string, string>): Promise<Interaction> => {
    await open((await push(more)).body['request_uri'])
    return seen.at(-1) as Interaction
  }
  /** As far as the wallet's redirect URI. */
  const agree = async (more?: Record<string, string>): Promise<URLSearchParams> => {
    const { interaction } = await interact(more)
    const { headers } = await registry.server.approve(interaction, { subject: claims })
    return new URL(headers.get('location') ?? '').searchParams
  }
  const redeem = (
    code: string | null,
    more: Record<string, string> = {},
    headers?: Record<string, string>,
  ) =>
    wallet.token(
      {
        grant_type: 'authorization_code',
        client_id: 'wallet',
        code: code ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...more,
      },
      headers,
    )
  return { ...registry, wallet, seen, push, open, interact, agree, redeem }
}

describe('the authorisation code flow', () => {
  test('leads from a pushed request over pages to a credential', async () => {
    const { agree, redeem, wallet, asked } = await world()
    const back = await agree()
    expect(back.get('state')).toBe('s-1')
    expect(back.get('iss')).toBe(url)
    const { body } = await redeem(back.get('code'))
    expect(body['token_type']).toBe('Bearer')
    const jwt = [await proof(await wallet.nonce(), { claims: { iss: 'wallet' } })]
    const got = await wallet.credential(body['access_token'], {
      credential_configuration_id: 'citizenship',
      proofs: { jwt },
    })
    expect(got.status).toBe(200)
    expect(asked[0]?.subject).toEqual(claims)
  })

  test('refuses a proof by another client', async () => {
    const { agree, redeem, wallet } = await world()
    const { body } = await redeem((await agree()).get('code'))
    const jwt = [await proof(await wallet.nonce(), { claims: { iss: 'other' } })]
    const got = await wallet.credential(body['access_token'], {
      credential_configuration_id: 'citizenship',
      proofs: { jwt },
    })
    expect(got.body['error']).toBe('invalid_proof')
  })

  test('gives the pages what the offer began with, and no one else', async () => {
    const { server, interact } = await world()
    const { offer } = await server.createOffer({
      configurations: ['citizenship'],
      grant: 'authorization_code',
      subject: { case: secret },
      txCode: 'none',
    })
    const { authorization_code: grant } = offer['grants'] as Record<string, Record<string, string>>
    expect(everythingIn(offer)).not.toContain(secret)
    const { issuerState, interaction } = await interact({
      issuer_state: grant?.['issuer_state'] ?? '',
    })
    expect(issuerState).toEqual({ case: secret })
    expect(interaction).not.toContain(secret)
  })

  test('may end with less than was asked for, or with a no', async () => {
    const { interact, server, redeem } = await world()
    const asked = await interact({ scope: 'citizenship home' })
    expect(asked.configurations).toEqual(['citizenship', 'residency'])
    await expect(
      server.approve(asked.interaction, { subject: claims, configurations: ['passport'] }),
    ).rejects.toThrow(TypeError)
    const { headers } = await server.approve(asked.interaction, {
      subject: claims,
      configurations: ['residency'],
    })
    const code = new URL(headers.get('location') ?? '').searchParams.get('code')
    expect((await redeem(code)).status).toBe(200)
    const denied = await server.deny((await interact()).interaction)
    const back = new URL(denied.headers.get('location') ?? '').searchParams
    expect(Object.fromEntries(back)).toEqual({ error: 'access_denied', state: 's-1', iss: url })
  })

  test('ends once', async () => {
    const { interact, server } = await world()
    const { interaction } = await interact()
    await server.approve(interaction, { subject: claims })
    await expect(server.approve(interaction, { subject: claims })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await expect(server.deny(interaction)).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(server.deny(`${interaction}A`)).rejects.toMatchObject({ code: 'seal.invalid' })
  })

  // RFC 9126 section 7.3
  test('shows its page again until it is answered, and not afterwards', async () => {
    const { push, open, seen, server } = await world()
    for (const end of ['approve', 'deny'] as const) {
      const { request_uri: uri } = (await push()).body
      expect((await open(uri)).status).toBe(200)
      expect((await open(uri)).status).toBe(200)
      const { interaction } = seen.at(-1) as Interaction
      await server[end](interaction, { subject: claims })
      const shown = seen.length
      const again = await open(uri)
      expect([again.status, again.body['error']]).toEqual([400, 'invalid_request'])
      expect(again.body['error_description']).toMatch(/answered before/)
      expect(seen).toHaveLength(shown)
    }
  })

  test.each<[string, Record<string, string>, string]>([
    ['no response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge of another length', { code_challenge: 'abc' }, 'invalid_request'],
    [
      'a redirect URI in the clear',
      { redirect_uri: 'http://wallet.example/cb' },
      'invalid_request',
    ],
    ['a redirect URI with a fragment', { redirect_uri: `${redirectUri}#x` }, 'invalid_request'],
    ['a redirect URI that runs', { redirect_uri: 'javascript:alert(1)' }, 'invalid_request'],
    ['a request object', { request: 'a.b.c' }, 'invalid_request'],
    ['no credential', { scope: 'openid' }, 'invalid_scope'],
    ['an offer that nobody made', { issuer_state: 'x' }, 'invalid_request'],
    [
      'credentials that there are not',
      { authorization_details: '[{"type":"openid_credential","credential_configuration_id":"x"}]' },
      'invalid_authorization_details',
    ],
    ['another response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['an endless state', { state: 'x'.repeat(3000) }, 'invalid_request'],
    ['a thumbprint that is none', { dpop_jkt: 'x' }, 'invalid_request'],
  ])('does not begin with %s', async (_title, change, error) => {
    const { push } = await world()
    const { status, body } = await push(change)
    expect([status, body['error']]).toEqual([400, error])
  })

  test('names no parameter twice, and sends a form', async () => {
    const { wallet } = await world()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await wallet.post('/par', 'client_id=a&client_id=b', form)).body['error']).toBe(
      'invalid_request',
    )
    expect((await wallet.post('/par', '{}', { 'content-type': 'application/json' })).status).toBe(
      400,
    )
  })

  test('sends nobody on who comes without a pushed request of their own', async () => {
    const { push, open, seen, wallet } = await world()
    const { request_uri: uri } = (await push()).body
    expect((await open(uri, 'other')).status).toBe(400)
    expect((await open(`${String(uri)}x`)).status).toBe(400)
    expect((await wallet.get(`${url}/authorize?${new URLSearchParams(asking)}`)).status).toBe(400)
    expect(seen).toEqual([])
  })

  test('takes redirect URIs to apps, or only those that the deployer knows', async () => {
    const { push } = await world()
    expect((await push({ redirect_uri: 'org.wallet:/cb' })).status).toBe(201)
    const strict = await world({
      redirectUriAllowed: (id, uri) => id === 'wallet' && uri === 'wallet://cb',
    })
    expect((await strict.push()).status).toBe(400)
    expect((await strict.push({ redirect_uri: 'wallet://cb' })).status).toBe(201)
    const more = await world({
      redirectUriAllowed: (_id, uri) => (uri === 'wallet://cb' ? true : 'usual'),
    })
    for (const [redirect_uri, status] of [
      ['wallet://cb', 201],
      ['org.wallet:/cb', 201],
      ['other://cb', 400],
      ['javascript:alert(1)', 400],
    ] as const) {
      expect((await more.push({ redirect_uri })).status).toBe(status)
    }
    // Nothing said is a no.
    const silent = await world({ redirectUriAllowed: () => undefined as never })
    expect((await silent.push()).status).toBe(400)
  })
})

describe('a code', () => {
  test.each<[string, Record<string, string>, string]>([
    ['of another client', { client_id: 'other' }, 'invalid_grant'],
    ['for another redirect URI', { redirect_uri: 'https://wallet.example/other' }, 'invalid_grant'],
    ['with another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
    ['changed', { code: 'AAAA' }, 'invalid_grant'],
  ])('%s is refused', async (_title, change, error) => {
    const { agree, redeem } = await world()
    const code = (await agree()).get('code')
    expect((await redeem(code, change)).body['error']).toBe(error)
    expect((await redeem(code)).status).toBe(200)
  })

  test('is used once, and within a minute', async () => {
    let time = now
    const { agree, redeem } = await world({ now: () => time })
    const code = (await agree()).get('code')
    const answers = await Promise.all([redeem(code), redeem(code), redeem(code)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    const second = (await agree()).get('code')
    time = new Date(now.getTime() + 61_000)
    expect((await redeem(second)).body['error']).toBe('invalid_grant')
  })

  // RFC 6749 section 4.1.2
  test('that is used twice ends the tokens that it gave, and what they were renewed to', async () => {
    const { agree, redeem, wallet } = await world({ refreshLifetime: 3600 })
    const renew = (token: unknown) =>
      wallet.token({
        grant_type: 'refresh_token',
        client_id: 'wallet',
        refresh_token: String(token),
      })
    const ask = async (token: unknown) =>
      wallet.credential(token, {
        credential_configuration_id: 'citizenship',
        proofs: { jwt: [await proof(await wallet.nonce())] },
      })
    const code = (await agree()).get('code')
    const first = (await redeem(code)).body
    const renewed = (await renew(first['refresh_token'])).body
    const other = (await redeem((await agree()).get('code'))).body
    expect((await ask(first['access_token'])).status).toBe(200)
    expect((await ask(renewed['access_token'])).status).toBe(200)

    // Who has not the verifier does not use it, and ends nothing.
    expect((await redeem(code, { code_verifier: 'w'.repeat(43) })).status).toBe(400)
    expect((await ask(first['access_token'])).status).toBe(200)
    expect((await redeem(code)).body['error']).toBe('invalid_grant')
    for (const { access_token: token } of [first, renewed]) {
      const refused = await ask(token)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toMatch(/invalid_token.*revoked/)
    }
    expect((await renew(renewed['refresh_token'])).body['error']).toBe('invalid_grant')
    // Of another code nothing has ended.
    expect((await ask(other['access_token'])).status).toBe(200)
    expect((await renew(other['refresh_token'])).status).toBe(200)
  })

  test('that is used twice ends what is deferred, on whatever replica', async () => {
    const one = await world({ issue: async () => 'later' })
    const two = await world({ ...one.options, issue: async () => 'later' })
    const code = (await one.agree()).get('code')
    const { access_token: token } = (await one.redeem(code)).body
    const { body } = await one.wallet.credential(token, {
      credential_configuration_id: 'citizenship',
      proofs: { jwt: [await proof(await one.wallet.nonce())] },
    })
    const come = async () =>
      two.wallet.post('/deferred', JSON.stringify({ transaction_id: body['transaction_id'] }), {
        'content-type': 'application/json',
        authorization: `Bearer ${String(token)}`,
      })
    expect((await come()).status).toBe(202)
    expect((await two.redeem(code)).status).toBe(400)
    expect((await come()).status).toBe(401)
  })

  test('is not said to be ended where the store has no room to say so', async () => {
    const { offers } = (await registryOnTheWeb()).options
    const { agree, redeem, failures } = await world({
      offers: { ...offers, put: async () => false },
    })
    // The page cannot be ended either: the person is told, and nothing goes on.
    await expect(agree()).rejects.toThrow(/no room/)
    expect((await redeem('AAAA')).body['error']).toBe('invalid_grant')
    expect(failures).toEqual([])
  })

  test('that is bound to a key at the beginning is redeemed by that key alone', async () => {
    const { agree, redeem, wallet } = await world()
    const [key, other] = [await keyPair(), await keyPair()]
    const code = (await agree({ dpop_jkt: await jwkThumbprint(key.publicJwk) })).get('code')
    const nonce = (await wallet.post('/nonce', '')).headers.get('dpop-nonce') ?? ''
    expect((await redeem(code)).body['error']).toBe('invalid_grant')
    const wrong = { dpop: await dpop(other, { at: '/token', nonce }) }
    expect((await redeem(code, {}, wrong)).body['error']).toBe('invalid_grant')
    const right = { dpop: await dpop(key, { at: '/token', nonce }) }
    expect((await redeem(code, {}, right)).body['token_type']).toBe('DPoP')
  })
})

describe('a refresh token', () => {
  const refreshLifetime = 3600

  test('renews, is replaced and used once where it is bound to no key', async () => {
    const { agree, redeem, wallet, asked } = await world({ refreshLifetime })
    const first = (await redeem((await agree()).get('code'))).body['refresh_token']
    const renew = async (token: unknown, more = {}) =>
      wallet.token({
        grant_type: 'refresh_token',
        client_id: 'wallet',
        refresh_token: String(token),
        ...more,
      })
    expect((await renew(first, { client_id: 'other' })).body['error']).toBe('invalid_grant')
    const { body } = await renew(first)
    expect((await renew(first)).body['error']).toBe('invalid_grant')
    const jwt = [await proof(await wallet.nonce())]
    await wallet.credential(body['access_token'], {
      credential_configuration_id: 'citizenship',
      proofs: { jwt },
    })
    expect(asked[0]?.renewal).toBe(true)
    expect((await renew(body['refresh_token'])).status).toBe(200)
  })

  test('ends when it was said to, however often it was replaced', async () => {
    let time = now
    const { agree, redeem, wallet } = await world({ refreshLifetime, now: () => time })
    const first = (await redeem((await agree()).get('code'))).body['refresh_token']
    const renew = async (token: unknown) =>
      wallet.token({
        grant_type: 'refresh_token',
        client_id: 'wallet',
        refresh_token: String(token),
      })
    time = new Date(now.getTime() + 3_000_000)
    const { body } = await renew(first)
    expect(body).toHaveProperty('refresh_token')
    time = new Date(now.getTime() + 3_601_000)
    expect((await renew(body['refresh_token'])).body['error']).toBe('invalid_grant')
  })

  test('is not there where nobody said how long', async () => {
    const { agree, redeem } = await world()
    expect((await redeem((await agree()).get('code'))).body).not.toHaveProperty('refresh_token')
  })
})

test('an issuer server is not made of what makes no sense', async () => {
  const { options } = await registryOnTheWeb()
  const wrong: Partial<IssuerServerOptions>[] = [
    { url: 'http://registry.example' },
    { url: 'https://registry.example/?a' },
    { batchSize: 0 },
    { configurations: {} },
    { configurations: { a: { format: 'vc+jwt', type: citizenship, signedWith: 'ES256' } } },
    {
      configurations: {
        a: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256', holder: 'bearer' },
      },
    },
    {
      configurations: {
        a: {
          format: 'dc+sd-jwt',
          type: citizenship,
          signedWith: 'ES256',
          holder: 'bbs-commitment',
        },
      },
    },
    {
      configurations: {
        a: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256', keyAttestation: {} },
      },
    },
    {
      configurations: {
        a: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256', scope: 'two words' },
      },
    },
    { encryptedResponses: 'required' },
    { refreshLifetime: -1 },
    { haip: true },
    { seal: undefined as never },
    { replay: undefined as never },
  ]
  for (const change of wrong) {
    await expect(registryOnTheWeb({ ...options, ...change })).rejects.toThrow(TypeError)
  }
})

test('what is not there is said not to be there', async () => {
  const { wallet, server } = await world({ authorize: undefined as never })
  const without: JsonObject = server.authorizationServerMetadata
  expect(without).not.toHaveProperty('authorization_endpoint')
  expect((await wallet.post('/par', asking)).status).toBe(404)
  expect((await wallet.get(`${url}/token`)).status).toBe(405)
  expect((await wallet.get('https://registry.example/')).status).toBe(404)
})
