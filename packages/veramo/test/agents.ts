import type { JsonObject } from '@asoba/core'
import { jwk } from '@asoba/did'
import { snapshotSource } from '@asoba/status'
import {
  type AsobaPolicy,
  asobaKms,
  bbsProvider,
  didJwkProvider,
  eddsaJcsProvider,
  jwtV1Provider,
  type ProviderOptions,
  sdJwtProvider,
  vcJwtProvider,
} from '@asoba/veramo'
import {
  createAgent,
  type IAgentPlugin,
  type ICredentialPlugin,
  type IDIDManager,
  type IKeyManager,
  type IResolver,
  type TAgent,
} from '@veramo/core'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore } from '@veramo/key-manager'

export type Base = IKeyManager & IDIDManager & IResolver & ICredentialPlugin

/** What an agent has beside a plugin for credentials; keys in our key management system. */
export function basePlugins(): IAgentPlugin[] {
  return [
    new KeyManager({ store: new MemoryKeyStore(), kms: { asoba: asobaKms({ vault: 'process' }) } }),
    new DIDManager({
      store: new MemoryDIDStore(),
      defaultProvider: 'did:jwk',
      providers: {
        'did:jwk': didJwkProvider({ defaultKms: 'asoba' }),
        'did:key': new KeyDIDProvider({ defaultKms: 'asoba' }),
      },
    }),
    new DIDResolverPlugin({
      ...getDidKeyResolver(),
      jwk: async (did: string) =>
        jwk.resolve({ did, method: 'jwk', id: did.slice(8) }, {}) as never,
    } as never),
  ]
}

export function agentWith<Methods extends object = object>(
  ...plugins: readonly IAgentPlugin[]
): TAgent<Base & Methods> {
  return createAgent<Base & Methods>({ plugins: [...basePlugins(), ...plugins] })
}

/** Whoever controls a DID is believed to be it; no status, for the tests that have none. */
export const anyDid: AsobaPolicy = {
  types: [{ name: 'club', vct: 'https://club.example/card', vcdmType: 'ClubCard' }],
  trust: 'any-did',
  status: { source: snapshotSource({}), policy: 'none-issued' },
  holderBinding: {},
  clockTolerance: 60,
  maxProofAge: 300,
}

/** Every provider of ours, for documents of the data model; BBS without a holder. */
export function allProviders(policy: ProviderOptions = anyDid): ICredentialProvider[] {
  const bearer = { ...policy, holderBinding: { VerifiableCredential: 'bearer' } } as const
  return [
    sdJwtProvider(policy),
    vcJwtProvider(policy),
    eddsaJcsProvider(policy),
    bbsProvider(bearer),
    jwtV1Provider(policy),
  ]
}

export const domain = 'https://clinic.example'
export const challenge = 'n-0S6_WzA2Mj'

/** A credential of the data model 2.0 that JSON-LD needs no other context for. */
export function membership(issuer: string, subject?: string): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer,
    validFrom: '2026-01-01T00:00:00Z',
    validUntil: '2126-01-01T00:00:00Z',
    credentialSubject: {
      ...(subject !== undefined && { id: subject }),
      name: 'Alesia',
      description: 'Member of the sailing club',
    },
  }
}

/** The same in the data model 1.1. */
export function membershipV1(issuer: string, subject: string): JsonObject {
  return {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential', 'ClubCard'],
    issuer: { id: issuer },
    issuanceDate: '2026-01-01T00:00:00.000Z',
    credentialSubject: { id: subject, role: 'member' },
  }
}

/** The same object, so that whoever writes to it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) frozen(each)
    Object.freeze(value)
  }
  return value
}

/** Two DIDs of an agent, with keys that sign whatever is asked. */
export async function twoDids(agent: TAgent<Base>): Promise<{ issuer: string; holder: string }> {
  const [issuer, holder] = await Promise.all(
    ['Ed25519', 'Ed25519'].map((keyType) =>
      agent.didManagerCreate({ provider: 'did:jwk', options: { keyType } }),
    ),
  )
  return { issuer: issuer?.did ?? '', holder: holder?.did ?? '' }
}
