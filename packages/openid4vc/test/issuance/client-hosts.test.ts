import type { JsonObject } from '@asoba/core'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { describe, expect, test } from 'vitest'
import { before, origin, refusal, type Script } from './scripted-issuer.ts'

const api = 'https://api.scripted.example'
const login = 'https://login.example:8443'

/** The scripted issuer with endpoints at other places. */
function placed(
  endpoints: { readonly issuer?: JsonObject; readonly server?: JsonObject },
  script: Script = {},
): Script {
  return {
    origins: [api, login],
    ...script,
    metadata: (right) => ({ ...right, ...endpoints.issuer }),
    server: (right) => ({ ...right, ...endpoints.server }),
  }
}

const detailOf = async (script: Script, client: Parameters<typeof before>[1] = {}) => {
  const { person, link } = await before(script, client)
  const read = await person.readOffer(link)
  return read.verified ? 'read' : read.problems.map(({ code, detail }) => `${code}: ${detail}`)[0]
}

describe('endpoints on other hosts than the issuer', () => {
  const everything = placed({
    issuer: {
      credential_endpoint: `${api}/credential`,
      nonce_endpoint: `${api}/nonce`,
      deferred_credential_endpoint: `${api}/deferred`,
    },
    server: { token_endpoint: `${login}/token` },
  })

  test('are asked, and named before the person agrees', async () => {
    const { person, read, heard } = await before(everything)
    const offer = await read()
    expect(offer.asksAt).toEqual(['api.scripted.example', 'login.example:8443'])
    // Nothing but metadata was asked for, and at the identifier's own origin alone.
    expect(heard.map(({ host, path }) => host + path)).toEqual([
      'scripted.example/.well-known/openid-credential-issuer',
      'scripted.example/.well-known/oauth-authorization-server',
    ])
    expect((await person.accept(offer, {})).credentials).toMatchObject([{ copies: 3 }])
    expect(heard.slice(4).map(({ host, path }) => host + path)).toEqual([
      'login.example:8443/token',
      'api.scripted.example/nonce',
      'api.scripted.example/credential',
    ])
  })

  test('are none where everything is at the issuer’s own', async () => {
    const { read } = await before()
    expect((await read()).asksAt).toEqual([])
  })

  test('get nothing when they were others as the person agreed', async () => {
    let credential_endpoint = `${origin}/credential`
    const { person, read, heard } = await before({
      origins: [api],
      metadata: (right) => ({ ...right, credential_endpoint }),
    })
    const offer = await read()
    credential_endpoint = `${api}/credential`
    expect(await refusal(person.accept(offer, {}))).toMatch(/^issuance.malformed .*other places/)
    expect(heard.map(({ path }) => path)).not.toContain('/token')
    // Read anew, it is what the person sees and may agree to.
    expect((await person.accept(await read(), {})).credentials).toHaveLength(1)
  })

  test('are refused where the wallet says so, with the name of the endpoint', async () => {
    const elsewhere = `${api}/x`
    for (const [name, endpoints] of [
      ['credential_endpoint', { issuer: { credential_endpoint: elsewhere } }],
      ['nonce_endpoint', { issuer: { nonce_endpoint: elsewhere } }],
      ['token_endpoint', { server: { token_endpoint: elsewhere } }],
    ] as const) {
      expect(await detailOf(placed(endpoints), { otherHosts: 'refused' })).toBe(
        `offer.metadata-invalid: the ${name} lies on another host than its owner, which the wallet refuses`,
      )
    }
  })

  test('that are not needed leave the others alone, and say why when they are', async () => {
    const script = placed(
      { issuer: { deferred_credential_endpoint: 'http://scripted.example/deferred' } },
      { credential: () => Response.json({ transaction_id: 't' }, { status: 202 }) },
    )
    const { person, read } = await before(script)
    const { deferred } = await person.accept(await read(), {})
    expect(await refusal(person.resume(deferred[0]?.session ?? ''))).toBe(
      'issuance.unsupported the deferred_credential_endpoint is no https URL',
    )
  })

  test.each([
    'http://scripted.example/credential',
    'http://127.0.0.1/credential',
    'ftp://scripted.example/credential',
    'javascript:alert(1)',
    'https://scripted.example/credential#x',
    'https://user:word@scripted.example/credential',
    '/credential',
    7,
    {},
  ])('that are no https URL (%s) are refused', async (credential_endpoint) => {
    expect(await detailOf(placed({ issuer: { credential_endpoint } }))).toBe(
      'offer.metadata-invalid: the credential_endpoint is no https URL',
    )
  })

  test('in plain http are refused of an issuer with https also by a wallet for demos', async () => {
    const script = placed({ server: { token_endpoint: 'http://127.0.0.1:8080/token' } })
    expect(await detailOf(script, { [allowInsecureLoopback]: true })).toBe(
      'offer.metadata-invalid: the token_endpoint is no https URL',
    )
  })

  test.each([
    'localhost',
    'localhost.',
    'a.localhost',
    'router',
    'printer.local',
    'vault.internal',
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '[::]',
    '[::1]',
    '[::ffff:10.0.0.1]',
    '[64:ff9b::a00:1]',
    '[fd00::1]',
    '[fe80::1]',
  ])('do not lead an issuer on the web into a private network (%s)', async (host) => {
    const why = 'offer.metadata-invalid: the credential_endpoint leads into a private network'
    const issuer = { credential_endpoint: `https://${host}/credential` }
    expect(await detailOf(placed({ issuer }))).toBe(why)
    const servers = { authorization_servers: [`https://${host}`] }
    expect(await detailOf(placed({ issuer: servers }))).toBe(
      'offer.metadata-invalid: the authorisation server is in a private network',
    )
  })

  test.each([
    '11.0.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '[2001:db8::1]',
    '10.example',
    'localhost.example',
  ])('may have any other address (%s)', async (host) => {
    const issuer = { credential_endpoint: `https://${host}/credential` }
    expect(await detailOf(placed({ issuer }))).toBe('read')
  })

  test('may lie in a network where the issuer itself lies', async () => {
    const issuer = 'https://registry.internal'
    const script: Script = {
      issuer,
      metadata: (right) => ({ ...right, credential_endpoint: 'https://10.1.2.3/credential' }),
    }
    const { read } = await before(script)
    expect((await read()).asksAt).toEqual(['10.1.2.3'])
  })
})

