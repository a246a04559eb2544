import { type CredentialFormat, isJsonObject, type Signer, serviceScope } from '@asoba/core'
import { ecdsaJcs2019, ecdsaSd2023, ldpVc } from '@asoba/data-integrity'
import { compiledProcessor } from '@asoba/data-integrity/compiled'
import { vcJwt } from '@asoba/jwt'
import { jwtVcV1 } from '@asoba/jwt/v1'
import { createVerifier, type QueryInput } from '@asoba/verifier'
import { createWallet, type Wallet } from '@asoba/wallet'
import { describe, expect, test } from 'vitest'
import * as bbs from '../../../bbs/test/format/nation.ts'
import { citizenship, clinicOptions, createRegistry } from '../../../verifier/test/nation.ts'
import type { IncomingRequest } from '../../src/wallet.ts'
import { answer, citizen, clinicOnTheWeb, codeIn, codes, now } from './world.ts'

const processor = compiledProcessor({
  contexts: [citizenship].map(({ context: { url, bytes } }) => ({
    url,
    document: JSON.parse(new TextDecoder().decode(bytes)) as never,
  })),
})

type MakeFormat = (options: { readonly signer?: Signer }) => CredentialFormat
const formats: readonly (readonly [string, MakeFormat])[] = [
  ['jwt_vc_json', jwtVcV1],
  ['vc+jwt', vcJwt],
  ['ldp_vc/ecdsa-jcs-2019', (options) => ldpVc({ suite: ecdsaJcs2019(), ...options })],
  ['ldp_vc/ecdsa-sd-2023', (options) => ldpVc({ suite: ecdsaSd2023(processor), ...options })],
]

const queryOf = (format: string): QueryInput => ({
  credentials: [
    {
      id: 'citizen',
      format: format.split('/')[0] ?? '',
      meta: { type_values: [['VerifiableCredential', citizenship.vcdmType]] },
      claims: [{ path: ['credentialSubject', 'citizen'], values: [true] }],
    },
  ],
})

/** A wallet with one credential of a format, and who asks for it. */
async function together(name: string, make: MakeFormat) {
  const registry = await createRegistry(make)
  const wallet = createWallet({ formats: [make({})], now: () => now })
  const [holder] = await wallet.prepare({ format: name, count: 1 })
  const issued = await registry.issue({ status: undefined, ...(holder && { holder }) })
  await wallet.receive(issued.wire)
  const options = await clinicOptions(registry)
  const policy = { citizenship: 'none-issued', residency: 'none-issued' } as const
  const status = { source: await registry.source(), policy }
  const verifier = createVerifier({ ...options, formats: [make({})], status })
  return { wallet, ...(await clinicOnTheWeb({ verifier })) }
}

describe.each(formats)('%s', (name, make) => {
  test('is asked for and answered by link and by page', async () => {
    const query = queryOf(name)
    const { wallet, server } = await together(name, make)
    const { link, transaction } = await server.begin({ flow: 'same-device', query })
    const { client } = await citizen(server, { wallet })
    const responseCode = codeIn(await answer(client, link))
    const collected = await server.collect({ transaction, responseCode, query })
    expect(collected).toMatchObject({
      status: 'answered',
      result: {
        verified: true,
        claims: { citizen: { citizen: true } },
        credentials: { citizen: [{ format: name, holder: { kind: 'subject', proven: true } }] },
      },
    })

    const again = await together(name, make)
    const { request, ...page } = await again.server.begin({ flow: 'dc-api', query })
    const other = await citizen(again.server, { wallet: again.wallet })
    const requests = [request]
    const sent = await answer(other.client, { origin: 'https://clinic.example', requests })
    const response = sent.kind === 'dc-api' ? sent.data : undefined
    const { transaction: own } = page
    expect(await again.server.collect({ transaction: own, response })).toMatchObject({
      result: { verified: true },
    })
  })
})

