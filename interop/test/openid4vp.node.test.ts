import { type PrivateJwk, randomSecrets, type Signer } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, didJwkOf, didResolver, jwk, jwkSigner } from '@asoba/did'
import {
  type ClientIdentifier,
  createPresentationServer,
  memoryResponses,
  type PresentationServer,
} from '@asoba/openid4vc/verifier'
import { createPresentationClient } from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Wallet } from '@asoba/wallet'
import {
  calculateX509HashClientIdPrefixValue,
  type Openid4vpClient,
  type Openid4vpVerifier,
} from '@openid4vc/openid4vp'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { citizenQuery, citizenshipFor, partner } from './nation.ts'
import { createPeer } from './openid4vp-peer.ts'

const host = 'partner.example'
const origin = `https://${host}`
const url = `${origin}/openid4vp`

interface Signers {
  readonly x509: Signer
  readonly did: Signer
  readonly privateJwk: PrivateJwk
  readonly x5c: readonly string[]
  readonly didUrl: string
  readonly didKey: PrivateJwk
  readonly anchor: Uint8Array
}
let signers: Signers
beforeAll(async () => {
  // After the peers, who bring the whole of what this has a stand-in for.
  const { make } = await import('../../packages/jwt/test/certificates.ts')
  const root = await make({ name: 'CN=Root', ca: true })
  const leaf = await make({ name: `CN=${host}`, by: root, names: [{ type: 'dns', value: host }] })
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', leaf.keys.privateKey)
  const privateJwk = { kty, crv, x, y, d } as PrivateJwk
  const x5c = [leaf.base64]
  const { publicJwk, privateJwk: own } = await createKey('ES256')
  const didUrl = `${didJwkOf(publicJwk)}#0`
  signers = {
    x509: await jwkSigner({ privateJwk, verificationMethod: '', x5c }),
    did: await jwkSigner({ privateJwk: own, verificationMethod: didUrl }),
    privateJwk,
    x5c,
    didUrl,
    didKey: own,
    anchor: root.der,
  }
})

const prefixes = ['x509_san_dns', 'x509_hash', 'decentralized_identifier', 'redirect_uri'] as const
const clientFor = (prefix: ClientIdentifier['prefix']): ClientIdentifier =>
  prefix === 'redirect_uri'
    ? { prefix }
    : { prefix, signer: prefix === 'decentralized_identifier' ? signers.did : signers.x509 }

function serverFor(prefix: ClientIdentifier['prefix']): PresentationServer {
  return createPresentationServer({
    verifier: partner(),
    url,
    clientId: clientFor(prefix),
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    responses: memoryResponses(),
    returnTo: `${origin}/done`,
    origins: [origin],
  })
}
const reaching =
  (server: PresentationServer): typeof fetch =>
  async (input, init) =>
    server.handle(new Request(input as string, init))

/** A citizenship shown to whom the peer says. */
async function shown(to: { readonly audience: string; readonly nonce: string }): Promise<string> {
  const format = sdJwtVc()
  const { proof, retained } = await format.prepareHolder(randomSecrets())
  const secured = { format: 'dc+sd-jwt', wire: await citizenshipFor(proof) } as const
  const context = { ...to, purpose: 'present', now: new Date() } as const
  return String((await format.present(secured, [['citizen']], context, retained)).wire)
}

