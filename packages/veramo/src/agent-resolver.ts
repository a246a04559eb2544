import { isJsonObject } from '@asoba/core'
import { type AnyResolution, type DidResolver, didResolver, jwk, key } from '@asoba/did'

/** What is asked of an agent to resolve DIDs: the method of Veramo's `DIDResolverPlugin`. */
export interface ResolvingAgent {
  /** Resolves a DID; whatever shape comes back is judged here. */
  resolveDid(args: { didUrl: string }): Promise<object>
}

const local = didResolver({ methods: [key, jwk], cache: false })

/**
 * Resolves by the agent's own resolver, of whatever version of `did-resolver`: nothing of it is
 * believed but what the document says in a form that is used here. did:key and did:jwk are
 * computed and not asked for. Older names of the same forms (`JsonWebKey2020`,
 * `Ed25519VerificationKey2020`, …) are read as `JsonWebKey` and `Multikey`, because agents in use
 * publish them.
 */
export function agentResolver(agent: ResolvingAgent): DidResolver {
  return {
    async resolve(did, options) {
      if (/^did:(key|jwk):/.test(did)) return local.resolve(did, options)
      const result: AnyResolution = await agent.resolveDid({ didUrl: did })
      // `judged` of @asoba/did, behind every use of this, validates what this only translates.
      return { ...emptyResolution, ...result, didDocument: modern(result.didDocument) } as Awaited<
        ReturnType<DidResolver['resolve']>
      >
    },
  }
}

const emptyResolution = { didDocumentMetadata: {}, didResolutionMetadata: {} }

const relationships = ['verificationMethod', 'authentication', 'assertionMethod', 'keyAgreement']

function modern(document: object | null | undefined): object | null {
  if (!isJsonObject(document)) return null
  const changed = Object.fromEntries(
    relationships.flatMap((name) => {
      const list = document[name]
      return Array.isArray(list) ? [[name, list.map(modernMethod)]] : []
    }),
  )
  return { ...document, ...changed }
}

function modernMethod(method: unknown): unknown {
  if (!isJsonObject(method)) return method
  const { publicKeyJwk, publicKeyMultibase, type } = method
  const name = String(type)
  if (isJsonObject(publicKeyJwk) && /^(JsonWebKey2020|EcdsaSecp256[kr]1Verification)/.test(name)) {
    return { ...method, type: 'JsonWebKey' }
  }
  if (typeof publicKeyMultibase === 'string' && /^(Ed25519|X25519|EcdsaSecp256)/.test(name)) {
    return { ...method, type: 'Multikey' }
  }
  return method
}
