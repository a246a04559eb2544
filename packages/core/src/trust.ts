import type { IssuerCertificate, IssuerClaim, KeyMechanism } from './format.ts'
import type { Jwk } from './keys.ts'
import type { Problem, Verified } from './problem.ts'

/** What every entry of a trust policy says. */
interface TrustTerms {
  /** Short names of the types it may issue. */
  readonly types: readonly string[]
  /** x509: DER of the trust anchors. */
  readonly anchors?: readonly Uint8Array[]
  /**
   * x509: OIDs of extended key usage of which the leaf must have one, status lists included. Every
   * usage is accepted when left out, and `certificate.usages` of the result says which there are.
   */
  readonly usage?: string | readonly string[]
  /** x509: the `iss` that tokens must have; any or none when left out, for the leaf is the issuer. */
  readonly iss?: string
  /** Who else may sign its status lists. */
  readonly statusIssuers?: readonly string[]
  /** Under which anchors everybody who has this usage may sign its status lists as well. */
  readonly statusAnchors?: {
    readonly anchors: readonly Uint8Array[]
    readonly usage: string | readonly string[]
  }
  /** Status lists to use instead of the network, by URI. */
  readonly statusSnapshot?: Readonly<
    Record<
      string,
      { readonly bytes: Uint8Array; readonly mediaType: string; readonly fetchedAt: Date }
    >
  >
}

/** One issuer that a policy trusts: for which types, and by which one mechanism its keys are found. */
export interface TrustEntry extends TrustTerms {
  /** A DID, an https URL, or (x509) the leaf's URI or DNS subject alternative name or its DN. */
  readonly issuer: string
  /** The only mechanism allowed; the token never chooses. */
  readonly mechanism: KeyMechanism
  /** Pinned keys: no discovery is made, which is how a verifier works offline. */
  readonly keys?: readonly Jwk[]
}

/**
 * Everybody who stands under these anchors, as lists of authorities in Europe mean it. The issuer
 * of a credential is the subject of its leaf: for that issuer the entry is worth an
 * {@link TrustEntry} with its name and the one anchor that its chain led to. Whoever the policy
 * names by an entry of its own for the type is judged by that one alone.
 */
export interface AnchorEntry extends TrustTerms {
  readonly anyUnderAnchors: true
  readonly mechanism: 'x509'
  readonly anchors: readonly Uint8Array[]
  readonly issuer?: undefined
  readonly keys?: undefined
}

/** Whom a policy trusts: one issuer by name, or everybody under anchors. */
export type AnyTrustEntry = TrustEntry | AnchorEntry

/** Who may issue what. A list, a function, or a signed list can stand behind it. */
export interface TrustPolicy {
  /** Entries for an issuer and a type; empty where it is not trusted. */
  entries(query: {
    readonly issuer: string
    readonly type: string
    readonly at: Date
  }): Promise<readonly TrustEntry[]>
  /** The entries for everybody under anchors, for a type; none when left out. */
  anchored?(query: { readonly type: string; readonly at: Date }): Promise<readonly AnchorEntry[]>
  /** All entries for a type, for `trusted_authorities` in a request; empty where a function decides. */
  all(type: string, at: Date): Promise<readonly AnyTrustEntry[]>
  /**
   * Why the policy trusts fewer than it did, e.g. that its list has expired: told beside the
   * refusal of an issuer that it does not know. None where it has nothing to say. Never throws.
   */
  problems?(at: Date): readonly Problem[]
}

/** Finds the keys of a trusted issuer by the mechanism of its entry, and by no other. */
export interface IssuerKeys {
  /**
   * Names under which a trust policy may know the issuer of a claim: its `iss`, then, where it has
   * none or the certificate names the issuer, the subjects of the leaf.
   */
  candidates(claim: IssuerClaim): readonly string[]
  /** base64url key identifiers of an x509 entry's anchors, for `trusted_authorities` of type `aki`. */
  authorityKeyIds(entry: AnyTrustEntry): readonly string[]
  /** The keys to try, at least one; a refusal where the entry and the claim do not go together. */
  find(
    entry: AnyTrustEntry,
    claim: IssuerClaim,
    options: { readonly at: Date; readonly signal?: AbortSignal },
  ): Promise<Verified<FoundKeys>>
}

/** The keys of an issuer. */
export interface FoundKeys {
  /** At least one. */
  readonly keys: readonly Jwk[]
  /** Where a chain of certificates was judged. */
  readonly certificate?: IssuerCertificate
  /** What an {@link AnchorEntry} is worth for this issuer. */
  readonly entry?: TrustEntry
}
