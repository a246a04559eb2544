import { type FindTrustedIssuer, problem, refused } from '@asoba/core'
import type { FindProofKey } from '@asoba/data-integrity'
import { type DidResolver, findVerificationKeys, parseDidUrl } from '@asoba/did'

/** Whom the server believes: every issuer with a DID, or these alone. */
export type Trust = 'any' | ReadonlySet<string>

/** Finds the keys of an issuer by its DID document, where the server trusts it. */
export function trustedDids(
  trust: Trust,
  resolver: DidResolver,
  statusIssuers: readonly string[],
): FindTrustedIssuer {
  return async ({ issuer, kid }) => {
    const trusted = trust === 'any' ? issuer?.startsWith('did:') : trust.has(issuer ?? '')
    if (issuer === undefined || !trusted) {
      return refused([problem('issuer.untrusted', 'the issuer is not trusted here', '/issuer')])
    }
    const found = await findVerificationKeys(resolver, {
      did: issuer,
      relationship: 'assertionMethod',
      ...(kid !== undefined && { kid }),
    })
    if (!found.verified) return found
    const keys = found.keys.map(({ publicJwk }) => publicJwk)
    const { checks } = found
    // A server for every kind of document knows of no type under which contexts it is written.
    const any = { type: 'any', contexts: 'any' } as const
    return { verified: true, checks, issuer, ...any, mechanism: 'did', keys, statusIssuers }
  }
}

/** Finds the key that a proof names, whoever has it. */
export function proofKeys(resolver: DidResolver): FindProofKey {
  return async (kid) => {
    const did = parseDidUrl(kid)?.did ?? ''
    const query = { did, relationship: 'assertionMethod', kid } as const
    const found = await findVerificationKeys(resolver, query)
    if (!found.verified) return found
    const [first] = found.keys
    if (first === undefined) {
      return refused([problem('issuer.key-not-found', 'there is no such key')])
    }
    const { publicJwk, controller } = first
    return { verified: true, checks: found.checks, publicJwk, controller }
  }
}
