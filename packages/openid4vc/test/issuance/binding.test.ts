import type { JsonObject } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { make } from '../../../jwt/test/certificates.ts'
import { type AttesterKeys, type IssuerServerOptions, x509Attesters } from '../../src/issuer.ts'
import { certified } from '../presentation/world.ts'
import {
  citizenship,
  dpop,
  keyPair,
  now,
  offered,
  plainWallet,
  proof,
  registryOnTheWeb,
  url,
} from './world.ts'

const seconds = Math.floor(now.getTime() / 1000)
const byId = { credential_configuration_id: 'citizenship' }

describe('DPoP', () => {
  async function world(change: Partial<IssuerServerOptions> = {}) {
    const registry = await registryOnTheWeb({ dpop: 'required', ...change })
    const wallet = plainWallet(registry.server)
    const nonceOf = async () => (await wallet.post('/nonce', '')).headers.get('dpop-nonce') ?? ''
    const { offer } = await registry.server.createOffer(offered)
    const redeem = (proven: string) => wallet.redeem(offer, {}, { dpop: proven })
    return { ...registry, wallet, nonceOf, redeem, offer }
  }

  test('binds tokens to a key, from the first nonce to the credential', async () => {
    const { wallet, redeem } = await world()
    const key = await keyPair()
    const first = await redeem(await dpop(key, { at: '/token' }))
    expect(first.body['error']).toBe('use_dpop_nonce')
    const nonce = first.headers.get('dpop-nonce') ?? ''
    const { body, headers } = await redeem(await dpop(key, { at: '/token', nonce }))
    expect(body['token_type']).toBe('DPoP')
    const token = String(body['access_token'])
    const next = headers.get('dpop-nonce') ?? ''
    const jwt = [await proof(await wallet.nonce())]
    const ask = async (proven: string, scheme = 'DPoP') =>
      wallet.credential(
        token,
        { ...byId, proofs: { jwt } },
        { authorization: `${scheme} ${token}`, dpop: proven },
      )
    const at = '/credential'
    expect((await ask(await dpop(key, { at, nonce: next, token }), 'Bearer')).status).toBe(401)
    expect((await ask(await dpop(await keyPair(), { at, nonce: next, token }))).status).toBe(401)
    expect((await ask(await dpop(key, { at, nonce: next }))).status).toBe(401)
    expect((await ask(await dpop(key, { at, nonce: next, token: 'other' }))).status).toBe(401)
    const old = await ask(await dpop(key, { at, token }))
    expect(old.headers.get('www-authenticate')).toContain('use_dpop_nonce')
    expect(old.headers.get('dpop-nonce')).toBeTruthy()
    expect((await ask(await dpop(key, { at, nonce: next, token }))).status).toBe(200)
  })

  test('is demanded where it is', async () => {
    const { wallet, offer } = await world()
    expect((await wallet.redeem(offer)).body['error']).toBe('invalid_dpop_proof')
  })

  test.each<[string, (key: Awaited<ReturnType<typeof keyPair>>, nonce: string) => Promise<string>]>(
    [
      ['for another address', (key, nonce) => dpop(key, { at: '/par', nonce })],
      ['without jti', (key, nonce) => dpop(key, { at: '/token', nonce, jti: '' })],
      [
        'by another key',
        async (key, nonce) =>
          dpop({ ...key, signer: (await keyPair()).signer }, { at: '/token', nonce }),
      ],
      [
        'over since an hour',
        (key, nonce) => dpop(key, { at: '/token', nonce, times: { exp: -3600 } }),
      ],
      ['not valid yet', (key, nonce) => dpop(key, { at: '/token', nonce, times: { nbf: 3600 } })],
      ['that is no JWS', async () => 'a.b.c'],
      [
        'two of them',
        async (key, nonce) =>
          `${await dpop(key, { at: '/token', nonce })}, ${await dpop(key, { at: '/token', nonce })}`,
      ],
    ],
  )('%s is refused, and the code lives', async (_title, wrong) => {
    const { redeem, nonceOf } = await world()
    const key = await keyPair()
    const nonce = await nonceOf()
    expect((await redeem(await wrong(key, nonce))).body['error']).toBe('invalid_dpop_proof')
    expect((await redeem(await dpop(key, { at: '/token', nonce }))).status).toBe(200)
  })

  test('with times that are met is taken', async () => {
    const { redeem, nonceOf } = await world()
    const times = { exp: 300, nbf: -300 }
    const proven = await dpop(await keyPair(), { at: '/token', nonce: await nonceOf(), times })
    expect((await redeem(proven)).status).toBe(200)
  })

  test('is not taken twice', async () => {
    const { wallet, server, nonceOf } = await world()
    const key = await keyPair()
    const proven = await dpop(key, { at: '/token', nonce: await nonceOf() })
    const redeem = async () =>
      wallet.redeem((await server.createOffer(offered)).offer, {}, { dpop: proven })
    expect((await redeem()).status).toBe(200)
    expect((await redeem()).body['error_description']).toContain('used before')
  })
})

