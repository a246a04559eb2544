import type {
  AcceptedContexts,
  ClaimAt,
  ClaimsPath,
  SecureInput,
  StatusReference,
} from './credential-type.ts'
import type { JsonObject } from './json.ts'
import type { HolderProof, Jwk, KeyAlgorithm, RsaAlgorithm, SecretSource } from './keys.ts'
import type { Verified } from './problem.ts'
import type { ScopeKind } from './scope.ts'

/** A credential as issued: opaque to roles, understood by its format alone. */
export interface SecuredCredential<Id extends string = string> {
  readonly format: Id
  /** Wire form: a compact string, or a JSON object for `ldp_vc`. */
  readonly wire: string | JsonObject
}

/** What a holder sends for one credential. */
export interface Presented<Id extends string = string> {
  readonly format: Id
  readonly wire: string | JsonObject
}

/** What a wallet may know of a credential without verifying it; for matching and consent only. */
export interface CredentialView {
  /** DCQL format name. */
  readonly dcqlFormat: string
  /** `vct` values it can be asked for by; empty outside SD-JWT VC. */
  readonly vcts: readonly string[]
  /** VC data model types; empty for SD-JWT VC. */
  readonly types: readonly string[]
  /** Data Integrity cryptosuite; absent elsewhere. */
  readonly cryptosuite?: string
  /** Claimed issuer: a DID, an https URL, or the subject of the leaf certificate. */
  readonly issuer: string
  /** The whole claims tree that DCQL paths lead into. */
  readonly claims: JsonObject
  /** What is sent with every presentation beside that tree, and no query can ask for; absent where nothing is. */
  readonly besides?: JsonObject
  /** Paths that can be withheld, each with its value; everything else is always shown. */
  readonly disclosable: readonly ClaimAt[]
  readonly validFrom?: Date
  readonly validUntil?: Date
  /** base64url authority key identifiers found in `x5c`, for DCQL `trusted_authorities` of type `aki`. */
  readonly authorityKeyIds: readonly string[]
  /** Which holder key it is bound to. */
  readonly holder: HolderProof
  /** In which scopes it shows a pseudonym; absent where it shows none. */
  readonly pseudonym?: ScopeKind
}

/** To whom and for what a presentation is made; everything in it is bound by the holder's proof. */
export interface PresentationContext {
  /** https URL, full OpenID4VP client identifier, or `origin:https://…`. */
  readonly audience: string
  readonly nonce: string
  readonly responseUri?: string
  readonly encryptionKeyThumbprint?: string
  readonly purpose: 'present' | 'roll' | 'poll'
  readonly payloadHash?: Uint8Array
  /** Of the pseudonym; the service scope of the audience when left out. */
  readonly scope?: string
  /** base64url SHA-256 of the transactions that this very presentation authorises. */
  readonly transactionHashes?: readonly string[]
  /** When it is made; the time of the holder's proof. */
  readonly now: Date
}

/** What a credential says of its own issuer, before anything is believed. */
export interface IssuerClaim {
  /** `iss` or `issuer`, where present. */
  readonly issuer?: string
  /** `vct`, or the VC data model types. */
  readonly types: readonly string[]
  readonly algorithm: KeyAlgorithm | RsaAlgorithm
  readonly kid?: string
  /** `x5c`, base64 DER, leaf first. */
  readonly x5c?: readonly string[]
  /**
   * The subject of the leaf in `x5c` is the issuer, and `issuer` a claim like another: so it is in
   * SD-JWT VC and in status list tokens, not in the VC data model.
   *
   * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 2.5 of draft 19
   */
  readonly byCertificate?: true
  /** A status list is signed by the credential's issuer, or by whom the policy names for status. */
  readonly purpose: 'credential' | 'status'
}

/** Whom a certificate names, once its chain was judged. */
export interface IssuerCertificate {
  /** Distinguished name of the leaf (RFC 4514); its first other name where it has none. */
  readonly subject: string
  /** All its names: URIs, DNS names as `https://` origins, the distinguished name. */
  readonly names: readonly string[]
  /** OIDs of its extended key usage. */
  readonly usages: readonly string[]
  /** Distinguished name of the trust anchor that it stands under. */
  readonly authority: string
}