describe('@openid4vc/openid4vp as wallet', () => {
  /** Reads a request of ours, and answers it as it says. */
  async function answers(
    client: Openid4vpClient,
    request: string | object,
    from?: { readonly origin: string },
  ) {
    const parsed = client.parseOpenid4vpAuthorizationRequest({
      authorizationRequest: request as never,
    })
    const resolved = await client.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: parsed.params,
      ...from,
    })
    const { authorizationRequestPayload: payload, client: who } = resolved
    const { nonce, response_mode: mode } = payload
    const audience = from === undefined ? String(payload.client_id) : `origin:${from.origin}`
    const made = await client.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: payload,
      authorizationResponsePayload: { vp_token: { citizen: [await shown({ audience, nonce })] } },
      ...from,
      ...(mode?.endsWith('.jwt') && {
        jarm: {
          encryption: { nonce: 'apu-of-the-peer' },
          serverMetadata: {
            authorization_signing_alg_values_supported: ['ES256'],
            authorization_encryption_alg_values_supported: ['ECDH-ES'],
            authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
          },
        },
      }),
    })
    return { resolved, payload, who, made }
  }

  test.each(prefixes)('answers our request as %s, encrypted and in the open', async (prefix) => {
    for (const encrypted of [true, false]) {
      const server = serverFor(prefix)
      const begun = await server.begin({ flow: 'same-device', query: citizenQuery, encrypted })
      const { client } = await createPeer({ fetch: reaching(server) })
      const { payload, who, made, resolved } = await answers(client, begun.link)
      expect(resolved.version).toBe(100)
      expect(who.prefix).toBe(prefix)
      expect(resolved.dcql?.query).toMatchObject({ credentials: [{ id: 'citizen' }] })
      const { response } = await client.submitOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: payload as never,
        authorizationResponsePayload: made.authorizationResponsePayload,
        ...(made.jarm && { jarm: made.jarm }),
      })
      const { redirect_uri } = (await response.json()) as { readonly redirect_uri: string }
      const responseCode = new URL(redirect_uri).searchParams.get('response_code') ?? ''
      const { transaction } = begun
      const collected = await server.collect({ transaction, responseCode, query: citizenQuery })
      expect(collected).toMatchObject({
        status: 'answered',
        result: { verified: true, claims: { citizen: { citizen: true } } },
      })
    }
  })

  test.each([
    ['signed', true],
    ['signed', false],
    ['unsigned', true],
    ['unsigned', false],
  ] as const)('answers our page, %s, encrypted: %s', async (kind, encrypted) => {
    const server = serverFor('x509_san_dns')
    const { request, transaction } = await server.begin({
      flow: 'dc-api',
      query: citizenQuery,
      signed: kind === 'signed',
      encrypted,
    })
    expect(request.protocol).toBe(`openid4vp-v1-${kind}`)
    const { client } = await createPeer({ fetch: reaching(server) })
    const { made } = await answers(client, request.data, { origin })
    const data = encrypted
      ? { response: made.jarm?.responseJwt }
      : made.authorizationResponsePayload
    expect(await server.collect({ transaction, response: data })).toMatchObject({
      status: 'answered',
      result: { verified: true },
    })
  })

  test('refuses our signed request on another page, as we do', async () => {
    const server = serverFor('x509_san_dns')
    const { request } = await server.begin({ flow: 'dc-api', query: citizenQuery })
    const { client } = await createPeer({ fetch: reaching(server) })
    const elsewhere = { origin: 'https://stranger.example' }
    await expect(answers(client, request.data, elsewhere)).rejects.toThrow()
  })

  test('reads our transactions and attestations', async () => {
    const server = serverFor('x509_hash')
    const transaction = { type: 'payment', credential_ids: ['citizen'], amount: '7.00' }
    const info = { format: 'jwt', data: 'e30.e30.AA' }
    const { link } = await server.begin({
      flow: 'same-device',
      query: citizenQuery,
      transactionData: [transaction],
      verifierInfo: [info],
    })
    const { client } = await createPeer({ fetch: reaching(server) })
    const { resolved, payload } = await answers(client, link)
    expect(resolved.transactionData?.[0]?.transactionData).toEqual(transaction)
    expect(payload['verifier_info']).toEqual([info])
  })
})

