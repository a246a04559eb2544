import { type Json, type JsonObject, parseJson, toBase64url, utf8 } from '@asoba/core'
import { sameKey } from '@asoba/did'
import { parseJws } from '@asoba/jwt'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import { secret } from '../../../verifier/test/nation.ts'
import { createEncryptionKey, decryptJson, encryptJson } from '../../src/jwe.ts'
import {
  claims,
  codeOf,
  keyPair,
  now,
  offered,
  plainWallet,
  preAuthorizedCode,
  proof,
  registryOnTheWeb,
  url,
} from './world.ts'

type World = Awaited<ReturnType<typeof registryOnTheWeb>>

async function withToken(world: World, more: Partial<typeof offered> = {}) {
  const wallet = plainWallet(world.server)
  const { offer } = await world.server.createOffer({ ...offered, ...more })
  const { body } = await wallet.redeem(offer)
  return { wallet, token: body['access_token'] }
}

function payloadOf(sdJwt: string): JsonObject {
  const parsed = parseJws(sdJwt.split('~')[0])
  if (!parsed.verified || parsed.claims === undefined) throw new Error('not an SD-JWT')
  return parsed.claims
}

const byId = { credential_configuration_id: 'citizenship' }

describe('an offer', () => {
  test('carries all in its link', async () => {
    const { server } = await registryOnTheWeb()
    const { link, offer, expires } = await server.createOffer(offered)
    const text = new URL(link).searchParams.get('credential_offer') ?? ''
    expect(parseJson(text)).toEqual(offer)
    expect(offer).toMatchObject({
      credential_issuer: url,
      credential_configuration_ids: ['citizenship'],
    })
    expect(expires.getTime()).toBe(now.getTime() + 600_000)
  })

  test('is fetched by a short link, any number of times', async () => {
    const { server } = await registryOnTheWeb()
    const { link, offer } = await server.createOffer({ ...offered, by: 'reference' })
    const address = new URL(link).searchParams.get('credential_offer_uri') ?? ''
    const wallet = plainWallet(server)
    expect((await wallet.get(address)).body).toEqual(offer)
    expect((await wallet.get(address)).body).toEqual(offer)
    expect(
      (await wallet.get(`${address.slice(0, -1)}${address.endsWith('A') ? 'B' : 'A'}`)).status,
    ).toBe(404)
  })

  test('is not redeemed by the link that it was fetched by', async () => {
    const { server } = await registryOnTheWeb()
    const { link } = await server.createOffer({ ...offered, by: 'reference' })
    const id = new URL(new URL(link).searchParams.get('credential_offer_uri') ?? '').pathname
      .split('/')
      .at(-1)
    const form = { grant_type: preAuthorizedCode, 'pre-authorized_code': id ?? '' }
    expect((await plainWallet(server).token(form)).body['error']).toBe('invalid_grant')
  })

  test('tells nobody what it stands for, nor does the store', async () => {
    const kept: unknown[] = []
    const world = await registryOnTheWeb()
    const { offers } = world.options
    const { server } = await registryOnTheWeb({
      offers: {
        ...offers,
        put: async (...record) => {
          kept.push(record)
          return offers.put(...record)
        },
      },
    })
    const made = await server.createOffer({ ...offered, txCode: { length: 6 } })
    expect(kept).toHaveLength(1)
    expect(everythingIn(kept)).not.toContain(secret)
    expect(everythingIn(kept)).not.toContain(codeOf(made.offer))
    expect(everythingIn(kept)).not.toContain(made.txCode)
    expect(everythingIn([made.link, made.offer])).not.toContain(made.txCode)
  })

  test.each<[string, JsonObject]>([
    ['no configuration', { configurations: [] }],
    ['one twice', { configurations: ['citizenship', 'citizenship'] }],
    ['one that is not there', { configurations: ['passport'] }],
    ['a life without end', { lifetime: 1e9 }],
    ['a transaction code of one digit', { txCode: { length: 1 } }],
    ['the other flow where there is none', { grant: 'authorization_code' }],
  ])('is not made of %s', async (_title, change) => {
    const { server } = await registryOnTheWeb()
    await expect(server.createOffer({ ...offered, ...(change as object) })).rejects.toThrow(
      TypeError,
    )
  })
})

