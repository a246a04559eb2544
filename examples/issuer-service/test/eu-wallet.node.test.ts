import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@asoba/core'
import { jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import type { KeyAttestationRequest } from '@asoba/openid4vc/wallet'
import { type Certified, createDevCa } from 'example-kit/dev-ca'
import type { Server } from 'example-kit/serve'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startIssuerService } from '../src/start.ts'
import { officers, openDesk, planted } from './desk.ts'
import { holderOf } from './holder.ts'
import { post } from './wallet.ts'

// Databases start slowly where many tests run at once.
vi.setConfig({ testTimeout: 120_000 })

const open: Server[] = []
let folder: string
let provider: Certified
let attesters: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asoba-issuer-'))
  const ca = await createDevCa()
  provider = await ca.issue('wallet-provider.example')
  attesters = join(folder, 'attesters.pem')
  await writeFile(attesters, ca.rootPem)
}, 60_000)
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()))
  await rm(folder, { recursive: true, force: true })
}, 60_000)

async function start(variables: Readonly<Record<string, string>> = {}): Promise<Server> {
  const server = await startIssuerService(
    {
      PORT: '0',
      DATA_FOLDER: 'memory',
      RATE_PER_MINUTE: '100000',
      OFFICERS: await officers(),
      BATCH_SIZE: '3',
      STATUS_SIZE: '1024',
      ...variables,
    },
    { write: () => undefined },
  )
  open.push(server)
  return server
}

const documentAt = async (address: string): Promise<JsonObject> =>
  (await (await fetch(address)).json()) as JsonObject

async function proofTypes(server: Server): Promise<Readonly<Record<string, JsonObject>>> {
  const address = `${server.origin}/.well-known/openid-credential-issuer/oid4vci`
  const { credential_configurations_supported: all } = await documentAt(address)
  const { citizenship } = all as unknown as Readonly<Record<string, JsonObject>>
  return citizenship?.['proof_types_supported'] as unknown as Readonly<Record<string, JsonObject>>
}

/** As the EU's library has it: `iat`, `exp`, keys, levels, nonce, the chain in `x5c`. */
async function keyAttestation({ keys, nonce }: KeyAttestationRequest): Promise<string> {
  const { privateJwk, x5c } = provider
  const iat = Math.floor(Date.now() / 1000)
  return signJws(
    { typ: 'key-attestation+jwt', x5c: [...x5c] },
    {
      iat,
      exp: iat + 3600,
      attested_keys: keys as unknown as JsonObject[],
      key_storage: ['iso_18045_high'],
      user_authentication: ['iso_18045_high'],
      nonce,
    },
    await jwkSigner({ privateJwk, verificationMethod: '' }),
  )
}

describe('a registry that demands attested keys', () => {
  let server: Server
  beforeAll(async () => {
    server = await start({ KEY_ATTESTERS: attesters, KEY_STORAGE: 'iso_18045_high' })
  }, 60_000)

  test('says so in both proof types', async () => {
    const demanded = { key_attestations_required: { key_storage: ['iso_18045_high'] } }
    expect(await proofTypes(server)).toMatchObject({ jwt: demanded, attestation: demanded })
  })

  test('gives a batch to a wallet whose keys are attested, and nothing to others', async () => {
    const desk = await openDesk(server.origin)
    const first = await desk.approve({ ...planted, personalNumber: 'ATTESTED1' })
    const holder = holderOf({ issuance: { keyAttestation, copies: 3 } })
    expect(await holder.take(first.link, first.txCode ?? '')).toBe(3)
    const second = await desk.approve({ ...planted, personalNumber: 'ATTESTED2' })
    await expect(holderOf().take(second.link, second.txCode ?? '')).rejects.toMatchObject({
      code: 'issuance.unsupported',
    })
  })
})