const root = await make({ name: 'CN=Provider', ca: true })
const stranger = await make({ name: 'CN=Stranger', ca: true })
const attesters = x509Attesters({ anchors: [root.der] })
const provider = await certified('provider.example', root)
const imposter = await certified('provider.example', stranger)

describe('wallet attestation', () => {
  interface Change {
    readonly by?: typeof provider
    readonly attestation?: JsonObject
    readonly header?: JsonObject
    readonly pop?: JsonObject
    readonly popKey?: Awaited<ReturnType<typeof keyPair>>
    readonly popHeader?: JsonObject
  }

  async function headers(change: Change = {}): Promise<Record<string, string>> {
    const instance = await keyPair()
    const { by = provider, attestation, header, pop, popKey = instance, popHeader } = change
    const x5c = by.x5c === undefined ? {} : { x5c: [...by.x5c] }
    return {
      'oauth-client-attestation': await signJws(
        { typ: 'oauth-client-attestation+jwt', ...x5c, ...header },
        {
          sub: 'https://wallet.example',
          exp: seconds + 3600,
          cnf: { jwk: instance.publicJwk as unknown as JsonObject },
          ...attestation,
        },
        by,
      ),
      'oauth-client-attestation-pop': await signJws(
        { typ: 'oauth-client-attestation-pop+jwt', ...popHeader },
        { aud: url, iat: seconds, jti: crypto.randomUUID(), ...pop },
        popKey.signer,
      ),
    }
  }

  const demanding = { walletAttestation: { keys: attesters, required: true } } as const

  test('lets a wallet in', async () => {
    const { server } = await registryOnTheWeb(demanding)
    const { offer } = await server.createOffer(offered)
    expect((await plainWallet(server).redeem(offer, {}, await headers())).status).toBe(200)
  })

  test.each<[string, () => Promise<Record<string, string>>, Record<string, string>?]>([
    ['is missing', async () => ({})],
    [
      'has no proof of possession',
      async () => ({
        'oauth-client-attestation': (await headers())['oauth-client-attestation'] ?? '',
      }),
    ],
    ['is signed by nobody trusted', async () => headers({ by: imposter })],
    ['has expired', async () => headers({ attestation: { exp: seconds - 1 } })],
    ['never expires', async () => headers({ attestation: { exp: null } })],
    ['begins tomorrow', async () => headers({ attestation: { nbf: seconds + 86_400 } })],
    ['is for another client', async () => headers(), { client_id: 'other' }],
    ['names no client', async () => headers({ attestation: { sub: null } })],
    ['confirms no key', async () => headers({ attestation: { cnf: {} } })],
    ['is of another typ', async () => headers({ header: { typ: 'JWT' } })],
    ['is proven by another key', async () => headers({ popKey: await keyPair() })],
    [
      'is proven for another server',
      async () => headers({ pop: { aud: 'https://other.example' } }),
    ],
    [
      'is proven for several servers',
      async () => headers({ pop: { aud: [url, 'https://other.example'] } }),
    ],
    ['is proven long ago', async () => headers({ pop: { iat: seconds - 3600 } })],
    ['is proven tomorrow', async () => headers({ pop: { iat: seconds + 3600 } })],
    ['is proven without jti', async () => headers({ pop: { jti: null } })],
    ['is proven by another issuer', async () => headers({ pop: { iss: 'other' } })],
    ['is proven with another typ', async () => headers({ popHeader: { typ: 'JWT' } })],
  ])('is refused when it %s', async (_title, made, form = {}) => {
    const { server } = await registryOnTheWeb(demanding)
    const { offer } = await server.createOffer(offered)
    const wallet = plainWallet(server)
    const { status, body } = await wallet.redeem(offer, form, await made())
    expect([status, body['error']]).toEqual([401, 'invalid_client'])
    expect((await wallet.redeem(offer, {}, await headers())).status).toBe(200)
  })

  test('is proven anew for every request', async () => {
    const { server } = await registryOnTheWeb(demanding)
    const wallet = plainWallet(server)
    const same = await headers()
    expect((await wallet.redeem((await server.createOffer(offered)).offer, {}, same)).status).toBe(
      200,
    )
    expect((await wallet.redeem((await server.createOffer(offered)).offer, {}, same)).status).toBe(
      401,
    )
  })

  test('is proven with a challenge of the server, where the wallet fetched one', async () => {
    let time = now
    const { server } = await registryOnTheWeb({ ...demanding, now: () => time })
    const wallet = plainWallet(server)
    expect(server.authorizationServerMetadata['challenge_endpoint']).toBe(`${url}/challenge`)
    const challenge = String((await wallet.post('/challenge', '')).body['attestation_challenge'])
    const redeem = async (pop: JsonObject) =>
      wallet.redeem((await server.createOffer(offered)).offer, {}, await headers({ pop }))
    expect((await redeem({ challenge })).status).toBe(200)
    for (const wrong of [`${challenge.slice(0, -1)}!`, 'AAAA', 7, null, await wallet.nonce()]) {
      const refused = await redeem({ challenge: wrong })
      expect([refused.status, refused.body['error']]).toEqual([400, 'use_attestation_challenge'])
      const fresh = refused.headers.get('oauth-client-attestation-challenge')
      expect((await redeem({ challenge: fresh })).status).toBe(200)
    }
    time = new Date(now.getTime() + 301_000)
    const late = { challenge, iat: seconds + 301 }
    expect((await redeem(late)).body['error']).toBe('use_attestation_challenge')
  })

  test('has no challenges where no attestation is taken', async () => {
    const { server } = await registryOnTheWeb()
    expect(server.authorizationServerMetadata).not.toHaveProperty('challenge_endpoint')
    expect((await plainWallet(server).post('/challenge', '')).status).toBe(404)
  })

  test('is judged also where it is not demanded', async () => {
    const { server } = await registryOnTheWeb({
      walletAttestation: { keys: attesters, required: false },
    })
    const wallet = plainWallet(server)
    const { offer } = await server.createOffer(offered)
    expect((await wallet.redeem(offer, {}, await headers({ by: imposter }))).status).toBe(401)
    expect((await wallet.redeem(offer)).status).toBe(200)
  })
})

