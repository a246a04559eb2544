import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import { snapshotSource } from '@asoba/status'
import * as veramo from '@asoba/veramo'
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
  const asoba = veramo.asobaKms({ vault: 'process' })
  const byWeb = async (did: string) => web.resolve({ did, method: 'web', id: did.slice(8) }, {})
  const providers = {
    'did:web': new WebDIDProvider({ defaultKms: 'asoba' }),
    'did:key': new KeyDIDProvider({ defaultKms: 'asoba' }),
  }
  const managers = [
    new KeyManager({ store: new MemoryKeyStore(), kms: { asoba } }),
    new DIDManager({ store: new MemoryDIDStore(), defaultProvider: 'did:web', providers }),
    new DIDResolverPlugin({ ...getDidKeyResolver(), web: byWeb as never }),
  ]
  const base = createAgent<Managers>({ plugins: managers })
  const alias = encodeURIComponent(new URL(origin).host)
  const identifier = await base.didManagerCreate({ alias, options: { keyType: 'Secp256r1' } })
  const { did } = identifier
  const by = { did, algorithms: ['ES256'] } as const
  const signer = await veramo.agentSigner(base, { ...by, relationship: 'authentication' })
  const signing = await veramo.agentSigner(base, { ...by, relationship: 'assertionMethod' })
  const status = { source: snapshotSource({}), policy: { profession: 'none-issued' } } as const
  const trust = trustedIssuers({ profession: [partner] })
  const ages = { clockTolerance: 60, maxProofAge: 300 }
  const policy = { ...ages, types: [theirs.profession], trust, status }
  const seal = createSeal(crypto.getRandomValues(new Uint8Array(32)))
  const verifier = createVerifier({
    ...policy,
    audience: origin,
    issuerKeys: issuerKeys({ did: veramo.agentResolver(base) }),
    formats: [sdJwtVcVerifying()],
    seal,
    replay: memoryReplay(),
  })
  // Short-lived, so that there is nothing to revoke; a status list otherwise.
  const formats = [sdJwtVc({ signer: signing })]
  const issuing = {
    types: { citizenship: ours.citizenship },
    status: 'none',
    validityDays: 7,
  } as const
  const issuer = createIssuer({ ...issuing, issuer: did, formats })
  const credentials = veramo.asobaCredentials({ providers: [], policy, issuer, verifier })
  type Methods = veramo.MethodsOf<[typeof credentials]>
  const agent = createAgent<Managers & Methods>({ plugins: [...managers, credentials] })
  return { agent, identifier, verifier, seal, signer }
}