describe('a pre-authorised code', () => {
  test('becomes a token and a credential for the key that was proven', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const key = await keyPair()
    const jwt = await proof(await wallet.nonce(), { key })
    const { status, body } = await wallet.credential(token, { ...byId, proofs: { jwt: [jwt] } })
    expect(status).toBe(200)
    const [copy] = body['credentials'] as JsonObject[]
    expect(payloadOf(String(copy?.['credential']))['vct']).toBe(
      world.options.configurations['citizenship']?.type.vct,
    )
    const [{ holders = [], subject, renewal, deferred } = {}] = world.asked
    expect(subject).toEqual(claims)
    expect({ renewal, deferred }).toEqual({ renewal: false, deferred: false })
    const [holder] = holders
    expect(holder?.kind === 'jwk' && sameKey(holder.publicJwk, key.publicJwk)).toBe(true)
  })

  test('is used once', async () => {
    const { server } = await registryOnTheWeb()
    const { offer } = await server.createOffer(offered)
    const wallet = plainWallet(server)
    const answers = await Promise.all([
      wallet.redeem(offer),
      wallet.redeem(offer),
      wallet.redeem(offer),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  })

  test('dies with the fifth wrong transaction code, and the right one comes too late', async () => {
    const { server } = await registryOnTheWeb()
    const { offer, txCode = '' } = await server.createOffer({ ...offered, txCode: { length: 6 } })
    const wallet = plainWallet(server)
    const wrong = txCode === '000000' ? '111111' : '000000'
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => wallet.redeem(offer, { tx_code: wrong })),
    )
    const said = tries.map(({ body }) => body['error_description'])
    expect(said.filter((text) => text === 'the transaction code is wrong')).toHaveLength(5)
    expect((await wallet.redeem(offer, { tx_code: txCode })).body['error']).toBe('invalid_grant')
  })

  test('is good with the right transaction code after four wrong ones', async () => {
    const { server } = await registryOnTheWeb()
    const { offer, txCode = '' } = await server.createOffer({ ...offered, txCode: { length: 4 } })
    const wallet = plainWallet(server)
    for (let tries = 0; tries < 4; tries++) await wallet.redeem(offer, { tx_code: 'wrong' })
    expect((await wallet.redeem(offer, { tx_code: txCode })).status).toBe(200)
  })

  test.each<[string, Record<string, string>, 'none' | { length: number }, string]>([
    ['without the transaction code', {}, { length: 6 }, 'invalid_request'],
    ['with one that nobody asked for', { tx_code: '123456' }, 'none', 'invalid_request'],
    ['of another grant', { grant_type: 'password' }, 'none', 'unsupported_grant_type'],
    ['that nobody gave', { 'pre-authorized_code': 'x' }, 'none', 'invalid_grant'],
  ])('%s is refused', async (_title, more, txCode, error) => {
    const { server } = await registryOnTheWeb()
    const { offer } = await server.createOffer({ ...offered, txCode })
    const { status, body, headers } = await plainWallet(server).redeem(offer, more)
    expect([status, body['error']]).toEqual([400, error])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('gives tokens for less than was offered, by authorization_details', async () => {
    const { server } = await registryOnTheWeb()
    const { offer } = await server.createOffer({
      ...offered,
      configurations: ['citizenship', 'residency'],
    })
    const details = [{ type: 'openid_credential', credential_configuration_id: 'citizenship' }]
    const wallet = plainWallet(server)
    const { body } = await wallet.redeem(offer, { authorization_details: JSON.stringify(details) })
    expect(body['authorization_details']).toEqual([
      { ...details[0], credential_identifiers: ['citizenship'] },
    ])
    const token = body['access_token']
    const ask = async (more: JsonObject) =>
      (
        await wallet.credential(token, {
          ...more,
          proofs: { jwt: [await proof(await wallet.nonce())] },
        })
      ).body
    expect((await ask(byId))['error']).toBe('invalid_credential_request')
    expect((await ask({ credential_identifier: 'residency' }))['error']).toBe(
      'unknown_credential_identifier',
    )
    expect(await ask({ credential_identifier: 'citizenship' })).toHaveProperty('credentials')
  })

  test.each<[string, Json]>([
    [
      'more than was offered',
      [{ type: 'openid_credential', credential_configuration_id: 'residency' }],
    ],
    ['of another type', [{ type: 'payment', credential_configuration_id: 'citizenship' }]],
    ['for nobody', []],
    ['that are no array', { type: 'openid_credential' }],
  ])('is not spent on authorization_details %s', async (_title, details) => {
    const { server } = await registryOnTheWeb()
    const { offer } = await server.createOffer(offered)
    const wallet = plainWallet(server)
    const refused = await wallet.redeem(offer, { authorization_details: JSON.stringify(details) })
    expect(refused.body['error']).toBe('invalid_authorization_details')
    expect((await wallet.redeem(offer)).status).toBe(200)
  })
})

const stranger = await keyPair()
const ours = await createEncryptionKey()

describe('a credential request', () => {
  test('gives a batch: copies with keys, salts and status of their own', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const nonce = await wallet.nonce()
    const jwt = await Promise.all([1, 2, 3, 4].map(() => proof(nonce)))
    const { body } = await wallet.credential(token, { ...byId, proofs: { jwt } })
    const copies = (body['credentials'] as JsonObject[]).map(({ credential }) => String(credential))
    expect(copies).toHaveLength(4)
    const parts = copies.flatMap((copy) => {
      const { cnf, status } = payloadOf(copy)
      return [JSON.stringify(cnf), JSON.stringify(status), ...copy.split('~').slice(1, -1)]
    })
    expect(new Set(parts).size).toBe(parts.length)
  })

  type Change = (wallet: Awaited<ReturnType<typeof withToken>>['wallet']) => Promise<JsonObject>
  const proven = async (jwt: readonly string[]): Promise<JsonObject> => ({
    ...byId,
    proofs: { jwt: [...jwt] },
  })

  test.each<[string, string, Change]>([
    ['invalid nonce', 'invalid_nonce', async () => proven([await proof('AAAA')])],
    [
      'no nonce',
      'invalid_nonce',
      async () => proven([await proof('', { claims: { nonce: null } })]),
    ],
    ['missing proof', 'invalid_proof', async () => byId],
    ['empty proofs', 'invalid_proof', async () => ({ ...byId, proofs: { jwt: [] } })],
    [
      'two types of proof',
      'invalid_proof',
      async (w) => ({
        ...byId,
        proofs: { jwt: [await proof(await w.nonce())], attestation: ['x'] },
      }),
    ],
    [
      'a type of proof that nobody knows',
      'invalid_proof',
      async () => ({ ...byId, proofs: { di_vp: [{}] } }),
    ],
    [
      'a key attestation where none are taken',
      'invalid_proof',
      async () => ({ ...byId, proofs: { attestation: ['x'] } }),
    ],
    [
      'badly signed proof',
      'invalid_proof',
      async (w) => proven([await proof(await w.nonce(), { signer: stranger.signer })]),
    ],
    ['no JWT', 'invalid_proof', async () => proven(['a.b.c'])],
    [
      'another typ',
      'invalid_proof',
      async (w) => proven([await proof(await w.nonce(), { header: { typ: 'JWT' } })]),
    ],
    [
      'another audience',
      'invalid_proof',
      async (w) =>
        proven([await proof(await w.nonce(), { claims: { aud: 'https://other.example' } })]),
    ],
    [
      'audiences',
      'invalid_proof',
      async (w) => proven([await proof(await w.nonce(), { claims: { aud: [url] } })]),
    ],
    [
      'a proof of yesterday',
      'invalid_proof',
      async (w) =>
        proven([await proof(await w.nonce(), { claims: { iat: now.getTime() / 1000 - 86_400 } })]),
    ],
    [
      'a proof of tomorrow',
      'invalid_proof',
      async (w) =>
        proven([await proof(await w.nonce(), { claims: { iat: now.getTime() / 1000 + 86_400 } })]),
    ],
    [
      'no time',
      'invalid_proof',
      async (w) => proven([await proof(await w.nonce(), { claims: { iat: null } })]),
    ],
    [
      'both jwk and kid',
      'invalid_proof',
      async (w) => proven([await proof(await w.nonce(), { header: { kid: '0' } })]),
    ],
    [
      'a private key',
      'invalid_proof',
      async (w) =>
        proven([
          await proof(await w.nonce(), {
            header: { jwk: { ...stranger.privateJwk } },
            signer: stranger.signer,
          }),
        ]),
    ],
    [
      'a DID where there are none',
      'invalid_proof',
      async (w) =>
        proven([
          await proof(await w.nonce(), { header: { jwk: null, kid: 'did:web:x.example#0' } }),
        ]),
    ],
    [
      'one key for two copies',
      'invalid_proof',
      async (w) => {
        const nonce = await w.nonce()
        return proven([
          await proof(nonce, { key: stranger }),
          await proof(nonce, { key: stranger, claims: { jti: '2' } }),
        ])
      },
    ],
    [
      'more than a batch',
      'invalid_proof',
      async (w) => {
        const nonce = await w.nonce()
        return proven(await Promise.all([1, 2, 3, 4, 5].map(() => proof(nonce))))
      },
    ],
    [
      'one bad proof of two',
      'invalid_proof',
      async (w) => {
        const nonce = await w.nonce()
        return proven([await proof(nonce), await proof(nonce, { signer: stranger.signer })])
      },
    ],
    [
      'unknown configuration',
      'unknown_credential_configuration',
      async (w) => ({
        ...(await proven([await proof(await w.nonce())])),
        credential_configuration_id: 'passport',
      }),
    ],
    [
      'a configuration that was not offered',
      'unknown_credential_configuration',
      async (w) => ({
        ...(await proven([await proof(await w.nonce())])),
        credential_configuration_id: 'residency',
      }),
    ],
    [
      'an identifier where none were given',
      'invalid_credential_request',
      async () => ({ credential_identifier: 'citizenship' }),
    ],
    [
      'both',
      'invalid_credential_request',
      async () => ({ ...byId, credential_identifier: 'citizenship' }),
    ],
    ['neither', 'invalid_credential_request', async () => ({})],
    [
      'unsupported encryption',
      'invalid_encryption_parameters',
      async (w) => ({
        ...(await proven([await proof(await w.nonce())])),
        credential_response_encryption: { jwk: {}, enc: 'A256GCM' },
      }),
    ],
  ])('with %s is refused: %s', async (_title, error, change) => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const { status, body } = await wallet.credential(token, await change(wallet))
    expect([status, body['error']]).toEqual([400, error])
    expect(world.asked).toEqual([])
    expect(world.failures).toEqual([])
  })

  test('is told what is wrong with a proof that is no JWT of ours', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const made = await proof(await wallet.nonce())
    const [, payload, signature] = made.split('.')
    const under = (header: object): string =>
      [toBase64url(utf8(JSON.stringify(header))), payload, signature].join('.')
    const typ = 'openid4vci-proof+jwt'
    for (const [jwt, said] of [
      [under({ typ, alg: 'RS256' }), 'a proof is signed by an algorithm that is not supported'],
      [under({ typ, alg: 'PS256' }), 'a proof is signed by an algorithm that is not supported'],
      [under({ typ: 'JWT', alg: 'ES256' }), `a proof has another typ than ${typ}`],
      ['a.b.c', 'a proof is no JWT'],
      [7, 'a proof is no JWT'],
    ] as const) {
      expect((await wallet.credential(token, { ...byId, proofs: { jwt: [jwt] } })).body).toEqual({
        error: 'invalid_proof',
        error_description: said,
      })
    }
  })

  test('in the form of a draft is told so', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const jwt = await proof(await wallet.nonce())
    const draft13 = { ...byId, proof: { proof_type: 'jwt', jwt } }
    const draft11 = { format: 'vc+sd-jwt', vct: 'https://x.example', proofs: { jwt: [jwt] } }
    for (const [body, said] of [
      [draft13, /^proof instead of proofs .* draft/],
      [draft11, /^format instead of credential_configuration_id .* draft/],
    ] as const) {
      expect((await wallet.credential(token, body)).body).toMatchObject({
        error: 'invalid_credential_request',
        error_description: expect.stringMatching(said),
      })
    }
    // Nothing was used up by them.
    const { status } = await wallet.credential(token, { ...byId, proofs: { jwt: [jwt] } })
    expect(status).toBe(200)
  })

  test('with members that are null is one without them', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const { status } = await wallet.credential(token, {
      ...byId,
      credential_identifier: null,
      credential_response_encryption: null,
      proofs: { jwt: [await proof(await wallet.nonce())], attestation: null },
    })
    expect(status).toBe(200)
  })

  test('uses a nonce up, and only where all else is right', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const nonce = await wallet.nonce()
    const ask = async (jwt: string) =>
      (await wallet.credential(token, { ...byId, proofs: { jwt: [jwt] } })).body
    expect((await ask(await proof(nonce, { signer: stranger.signer })))['error']).toBe(
      'invalid_proof',
    )
    const right = await proof(nonce)
    expect(await ask(right)).toHaveProperty('credentials')
    expect((await ask(right))['error']).toBe('invalid_nonce')
    expect((await ask(await proof(nonce)))['error']).toBe('invalid_nonce')
  })

  test('is answered five times for one grant, so that a broken connection costs nothing', async () => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const seen: (string | undefined)[] = []
    for (let times = 0; times < 7; times++) {
      const jwt = [await proof(await wallet.nonce())]
      seen.push(
        (await wallet.credential(token, { ...byId, proofs: { jwt } })).body['error'] as string,
      )
    }
    const denied = 'credential_request_denied'
    expect(seen).toEqual([undefined, undefined, undefined, undefined, undefined, denied, denied])
    expect(world.asked).toHaveLength(5)
  })

  test('leaves marks for half an hour at most, where nothing is deferred', async () => {
    const ends: number[] = []
    const firstUse = async (_id: string, expires: Date): Promise<boolean> => {
      ends.push((expires.getTime() - now.getTime()) / 1000)
      return true
    }
    const { wallet, token } = await withToken(await registryOnTheWeb({ replay: { firstUse } }))
    const jwt = [await proof(await wallet.nonce())]
    await wallet.credential(token, { ...byId, proofs: { jwt } })
    expect(ends).toEqual([300, 1800])
  })

  test.each<[string, Record<string, string>, string, number]>([
    ['without a token', { authorization: '' }, '', 401],
    ['with one of another issuer', { authorization: 'Bearer abc' }, '', 401],
    ['with a token in the address', {}, '?access_token=x', 400],
    ['as DPoP with a token that is bound to no key', { authorization: 'DPoP TOKEN' }, '', 401],
  ])('%s is refused', async (_title, headers, query, expected) => {
    const world = await registryOnTheWeb()
    const { wallet, token } = await withToken(world)
    const { authorization } = headers
    const { status, headers: said } = await wallet.post(`/credential${query}`, '{}', {
      'content-type': 'application/json',
      authorization: (authorization ?? `Bearer ${String(token)}`).replace('TOKEN', String(token)),
    })
    expect(status).toBe(expected)
    if (status === 401) expect(said.get('www-authenticate')).toMatch(/Bearer.*DPoP/)
  })

  test('is refused when the token is too old, or any character of it another', async () => {
    let time = now
    const world = await registryOnTheWeb({ now: () => time })
    const { wallet, token } = await withToken(world)
    const text = String(token)
    for (const at of [0, 10, 60, text.length - 1]) {
      const other = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      expect((await wallet.credential(other, byId)).status).toBe(401)
    }
    time = new Date(now.getTime() + 901_000)
    expect((await wallet.credential(token, byId)).status).toBe(401)
  })

  test('finds nothing out where the issuer fails, and the issuer is told', async () => {
    const world = await registryOnTheWeb({
      issue: async () => {
        throw new Error(`no such person: ${secret}`)
      },
    })
    const { wallet, token } = await withToken(world)
    const jwt = [await proof(await wallet.nonce())]
    const { status, body } = await wallet.credential(token, { ...byId, proofs: { jwt } })
    expect(status).toBe(503)
    expect(everythingIn(body)).not.toContain(secret)
    expect(world.failures).toHaveLength(1)
  })

  test('may be denied', async () => {
    const world = await registryOnTheWeb({ issue: async () => 'denied' })
    const { wallet, token } = await withToken(world)
    const jwt = [await proof(await wallet.nonce())]
    const { body } = await wallet.credential(token, { ...byId, proofs: { jwt } })
    expect(body['error']).toBe('credential_request_denied')
  })
})

