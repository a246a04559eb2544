import { didResolver } from '@asoba/did'
import { resolveWebvhLog } from '@asoba/did/webvh'
import { asobaCredentials, didWebvhProvider, type IAsobaCredentials } from '@asoba/veramo'
import { createAgent } from '@veramo/core'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { describe, expect, it } from 'vitest'
import { agentWith, allProviders, anyDid, type Base, basePlugins, membership } from './agents.ts'

/** An agent with did:webvh; its logs are where a web server would have them. */
function webvhAgent() {
  const published = new Map<string, string>()
  let second = Date.parse('2026-11-01T00:00:00Z')
  const provider = didWebvhProvider({
    defaultKms: 'asoba',
    host: 'registry.example',
    now: () => {
      second += 1000
      return new Date(second)
    },
    logs: {
      get: async (did) => published.get(did),
      put: async (did, log) => void published.set(did, log),
    },
  })
  const resolve = async (did: string) =>
    resolveWebvhLog(did, published.get(did) ?? '', {
      witnessFile: undefined,
      now: new Date('2026-11-23T00:00:00Z'),
    })
  const resolver = didResolver({
    methods: [{ name: 'webvh', resolve: ({ did }) => resolve(did) }],
    cache: false,
  })
  const [keys] = basePlugins()
  if (keys === undefined) throw new Error('no key manager')
  const agent = createAgent<Base & IAsobaCredentials>({
    plugins: [
      keys,
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:webvh',
        providers: { 'did:webvh': provider },
      }),
      new DIDResolverPlugin({ resolver: resolver as never }),
      asobaCredentials({ providers: allProviders(), policy: anyDid }),
    ],
  })
  return { agent, published, resolve }
}

describe('did:webvh by DIDManager', () => {
  it('makes a log that verifies, issues by the key in it, and keeps the update key out of it', async () => {
    const { agent, resolve } = webvhAgent()
    const { did, keys, controllerKeyId } = await agent.didManagerCreate({ alias: 'registry' })
    expect(did).toMatch(/^did:webvh:Qm\w+:registry\.example$/)
    const { didDocument } = await resolve(did)
    expect(didDocument?.verificationMethod).toHaveLength(1)
    expect(keys.map(({ kid }) => kid)).toContain(controllerKeyId)
    const made = await agent.createVerifiableCredential({
      credential: membership(did) as never,
      proofFormat: 'eddsa-jcs-2022',
    })
    const result = await agent.verifyCredential({ credential: made })
    expect(result.error).toBeUndefined()
  })

  it('adds and removes keys and services, each as a version of its own', async () => {
    const { agent, resolve, published } = webvhAgent()
    const { did } = await agent.didManagerCreate({ alias: 'registry' })
    const key = await agent.keyManagerCreate({ kms: 'asoba', type: 'Secp256r1' })
    await agent.didManagerAddKey({ did, key })
    const service = { id: `${did}#status`, type: 'Status', serviceEndpoint: 'https://s.example/' }
    await agent.didManagerAddService({ did, service })
    const whole = (await resolve(did)).didDocument
    expect(whole?.assertionMethod).toHaveLength(2)
    expect(whole?.service).toContainEqual(service)
    await agent.didManagerRemoveKey({ did, kid: key.kid })
    await agent.didManagerRemoveService({ did, id: service.id })
    const { didDocument } = await resolve(did)
    expect(didDocument?.assertionMethod).toHaveLength(1)
    expect(didDocument?.service).not.toContainEqual(service)
    expect(published.get(did)?.trimEnd().split('\n')).toHaveLength(5)
  })

  it('ends the DID when it is deleted', async () => {
    const { agent, resolve } = webvhAgent()
    const { did } = await agent.didManagerCreate({ alias: 'registry' })
    await agent.didManagerDelete({ did })
    expect((await resolve(did)).didDocumentMetadata.deactivated).toBe(true)
  })
})

describe('did:jwk by DIDManager', () => {
  it('is made of any kind of key, and of one that is there', async () => {
    const agent = agentWith()
    for (const keyType of ['Ed25519', 'Secp256r1', 'Bls12381G2']) {
      const { did, keys } = await agent.didManagerCreate({
        provider: 'did:jwk',
        options: { keyType },
      })
      expect(did).toMatch(/^did:jwk:/)
      const again = await agent.didManagerCreate({
        provider: 'did:jwk',
        alias: `again ${keyType}`,
        options: { keyRef: keys[0]?.kid },
      })
      expect(again.did).toBe(did)
    }
  })

  it('does not change', async () => {
    const agent = agentWith()
    const { did, keys } = await agent.didManagerCreate({ provider: 'did:jwk' })
    const [key] = keys
    if (key === undefined) throw new Error('no key')
    await expect(agent.didManagerAddKey({ did, key })).rejects.toMatchObject({
      code: 'did.method-unsupported',
    })
  })
})
