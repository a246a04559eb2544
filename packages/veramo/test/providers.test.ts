import { bbs2023, bbsSigner, createBbsKey } from '@asoba/bbs'
import { bbs2023Verifying } from '@asoba/bbs/verifying'
import type { JsonObject } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { createKey, didKeyOf, findVerificationKeys, jwkToMultikey } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import {
  bitstringStatusList,
  memoryStatusStore,
  snapshotSource,
  vcJwtListSigner,
} from '@asoba/status'
import {
  type AsobaPolicy,
  agentResolver,
  agentSigner,
  asobaCredentials,
  bbsProvider,
  eddsaJcsProvider,
  type IAsobaCredentials,
  jwtV1Provider,
  vcJwtProvider,
} from '@asoba/veramo'
import { createWallet } from '@asoba/wallet'
import { describe, expect, it } from 'vitest'
import {
  agentWith,
  allProviders,
  anyDid,
  challenge,
  domain,
  membership,
  membershipV1,
  twoDids,
} from './agents.ts'

describe('a policy', () => {
  it('is whole, or no provider is made', () => {
    const { trust: _trust, ...withoutTrust } = anyDid
    const { status: _status, ...withoutStatus } = anyDid
    for (const policy of [
      withoutTrust,
      withoutStatus,
      { ...anyDid, types: undefined },
      { ...anyDid, maxProofAge: 0 },
      { ...anyDid, clockTolerance: Number.NaN },
      { ...anyDid, status: { ...anyDid.status, policy: 'whatever' } },
    ]) {
      expect(() => vcJwtProvider(policy as never)).toThrow(TypeError)
      expect(() => asobaCredentials({ providers: [], policy: policy as never })).toThrow(TypeError)
    }
  })

  it('cannot be weakened by a call', async () => {
    const agent = agentWith<IAsobaCredentials>(
      asobaCredentials({ providers: allProviders(), policy: anyDid }),
    )
    const { issuer } = await twoDids(agent)
    const credential = await agent.createVerifiableCredential({
      credential: membership(issuer) as never,
      proofFormat: 'vc+jwt',
    })
    for (const name of ['credentialStatus', 'expirationDate', 'audience', 'nbf']) {
      await expect(
        agent.verifyCredential({ credential, policies: { [name]: false } }),
      ).rejects.toThrow(TypeError)
    }
    const late = Date.parse('2200-01-01T00:00:00Z') / 1000
    const result = await agent.verifyCredential({ credential, policies: { now: late } })
    expect(result.error?.errorCode).toBe('credential.expired')
  })
})

describe('a token in a JSON credential', () => {
  it('says what stands beside it, or both are refused', async () => {
    const agent = agentWith<IAsobaCredentials>(
      asobaCredentials({ providers: [jwtV1Provider(anyDid)], policy: anyDid }),
    )
    const { issuer, holder } = await twoDids(agent)
    const made = await agent.createVerifiableCredential({
      credential: membershipV1(issuer, holder) as never,
      proofFormat: 'jwt',
    })
    expect((await agent.verifyCredential({ credential: made })).verified).toBe(true)
    for (const changed of [
      { ...made, credentialSubject: { id: holder, role: 'president' } },
      { ...made, issuer: { id: holder } },
      { ...made, expirationDate: '2200-01-01T00:00:00Z' },
      { ...made, note: 'more' },
    ]) {
      const result = await agent.verifyCredential({ credential: changed })
      expect(result.error?.errorCode).toBe('credential.malformed')
    }
  })
})

describe('agentResolver', () => {
  it('reads every form of keys that is deployed, and no others', async () => {
    const { publicJwk } = await createKey('EdDSA')
    const did = 'did:web:registry.example'
    const method = (type: string, key: object) => ({
      id: `${did}#${type}`,
      type,
      controller: did,
      ...key,
    })
    const methods = [
      method('JsonWebKey2020', { publicKeyJwk: publicJwk }),
      method('Ed25519VerificationKey2020', { publicKeyMultibase: jwkToMultikey(publicJwk) }),
      method('Ed25519VerificationKey2018', {
        publicKeyBase58: 'GUXiqNHCdirb6NKpH6wYG4px3YfMjiCh6dQhU3zxQVQ7',
      }),
      method('Unheard2030', { publicKeyJwk: publicJwk }),
    ]
    const assertionMethod = methods.map(({ id }) => id)
    const document = { id: did, verificationMethod: methods, assertionMethod }
    const resolver = agentResolver({ resolveDid: async () => ({ didDocument: document }) })
    const found = await findVerificationKeys(resolver, { did, relationship: 'assertionMethod' })
    expect(found.verified && found.keys.map(({ id }) => id)).toEqual([
      `${did}#JsonWebKey2020`,
      `${did}#Ed25519VerificationKey2020`,
      `${did}#Ed25519VerificationKey2018`,
    ])
  })

  it('believes no document of another DID, and survives a resolver that throws', async () => {
    for (const resolveDid of [
      async () => ({ didDocument: { id: 'did:web:other.example' } }),
      async () => ({ didDocument: 7 }),
      async () => {
        throw new Error('no')
      },
    ]) {
      const query = { did: 'did:web:registry.example', relationship: 'assertionMethod' } as const
      expect((await findVerificationKeys(agentResolver({ resolveDid }), query)).verified).toBe(
        false,
      )
    }
  })
})