describe('what is deferred', () => {
  test('comes later, for the same keys, and its transaction ends', async () => {
    let ready = false
    const later = await registryOnTheWeb()
    const world = await registryOnTheWeb({
      issue: async (request) => (ready ? later.options.issue(request) : 'later'),
    })
    const { wallet, token } = await withToken(world)
    const jwt = [await proof(await wallet.nonce())]
    const first = await wallet.credential(token, { ...byId, proofs: { jwt } })
    expect([first.status, first.body['interval']]).toEqual([202, 60])
    const id = String(first.body['transaction_id'])
    const come = async (transaction_id: string, from = token) =>
      wallet.post('/deferred', JSON.stringify({ transaction_id }), {
        'content-type': 'application/json',
        authorization: `Bearer ${String(from)}`,
      })
    const again = await come(id)
    expect([again.status, again.body['transaction_id']]).toEqual([202, id])
    ready = true
    const got = await come(id)
    expect(got.status).toBe(200)
    expect(later.asked[0]).toMatchObject({ deferred: true, configuration: 'citizenship' })
    expect((await come(`${id}A`)).body['error']).toBe('invalid_transaction_id')
    const other = await withToken(world)
    expect((await come(id, other.token)).body['error']).toBe('invalid_transaction_id')
    for (let times = 1; times < 5; times++) expect((await come(id)).status).toBe(200)
    expect((await come(id)).body['error']).toBe('invalid_transaction_id')
  })
})

