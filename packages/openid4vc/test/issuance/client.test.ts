import type { JsonObject, Signer } from '@asoba/core'
import { createIssuer } from '@asoba/issuer'
import { signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { everythingIn } from '@asoba/testing'
import { createWallet } from '@asoba/wallet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { make } from '../../../jwt/test/certificates.ts'
import { secret } from '../../../verifier/test/nation.ts'
import { type IssuerServerOptions, type OfferInput, x509Attesters } from '../../src/issuer.ts'
import { createEncryptionKey } from '../../src/jwe.ts'
import { createIssuanceClient, type IssuanceClientOptions } from '../../src/wallet.ts'
import { certified } from '../presentation/world.ts'
import { citizenship, claims, keyPair, now, offered, registryOnTheWeb, url } from './world.ts'

const seconds = Math.floor(now.getTime() / 1000)
const redirectUri = 'https://wallet.example/cb'

interface Change {
  readonly registry?: Partial<IssuerServerOptions>
  readonly client?: Partial<IssuanceClientOptions>
  /** What somebody on the way, or a bad issuer, makes of JSON answers, by the end of the path. */
  readonly tamper?: Readonly<Record<string, (body: JsonObject) => unknown>>
}

/** A registry and a person who talk. */
async function world({ registry, client, tamper = {} }: Change = {}) {
  const made = await registryOnTheWeb(registry)
  const { server } = made
  const sent: { path: string; body: string; headers: Headers }[] = []
  const reach: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init)
    const { pathname, origin } = new URL(request.url)
    expect(init?.redirect).toBe('error')
    expect(init?.credentials).toBe('omit')
    sent.push({ path: pathname, body: await request.clone().text(), headers: request.headers })
    if (origin !== new URL(url).origin) throw new TypeError('there is nobody')
    const answer = await server.handle(request)
    const [change] = Object.entries(tamper).flatMap(([end, each]) =>
      pathname.endsWith(end) ? [each] : [],
    )
    const json = answer.headers.get('content-type') === 'application/json'
    if (change === undefined || !json) return answer
    const { headers, status } = answer
    return new Response(JSON.stringify(change(await answer.json())), { status, headers })
  }
  const wallet = createWallet({ formats: [sdJwtVc()], now: () => now })
  const person = createIssuanceClient({
    wallet,
    fetch: reach,
    issuers: 'any',
    copies: 3,
    now: () => now,
    ...client,
  })
  const offer = async (change: Partial<OfferInput> = {}) => {
    const { link, txCode } = await server.createOffer({ ...offered, ...change } as OfferInput)
    const read = await person.readOffer(link)
    if (!read.verified) throw new Error(JSON.stringify(read.problems))
    return { offer: read.offer, link, ...(txCode !== undefined && { txCode }) }
  }
  return { ...made, wallet, person, offer, sent }
}

const refusal = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: { code?: string; message: string }) => `${error.code ?? 'thrown'} ${error.message}`,
  )

