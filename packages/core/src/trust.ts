import type { IssuerClaim, KeyMechanism } from './format.ts'
import type { Jwk } from './keys.ts'
import type { Problem, Verified } from './problem.ts'

/** One issuer that a policy trusts: for which types, and by which one mechanism its keys are found. */
export interface TrustEntry {
  /** A DID, an https URL, or (x509) the leaf's URI or DNS subject alternative name or its DN. */
  readonly issuer: string
  /** Short names of the types it may issue. */
  readonly types: readonly string[]
  /** The only mechanism allowed; the token never chooses. */
  readonly mechanism: KeyMechanism
  /** Pinned keys: no discovery is made, which is how a verifier works offline. */
  readonly keys?: readonly Jwk[]
  /** x509: DER of the trust anchors. */
  readonly anchors?: readonly Uint8Array[]
  /** Who else may sign its status lists. */
  readonly statusIssuers?: readonly string[]
  /** Status lists to use instead of the network, by URI. */
  readonly statusSnapshot?: Readonly<
    Record<
      string,
      { readonly bytes: Uint8Array; readonly mediaType: string; readonly fetchedAt: Date }
    >
  >
}

/** Who may issue what. A list, a function, or a signed list can stand behind it. */
export interface TrustPolicy {
  /** Entries for an issuer and a type; empty where it is not trusted. */
  entries(query: {
    readonly issuer: string
    readonly type: string
    readonly at: Date
  }): Promise<readonly TrustEntry[]>
  /** All entries for a type, for `trusted_authorities` in a request; empty where a function decides. */
  all(type: string, at: Date): Promise<readonly TrustEntry[]>
  /**
   * Why the policy trusts fewer than it did, e.g. that its list has expired: told beside the
   * refusal of an issuer that it does not know. None where it has nothing to say. Never throws.
   */
  problems?(at: Date): readonly Problem[]
}

/** Finds the keys of a trusted issuer by the mechanism of its entry, and by no other. */
export interface IssuerKeys {
  /**
   * Names under which a trust policy may know the issuer of a claim: its `iss` and nothing
   * else, or, where it has none, the subjects of the leaf certificate.
   */
  candidates(claim: IssuerClaim): readonly string[]
  /** base64url key identifiers of an x509 entry's anchors, for `trusted_authorities` of type `aki`. */
  authorityKeyIds(entry: TrustEntry): readonly string[]
  /** The keys to try, at least one; a refusal where the entry and the claim do not go together. */
  find(
    entry: TrustEntry,
    claim: IssuerClaim,
    options: { readonly at: Date; readonly signal?: AbortSignal },
  ): Promise<Verified<{ readonly keys: readonly Jwk[] }>>
}