test('a registry may take attested keys from those who have them', async () => {
  const server = await start({ KEY_ATTESTERS: attesters, KEY_ATTESTATION: 'accepted' })
  const { jwt, attestation } = await proofTypes(server)
  expect(jwt).not.toHaveProperty('key_attestations_required')
  expect(attestation).toHaveProperty('key_attestations_required', {})
  const desk = await openDesk(server.origin)
  const { link, txCode = '' } = await desk.approve({ ...planted, personalNumber: 'ATTESTED3' })
  expect(await holderOf({ issuance: { copies: 3 } }).take(link, txCode)).toBe(3)
})

describe('a registry as it is started', () => {
  let server: Server
  beforeAll(async () => {
    server = await start({ GRANT: 'authorization_code' })
  }, 60_000)

  test('demands no attestation, and says nothing of it', async () => {
    expect(Object.keys(await proofTypes(server))).toEqual(['jwt'])
    expect((await proofTypes(server))['jwt']).not.toHaveProperty('key_attestations_required')
  })

  test.each<[string, number]>([
    ['eudi-openid4ci://authorize', 201],
    ['org.example.wallet:/back', 201],
    ['https://wallet.example/back', 201],
    ['eudi-openid4ci://authorize/elsewhere', 400],
    ['eudi-openid4vp://authorize', 400],
    ['otherwallet://back', 400],
    ['javascript:alert(1)', 400],
    ['http://wallet.example/back', 400],
  ])('a wallet that comes back to %s is answered with %d', async (redirect_uri, status) => {
    const form = new URLSearchParams({
      client_id: 'wallet-dev',
      response_type: 'code',
      scope: 'citizenship',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
      redirect_uri,
    })
    expect((await post(`${server.origin}/oid4vci/par`, form)).status).toBe(status)
  })

  test('takes encrypted requests and gives encrypted answers, by a key that replicas share', async () => {
    const address = `${server.origin}/.well-known/openid-credential-issuer/oid4vci`
    const { credential_request_encryption: request, credential_response_encryption: response } =
      (await documentAt(address)) as unknown as Readonly<Record<string, JsonObject>>
    expect(response).toMatchObject({
      alg_values_supported: ['ECDH-ES'],
      encryption_required: false,
    })
    expect(request).toMatchObject({
      jwks: { keys: [{ crv: 'P-256', alg: 'ECDH-ES', kid: expect.any(String) }] },
      encryption_required: false,
    })
    expect(JSON.stringify(request)).not.toContain('"d"')
    const sealKey = { SEAL_KEY: Buffer.alloc(32, 7).toString('base64url') }
    const replicas = await Promise.all([start(sealKey), start(sealKey)])
    const [one, two] = await Promise.all(
      replicas.map(async ({ origin }) => {
        const found = await documentAt(`${origin}/.well-known/openid-credential-issuer/oid4vci`)
        return found['credential_request_encryption']
      }),
    )
    expect(one).toEqual(two)
    expect(one).not.toEqual(request)
  })

  test('says where challenges are had to who attests wallets, and only then', async () => {
    const at = '/.well-known/oauth-authorization-server/oid4vci'
    expect(await documentAt(server.origin + at)).not.toHaveProperty('challenge_endpoint')
    const demanding = await start({ WALLET_ATTESTERS: attesters })
    const { challenge_endpoint: address } = await documentAt(demanding.origin + at)
    const { body } = await post(String(address), '')
    expect(body).toEqual({ attestation_challenge: expect.any(String) })
  })

  test('answers at the places of drafts with the same documents', async () => {
    const { origin } = server
    for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
      expect(await documentAt(`${origin}/oid4vci/.well-known/${name}`)).toEqual(
        await documentAt(`${origin}/.well-known/${name}/oid4vci`),
      )
      const head = await fetch(`${origin}/.well-known/${name}/oid4vci`, { method: 'HEAD' })
      expect([head.status, await head.text()]).toEqual([200, ''])
    }
  })
})

test.each(['javascript:alert(1)', 'data:text/html,x', 'http://x.example', 'word', 'app://x#y'])(
  'a registry is not started with %s to lead people to',
  async (uri) => {
    await expect(start({ REDIRECT_URIS: `org.example://back ${uri}` })).rejects.toThrow(
      /^settings: REDIRECT_URIS/,
    )
  },
)