describe('an offer', () => {
  test('says who offers what, and that a code is asked for, before anything is redeemed', async () => {
    const { offer, sent } = await world({
      registry: { display: [{ name: 'Рэестр', locale: 'be' }] },
    })
    const { offer: read } = await offer({ txCode: { length: 6, description: 'by letter' } })
    expect(read).toMatchObject({
      issuer: url,
      display: [{ name: 'Рэестр', locale: 'be' }],
      credentials: [
        {
          configuration: 'citizenship',
          format: 'dc+sd-jwt',
          vct: citizenship.vct,
          signedWith: ['ES256'],
        },
      ],
      grants: {
        preAuthorized: { txCode: { inputMode: 'numeric', length: 6, description: 'by letter' } },
      },
    })
    expect(sent.map(({ path }) => path)).toEqual([
      '/.well-known/openid-credential-issuer/oid4vci',
      '/.well-known/oauth-authorization-server/oid4vci',
    ])
  })

  test('is fetched where the link only leads to it', async () => {
    const { offer } = await world()
    expect((await offer({ by: 'reference' })).offer.issuer).toBe(url)
  })

  const link = (offer: unknown): string =>
    `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
  const right = {
    credential_issuer: url,
    credential_configuration_ids: ['citizenship'],
    grants: { authorization_code: {} },
  }
  const pre = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

  test.each<[string, string, string]>([
    ['is no link', 'hello', 'offer.malformed'],
    ['has no offer', 'openid-credential-offer://?x=y', 'offer.malformed'],
    ['has two', `${link(right)}&credential_offer_uri=https%3A%2F%2Fa.example`, 'offer.malformed'],
    ['is no JSON', 'openid-credential-offer://?credential_offer=%7B', 'offer.malformed'],
    [
      'is fetched in the clear',
      'openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fregistry.example',
      'offer.malformed',
    ],
    [
      'is fetched from nobody',
      'openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fnobody.example%2F1',
      'offer.unavailable',
    ],
    [
      'is by nobody',
      link({ ...right, credential_issuer: 'https://nobody.example' }),
      'offer.unavailable',
    ],
    [
      'is by somebody in the clear',
      link({ ...right, credential_issuer: 'http://registry.example/oid4vci' }),
      'offer.malformed',
    ],
    [
      'names no credential',
      link({ ...right, credential_configuration_ids: [] }),
      'offer.malformed',
    ],
    [
      'names one twice',
      link({ ...right, credential_configuration_ids: ['citizenship', 'citizenship'] }),
      'offer.malformed',
    ],
    [
      'names one that there is not',
      link({ ...right, credential_configuration_ids: ['passport'] }),
      'offer.metadata-invalid',
    ],
    ['has no code', link({ ...right, grants: { [pre]: {} } }), 'offer.malformed'],
    [
      'asks for a code of no length',
      link({
        ...right,
        grants: { [pre]: { 'pre-authorized_code': 'x', tx_code: { length: -1 } } },
      }),
      'offer.malformed',
    ],
    [
      'asks for a code in a way that nobody knows',
      link({
        ...right,
        grants: { [pre]: { 'pre-authorized_code': 'x', tx_code: { input_mode: 'voice' } } },
      }),
      'offer.malformed',
    ],
    [
      'says too much',
      link({
        ...right,
        grants: {
          [pre]: { 'pre-authorized_code': 'x', tx_code: { description: 'x'.repeat(301) } },
        },
      }),
      'offer.malformed',
    ],
    [
      'names another server',
      link({
        ...right,
        grants: { authorization_code: { authorization_server: 'https://other.example' } },
      }),
      'offer.metadata-invalid',
    ],
  ])('is refused when it %s', async (_title, text, code) => {
    const { person } = await world()
    const read = await person.readOffer(text)
    expect(read.verified ? [] : read.problems.map((each) => each.code)).toEqual([code])
  })

  test('of an issuer that the wallet does not deal with is not even asked about', async () => {
    const { person, server, sent } = await world({
      client: { issuers: (issuer) => issuer !== url },
    })
    const { link: made } = await server.createOffer(offered)
    const read = await person.readOffer(made)
    expect(read.verified ? [] : read.problems.map((each) => each.code)).toEqual([
      'offer.issuer-untrusted',
    ])
    expect(sent).toEqual([])
  })

  test('of credentials that the wallet cannot hold is refused', async () => {
    const { person, server } = await world({ client: { formatOf: () => undefined } })
    const read = await person.readOffer((await server.createOffer(offered)).link)
    expect(read.verified ? [] : read.problems.map((each) => each.code)).toEqual([
      'offer.unsupported',
    ])
  })

  test('whatever it is, is judged and never thrown', async () => {
    const { person } = await world()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json().map((text) => `x://?credential_offer=${encodeURIComponent(text)}`),
          fc
            .record({
              credential_issuer: fc.oneof(fc.constant(url), fc.jsonValue()),
              credential_configuration_ids: fc.jsonValue(),
              grants: fc.jsonValue(),
            })
            .map(link),
          fc
            .record({
              credential_issuer: fc.constant(url),
              credential_configuration_ids: fc.constant(['citizenship']),
              grants: fc.dictionary(fc.constantFrom(pre, 'authorization_code'), fc.jsonValue()),
            })
            .map(link),
        ),
        async (text) => {
          expect(typeof (await person.readOffer(text)).verified).toBe('boolean')
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the metadata of an issuer', () => {
  const issuer = '/openid-credential-issuer/oid4vci'
  const server = '/oauth-authorization-server/oid4vci'

  test.each<[string, string, (body: JsonObject) => unknown, string]>([
    [
      'are of another',
      issuer,
      (body) => ({ ...body, credential_issuer: 'https://other.example' }),
      'offer.metadata-invalid',
    ],
    [
      'have no configurations',
      issuer,
      ({ credential_configurations_supported: _, ...body }) => body,
      'offer.metadata-invalid',
    ],
    ['are no object', issuer, () => [1], 'offer.metadata-invalid'],
    [
      'name a server that is nobody',
      issuer,
      (body) => ({ ...body, authorization_servers: ['https://nobody.example'] }),
      'offer.unavailable',
    ],
    [
      'name a server in the clear',
      issuer,
      (body) => ({ ...body, authorization_servers: ['http://registry.example'] }),
      'offer.metadata-invalid',
    ],
    [
      'demand an encryption that nobody has',
      issuer,
      (body) => ({
        ...body,
        credential_response_encryption: {
          encryption_required: true,
          alg_values_supported: ['RSA1_5'],
          enc_values_supported: ['A128CBC-HS256'],
        },
      }),
      'offer.unsupported',
    ],
    [
      'are of another server',
      server,
      (body) => ({ ...body, issuer: 'https://other.example' }),
      'offer.metadata-invalid',
    ],
  ])('are refused when they %s', async (_title, path, tamper, code) => {
    const { person, server: made } = await world({ tamper: { [path]: tamper } })
    const read = await person.readOffer((await made.createOffer(offered)).link)
    expect(read.verified ? [] : read.problems.map((each) => each.code)).toEqual([code])
  })

  test('must be signed by somebody trusted where the wallet says so', async () => {
    const root = await make({ name: 'CN=Registry', ca: true })
    const other = await make({ name: 'CN=Other', ca: true })
    const metadataSigner = await certified('registry.example', root)
    const read = async (registry: Partial<IssuerServerOptions>, anchor: Uint8Array) => {
      const { person, server: made } = await world({
        registry,
        client: { metadataAnchors: [anchor] },
      })
      return (await person.readOffer((await made.createOffer(offered)).link)).verified
    }
    expect(await read({ metadataSigner }, root.der)).toBe(true)
    expect(await read({ metadataSigner }, other.der)).toBe(false)
    expect(await read({}, root.der)).toBe(false)
  })
})

