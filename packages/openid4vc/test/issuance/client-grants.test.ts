import type { Json, JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { before, origin, refusal, type Script } from './scripted-issuer.ts'
import { preAuthorizedCode } from './world.ts'

const desk = 'https://desk.example'
const login = 'https://login.example'
const redirectUri = 'https://wallet.example/cb'
const asWallet = { clientId: 'wallet', redirectUri }

/** A server with everything, and what it heard. */
const serverAt = (at: string, change: JsonObject = {}) => {
  const forms: { readonly path: string; readonly form: URLSearchParams }[] = []
  const taking =
    (path: string, answer: JsonObject, status = 200) =>
    (text: string): Response => {
      forms.push({ path, form: new URLSearchParams(text) })
      return Response.json(answer, { status })
    }
  const document = {
    issuer: at,
    token_endpoint: `${at}/token`,
    authorization_endpoint: `${at}/authorize`,
    pushed_authorization_request_endpoint: `${at}/par`,
    'pre-authorized_grant_anonymous_access_supported': true,
    ...change,
  }
  const token = { access_token: `token of ${at}`.replaceAll(' ', '-'), token_type: 'Bearer' }
  return {
    forms,
    at: {
      [`${at}/.well-known/oauth-authorization-server`]: () => document,
      [`${at}/token`]: taking('/token', { ...token, refresh_token: 'refresh-1' }),
      [`${at}/par`]: taking('/par', { request_uri: 'urn:x:1' }, 201),
    },
  }
}

/** An issuer with two servers. */
async function world(
  options: {
    readonly grants?: Json
    readonly servers?: readonly string[]
    readonly desk?: JsonObject
    readonly login?: JsonObject
    readonly configuration?: JsonObject
    readonly change?: Script
  } = {},
) {
  const { servers = [desk, login], grants } = options
  const [a, b] = [serverAt(desk, options.desk), serverAt(login, options.login)]
  const made = await before(
    {
      metadata: (right) => ({ ...right, authorization_servers: [...servers] }),
      at: { ...a.at, ...b.at },
      ...(options.configuration && { configuration: options.configuration }),
      ...(grants !== undefined && { grants: grants as JsonObject }),
      ...options.change,
    },
    asWallet,
  )
  return { ...made, desk: a.forms, login: b.forms }
}

const pre = { 'pre-authorized_code': 'code-1' }
const both = {
  [preAuthorizedCode]: { ...pre, authorization_server: desk },
  authorization_code: { issuer_state: 'state-1', authorization_server: login },
}
const callback = (session: string, iss = login): string => {
  const { state } = JSON.parse(session) as { readonly state: string }
  return `${redirectUri}?${new URLSearchParams({ code: 'code-2', state, iss })}`
}

describe('an offer with two grants at two servers', () => {
  test('keeps the server of each', async () => {
    const { read } = await world({ grants: both })
    const { grants, asksAt } = await read()
    expect(grants).toEqual({
      preAuthorized: { code: 'code-1', server: desk },
      authorization: { issuerState: 'state-1', server: login },
    })
    expect(asksAt).toEqual(['desk.example', 'login.example'])
  })

  test('takes the code to the server of the code', async () => {
    const { person, read, ...servers } = await world({ grants: both })
    expect((await person.accept(await read(), {})).credentials).toHaveLength(1)
    expect(servers.desk.map(({ path }) => path)).toEqual(['/token'])
    expect(servers.login).toEqual([])
  })

  test('takes the browser and the state to the server of the login, and comes back to it', async () => {
    const { person, read, ...servers } = await world({ grants: both })
    const { url, session } = await person.authorize(await read())
    expect(url.startsWith(`${login}/authorize?`)).toBe(true)
    const { renewal = '' } = await person.complete(session, callback(session))
    expect((await person.renew(renewal)).credentials).toMatchObject([{ copies: 6 }])
    expect(servers.login.map(({ path }) => path)).toEqual(['/par', '/token', '/token'])
    expect(servers.login[0]?.form.get('issuer_state')).toBe('state-1')
    expect(servers.desk).toEqual([])
  })

  test('is renewed where its tokens came from', async () => {
    const { person, read, ...servers } = await world({ grants: both })
    const { renewal = '' } = await person.accept(await read(), {})
    await person.renew(renewal)
    expect(servers.desk.map(({ form }) => form.get('grant_type'))).toEqual([
      preAuthorizedCode,
      'refresh_token',
    ])
    expect(servers.login).toEqual([])
  })

  test('whose code came back from the other server is refused', async () => {
    const { person, read } = await world({ grants: both })
    const { session } = await person.authorize(await read())
    expect(await refusal(person.complete(session, callback(session, desk)))).toMatch(
      /^issuance.malformed .*another authorisation server/,
    )
  })

  test('is an offer of one where the other names a server that is not in the metadata', async () => {
    const lost = { authorization_server: 'https://other.example' }
    for (const [grants, kept] of [
      [{ ...both, authorization_code: lost }, 'preAuthorized'],
      [{ ...both, [preAuthorizedCode]: { ...pre, ...lost } }, 'authorization'],
    ] as const) {
      const { read } = await world({ grants })
      expect(Object.keys((await read()).grants)).toEqual([kept])
    }
  })
})

describe('of several servers without a hint', () => {
  const grants = { [preAuthorizedCode]: pre, authorization_code: {} }

  test.each<[string, JsonObject, JsonObject, string, string]>([
    [
      'each says its grant',
      { grant_types_supported: [preAuthorizedCode] },
      { grant_types_supported: ['authorization_code'] },
      desk,
      login,
    ],
    [
      'they say so the other way round',
      { grant_types_supported: ['authorization_code'] },
      { grant_types_supported: [preAuthorizedCode] },
      login,
      desk,
    ],
    [
      'only the second says that it has both',
      {},
      { grant_types_supported: [preAuthorizedCode, 'authorization_code'] },
      login,
      login,
    ],
    ['none says anything', {}, {}, desk, desk],
    ['the first has no login', { authorization_endpoint: null }, {}, desk, login],
    [
      'the first has no pushed requests',
      { pushed_authorization_request_endpoint: null },
      {},
      desk,
      login,
    ],
    ['the first cannot be read', { issuer: 'https://other.example' }, {}, login, login],
  ])('each grant has the one that can, where %s', async (_title, a, b, code, browser) => {
    const { read } = await world({ grants, desk: a, login: b })
    expect((await read()).grants).toMatchObject({
      preAuthorized: { server: code },
      authorization: { server: browser },
    })
  })

  test('none is taken where none can', async () => {
    const refresh = { grant_types_supported: ['refresh_token'] }
    const { person, link } = await world({ grants, desk: refresh, login: refresh })
    const read = await person.readOffer(link)
    expect(read.verified ? [] : read.problems).toMatchObject([{ code: 'offer.unsupported' }])
  })

  test('no more than eight are asked', async () => {
    const servers = Array.from({ length: 50 }, (_each, at) => `https://s${at}.example`)
    const { person, link, heard } = await world({ grants, servers })
    expect((await person.readOffer(link)).verified).toBe(false)
    const asked = heard.map(({ host }) => host).filter((host) => /^s\d+\./.test(host))
    expect(new Set(asked).size).toBe(8)
  })
})

describe('whom a request is for', () => {
  const authorization = { authorization_code: { authorization_server: login } }
  const pushed = async (options: Parameters<typeof world>[0]) => {
    const { person, read, login: forms } = await world({ grants: authorization, ...options })
    await person.authorize(await read())
    const form = forms[0]?.form
    return {
      resource: form?.get('resource') ?? undefined,
      details: JSON.parse(form?.get('authorization_details') ?? 'null') as unknown,
    }
  }
  const detail = { type: 'openid_credential', credential_configuration_id: 'citizen' }

  test('is said in locations, or in resource with a scope, where the metadata name servers', async () => {
    expect(await pushed({})).toEqual({ details: [{ ...detail, locations: [origin] }] })
    expect(await pushed({ configuration: { scope: 'citizen' } })).toEqual({
      resource: origin,
      details: null,
    })
  })

  test('is said also where the issuer names itself alone', async () => {
    const own = serverAt(origin)
    const options = {
      servers: [origin],
      grants: { authorization_code: {} },
      change: { at: own.at },
    }
    const { person, read } = await world(options)
    await person.authorize(await read())
    const details = JSON.parse(own.forms[0]?.form.get('authorization_details') ?? 'null')
    expect(details).toEqual([{ ...detail, locations: [origin] }])
  })

  test('goes without saying where no servers are named', async () => {
    const own = serverAt(origin)
    const change: Script = { metadata: (right) => right, at: own.at }
    const { person, read } = await world({ grants: { authorization_code: {} }, change })
    await person.authorize(await read())
    const [{ form } = { form: new URLSearchParams() }] = own.forms
    expect(JSON.parse(form.get('authorization_details') ?? 'null')).toEqual([detail])
    expect(form.has('resource')).toBe(false)
  })
})

describe('null', () => {
  test('is left out in an offer', async () => {
    const { read } = await world({
      grants: {
        [preAuthorizedCode]: { ...pre, tx_code: null, authorization_server: null },
        authorization_code: null,
      },
    })
    expect((await read()).grants).toEqual({ preAuthorized: { code: 'code-1', server: desk } })
  })

  test('is left out in what an offer says of the code to type', async () => {
    const tx_code = { length: null, input_mode: null, description: null }
    const { read } = await world({ grants: { [preAuthorizedCode]: { ...pre, tx_code } } })
    expect((await read()).grants.preAuthorized?.txCode).toEqual({ inputMode: 'numeric' })
  })

  test('in place of the grants leaves the login', async () => {
    const { person, link } = await world()
    const offer = {
      credential_issuer: origin,
      credential_configuration_ids: ['citizen'],
      grants: null,
    }
    const [head] = link.split('credential_offer=')
    const text = `${head}credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
    const read = await person.readOffer(text)
    expect(read.verified && read.offer.grants).toEqual({ authorization: { server: desk } })
  })

  test('is left out in metadata, but in a claims path it stays', async () => {
    const { person, read, heard } = await before({
      metadata: (right) => ({
        ...right,
        authorization_servers: null,
        deferred_credential_endpoint: null,
        credential_request_encryption: null,
        display: null,
      }),
      server: (right) => ({ ...right, grant_types_supported: null, authorization_endpoint: null }),
      configuration: {
        scope: null,
        proof_types_supported: {
          jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: null },
        },
        credential_metadata: { display: null, claims: [{ path: ['degrees', null, 'type'] }] },
      },
    })
    const offer = await read()
    expect(offer.credentials[0]?.claims).toEqual([{ path: ['degrees', null, 'type'] }])
    expect((await person.accept(offer, {})).credentials).toHaveLength(1)
    expect(heard.at(-1)?.path).toBe('/credential')
  })
})

test('an offer that names no credentials, one twice, or grants that are none is refused for that', async () => {
  const { person, link } = await before()
  const [head] = link.split('credential_offer=')
  const why = async (change: JsonObject): Promise<unknown> => {
    const offer = { credential_issuer: origin, credential_configuration_ids: ['citizen'] }
    const text = encodeURIComponent(JSON.stringify({ ...offer, ...change }))
    const read = await person.readOffer(`${head}credential_offer=${text}`)
    return read.verified || read.problems[0].detail
  }
  expect(await why({ credential_configuration_ids: [] })).toMatch(/names no credentials/)
  expect(await why({ credential_configuration_ids: ['citizen', 'citizen'] })).toMatch(/twice/)
  expect(await why({ grants: [] })).toMatch(/grants/)
  expect(await why({ grants: 'x' })).toMatch(/grants/)
})