describe('bbs-2023', () => {
  const registry = bbs.createRegistry()
  const query = bbs.queryFor(['citizen'])
  const formats = { ldp_vc: { cryptosuite_values: ['bbs-2023'] } }
  const clinic = () =>
    clinicOnTheWeb({ verifier: bbs.verifierOf(registry), formats, now: () => bbs.now })
  const person = async (server: Parameters<typeof citizen>[0], wallet?: Wallet) =>
    citizen(server, { wallet: wallet ?? (await registry.walletOf()), now: () => bbs.now })

  test('travels as a bare derived credential, bound to the request by its header', async () => {
    for (const encrypted of [true, false]) {
      const { server } = await clinic()
      const { link, transaction } = await server.begin({ flow: 'same-device', query, encrypted })
      const { client, sent } = await person(server)
      const responseCode = codeIn(await answer(client, link))
      const { body = '' } = sent.at(-1) ?? {}
      if (!encrypted) {
        const shown = JSON.parse(new URLSearchParams(body).get('vp_token') ?? '') as {
          citizen: { proof: object }[]
        }
        expect(shown.citizen[0]).toMatchObject({ proof: { cryptosuite: 'bbs-2023' } })
      }
      const collected = await server.collect({ transaction, responseCode, query })
      if (collected.status !== 'answered' || !collected.result.verified) {
        throw new Error(JSON.stringify(collected))
      }
      expect(collected.result.claims).toEqual({ citizen: { citizen: true } })
      expect(collected.result.pseudonyms).toEqual({ citizen: expect.any(String) })
    }
  })

  test('by page is bound to the origin', async () => {
    const { server } = await clinic()
    const { request, transaction } = await server.begin({ flow: 'dc-api', query })
    const { client } = await person(server)
    const origin = 'https://clinic.example'
    const reading = await client.readRequest({ origin, requests: [request] })
    if (!reading.verified) throw new Error('refused')
    const [match] = await client.match(reading.incoming)
    if (match === undefined) throw new Error('no match')
    expect(match.pseudonyms).toEqual([
      { query: 'citizen', scope: serviceScope(`origin:${origin}`) },
    ])
    const sent = await client.respond(reading.incoming, match)
    const response = sent.kind === 'dc-api' ? sent.data : undefined
    expect(await server.collect({ transaction, response })).toMatchObject({
      result: { verified: true },
    })
  })

  test('made for another address, key, nonce or client is refused', async () => {
    const other = 'x509_san_dns:other.example'
    const changes: readonly object[] = [
      { responseUri: 'https://other.example/' },
      { encryptionKeyThumbprint: 'A'.repeat(43) },
      { nonce: 'another' },
      { audience: other },
      {},
    ]
    for (const change of changes) {
      const { server } = await clinic()
      const { link, transaction } = await server.begin({ flow: 'same-device', query })
      const { client } = await person(server)
      const reading = await client.readRequest(link)
      if (!reading.verified) throw new Error('refused')
      const request = { ...reading.incoming.request, ...change }
      const incoming: IncomingRequest = { ...reading.incoming, request }
      const [match] = await client.match(incoming)
      if (match === undefined) throw new Error('no match')
      const responseCode = codeIn(await client.respond(incoming, match))
      const collected = await server.collect({ transaction, responseCode })
      if (collected.status !== 'answered') throw new Error(collected.status)
      const right = Object.keys(change).length === 0
      expect([collected.result.verified, codes(collected.result).length > 0]).toEqual([
        right,
        !right,
      ])
    }
  })

  test('is not offered to a verifier that reads other cryptosuites', async () => {
    for (const [suites, count] of [
      [['bbs-2023', 'ecdsa-sd-2023'], 1],
      [['ecdsa-sd-2023'], 0],
    ] as const) {
      const { server } = await clinicOnTheWeb({
        verifier: bbs.verifierOf(registry),
        formats: { ldp_vc: { cryptosuite_values: suites } },
        now: () => bbs.now,
      })
      const { link } = await server.begin({ flow: 'same-device', query })
      const { client } = await person(server)
      const reading = await client.readRequest(link)
      if (!reading.verified) throw new Error('refused')
      expect(await client.match(reading.incoming)).toHaveLength(count)
    }
  })

  test('goes where there is a state, which the answer has to have', async () => {
    const { server } = await clinic()
    const { link } = await server.begin({ flow: 'same-device', query, encrypted: false })
    const { client } = await person(server)
    const reading = await client.readRequest(link)
    if (!reading.verified || reading.incoming.reply.kind !== 'post') throw new Error('refused')
    expect(reading.incoming.reply.state).toMatch(/^[\w-]{22}$/)
    const { state: _, ...reply } = reading.incoming.reply
    const incoming = { ...reading.incoming, reply }
    const [match] = await client.match(incoming)
    if (match === undefined || !isJsonObject(match)) throw new Error('no match')
    await expect(client.respond(incoming, match as never)).rejects.toMatchObject({
      code: 'network.failed',
    })
  })
})
