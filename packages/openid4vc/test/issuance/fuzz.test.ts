import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secret } from '../../../verifier/test/nation.ts'
import { createEncryptionKey } from '../../src/jwe.ts'
import { keyPair, offered, plainWallet, proof, registryOnTheWeb, url } from './world.ts'

const key = await createEncryptionKey()
const paths = [
  '/token',
  '/par',
  '/authorize',
  '/nonce',
  '/credential',
  '/deferred',
  '/notification',
  '/offer/x',
]

/** Everything on, and a token that is good. */
async function world() {
  const registry = await registryOnTheWeb({
    authorize: async () => new Response('a page'),
    notified: async () => undefined,
    encryptionKey: { ...key.privateJwk, kid: key.publicJwk.kid },
    refreshLifetime: 3600,
  })
  const wallet = plainWallet(registry.server)
  const { offer } = await registry.server.createOffer(offered)
  const { body } = await wallet.redeem(offer)
  return { ...registry, wallet, token: String(body['access_token']) }
}

describe('whatever comes', () => {
  test('is answered, never with a success that nobody earned, and nothing fails here', async () => {
    const { server, token, asked, failures } = await world()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.constantFrom(
          'application/json',
          'application/jwt',
          'application/x-www-form-urlencoded',
          'text/plain',
        ),
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }),
          fc
            .dictionary(
              fc.constantFrom(
                'grant_type',
                'pre-authorized_code',
                'proofs',
                'client_id',
                'code',
                'request_uri',
                'transaction_id',
                'credential_configuration_id',
                'authorization_details',
                'credential_response_encryption',
              ),
              fc.oneof(fc.string(), fc.json(), fc.constant(token)),
            )
            .map((parameters) => String(new URLSearchParams(parameters))),
        ),
        fc.constantFrom(`Bearer ${token}`, `DPoP ${token}`, 'Basic x', ''),
        async (path, type, body, authorization) => {
          const headers = { 'content-type': type, authorization, dpop: 'a.b.c' }
          const answer = await server.handle(
            new Request(url + path, { method: 'POST', headers, body }),
          )
          expect(answer.status === 405 || answer.status < 500).toBe(true)
          if (path !== '/nonce') expect(answer.status).toBeGreaterThanOrEqual(400)
        },
      ),
      { numRuns: 200 },
    )
    expect(asked).toEqual([])
    expect(failures).toEqual([])
  })

  test('of JSON as a credential request is judged', async () => {
    const { wallet, token, asked, failures } = await world()
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            credential_configuration_id: fc.constantFrom('citizenship', 'x', '__proto__'),
            proofs: fc.oneof(
              fc.jsonValue(),
              fc.record({ jwt: fc.array(fc.oneof(fc.jsonValue(), fc.constant('e30.e30.AA'))) }),
              fc.record({ attestation: fc.jsonValue() }),
            ),
            credential_response_encryption: fc.jsonValue(),
          },
          { requiredKeys: ['credential_configuration_id'] },
        ),
        async (body) => {
          expect(
            (
              await wallet.credential(token, JSON.stringify(body), {
                'content-type': 'application/json',
              })
            ).status,
          ).toBe(400)
        },
      ),
      { numRuns: 200 },
    )
    expect(asked).toEqual([])
    expect(failures).toEqual([])
  })

  test('with one character of a proof another is refused', async () => {
    const { wallet, token, asked } = await world()
    const right = await proof(await wallet.nonce(), { key: await keyPair() })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(right.length - 1),
        fc.constantFrom('A', 'B', '_', '.'),
        async (at, other) => {
          fc.pre(right[at] !== other)
          const jwt = [right.slice(0, at) + other + right.slice(at + 1)]
          const { status } = await wallet.credential(token, {
            credential_configuration_id: 'citizenship',
            proofs: { jwt },
          })
          expect(status).toBe(400)
        },
      ),
      { numRuns: 150 },
    )
    expect(asked).toEqual([])
  })

  test('too long is not read to its end', async () => {
    const { server, token } = await world()
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        if (pulled > 1000) controller.close()
        else controller.enqueue(new Uint8Array(65_536).fill(32))
      },
    })
    const request = new Request(`${url}/credential`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...{ duplex: 'half' },
    })
    expect((await server.handle(request)).status).toBe(400)
    expect(pulled).toBeLessThan(20)
  })
})

test('no answer, and nothing that is kept, holds a claim, a token or a code', async () => {
  const kept: unknown[] = []
  const base = await registryOnTheWeb()
  const { offers, replay } = base.options
  const { server } = await registryOnTheWeb({
    offers: {
      ...offers,
      put: async (...record) => {
        kept.push(record)
        return offers.put(...record)
      },
    },
    replay: {
      firstUse: async (...mark) => {
        kept.push(mark)
        return replay.firstUse(...mark)
      },
    },
  })
  const wallet = plainWallet(server)
  const { offer, txCode = '' } = await server.createOffer({ ...offered, txCode: { length: 8 } })
  const wrong = await wallet.redeem(offer, { tx_code: '1' })
  const { body } = await wallet.redeem(offer, { tx_code: txCode })
  const token = String(body['access_token'])
  const nonce = await wallet.nonce()
  const jwt = [await proof(nonce)]
  const asked = { credential_configuration_id: 'citizenship', proofs: { jwt } }
  await wallet.credential(token, asked)
  const again = await wallet.credential(token, asked)
  const text = everythingIn([kept, wrong, again])
  for (const planted of [secret, txCode, token, nonce, jwt[0] ?? ''])
    expect(text).not.toContain(planted)
  expect(everythingIn([body, offer])).not.toContain(secret)
})
