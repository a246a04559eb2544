import {
  type IssuerClaim,
  type Jwk,
  type Problem,
  problem,
  problemsUnder,
  refused,
  type SignatureBackend,
  type TrustEntry,
  type Verified,
} from '@asoba/core'
import { verifyChain } from './chain.ts'
import { bytesOfX5c } from './key-ids.ts'
import { readNames } from './names.ts'

/** Options of {@link x509Keys}. */
export interface X509KeysOptions {
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
  /** Whether HAIP 1.0 section 6.1.1 holds: no anchor in `x5c`, no leaf that signed itself. */
  readonly haip?: boolean
}

/**
 * Finds the key of an issuer that a policy trusts by X.509: the chain of the credential leads to an
 * anchor of the trust entry, and the leaf names the entry's issuer, and the `iss` of the credential
 * where it has one.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 2.5
 */
export function x509Keys(
  options: X509KeysOptions = {},
): (
  entry: TrustEntry,
  claim: IssuerClaim,
  at: Date,
) => Promise<Verified<{ readonly keys: readonly Jwk[] }>> {
  return async (entry, claim, at) => {
    const { x5c: chain, issuer } = claim
    if (chain === undefined) {
      return refused([problem('issuer.key-not-found', 'the credential carries no certificate')])
    }
    const path = await verifyChain({ chain, anchors: entry.anchors ?? [], at, ...options })
    if (!path.verified) return refused(problemsUnder('/x5c', path.problems), path.checks)
    const problems: Problem[] = []
    for (const name of [entry.issuer, issuer ?? entry.issuer]) {
      if (!path.subjects.includes(name)) {
        problems.push(problem('x509.subject-mismatch', 'the leaf does not name the issuer'))
        break
      }
    }
    if (problems.length > 0) return refused(problems, path.checks)
    return { verified: true, checks: path.checks, keys: [path.publicJwk] }
  }
}

/**
 * Names in the leaf of a chain, UNVERIFIED: its URI names, its DNS names as `https://` origins, its
 * distinguished name. Empty where it cannot be read.
 */
export function leafSubjects(x5c: readonly string[]): readonly string[] {
  const der = bytesOfX5c(x5c[0] ?? '')
  return (der && readNames(der)?.subjects) ?? []
}
