import { type Bbs2023Profile, bbs2023 } from '@asoba/bbs'
import { createSeal } from '@asoba/core/seal'
import { didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { sdJwtVc } from '@asoba/sd-jwt'
import { httpStatusSource } from '@asoba/status'
import {
  createVerifier,
  issuerKeys,
  memoryReplay,
  type QueryInput,
  trustedIssuers,
  type VerificationResult,
  type Verifier,
} from '@asoba/verifier'
import { nation } from './issuing.ts'
import { json, type Party, startParty } from './server.ts'

/** A verifier with its server: `GET /request`, `POST /present`. */
export interface VerifyingParty extends Party {
  /** The last result, as the party itself sees it: what it learnt, and nothing else. */
  last(): VerificationResult | undefined
}

/**
 * A party that asks one thing of everybody and trusts the given issuers. It reads SD-JWT VC;
 * where it is given a profile of anonymous credentials, those instead.
 */
export async function startVerifier(
  query: QueryInput,
  trusted: Readonly<Record<string, readonly string[]>>,
  profile?: Bbs2023Profile,
): Promise<VerifyingParty> {
  let last: VerificationResult | undefined
  const party = await startParty(async (origin) => {
    const verifier = verifierAt(origin.replace('http:', 'https:'), trusted, profile)
    return async (request, { pathname }) => {
      if (pathname === '/request') return json(await verifier.request(query))
      if (pathname === '/present' && request.method === 'POST') {
        const presentation: unknown = await request.json()
        const state = (presentation as { readonly state?: string }).state
        last = await verifier.verify(presentation, {
          query,
          ...(state === undefined ? {} : { state }),
        })
        return json(
          last.verified
            ? { accepted: true }
            : {
                accepted: false,
                reasons: last.problems.map(({ code, detail }) => ({ code, detail })),
              },
          last.verified ? 200 : 403,
        )
      }
      return undefined
    }
  })
  return { ...party, last: () => last }
}

/** A verifier with this audience, which finds keys and status lists on loopback. */
export function verifierAt(
  audience: string,
  trusted: Readonly<Record<string, readonly string[]>>,
  profile?: Bbs2023Profile,
): Verifier {
  // A real service keeps lists for a while; here a revocation must be seen at once.
  const source = httpStatusSource({
    fetch: globalThis.fetch,
    minAge: 0,
    maxAge: 0,
    [allowInsecureLoopback]: true,
  })
  const webWithLoopback = webMethod({ fetch: globalThis.fetch, [allowInsecureLoopback]: true })
  return createVerifier({
    audience,
    types: profile === undefined ? Object.values(nation) : [nation.citizenship],
    issuerKeys: issuerKeys({ did: didResolver({ methods: [webWithLoopback] }) }),
    trust: trustedIssuers(trusted),
    formats: [profile === undefined ? sdJwtVc() : bbs2023(profile)],
    status: profile === undefined ? source : { source, policy: { citizenship: 'epoch' } },
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    replay: memoryReplay(),
    clockTolerance: 30,
    maxProofAge: 300,
  })
}
