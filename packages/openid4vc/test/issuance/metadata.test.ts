import { type JsonObject, parseJson } from '@asoba/core'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { oidfSuite } from '@asoba/testing/oidf'
import { describe, expect, test } from 'vitest'
import { make } from '../../../jwt/test/certificates.ts'
import { type IssuerServerOptions, x509Attesters } from '../../src/issuer.ts'
import { createEncryptionKey } from '../../src/jwe.ts'
import { certified } from '../presentation/world.ts'
import { citizenship, offered, plainWallet, registryOnTheWeb, url } from './world.ts'

const root = await make({ name: 'CN=Registry', ca: true })
const metadataSigner = await certified('registry.example', root)
const key = await createEncryptionKey()
const haip: Partial<IssuerServerOptions> = {
  haip: true,
  metadataSigner,
  walletAttestation: { keys: x509Attesters({ anchors: [root.der] }), required: true },
  authorize: async () => new Response('a page'),
}
const full: Partial<IssuerServerOptions> = {
  ...haip,
  encryptionKey: { ...key.privateJwk, kid: key.publicJwk.kid },
  encryptedResponses: 'required',
  notified: async () => undefined,
  display: [{ name: 'Рэестр', locale: 'be' }],
  refreshLifetime: 3600,
}
const wellKnown = 'https://registry.example/.well-known'

test('metadata lie between host and path, for whoever asks', async () => {
  const { server } = await registryOnTheWeb()
  const { get } = plainWallet(server)
  const issuer = await get(`${wellKnown}/openid-credential-issuer/oid4vci`)
  expect(issuer.body).toEqual(server.metadata)
  expect(issuer.headers.get('access-control-allow-origin')).toBe('*')
  expect((await get(`${wellKnown}/oauth-authorization-server/oid4vci`)).body).toEqual(
    server.authorizationServerMetadata,
  )
  expect((await get(`${wellKnown}/openid-credential-issuer`)).status).toBe(404)
})

test('the same metadata lie behind the path, where drafts had them', async () => {
  const { server } = await registryOnTheWeb()
  const { get } = plainWallet(server)
  expect((await get(`${url}/.well-known/openid-credential-issuer`)).body).toEqual(server.metadata)
  expect((await get(`${url}/.well-known/oauth-authorization-server`)).body).toEqual(
    server.authorizationServerMetadata,
  )
  const bare = await registryOnTheWeb({ url: 'https://registry.example' })
  const { body } = await plainWallet(bare.server).get(`${wellKnown}/openid-credential-issuer`)
  expect(body).toEqual(bare.server.metadata)
})

// OpenID4VCI 1.0 12.2.4: where none is required, the member must not be there.
test('metadata demand key attestations where the issuer does, and in their own proof type', async () => {
  const keyAttesters = x509Attesters({ anchors: [root.der] })
  const typesOf = async (change: Partial<IssuerServerOptions>) => {
    const { server } = await registryOnTheWeb(change)
    const all = server.metadata['credential_configurations_supported'] as Record<string, JsonObject>
    return all['citizenship']?.['proof_types_supported']
  }
  const algorithms = { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] }
  expect(await typesOf({})).toEqual({ jwt: algorithms })
  expect(await typesOf({ keyAttesters })).toEqual({
    jwt: algorithms,
    attestation: { ...algorithms, key_attestations_required: {} },
  })
  const configuration = { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256' } as const
  const typesWith = (keyAttestation: { readonly keyStorage?: readonly string[] }) =>
    typesOf({ keyAttesters, configurations: { citizenship: { ...configuration, keyAttestation } } })
  const any = { ...algorithms, key_attestations_required: {} }
  expect(await typesWith({})).toEqual({ jwt: any, attestation: any })
  const high = {
    ...algorithms,
    key_attestations_required: { key_storage: ['iso_18045_high'] },
  }
  expect(await typesWith({ keyStorage: ['iso_18045_high'] })).toEqual({
    jwt: high,
    attestation: high,
  })
})

