import {
  type AnyTrustEntry,
  type FoundKeys,
  type IssuerClaim,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { verifyChain } from './chain.ts'
import { bytesOfX5c } from './key-ids.ts'
import { readNames } from './names.ts'

/** Options of {@link x509Keys}. */
export interface X509KeysOptions {
  /** Verifies signatures instead of the platform; RSA only with `withRsa` of `@asoba/did/rsa`. */
  readonly backend?: SignatureBackend
  /** Refuses what HAIP 1.0 forbids: the anchor in `x5c`, and a self-signed leaf. */
  readonly haip?: boolean
}

/**
 * Finds the key of an issuer that a policy trusts by X.509: the chain of the credential leads to an
 * anchor of the trust entry, and the leaf has the usage that it demands. The leaf names the issuer of
 * the entry, unless that trusts everybody under its anchors; and the issuer of the credential, where
 * that is not the leaf itself (SD-JWT VC) but a property (VC data model). Status lists may also be
 * signed by everybody under the `statusAnchors` of the entry.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 2.5 of draft 19
 */
export function x509Keys(
  options: X509KeysOptions = {},
): (entry: AnyTrustEntry, claim: IssuerClaim, at: Date) => Promise<Verified<FoundKeys>> {
  return async (entry, claim, at) => {
    const { x5c: chain, issuer: said, byCertificate } = claim
    if (chain === undefined) {
      return refused([problem('issuer.key-not-found', 'the credential carries no certificate')])
    }
    const { issuer, statusAnchors } = entry
    const judge = ({ anchors = [], usage }: Pick<AnyTrustEntry, 'anchors' | 'usage'>) =>
      verifyChain({ chain, anchors, at, ...options, ...(usage !== undefined && { usage }) })
    if (claim.purpose === 'status' && statusAnchors !== undefined) {
      const path = await judge(statusAnchors)
      if (path.verified) return { ...path, keys: [path.publicJwk] }
    }
    const path = await judge(entry)
    if (!path.verified) return refused(path.problems.map(below), path.checks)
    const { checks, publicJwk, subject, subjects: names, usages, authority } = path
    for (const name of [issuer, byCertificate ? undefined : said]) {
      if (name !== undefined && !names.includes(name)) {
        const detail = 'the leaf does not name the issuer'
        return refused([problem('x509.subject-mismatch', detail, '/x5c/0')], checks)
      }
    }
    if (claim.purpose === 'credential' && said !== (entry.iss ?? said)) {
      const detail = 'iss is not the one that the policy pins'
      return refused([problem('issuer.untrusted', detail, '/iss')], checks)
    }
    const certificate = { subject, names, usages, authority }
    const found = { verified: true, checks, keys: [publicJwk], certificate } as const
    if (issuer !== undefined) return found
    const { anyUnderAnchors: _, keys: __, issuer: ___, ...terms } = entry
    // Two authorities may each certify somebody of one name: the anchor is part of who it is.
    const anchor = entry.anchors[path.anchor] as Uint8Array
    const name = (byCertificate ? undefined : said) ?? subject
    return { ...found, entry: { ...terms, issuer: name, anchors: [anchor] } }
  }
}

/** What is wrong in the chain lies in `x5c`; the anchors are those of the trust entry. */
function below(one: Problem): Problem {
  return one.path?.startsWith('/anchors') ? one : { ...one, path: `/x5c${one.path ?? ''}` }
}

/**
 * Names in the leaf of a chain, UNVERIFIED: its URI names, its DNS names as `https://` origins, its
 * distinguished name. Empty where it cannot be read.
 */
export function leafSubjects(x5c: readonly string[]): readonly string[] {
  const der = bytesOfX5c(x5c[0] ?? '')
  return (der && readNames(der)?.subjects) ?? []
}