/** The issuer that the policy trusts for this type, with the keys to try. */
export interface TrustedIssuer {
  /** Issuer as the trust entry names it; the subject of the leaf where it trusts anchors. */
  readonly issuer: string
  /** Short name of the type in the policy: `citizenship`. */
  readonly type: string
  /** Public keys allowed for this claim; the signature must verify under one of them. */
  readonly keys: readonly Jwk[]
  readonly mechanism: KeyMechanism
  /**
   * Under which JSON-LD contexts credentials of the type are written; where it is left out, under
   * that of the VC data model 2.0 alone. For proofs over statements, which hold no contexts.
   */
  readonly contexts?: AcceptedContexts
  readonly certificate?: IssuerCertificate
}

/** The one way in which the keys of an issuer are found. */
export type KeyMechanism = 'did' | 'https' | 'x509'

/** Trust policy and key discovery in one step: given by the verifier to the format. */
export type FindTrustedIssuer = (claim: IssuerClaim) => Promise<Verified<TrustedIssuer>>

/** Finds the public key of a holder's verification method (a DID URL) and who controls it. */
export type FindHolderKey = (
  verificationMethod: string,
) => Promise<Verified<{ readonly publicJwk: Jwk; readonly controller: string }>>

/** What the verifier fixes before it looks at a presentation; nothing of it is read from the message. */
export interface VerificationContext {
  readonly audience: string
  readonly nonce: string
  readonly responseUri?: string
  readonly encryptionKeyThumbprint?: string
  readonly purpose: 'present' | 'roll' | 'poll'
  readonly payloadHash?: Uint8Array
  readonly scope?: string
  /** Transactions that it may authorise; one that is none of these is refused. */
  readonly transactionHashes?: readonly string[]
  readonly now: Date
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** How old the holder's proof may be, in seconds. */
  readonly maxProofAge: number
  readonly findIssuer: FindTrustedIssuer
  readonly findHolderKey: FindHolderKey
  /** By policy name of the type, once the issuer is known. */
  readonly holderBinding: (type: string) => 'required' | 'bearer'
  readonly signal?: AbortSignal
}

/** How a presentation is bound to its holder. `proven` is what a verifier demands. */
export interface HolderBinding {
  readonly kind: 'cnf' | 'subject' | 'commitment' | 'none'
  readonly proven: boolean
}

/** A credential whose signature, issuer, form, validity and holder binding were checked; status was not. */
export interface VerifiedCredential {
  readonly format: string
  /** Policy name of the type. */
  readonly type: string
  /** Issuer as the trust entry names it; the subject of the leaf where it trusts anchors. */
  readonly issuer: string
  readonly mechanism: KeyMechanism
  /** What the certificate says of the issuer; absent where none was judged. */
  readonly certificate?: IssuerCertificate
  /** The disclosed claims tree, as DCQL paths see it. */
  readonly claims: JsonObject
  /** The disclosed claims of the subject alone, as the type's schema sees them. */
  readonly subject: JsonObject
  readonly validFrom?: Date
  readonly validUntil?: Date
  /** Every status entry of the credential; empty where it has none. */
  readonly status: readonly StatusReference[]
  readonly holder: HolderBinding
  readonly pseudonym?: string
  /** The transactions that its holder authorised, of those that the context names. */
  readonly transactionHashes?: readonly string[]
  /**
   * The same for two presentations of one credential, and for no other credential: a hash of what its
   * issuer signed, which nobody else can write anew. `undefined` where presentations of one
   * credential cannot be linked. For comparison within one answer; in no result, in no log.
   */
  readonly issuedMark: string | undefined
}