describe('encryption', () => {
  const encryptionKey = { ...ours.privateJwk, kid: ours.publicJwk.kid }

  test('hides a request and its answer', async () => {
    const world = await registryOnTheWeb({ encryptionKey, encryptedResponses: 'required' })
    const { wallet, token } = await withToken(world)
    const { jwks } = world.server.metadata['credential_request_encryption'] as unknown as {
      jwks: { keys: [typeof ours.publicJwk] }
    }
    const theirs = await createEncryptionKey()
    const body = {
      ...byId,
      proofs: { jwt: [await proof(await wallet.nonce())] },
      credential_response_encryption: {
        jwk: { ...theirs.publicJwk } as unknown as JsonObject,
        enc: 'A128GCM',
      },
    }
    const jwe = await encryptJson(body, { publicJwk: jwks.keys[0], enc: 'A256GCM' })
    const answer = await wallet.credential(token, jwe)
    expect(answer.headers.get('content-type')).toBe('application/jwt')
    const text = String(answer.body['text'])
    expect(await decryptJson(text, theirs.privateJwk, { maxLength: 100_000 })).toHaveProperty(
      'credentials',
    )
  })

  test.each<[string, (theirs: JsonObject) => JsonObject | undefined, boolean]>([
    [
      'where it is demanded and the request is in the clear',
      (jwk) => ({ jwk, enc: 'A256GCM' }),
      false,
    ],
    ['where the answer is not to be encrypted', () => undefined, true],
    ['with another enc', (jwk) => ({ jwk, enc: 'A192GCM' }), true],
    ['with compression', (jwk) => ({ jwk, enc: 'A256GCM', zip: 'DEF' }), true],
    ['with a key that has no alg', ({ alg: _, ...jwk }) => ({ jwk, enc: 'A256GCM' }), true],
    ['with a private key', (jwk) => ({ jwk: { ...jwk, d: 'AAAA' }, enc: 'A256GCM' }), true],
  ])('is refused %s', async (_title, change, encrypt) => {
    const world = await registryOnTheWeb({ encryptionKey, encryptedResponses: 'required' })
    const { wallet, token } = await withToken(world)
    const theirs = await createEncryptionKey()
    const parameters = change({ ...theirs.publicJwk } as unknown as JsonObject)
    const body = { ...byId, ...(parameters && { credential_response_encryption: parameters }) }
    const sent = encrypt
      ? await encryptJson(body, { publicJwk: ours.publicJwk, enc: 'A256GCM' })
      : body
    expect((await wallet.credential(token, sent)).body['error']).toBe(
      'invalid_encryption_parameters',
    )
  })
})