describe('a pre-authorised offer', () => {
  test('becomes a credential in as many copies as both agree on', async () => {
    const { person, offer, wallet, sent } = await world()
    const { credentials, deferred, failed } = await person.accept((await offer()).offer, {})
    expect(credentials).toMatchObject([{ format: 'dc+sd-jwt', copies: 3 }])
    expect([deferred, failed]).toEqual([[], []])
    expect(await wallet.list()).toHaveLength(1)
    expect(sent.at(-1)?.headers.get('authorization')).toMatch(/^DPoP /)
  })

  test('is taken with the transaction code, and says what a wrong one means', async () => {
    const { person, offer } = await world()
    const { offer: read, txCode = '' } = await offer({ txCode: { length: 6 } })
    const wrong = txCode === '000000' ? '111111' : '000000'
    expect(await refusal(person.accept(read, { txCode: wrong }))).toMatch(
      /^issuance.refused invalid_grant: .*ask for a new one/,
    )
    expect((await person.accept(read, { txCode })).credentials).toHaveLength(1)
    await expect(person.accept(read, {})).rejects.toThrow(TypeError)
  })

  test('is taken in part', async () => {
    const { person, offer, asked } = await world()
    const { offer: read } = await offer({ configurations: ['citizenship', 'residency'] })
    await expect(person.accept(read, { only: ['passport'] })).rejects.toThrow(TypeError)
    await person.accept(read, { only: ['citizenship'] })
    expect(asked.map(({ configuration }) => configuration)).toEqual(['citizenship'])
  })

  test('gives what it can where it cannot give all', async () => {
    const { person, offer } = await world({
      registry: {},
      tamper: {},
    })
    const { offer: read } = await offer({ configurations: ['residency', 'citizenship'] })
    // The registry of these tests makes citizenships of everything: a residency that is none is refused.
    const { credentials, failed } = await person.accept(read, {})
    expect(credentials).toHaveLength(1)
    expect(failed).toMatchObject([
      { configuration: 'residency', error: { code: 'wallet.credential-unexpected' } },
    ])
  })

  test('is encrypted both ways where the issuer can', async () => {
    const key = await createEncryptionKey()
    const registry = {
      encryptionKey: { ...key.privateJwk, kid: key.publicJwk.kid },
      encryptedResponses: 'required',
    } as const
    const { person, offer, sent } = await world({ registry })
    expect((await person.accept((await offer()).offer, {})).credentials).toHaveLength(1)
    const last = sent.at(-1)
    expect(last?.headers.get('content-type')).toBe('application/jwt')
    expect(last?.body).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test('comes later where the issuer says so', async () => {
    let ready = false
    const inner = await registryOnTheWeb()
    const { person, offer, wallet } = await world({
      registry: { issue: async (request) => (ready ? inner.options.issue(request) : 'later') },
    })
    const first = await person.accept((await offer()).offer, {})
    expect(first.credentials).toEqual([])
    const [{ session = '', interval } = {}] = first.deferred
    expect(interval).toBe(60)
    const second = await person.resume(session)
    expect(second.deferred).toHaveLength(1)
    ready = true
    expect((await person.resume(session)).credentials).toHaveLength(1)
    expect(await wallet.list()).toHaveLength(1)
    await expect(person.resume('{}')).rejects.toThrow(TypeError)
  })

  test('is renewed in fresh copies', async () => {
    const { person, offer, wallet, asked } = await world({ registry: { refreshLifetime: 3600 } })
    const { renewal = '' } = await person.accept((await offer()).offer, {})
    expect((await person.renew(renewal)).credentials).toMatchObject([{ copies: 6 }])
    expect(asked.map((each) => each.renewal)).toEqual([false, true])
    expect(await wallet.list()).toHaveLength(1)
  })

  test('is told of where the wallet is asked to, and not otherwise', async () => {
    const events: string[] = []
    const registry = { notified: async ({ event }: { event: string }) => void events.push(event) }
    const silent = await world({ registry })
    await silent.person.accept((await silent.offer()).offer, {})
    expect(events).toEqual([])
    const telling = await world({ registry, client: { notify: true } })
    await telling.person.accept((await telling.offer()).offer, {})
    expect(events).toEqual(['credential_accepted'])
  })

  test('tries once more with another nonce', async () => {
    let times = 0
    const { person, offer } = await world({
      tamper: { '/nonce': (body) => (times++ === 0 ? { c_nonce: 'AAAA' } : body) },
    })
    expect((await person.accept((await offer()).offer, {})).credentials).toHaveLength(1)
    expect(times).toBe(2)
  })
})

describe('a bad issuer', () => {
  const copies = (change: (all: JsonObject[]) => unknown) => (body: JsonObject) => ({
    ...body,
    credentials: change(body['credentials'] as JsonObject[]),
  })

  test.each<[string, string, (body: JsonObject) => unknown, RegExp]>([
    [
      'gives one copy twice',
      '/credential',
      copies(([first]) => [first, first]),
      /issuance.malformed the copies have something in common/,
    ],
    [
      'gives more than was asked for',
      '/credential',
      copies((all) => [...all, ...all]),
      /issuance.malformed/,
    ],
    ['gives none', '/credential', copies(() => []), /issuance.malformed/],
    [
      'gives something else',
      '/credential',
      copies(() => [{ credential: 'hello' }]),
      /wallet.unknown-format/,
    ],
    ['gives a number', '/credential', copies(() => [{ credential: 1 }]), /issuance.malformed/],
    ['gives nothing', '/credential', () => ({}), /issuance.malformed/],
    [
      'gives a token that is bound to nobody',
      '/token',
      (body) => ({ ...body, token_type: 'Bearer' }),
      /issuance.malformed/,
    ],
    ['gives no token', '/token', (body) => ('error' in body ? body : {}), /issuance.malformed/],
    [
      'gives a token for something else',
      '/token',
      (body) => ({
        ...body,
        authorization_details: [
          {
            type: 'openid_credential',
            credential_configuration_id: 'x',
            credential_identifiers: ['x'],
          },
        ],
      }),
      /issuance.malformed/,
    ],
    ['gives no nonce', '/nonce', () => ({ c_nonce: 1 }), /issuance.malformed/],
  ])('that %s is refused, and nothing is stored', async (_title, path, tamper, message) => {
    const { person, offer, wallet } = await world({ tamper: { [path]: tamper } })
    expect(await refusal(person.accept((await offer()).offer, {}))).toMatch(message)
    expect(await wallet.list()).toEqual([])
  })

  test('that gives copies with one status entry is refused', async () => {
    const issuer = await registryOnTheWeb()
    const { person, offer, wallet } = await world({
      registry: {
        issue: async (request) => {
          const one = await issuer.options.issue({
            ...request,
            holders: request.holders.slice(0, 1),
          })
          if (one === 'later' || one === 'denied') return one
          const [first] = one
          return first === undefined ? one : request.holders.map(() => first)
        },
      },
    })
    expect(await refusal(person.accept((await offer()).offer, {}))).toMatch(/something in common/)
    expect(await wallet.list()).toEqual([])
  })

  test('that gives a credential of another type is refused', async () => {
    const { person, offer, wallet } = await world()
    const { offer: read } = await offer({ configurations: ['residency'] })
    expect(await refusal(person.accept(read, {}))).toMatch(/wallet.credential-unexpected/)
    expect(await wallet.list()).toEqual([])
  })

  test('that gives credentials of somebody else is refused', async () => {
    const other = await keyPair()
    const registry = await registryOnTheWeb()
    const { person, offer } = await world({
      registry: {
        issue: async (request) =>
          registry.options.issue({
            ...request,
            holders: [{ kind: 'jwk', publicJwk: other.publicJwk }, ...request.holders.slice(1)],
          }),
      },
    })
    expect(await refusal(person.accept((await offer()).offer, {}))).toMatch(
      /wallet.credential-not-ours/,
    )
  })

  test('finds its own words in no error', async () => {
    const { person, offer } = await world({
      tamper: { '/token': () => ({ error: secret, error_description: secret }) },
    })
    const error = await person.accept((await offer()).offer, {}).catch((thrown: unknown) => thrown)
    expect(everythingIn(error)).not.toContain(secret)
  })
})

describe('the authorisation code flow', () => {
  const client = { clientId: 'wallet', redirectUri }
  const pages = () => {
    const seen: { interaction: string }[] = []
    const authorize: IssuerServerOptions['authorize'] = async (_request, interaction) => {
      seen.push(interaction)
      return new Response('a page')
    }
    return { seen, authorize }
  }

  async function begun(change: Change = {}) {
    const { seen, authorize } = pages()
    const made = await world({
      ...change,
      registry: { authorize, ...change.registry },
      client: { ...client, ...change.client },
    })
    const read = await made.person.readIssuer(url)
    if (!read.verified) throw new Error(JSON.stringify(read.problems))
    const { url: address, session } = await made.person.authorize(read.offer, {
      only: ['citizenship'],
    })
    await made.server.handle(new Request(address))
    const { interaction = '' } = seen.at(-1) ?? {}
    const callback = async () =>
      (await made.server.approve(interaction, { subject: claims })).headers.get('location') ?? ''
    const denied = async () => (await made.server.deny(interaction)).headers.get('location') ?? ''
    return { ...made, session, callback, denied, address }
  }

  test('leads over the browser to a credential', async () => {
    const { person, session, callback, address, sent } = await begun()
    expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({ client_id: 'wallet' })
    const pushed = sent.find(({ path }) => path.endsWith('/par'))
    expect(pushed?.body).toContain('code_challenge_method=S256')
    expect((await person.complete(session, await callback())).credentials).toMatchObject([
      { copies: 3 },
    ])
  })

  test('goes on from an offer', async () => {
    const { seen, authorize } = pages()
    const { person, server } = await world({ registry: { authorize }, client })
    const { link } = await server.createOffer({
      ...offered,
      grant: 'authorization_code',
      subject: { case: 7 },
    })
    const read = await person.readOffer(link)
    if (!read.verified) throw new Error('the offer was refused')
    const { url: address } = await person.authorize(read.offer)
    await server.handle(new Request(address))
    expect(seen).toMatchObject([{ issuerState: { case: 7 } }])
  })

  test.each<[string, (callback: string) => string]>([
    ['with another state', (to) => to.replace(/state=[^&]*/, 'state=x')],
    ['without state', (to) => to.replace(/state=[^&]*&?/, '')],
    ['from another server', (to) => to.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fother.example')],
    ['without saying from which server', (to) => to.replace(/&iss=[^&]*/, '')],
    ['to another address', (to) => to.replace('wallet.example', 'other.example')],
    ['without code', (to) => to.replace(/code=[^&]*&/, '')],
    ['with two codes', (to) => `${to}&code=x`],
  ])('ends when the browser comes back %s', async (_title, change) => {
    const { person, session, callback, wallet } = await begun()
    expect(await refusal(person.complete(session, change(await callback())))).toMatch(
      /^issuance.malformed/,
    )
    expect(await wallet.list()).toEqual([])
  })

  test('ends with a no', async () => {
    const { person, session, denied } = await begun()
    expect(await refusal(person.complete(session, await denied()))).toMatch(
      /^issuance.refused access_denied/,
    )
  })

  /** A registry and a wallet that do all that HAIP wants, but for how credentials are signed. */
  async function strictly(signed: (by: Signer) => Partial<IssuerServerOptions>) {
    const root = await make({ name: 'CN=Nation', ca: true })
    const metadataSigner = await certified('registry.example', root)
    const provider = await certified('provider.example', root)
    const keys = x509Attesters({ anchors: [root.der] })
    const instance = await keyPair()
    const x5c = { x5c: [...(provider.x5c ?? [])] }
    return begun({
      registry: {
        haip: true,
        ...signed(metadataSigner),
        metadataSigner,
        walletAttestation: { keys, required: true },
        keyAttesters: keys,
        configurations: {
          citizenship: {
            format: 'dc+sd-jwt',
            type: citizenship,
            signedWith: 'ES256',
            keyAttestation: { keyStorage: ['iso_18045_high'] },
          },
        },
      },
      client: {
        haip: true,
        clientId: 'https://wallet.example',
        metadataAnchors: [root.der],
        attestation: async () => ({
          jwt: await signJws(
            { typ: 'oauth-client-attestation+jwt', ...x5c },
            {
              sub: 'https://wallet.example',
              exp: seconds + 300,
              cnf: { jwk: instance.publicJwk as unknown as JsonObject },
            },
            provider,
          ),
          signer: instance.signer,
        }),
        keyAttestation: ({ keys: attested, nonce, keyStorage }) =>
          signJws(
            { typ: 'key-attestation+jwt', ...x5c },
            {
              iat: seconds,
              exp: seconds + 300,
              nonce,
              attested_keys: attested.map((each) => ({ ...each }) as unknown as JsonObject),
              key_storage: [...(keyStorage ?? [])],
            },
            provider,
          ),
      },
    })
  }

  const byCertificate = (signer: Signer): Partial<IssuerServerOptions> => {
    const { issue } = createIssuer({
      issuer: 'https://registry.example',
      types: { citizenship },
      formats: [sdJwtVc({ signer })],
      status: 'none',
      validityDays: 30,
      now: () => now,
    })
    return {
      issue: ({ subject, holders }) =>
        issue({
          format: 'dc+sd-jwt',
          type: 'citizenship',
          claims: subject as JsonObject,
          holders,
        }),
    }
  }

  test('is the whole of HAIP: attested wallet, attested keys, bound tokens, certificates', async () => {
    const { person, session, callback, wallet } = await strictly(byCertificate)
    expect((await person.complete(session, await callback())).credentials).toMatchObject([
      { copies: 3 },
    ])
    expect(await wallet.list()).toHaveLength(1)
  })

  test('gives nothing under HAIP that is signed without a certificate, and says so at home', async () => {
    const { person, session, callback, failures } = await strictly(() => ({}))
    expect(await refusal(person.complete(session, await callback()))).toMatch(
      'temporarily_unavailable',
    )
    expect(String(failures)).toMatch('HAIP: copies are signed by ES256 and have x5c')
  })
})

test('an issuance client is not made of what makes no sense', async () => {
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const right: IssuanceClientOptions = { wallet, fetch, issuers: 'any' }
  for (const change of [
    { wallet: undefined as never },
    { fetch: undefined as never },
    { issuers: undefined as never },
    { copies: 0 },
    { redirectUri },
    { haip: true as const, clientId: 'x' },
  ]) {
    expect(() => createIssuanceClient({ ...right, ...change })).toThrow(TypeError)
  }
})
