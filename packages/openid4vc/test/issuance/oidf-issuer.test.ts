import type { JsonObject } from '@asoba/core'
import { parseJws, signJws } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { make } from '../../../jwt/test/certificates.ts'
import { x509Attesters } from '../../src/issuer.ts'
import { createEncryptionKey, encryptJson } from '../../src/jwe.ts'
import { certified } from '../presentation/world.ts'
import {
  citizenship,
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
const root = await make({ name: 'CN=Provider', ca: true })
const provider = await certified('provider.example', root)
const keys = x509Attesters({ anchors: [root.der] })
const x5c = { x5c: [...(provider.x5c ?? [])] }

async function begun(
  change: Parameters<typeof registryOnTheWeb>[0] = {},
  details?: readonly JsonObject[],
) {
  const registry = await registryOnTheWeb(change)
  const wallet = plainWallet(registry.server)
  const { offer } = await registry.server.createOffer(offered)
  const more = details === undefined ? {} : { authorization_details: JSON.stringify(details) }
  const token = (await wallet.redeem(offer, more)).body['access_token']
  const ask = async (body: JsonObject | string): Promise<readonly [number, unknown]> => {
    const { status, body: said } = await wallet.credential(token, body)
    return [status, said['error']]
  }
  return { ...registry, wallet, token, ask }
}

/** The negative modules of the OpenID Foundation's suite for issuers, by what they are called. */
describe('the conformance suite for issuers', () => {
  test('fail-invalid-nonce', async () => {
    const { ask } = await begun()
    expect(await ask({ ...byId, proofs: { jwt: [await proof('invalid')] } })).toEqual([
      400,
      'invalid_nonce',
    ])
  })

  test('fail-missing-proof', async () => {
    const { ask } = await begun()
    expect(await ask(byId)).toEqual([400, 'invalid_proof'])
  })

  test('fail-invalid-jwt-proof-signature', async () => {
    const { ask, wallet } = await begun()
    const { signer } = await keyPair()
    const jwt = [await proof(await wallet.nonce(), { signer })]
    expect(await ask({ ...byId, proofs: { jwt } })).toEqual([400, 'invalid_proof'])
  })

  test('fail-unknown-credential-configuration', async () => {
    const { ask, wallet } = await begun()
    const proofs = { jwt: [await proof(await wallet.nonce())] }
    expect(await ask({ credential_configuration_id: 'unknown', proofs })).toEqual([
      400,
      'unknown_credential_configuration',
    ])
  })

  test('fail-unknown-credential-identifier', async () => {
    const details = [{ type: 'openid_credential', ...byId }]
    const { ask, wallet } = await begun({}, details)
    const proofs = { jwt: [await proof(await wallet.nonce())] }
    expect(await ask({ credential_identifier: 'unknown', proofs })).toEqual([
      400,
      'unknown_credential_identifier',
    ])
  })

  test('fail-unsupported-encryption-algorithm', async () => {
    const ours = await createEncryptionKey()
    const { ask, wallet } = await begun({
      encryptionKey: { ...ours.privateJwk, kid: ours.publicJwk.kid },
    })
    const theirs = await createEncryptionKey()
    const jwk = { ...theirs.publicJwk, alg: 'ECDH-ES+A999KW' } as unknown as JsonObject
    for (const parameters of [
      { jwk, enc: 'A256GCM' },
      { jwk: { ...jwk, alg: 'ECDH-ES' }, enc: 'A999GCM' },
    ]) {
      const body = {
        ...byId,
        proofs: { jwt: [await proof(await wallet.nonce())] },
        credential_response_encryption: parameters,
      }
      const jwe = await encryptJson(body, { publicJwk: ours.publicJwk, enc: 'A256GCM' })
      expect(await ask(jwe)).toEqual([400, 'invalid_encryption_parameters'])
    }
  })

  test('fail-on-access-token-in-query', async () => {
    const { wallet, token } = await begun()
    const body = JSON.stringify({ ...byId, proofs: { jwt: [await proof(await wallet.nonce())] } })
    const address = `/credential?${new URLSearchParams({ access_token: String(token) })}`
    const { status } = await wallet.post(address, body, { 'content-type': 'application/json' })
    expect([400, 401]).toContain(status)
  })

  test('fail-on-invalid-key-attestation', async () => {
    const configurations = {
      citizenship: {
        format: 'dc+sd-jwt',
        type: citizenship,
        signedWith: 'ES256',
        keyAttestation: {},
      },
    } as const
    const { ask, wallet } = await begun({ configurations, keyAttesters: keys })
    const key = await keyPair()
    const nonce = await wallet.nonce()
    const claims = {
      iat: seconds,
      exp: seconds + 300,
      nonce,
      attested_keys: [key.publicJwk as unknown as JsonObject],
    }
    const right = await signJws({ typ: 'key-attestation+jwt', ...x5c }, claims, provider)
    const wrong = `${right.slice(0, -8)}${right.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`
    const asking = async (key_attestation: string) =>
      ask({ ...byId, proofs: { jwt: [await proof(nonce, { key, header: { key_attestation } })] } })
    expect(await asking(wrong)).toEqual([400, 'invalid_proof'])
    expect(await asking(right)).toEqual([200, undefined])
  })

  test('batch-issuance: distinct keys, salts and status', async () => {
    const { wallet, token } = await begun()
    const nonce = await wallet.nonce()
    const jwt = await Promise.all([1, 2, 3].map(() => proof(nonce)))
    const { body } = await wallet.credential(token, { ...byId, proofs: { jwt } })
    const copies = (body['credentials'] as { credential: string }[]).map(
      ({ credential }) => credential,
    )
    const marks = copies.flatMap((copy) => {
      const [jws, ...disclosures] = copy.split('~')
      const parsed = parseJws(jws)
      const { cnf, status } = parsed.verified ? (parsed.claims ?? {}) : {}
      return [
        JSON.stringify(cnf),
        JSON.stringify(status),
        ...disclosures.filter((each) => each !== ''),
      ]
    })
    expect(copies).toHaveLength(3)
    expect(new Set(marks).size).toBe(marks.length)
  })
})

describe('the conformance suite for client attestation', () => {
  const attested = async (change: {
    readonly attestation?: JsonObject
    readonly pop?: JsonObject
    readonly tamper?: 'attestation' | 'pop'
  }): Promise<readonly [number, unknown]> => {
    const { server } = await registryOnTheWeb({ walletAttestation: { keys, required: true } })
    const wallet = plainWallet(server)
    const { offer } = await server.createOffer(offered)
    const instance = await keyPair()
    const made = {
      attestation: await signJws(
        { typ: 'oauth-client-attestation+jwt', ...x5c },
        {
          iss: 'https://provider.example',
          sub: 'https://wallet.example',
          exp: seconds + 300,
          cnf: { jwk: instance.publicJwk as unknown as JsonObject },
          ...change.attestation,
        },
        provider,
      ),
      pop: await signJws(
        { typ: 'oauth-client-attestation-pop+jwt' },
        {
          iss: 'https://wallet.example',
          aud: url,
          iat: seconds,
          jti: crypto.randomUUID(),
          ...change.pop,
        },
        instance.signer,
      ),
    }
    const broken = (text: string): string =>
      `${text.slice(0, -8)}${text.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`
    const { status, body } = await wallet.redeem(
      offer,
      { client_id: 'https://wallet.example' },
      {
        'oauth-client-attestation':
          change.tamper === 'attestation' ? broken(made.attestation) : made.attestation,
        'oauth-client-attestation-pop': change.tamper === 'pop' ? broken(made.pop) : made.pop,
      },
    )
    return [status, body['error']]
  }

  test('as it should be', async () => {
    expect(await attested({})).toEqual([200, undefined])
  })

  test.each<[string, Parameters<typeof attested>[0]]>([
    ['fail-invalid-client-attestation-signature', { tamper: 'attestation' }],
    ['fail-invalid-client-attestation-pop-signature', { tamper: 'pop' }],
    ['fail-expired-client-attestation', { attestation: { exp: seconds - 10 } }],
    [
      'fail-mismatched-client-id-in-client-attestation',
      { attestation: { sub: 'https://other.example' }, pop: { iss: 'https://other.example' } },
    ],
    ['fail-invalid-audience-in-client-attestation-pop', { pop: { aud: 'https://other.example' } }],
  ])('%s', async (_name, change) => {
    expect(await attested(change)).toEqual([401, 'invalid_client'])
  })
})