describe('a bitstring status list', () => {
  it('is asked for Data Integrity and for vc+jwt alike', async () => {
    const lists: Record<string, { bytes: Uint8Array; mediaType: string; fetchedAt: Date }> = {}
    const source = snapshotSource({})
    const policy: AsobaPolicy = {
      ...anyDid,
      status: {
        source: {
          get: (uri, options) => (lists[uri] ? snapshotSource(lists) : source).get(uri, options),
        },
        policy: 'required',
      },
    }
    const providers = [vcJwtProvider(policy), eddsaJcsProvider(policy)]
    const agent = agentWith<IAsobaCredentials>(asobaCredentials({ providers, policy }))
    const { issuer, holder } = await twoDids(agent)
    const signer = await agentSigner(agent as never, {
      did: issuer,
      relationship: 'assertionMethod',
      algorithms: ['EdDSA'],
    })
    const uri = 'https://registry.example/status/3'
    const list = bitstringStatusList({
      uri,
      issuer,
      size: 131_072,
      purpose: 'revocation',
      ttl: 300,
      lifetime: 86_400,
      store: memoryStatusStore(),
      secure: vcJwtListSigner(signer),
    })
    const [good, bad] = await list.allocate(2)
    if (good === undefined || bad === undefined) throw new Error('the list is full')
    await list.revoke(bad)
    const fetchedAt = new Date()
    const { body, mediaType } = await list.publish({ now: fetchedAt })
    lists[uri] = { bytes: new TextEncoder().encode(body), mediaType, fetchedAt }
    const entry = ({ index }: { readonly index: number }): JsonObject => ({
      credentialStatus: {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: String(index),
        statusListCredential: uri,
      },
    })
    for (const proofFormat of ['vc+jwt', 'eddsa-jcs-2022']) {
      const codeOf = async (status: JsonObject) => {
        const credential = await agent.createVerifiableCredential({
          credential: { ...membership(issuer, holder), ...status } as never,
          proofFormat,
        })
        return (await agent.verifyCredential({ credential })).error?.errorCode
      }
      expect(await codeOf(entry(good))).toBeUndefined()
      expect(await codeOf(entry(bad))).toBe('status.revoked')
      expect(await codeOf({})).toBe('status.missing')
    }
  })
})

describe('bbs-2023', () => {
  it('of a nation, held by a wallet, is read by the provider with its pseudonym', async () => {
    const { citizenship } = nationTypes({ origin: 'https://nation.example' })
    const agreed = { types: [citizenship], nyms: 2 }
    const keys = createBbsKey()
    const did = didKeyOf(keys.publicJwk)
    const signer = bbsSigner({ ...keys, verificationMethod: `${did}#${did.slice(8)}` })
    const issuer = createIssuer({
      issuer: did,
      types: { citizenship },
      formats: [bbs2023({ ...agreed, signer })],
      status: 'none',
      validityDays: { citizenship: { epochDays: 90 } },
    })
    const wallet = createWallet({ formats: [bbs2023(agreed)] })
    const format = 'ldp_vc/bbs-2023'
    const claims = {
      citizen: true,
      age_equal_or_over: { 14: true, 16: true, 18: true, 21: true, 65: false },
      evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
    }
    const holders = await wallet.prepare({ format, count: 1, issuer: did })
    const copies = await issuer.issue({ format, type: 'citizenship', claims, holders })
    await wallet.receive(copies.map(({ wire }) => wire))
    const query = {
      credentials: [
        {
          id: 'citizen',
          format: 'ldp_vc',
          meta: { type_values: [[citizenship.vcdmType]] },
          claims: [{ path: ['credentialSubject', 'citizen'] }],
        },
      ],
    }
    const request = { query, nonce: challenge, audience: domain }
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing answers')
    const { vp_token } = await wallet.present(request, match)
    const [presentation] = vp_token['citizen'] ?? []
    const policy: AsobaPolicy = {
      ...anyDid,
      types: [citizenship],
      status: { ...anyDid.status, policy: { citizenship: 'epoch' } },
    }
    const providers = [bbsProvider({ ...policy, formats: [bbs2023Verifying(agreed)] })]
    const agent = agentWith<IAsobaCredentials>(asobaCredentials({ providers, policy }))
    const result = await agent.verifyPresentation({
      presentation: presentation as never,
      domain,
      challenge,
    })
    expect(result.error).toBeUndefined()
    const [found] = result['credentials']
    expect(found).toMatchObject({
      type: 'citizenship',
      holder: { kind: 'commitment', proven: true },
      credential: { credentialSubject: { citizen: true } },
    })
    expect(found.pseudonym).toHaveLength(64)
    const elsewhere = {
      presentation: presentation as never,
      domain: 'https://x.example',
      challenge,
    }
    expect((await agent.verifyPresentation(elsewhere)).verified).toBe(false)
  })

  it('without a holder is refused where the policy does not say bearer', async () => {
    const agent = agentWith<IAsobaCredentials>(
      asobaCredentials({ providers: [bbsProvider(anyDid)], policy: anyDid }),
    )
    const { did } = await agent.didManagerCreate({ options: { keyType: 'Bls12381G2' } })
    const made = await agent.createVerifiableCredential({
      credential: membership(did) as never,
      proofFormat: 'bbs-2023',
    })
    const presentation = await agent.createVerifiablePresentation({
      presentation: { holder: did, verifiableCredential: [made] },
      proofFormat: 'bbs-2023',
      disclose: ['/credentialSubject/description'],
      domain,
      challenge,
    })
    const result = await agent.verifyPresentation({ presentation, domain, challenge })
    expect(result.error?.errorCode).toBe('holder.binding-missing')
  })
})