describe('the identifier of an issuer', () => {
  test.each([
    ['https://scripted.example', '/.well-known/openid-credential-issuer'],
    ['https://scripted.example/', '/.well-known/openid-credential-issuer'],
    ['https://scripted.example:8443', '/.well-known/openid-credential-issuer'],
    ['https://scripted.example/a/b', '/.well-known/openid-credential-issuer/a/b'],
    ['https://scripted.example/a/b/', '/.well-known/openid-credential-issuer/a/b'],
    ['https://scripted.example:8443/%D0%B1', '/.well-known/openid-credential-issuer/%D0%B1'],
  ])('%s is taken as it is written, and asked for at %s', async (issuer, path) => {
    const { person, read, heard } = await before({ issuer })
    const offer = await read()
    expect(offer).toMatchObject({ issuer, asksAt: [] })
    expect(heard[0]).toMatchObject({ host: new URL(issuer).host, path })
    expect((await person.accept(offer, {})).credentials).toHaveLength(1)
  })

  test('that differs by a slash from that in the metadata is another', async () => {
    const script: Script = {
      issuer: 'https://scripted.example/a',
      metadata: (right) => ({ ...right, credential_issuer: 'https://scripted.example/a/' }),
    }
    expect(await detailOf(script)).toMatch(/^offer.metadata-invalid: .*another issuer/)
  })
})

describe('a login page on another host than its server', () => {
  const redirectUri = 'https://wallet.example/cb'
  const asWallet = { clientId: 'wallet', redirectUri }
  const script = (more: JsonObject = {}): Script => ({
    ...placed({
      server: {
        authorization_endpoint: `${login}/authorize`,
        pushed_authorization_request_endpoint: `${origin}/par`,
        ...more,
      },
    }),
    grants: { authorization_code: {} },
    at: { [`${origin}/par`]: () => Response.json({ request_uri: 'urn:x:1' }, { status: 201 }) },
  })
  const callbackOf = (url: string, session: string, iss?: string): string => {
    const { state } = JSON.parse(session) as { readonly state: string }
    expect(url.startsWith(`${login}/authorize?`)).toBe(true)
    const query = new URLSearchParams({ code: 'code-1', state, ...(iss && { iss }) })
    return `${redirectUri}?${query}`
  }

  test('is gone to, where what comes back says whose it is', async () => {
    const { person, read } = await before(script(), asWallet)
    const offer = await read()
    expect(offer.asksAt).toEqual(['login.example:8443'])
    const { url, session } = await person.authorize(offer)
    const { credentials } = await person.complete(session, callbackOf(url, session, origin))
    expect(credentials).toHaveLength(1)
  })

  test.each([undefined, login, 'https://login.example'])(
    'gives the server no code where that is said of nobody or of another (%s)',
    async (iss) => {
      const { person, read, heard } = await before(script(), asWallet)
      const { url, session } = await person.authorize(await read())
      expect(await refusal(person.complete(session, callbackOf(url, session, iss)))).toMatch(
        /^issuance.malformed .*another authorisation server/,
      )
      expect(heard.map(({ path }) => path)).not.toContain('/token')
    },
  )
})
