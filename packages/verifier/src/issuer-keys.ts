import type { AnyTrustEntry, FoundKeys, IssuerClaim, IssuerKeys, Jwk, Verified } from '@asoba/core'
import { algorithmOfJwk, type DidResolver, findVerificationKeys } from '@asoba/did'
import { refuse } from './find-issuer.ts'

/** The keys that an https issuer publishes, e.g. `issuerMetadata({ fetch })` of `@asoba/sd-jwt`. */
export type FetchIssuerMetadata = (
  issuer: string,
  options: { readonly signal?: AbortSignal },
) => Promise<Verified<{ readonly keys: readonly Jwk[] }>>

/** What is needed of X.509; `@asoba/jwt/x509` has the three functions. */
export interface X509Support {
  /** The leaf's key, once the chain leads to one of the entry's anchors: `x509Keys()`. */
  readonly keys: (
    entry: AnyTrustEntry,
    claim: IssuerClaim,
    at: Date,
  ) => Promise<Verified<FoundKeys>>
  /** Subjects of the leaf: `leafSubjects`. */
  readonly subjects: (x5c: readonly string[]) => readonly string[]
  /** base64url subject key identifier of an anchor (DER): `subjectKeyId`. */
  readonly keyId: (anchor: Uint8Array) => string | undefined
}

/**
 * Key discovery for trusted issuers. The mechanism of the trust entry decides alone, never
 * the token, and nothing falls back to anything: an entry whose mechanism is not given here
 * finds no keys. Keys pinned in the entry are used without asking anybody.
 *
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-sd-jwt-vc-13.html#section-2.5
 */
export function issuerKeys(mechanisms: {
  readonly did?: DidResolver
  readonly https?: FetchIssuerMetadata
  readonly x509?: X509Support
}): IssuerKeys {
  const { did, https, x509 } = mechanisms
  return {
    candidates: ({ issuer, x5c, byCertificate }) => {
      const named = issuer === undefined ? [] : [issuer]
      if (issuer !== undefined && !byCertificate) return named
      return [...named, ...((x5c && x509?.subjects(x5c)) ?? [])]
    },
    authorityKeyIds: ({ anchors = [] }) =>
      x509 === undefined ? [] : anchors.flatMap((anchor) => x509.keyId(anchor) ?? []),
    find: async (entry, claim, { at, signal }) => {
      const { issuer, mechanism, keys: pinned } = entry
      const { issuer: iss, x5c, kid, byCertificate, purpose } = claim
      const isX509 = mechanism === 'x509'
      // Its certificate is judged by the anchors for status, or like any other.
      const ofStatus = purpose === 'status' && entry.statusAnchors
      const leaf = isX509 && x5c && x509?.subjects(x5c)
      if (issuer !== undefined && iss !== issuer && !(leaf && (!iss || byCertificate))) {
        return refuse('issuer.mechanism-mismatch', 'the token does not name the trusted issuer')
      }
      if (mechanism === 'did' && kid?.startsWith('did:') && kid.split(/[?#/]/)[0] !== issuer) {
        return refuse('issuer.key-not-found', 'the kid names a key of another DID than the issuer')
      }
      if (isX509 && !x5c && !pinned) {
        return refuse('issuer.mechanism-mismatch', 'the policy wants x5c and the token has none')
      }
      if (leaf && issuer !== undefined && !leaf.includes(issuer) && !ofStatus) {
        return refuse('x509.subject-mismatch', 'the certificate is not that of the issuer')
      }
      if (pinned !== undefined) return fitting(pinned, claim)
      if (isX509 && x509) return x509.keys(entry, claim, at)

      const options = signal ? { signal } : {}
      if (mechanism === 'did' && did && issuer) {
        const found = await findVerificationKeys(
          did,
          { did: issuer, relationship: 'assertionMethod', ...(kid !== undefined && { kid }) },
          options,
        )
        return found.verified
          ? fitting(
              found.keys.map(({ publicJwk }) => publicJwk),
              claim,
            )
          : found
      }
      if (mechanism === 'https' && https && issuer) {
        const found = await https(issuer, options)
        return found.verified
          ? fitting(
              found.keys.filter((key) => kid === undefined || key.kid === kid),
              claim,
            )
          : found
      }
      return refuse('issuer.key-not-found', 'the verifier has not the mechanism of this issuer')
    },
  }
}

/** Of several keys those of the algorithm: a key never serves an algorithm it was not made for. */
function fitting(
  keys: readonly Jwk[],
  { algorithm }: IssuerClaim,
): Verified<{ readonly keys: readonly Jwk[] }> {
  const fit = keys.filter((key) => algorithmOfJwk(key) === algorithm || key.kty === 'RSA')
  return fit.length > 0
    ? { verified: true, checks: [], keys: fit }
    : refuse('issuer.key-not-found', 'the issuer has no such key')
}