/** All that a verifier knows of a format; every {@link CredentialFormat} is one. */
export interface VerifyingFormat<Id extends string = string> {
  /** `dc+sd-jwt`, `jwt_vc_json`, `ldp_vc/eddsa-jcs-2022`, `vc+jwt` (ours, opt-in), … */
  readonly id: Id
  /** What DCQL and OpenID4VC call it: `ldp_vc` for every cryptosuite. */
  readonly dcqlFormat: string
  /**
   * By what a verifier that asks for several credentials knows one that it is sent twice:
   * `issuedMark`, `pseudonym` (one of each holder), or nothing, so that it must not ask.
   */
  readonly countedBy: 'credential' | 'pseudonym' | 'nothing'
  /** Narrow and total: whether a wire form (credential or presentation) is of this format. */
  recognises(wire: unknown): boolean
  /** Judges a presentation of one credential (wire form); never throws. */
  verify(presented: unknown, context: VerificationContext): Promise<Verified<VerifiedCredential>>
}

/** All that a role knows of a format. Judging never throws; producing may. */
export interface CredentialFormat<Id extends string = string> extends VerifyingFormat<Id> {
  /** Secures one credential for one holder; needs the signer given to the format. */
  secure(input: SecureInput, holder: HolderProof): Promise<SecuredCredential<Id>>
  /** UNVERIFIED view, for matching and consent only. Throws `AsobaError` where the wire form is broken. */
  view(secured: SecuredCredential<Id>): CredentialView
  /**
   * A fresh holder key (or commitment), and the secret to keep for {@link present}.
   *
   * @param options `type`: short name of the type that it is for, where a format treats types
   * differently; `issuer`: for whom a commitment is made, which no other issuer should see
   */
  prepareHolder(
    secrets: SecretSource,
    options?: { readonly type?: string; readonly issuer?: string },
  ): Promise<{ readonly proof: HolderProof; readonly retained: Uint8Array }>
  /**
   * Whether a received credential is bound to this prepared secret and is what its issuer had to
   * make of it. For formats whose credentials do not name the holder's key: where it is absent, the
   * key in the view is compared instead. Never throws, whatever the wire form.
   */
  accepts?(secured: SecuredCredential<Id>, retained: Uint8Array): Promise<boolean>
  /**
   * Discloses exactly the given paths, what they lie in, and what is always shown, bound to the
   * context. What lies below a path is disclosed only where it is named as well.
   */
  present(
    secured: SecuredCredential<Id>,
    disclose: readonly ClaimsPath[],
    to: PresentationContext,
    retained: Uint8Array,
  ): Promise<Presented<Id>>
}

/** A list of status bytes as fetched: always whole lists, so that a fetch names nobody. */
export interface StatusSource {
  /**
   * @throws AsobaError `network.failed` or `status.unavailable`
   */
  get(
    uri: string,
    options: { readonly signal?: AbortSignal; readonly maxAge?: number },
  ): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string; readonly fetchedAt: Date }>
}

/** Remembers what was used once; shared by all replicas of a verifier. */
export interface ReplayStore {
  /** True the first time an id is seen; the id may be forgotten after `expires`. */
  firstUse(id: string, expires: Date): Promise<boolean>
}

/** Keeps the wallet's sealed records; knows nothing of what they are. */
export interface Vault {
  /** A copy of the record, if there is one. */
  get(id: string): Promise<Uint8Array | undefined>
  /** Puts a record, in place of one that is there. */
  set(id: string, value: Uint8Array): Promise<void>
  /** Deletes a record; nothing happens where there is none. */
  delete(id: string): Promise<void>
  /** The ids of all records, in any order. */
  list(): Promise<readonly string[]>
  /** Deletes everything, beyond recovery. */
  erase(): Promise<void>
}

/** Keeps opaque blobs for backup; comes with the recovery work. */
export interface BlobStore {
  /** The blob, if there is one. */
  get(id: string): Promise<Uint8Array | undefined>
  /** Puts a blob, in place of one that is there. */
  put(id: string, blob: Uint8Array): Promise<void>
  /** Deletes a blob; nothing happens where there is none. */
  delete(id: string): Promise<void>
}