describe('@openid4vc/openid4vp as verifier', () => {
  const nonce = 'nonce-of-the-peer'
  const responseUri = `${origin}/response`
  let wallet: Wallet
  beforeAll(async () => {
    wallet = createWallet({ formats: [sdJwtVc()], reuse: 'any' })
    const [holder] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    if (holder === undefined) throw new Error('there is no key')
    await wallet.receive(await citizenshipFor(holder))
  })

  type Parsed = Awaited<ReturnType<Openid4vpVerifier['parseOpenid4vpAuthorizationResponse']>> & {
    readonly dcql?: { readonly presentations?: { readonly citizen?: readonly string[] } }
  }
  type Request = Parameters<Openid4vpVerifier['createOpenId4vpAuthorizationRequest']>[0]
  const idOf = async (prefix: (typeof prefixes)[number]): Promise<string> => {
    if (prefix === 'redirect_uri') return `redirect_uri:${responseUri}`
    if (prefix === 'x509_san_dns') return `x509_san_dns:${host}`
    if (prefix === 'decentralized_identifier') {
      return `decentralized_identifier:${signers.didUrl.slice(0, -2)}`
    }
    const hash = await calculateX509HashClientIdPrefixValue({
      x509Certificate: signers.x5c[0] ?? '',
      hash: async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data as never)),
    })
    return `x509_hash:${hash}`
  }
  const signerFor = (prefix: (typeof prefixes)[number]) =>
    prefix === 'decentralized_identifier'
      ? { method: 'did' as const, didUrl: signers.didUrl, alg: 'ES256' }
      : { method: 'x5c' as const, x5c: [...signers.x5c], alg: 'ES256' }

  /** Asks, and gives what our wallet made of it. */
  async function asks(
    prefix: (typeof prefixes)[number],
    options: { readonly by: 'value' | 'reference'; readonly encrypted: boolean },
  ) {
    const ofDid = prefix === 'decentralized_identifier'
    const signingKey = ofDid ? signers.didKey : signers.privateJwk
    let object = ''
    const posted: Record<string, string>[] = []
    const reach: typeof fetch = async (input, init) => {
      if (String(input) === responseUri) {
        posted.push(Object.fromEntries(new URLSearchParams(String(init?.body))))
        return Response.json({})
      }
      const headers = { 'content-type': 'application/oauth-authz-req+jwt' }
      return new Response(object, { headers })
    }
    const peer = await createPeer({ fetch: reach, signingKey })
    const payload = {
      response_type: 'vp_token',
      response_mode: options.encrypted ? 'direct_post.jwt' : 'direct_post',
      client_id: await idOf(prefix),
      response_uri: responseUri,
      nonce,
      state: 'state-of-the-peer',
      dcql_query: citizenQuery,
      client_metadata: {
        vp_formats_supported: { 'dc+sd-jwt': {} },
        jwks: { keys: [peer.encryptionKey.publicJwk] },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      },
    } as unknown as Request['authorizationRequestPayload']
    const made = await peer.verifier.createOpenId4vpAuthorizationRequest({
      scheme: 'openid4vp://',
      authorizationRequestPayload: payload,
      ...(prefix !== 'redirect_uri' && {
        jar: {
          jwtSigner: signerFor(prefix),
          ...(options.by === 'reference' && { requestUri: `${origin}/request` }),
          expiresInSeconds: 300,
        },
      }),
    } as Request)
    object = made.jar?.authorizationRequestJwt ?? ''
    const client = createPresentationClient({
      wallet,
      verifiers: {
        x509: [signers.anchor],
        did: didResolver({ methods: [jwk] }),
        unsigned: 'accepted',
      },
      fetch: reach,
    })
    return { peer, payload, made, client, posted }
  }

  test.each(
    prefixes.flatMap((prefix) =>
      (['value', 'reference'] as const).map((by) => [prefix, by] as const),
    ),
  )('is answered by our wallet, %s by %s', async (prefix, by) => {
    for (const encrypted of [true, false]) {
      const { peer, payload, made, client, posted } = await asks(prefix, { by, encrypted })
      const reading = await client.readRequest(made.authorizationRequest)
      if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
      const [match] = await client.match(reading.incoming)
      if (match === undefined) throw new Error('nothing in the wallet answers this')
      expect(await client.respond(reading.incoming, match)).toEqual({ kind: 'posted' })
      const [response] = posted
      expect(Object.keys(response ?? {})).toEqual(encrypted ? ['response'] : ['vp_token', 'state'])
      const parsed: Parsed = await peer.verifier.parseOpenid4vpAuthorizationResponse({
        authorizationResponse: response as never,
        authorizationRequestPayload: payload,
        callbacks: peer.callbacks,
      })
      expect(parsed.authorizationResponsePayload.state).toBe('state-of-the-peer')
      const { presentations } = parsed.dcql ?? {}
      const [presentation = ''] = presentations?.citizen ?? []
      const verified = await sdJwtVcJudged(presentation, await idOf(prefix))
      expect(verified).toEqual({ citizen: true })
    }
  })

  test('is answered by our wallet on a page', async () => {
    for (const signed of [true, false]) {
      const peer = await createPeer({ fetch, signingKey: signers.privateJwk })
      const payload = {
        response_type: 'vp_token',
        response_mode: 'dc_api.jwt',
        ...(signed && { client_id: await idOf('x509_hash'), expected_origins: [origin] }),
        nonce,
        dcql_query: citizenQuery,
        client_metadata: {
          vp_formats_supported: { 'dc+sd-jwt': {} },
          jwks: { keys: [peer.encryptionKey.publicJwk] },
        },
      } as unknown as Request['authorizationRequestPayload']
      const made = await peer.verifier.createOpenId4vpAuthorizationRequest({
        authorizationRequestPayload: payload,
        ...(signed && { jar: { jwtSigner: signerFor('x509_hash'), expiresInSeconds: 300 } }),
      } as Request)
      const data = (made.authorizationRequestObject ?? payload) as never
      const client = createPresentationClient({
        wallet,
        verifiers: { x509: [signers.anchor], unsigned: 'refused' },
        fetch,
      })
      const protocol = `openid4vp-v1-${signed ? '' : 'un'}signed`
      const reading = await client.readRequest({ origin, requests: [{ protocol, data }] })
      if (!reading.verified) throw new Error(JSON.stringify(reading.problems))
      const [match] = await client.match(reading.incoming)
      if (match === undefined) throw new Error('nothing in the wallet answers this')
      const sent = await client.respond(reading.incoming, match)
      if (sent.kind !== 'dc-api') throw new Error('posted')
      const parsed: Parsed = await peer.verifier.parseOpenid4vpAuthorizationResponse({
        authorizationResponse: sent.data as never,
        authorizationRequestPayload: payload,
        callbacks: peer.callbacks,
        origin,
      })
      const { presentations } = parsed.dcql ?? {}
      const [presentation = ''] = presentations?.citizen ?? []
      expect(await sdJwtVcJudged(presentation, `origin:${origin}`)).toEqual({ citizen: true })
    }
  })

  /** The claims of a presentation that is right for this audience. */
  async function sdJwtVcJudged(presentation: string, audience: string): Promise<unknown> {
    const [credential = '', ...rest] = presentation.split('~')
    const binding = decodeJwt(rest.at(-1) ?? '')
    expect(binding).toMatchObject({ aud: audience, nonce })
    expect(decodeJwt(credential)).toHaveProperty('vct')
    const disclosures = rest.slice(0, -1).map((text) => {
      const [, name, value] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
      return [String(name), value]
    })
    return Object.fromEntries(disclosures)
  }
})