const key = await keyPair()

describe('key attestation', () => {
  const configurations = {
    citizenship: {
      format: 'dc+sd-jwt',
      type: citizenship,
      signedWith: 'ES256',
      keyAttestation: { keyStorage: ['iso_18045_high'] },
    },
  } as const

  async function attestation(
    keys: readonly JsonObject[],
    change: JsonObject = {},
    by = provider,
    typ = 'key-attestation+jwt',
  ): Promise<string> {
    const x5c = by.x5c === undefined ? {} : { x5c: [...by.x5c] }
    return signJws(
      { typ, ...x5c },
      {
        iat: seconds,
        exp: seconds + 3600,
        attested_keys: [...keys],
        key_storage: ['iso_18045_high'],
        ...change,
      },
      by,
    )
  }

  async function world(keyAttesters: AttesterKeys = attesters) {
    const registry = await registryOnTheWeb({ configurations, keyAttesters })
    const wallet = plainWallet(registry.server)
    const { offer } = await registry.server.createOffer(offered)
    const token = (await wallet.redeem(offer)).body['access_token']
    const ask = (proofs: JsonObject) => wallet.credential(token, { ...byId, proofs })
    return { ...registry, wallet, ask }
  }
  const jwkOf = (key: Awaited<ReturnType<typeof keyPair>>) => key.publicJwk as unknown as JsonObject

  test('in a proof gives a copy for every key that is attested', async () => {
    const { wallet, ask, asked } = await world()
    const [one, two] = [await keyPair(), await keyPair()]
    const nonce = await wallet.nonce()
    const header = { key_attestation: await attestation([jwkOf(one), jwkOf(two)], { nonce }) }
    const { status, body } = await ask({ jwt: [await proof(nonce, { key: two, header })] })
    expect(status).toBe(200)
    expect(body['credentials']).toHaveLength(2)
    expect(asked[0]?.holders).toHaveLength(2)
  })

  test('names the key of a proof by kid', async () => {
    const { wallet, ask } = await world()
    const key = await keyPair()
    const nonce = await wallet.nonce()
    const header = {
      jwk: undefined as never,
      kid: '0',
      key_attestation: await attestation([jwkOf(key)], { nonce }),
    }
    expect((await ask({ jwt: [await proof(nonce, { key, header })] })).status).toBe(200)
  })

  test('alone is proof enough', async () => {
    const { wallet, ask } = await world()
    const nonce = await wallet.nonce()
    const made = await attestation([jwkOf(await keyPair())], { nonce, exp: null })
    expect((await ask({ attestation: [made] })).body['error']).toBe('invalid_proof')
    expect((await ask({ attestation: [] })).body['error']).toBe('invalid_proof')
    const right = await attestation([jwkOf(await keyPair())], { nonce })
    expect((await ask({ attestation: [right] })).status).toBe(200)
    expect((await ask({ attestation: [right] })).body['error']).toBe('invalid_nonce')
  })

  test('may come where it is not demanded, and need not', async () => {
    const { server } = await registryOnTheWeb({ keyAttesters: attesters })
    const wallet = plainWallet(server)
    const token = (await wallet.redeem((await server.createOffer(offered)).offer)).body[
      'access_token'
    ]
    const ask = async (proofs: JsonObject) =>
      (await wallet.credential(token, { ...byId, proofs })).status
    const nonce = await wallet.nonce()
    const [one, two] = [await keyPair(), await keyPair()]
    const header = {
      jwk: undefined as never,
      kid: '0',
      key_attestation: await attestation([jwkOf(one)], { nonce }),
    }
    expect(await ask({ jwt: [await proof(nonce, { key: one, header })] })).toBe(200)
    const other = await wallet.nonce()
    expect(await ask({ attestation: [await attestation([jwkOf(two)], { nonce: other })] })).toBe(
      200,
    )
    expect(await ask({ jwt: [await proof(await wallet.nonce())] })).toBe(200)
  })

  test('is said not to be taken where it is not', async () => {
    const { server } = await registryOnTheWeb()
    const wallet = plainWallet(server)
    const token = (await wallet.redeem((await server.createOffer(offered)).offer)).body[
      'access_token'
    ]
    const nonce = await wallet.nonce()
    const key = await keyPair()
    const made = await attestation([jwkOf(key)], { nonce })
    const header = { jwk: undefined as never, kid: '0', key_attestation: made }
    for (const proofs of [
      { attestation: [made] },
      { jwt: [await proof(nonce, { key, header })] },
    ] as readonly JsonObject[]) {
      expect((await wallet.credential(token, { ...byId, proofs })).body).toMatchObject({
        error: 'invalid_proof',
        error_description: expect.stringMatching(/key attestations are not taken here/),
      })
    }
  })

  test('is demanded where it is', async () => {
    const { wallet, ask } = await world()
    expect((await ask({ jwt: [await proof(await wallet.nonce())] })).body['error']).toBe(
      'invalid_proof',
    )
  })

  const keys = [jwkOf(key)]
  test.each<[string, string, (nonce: string) => Promise<string>]>([
    ['by nobody trusted', 'invalid_proof', (nonce) => attestation(keys, { nonce }, imposter)],
    [
      'of a level too low',
      'invalid_proof',
      (nonce) => attestation(keys, { nonce, key_storage: ['iso_18045_basic'] }),
    ],
    ['of no level', 'invalid_proof', (nonce) => attestation(keys, { nonce, key_storage: null })],
    [
      'that has expired',
      'invalid_proof',
      (nonce) => attestation(keys, { nonce, exp: seconds - 1 }),
    ],
    [
      'of tomorrow',
      'invalid_proof',
      (nonce) => attestation(keys, { nonce, iat: seconds + 86_400 }),
    ],
    ['without time', 'invalid_proof', (nonce) => attestation(keys, { nonce, iat: null })],
    ['without keys', 'invalid_proof', (nonce) => attestation([], { nonce })],
    ['of another typ', 'invalid_proof', (nonce) => attestation(keys, { nonce }, provider, 'JWT')],
    [
      'of other keys',
      'invalid_proof',
      async (nonce) => attestation([jwkOf(await keyPair())], { nonce }),
    ],
    [
      'with a private key',
      'invalid_proof',
      (nonce) => attestation([{ ...key.privateJwk } as unknown as JsonObject], { nonce }),
    ],
    [
      'of more keys than a batch has',
      'invalid_proof',
      async (nonce) => attestation([...keys, ...keys, ...keys, ...keys, ...keys], { nonce }),
    ],
    ['of one key twice', 'invalid_proof', (nonce) => attestation([...keys, ...keys], { nonce })],
    ['without nonce', 'invalid_nonce', () => attestation(keys)],
    ['with a nonce of somebody else', 'invalid_nonce', () => attestation(keys, { nonce: 'AAAA' })],
  ])('%s is refused: %s', async (_title, error, made) => {
    const { wallet, ask, asked } = await world()
    const nonce = await wallet.nonce()
    const header = { key_attestation: await made(nonce) }
    const { status, body } = await ask({ jwt: [await proof(nonce, { key, header })] })
    expect([status, body['error']]).toEqual([400, error])
    expect(asked).toEqual([])
  })
})

