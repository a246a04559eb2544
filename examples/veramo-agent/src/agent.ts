import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import { snapshotSource } from '@asoba/status'
import {
  agentResolver,
  agentSigner,
  asobaCredentials,
  asobaKms,
  type MethodsOf,
} from '@asoba/veramo'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { createAgent, type IDIDManager, type IKeyManager, type IResolver } from '@veramo/core'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { WebDIDProvider } from '@veramo/did-provider-web'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore } from '@veramo/key-manager'

export const ours = nationTypes({ origin: 'https://nation.example' })
export const theirs = nationTypes({ origin: 'https://partner.example' })

type Managers = IKeyManager & IDIDManager & IResolver
export type Registry = Awaited<ReturnType<typeof createRegistry>>

/** An agent that issues citizenship, and takes professions of one partner. */
export async function createRegistry(origin: string, partner: string) {
  const web = webMethod({ fetch, [allowInsecureLoopback]: true }) // only so that it runs on one machine
  const managers = [
    new KeyManager({ store: new MemoryKeyStore(), kms: { asoba: asobaKms({ vault: 'process' }) } }),
    new DIDManager({
      store: new MemoryDIDStore(),
      defaultProvider: 'did:web',
      providers: {
        'did:web': new WebDIDProvider({ defaultKms: 'asoba' }),
        'did:key': new KeyDIDProvider({ defaultKms: 'asoba' }),
      },
    }),
    new DIDResolverPlugin({
      ...getDidKeyResolver(),
      web: async (did: string) =>
        (await web.resolve({ did, method: 'web', id: did.slice(8) }, {})) as never,
    }),
  ]
  const base = createAgent<Managers>({ plugins: managers })
  const alias = encodeURIComponent(new URL(origin).host)
  const identifier = await base.didManagerCreate({ alias, options: { keyType: 'Secp256r1' } })
  const { did } = identifier
  const purpose = { relationship: 'assertionMethod', algorithms: ['ES256'] } as const
  const signer = await agentSigner(base, { did, ...purpose })
  const status = { source: snapshotSource({}), policy: { profession: 'none-issued' } } as const
  const trust = trustedIssuers({ profession: [partner] })
  const judging = { types: [theirs.profession], trust, clockTolerance: 60, maxProofAge: 300 }
  // Short-lived, so that there is nothing to revoke; a status list otherwise.
  const types = { citizenship: ours.citizenship }
  const issuing = { types, status: 'none', validityDays: 7 } as const
  const credentials = asobaCredentials({
    providers: [], // for credentials of other kinds: vcJwtProvider({ … })
    policy: { ...judging, status },
    issuer: createIssuer({ ...issuing, issuer: did, formats: [sdJwtVc({ signer })] }),
    verifier: createVerifier({
      ...judging,
      audience: origin,
      issuerKeys: issuerKeys({ did: agentResolver(base) }),
      formats: [sdJwtVcVerifying()],
      status,
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      replay: memoryReplay(),
    }),
  })
  const agent = createAgent<Managers & MethodsOf<[typeof credentials]>>({
    plugins: [...managers, credentials],
  })
  return { agent, identifier }
}