test('metadata are signed for those who accept that', async () => {
  const { server } = await registryOnTheWeb(full)
  const { get } = plainWallet(server)
  const { body, headers } = await get(`${wellKnown}/openid-credential-issuer/oid4vci`, {
    accept: 'application/jwt',
  })
  expect(headers.get('content-type')).toBe('application/jwt')
  const parsed = parseJws(body['text'])
  if (!parsed.verified) throw new Error('no JWS')
  expect(parsed.header).toMatchObject({
    typ: 'openidvci-issuer-metadata+jwt',
    x5c: metadataSigner.x5c,
  })
  expect(parsed.claims).toMatchObject({ ...server.metadata, sub: url, iss: url })
  const keys = await x509Attesters({ anchors: [root.der] })({
    x5c: metadataSigner.x5c ?? [],
    at: new Date('2026-11-23T12:00:00Z'),
  })
  expect(await verifyJwsWith(parsed, keys)).toBe(true)
  const plain = await get(`${wellKnown}/openid-credential-issuer/oid4vci`, {
    accept: 'application/json',
  })
  expect(plain.body).toEqual(server.metadata)
})

test('HAIP turns every choice the strict way', async () => {
  const { server } = await registryOnTheWeb(haip)
  expect(server.authorizationServerMetadata).toMatchObject({
    token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'],
    dpop_signing_alg_values_supported: ['ES256'],
    require_pushed_authorization_requests: true,
    code_challenge_methods_supported: ['S256'],
    'pre-authorized_grant_anonymous_access_supported': false,
  })
  const { link } = await server.createOffer(offered)
  expect(link).toMatch(/^haip-vci:/)
  const wallet = plainWallet(server)
  expect((await wallet.post('/par', { client_id: 'wallet' })).body['error']).toBe('invalid_client')
  const eddsa = {
    citizenship: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'EdDSA' },
  } as const
  for (const change of [
    { configurations: eddsa },
    { walletAttestation: undefined as never },
    { metadataSigner: undefined as never },
    { authorize: undefined as never },
  ]) {
    await expect(registryOnTheWeb({ ...haip, ...change })).rejects.toThrow(TypeError)
  }
})

test('metadata and offers may be asked for without their body', async () => {
  const { server } = await registryOnTheWeb()
  const { link } = await server.createOffer({ ...offered, by: 'reference' })
  const offer = new URL(link).searchParams.get('credential_offer_uri') ?? ''
  for (const address of [
    `${wellKnown}/openid-credential-issuer/oid4vci`,
    `${wellKnown}/oauth-authorization-server/oid4vci`,
    `${url}/.well-known/openid-credential-issuer`,
    offer,
  ]) {
    const head = await server.handle(new Request(address, { method: 'HEAD' }))
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('content-type')).toBe('application/json')
    const post = await server.handle(new Request(address, { method: 'POST' }))
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  }
  const nonce = await server.handle(new Request(`${url}/nonce`, { method: 'HEAD' }))
  expect([nonce.status, nonce.headers.get('allow')]).toEqual([405, 'POST'])
})

// RFC 8414 section 3.2
test('metadata of a server have no list without elements', async () => {
  const without = await registryOnTheWeb()
  const { server } = await registryOnTheWeb(full)
  for (const document of [
    without.server.authorizationServerMetadata,
    server.authorizationServerMetadata,
    without.server.metadata,
    server.metadata,
  ]) {
    expect(JSON.stringify(document)).not.toContain('[]')
  }
  expect(server.authorizationServerMetadata['response_types_supported']).toEqual(['code'])
})

test('a browser may ask before it asks', async () => {
  const { server } = await registryOnTheWeb()
  const answer = await server.handle(new Request(`${url}/token`, { method: 'OPTIONS' }))
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-headers')).toContain(
    'oauth-client-attestation-pop',
  )
})

describe('the conformance suite has nothing to say about', () => {
  oidfSuite((faults) => {
    test.each<[string, Partial<IssuerServerOptions>]>([
      ['the least', {}],
      ['everything', full],
    ])('%s', async (_title, change) => {
      const { server } = await registryOnTheWeb(change)
      expect(await faults('credential_issuer_metadata', server.metadata)).toEqual([])
      expect(
        await faults('authorization_server_metadata', server.authorizationServerMetadata),
      ).toEqual([])
      for (const by of ['value', 'reference'] as const) {
        const { offer, link } = await server.createOffer({ ...offered, by, txCode: { length: 6 } })
        expect(await faults('credential_offer', offer)).toEqual([])
        const text = new URL(link).searchParams.get('credential_offer')
        if (text !== null) expect(parseJson(text)).toEqual(offer as JsonObject)
      }
    })
  })
})
