import { type AnyResolution, type DidResolver, didResolver, jwk, key } from '@asoba/did'

/** What is asked of an agent to resolve DIDs: the method of Veramo's `DIDResolverPlugin`. */
export interface ResolvingAgent {
  /** Resolves a DID; whatever shape comes back is judged here. */
  resolveDid(args: { didUrl: string }): Promise<object>
}

const local = didResolver({ methods: [key, jwk], cache: false })

/**
 * Resolves by the agent's own resolver, of whatever version of `did-resolver`: nothing of it is
 * believed but what can be checked. did:key and did:jwk are computed and not asked for.
 */
export function agentResolver(agent: ResolvingAgent): DidResolver {
  return {
    async resolve(did, options) {
      if (/^did:(key|jwk):/.test(did)) return local.resolve(did, options)
      const result: AnyResolution = await agent.resolveDid({ didUrl: did })
      // `judged` of @asoba/did, behind every use of this, believes no more than can be checked.
      return { ...emptyResolution, ...result } as Awaited<ReturnType<DidResolver['resolve']>>
    },
  }
}

const emptyResolution = { didDocumentMetadata: {}, didResolutionMetadata: {} }