describe('notification', () => {
  test('says what became of which status entries, and keeps none', async () => {
    const events: unknown[] = []
    const { server } = await registryOnTheWeb({
      notified: async (event) => void events.push(event),
    })
    const wallet = plainWallet(server)
    const token = (await wallet.redeem((await server.createOffer(offered)).offer)).body[
      'access_token'
    ]
    const jwt = [await proof(await wallet.nonce())]
    const { body } = await wallet.credential(token, { ...byId, proofs: { jwt } })
    const tell = (content: JsonObject, from = token) =>
      wallet.post('/notification', JSON.stringify(content), {
        'content-type': 'application/json',
        authorization: `Bearer ${String(from)}`,
      })
    const { notification_id } = body as { notification_id: string }
    expect((await tell({ notification_id, event: 'credential_deleted' })).status).toBe(204)
    expect(events).toEqual([
      {
        event: 'credential_deleted',
        configuration: 'citizenship',
        status: [expect.objectContaining({ kind: 'token-status-list' })],
      },
    ])
    expect((await tell({ notification_id, event: 'eaten' })).body['error']).toBe(
      'invalid_notification_request',
    )
    expect((await tell({ event: 'credential_accepted' })).body['error']).toBe(
      'invalid_notification_request',
    )
    expect((await tell({ notification_id: 'x', event: 'credential_accepted' })).body['error']).toBe(
      'invalid_notification_id',
    )
    expect((await tell({ notification_id, event: 'credential_accepted' }, 'x')).status).toBe(401)
    expect(events).toHaveLength(1)
  })
})
