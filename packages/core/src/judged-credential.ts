import type { StatusReference } from './credential-type.ts'
import type { FindTrustedIssuer, IssuerCertificate, KeyMechanism } from './format.ts'
import type { JsonObject } from './json.ts'
import type { SignatureBackend } from './keys.ts'

/** What a verifier fixes before it looks at a credential. */
export interface CredentialContext {
  readonly now: Date
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** Trust policy and key discovery in one step. */
  readonly findIssuer: FindTrustedIssuer
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/** A credential whose signature, issuer, form and validity were checked; holder and status were not. */
export interface JudgedCredential {
  /** The credential in the VC data model, as signed. */
  readonly credential: JsonObject
  /** Policy name of the type. */
  readonly type: string
  /** Issuer as the trust entry names it. */
  readonly issuer: string
  readonly mechanism: KeyMechanism
  /** What the certificate says of the issuer; absent where none was judged. */
  readonly certificate?: IssuerCertificate
  readonly validFrom?: Date
  readonly validUntil?: Date
  /** Every status entry; whoever accepts the credential still has to check them. */
  readonly status: readonly StatusReference[]
  /**
   * A hash of what the issuer signed, the same however a holder writes and proves it; `undefined`
   * where its presentations cannot be linked. It marks this very credential: do not store it.
   */
  readonly issuedMark: string | undefined
}
