import type {
  HolderBinding,
  IssuerCertificate,
  JsonObject,
  PresentationRequest,
  TransactionData,
  Verified,
  VerifiedCredential,
} from '@asoba/core'

/** A DCQL query as a caller writes it; ids and `multiple` shape the type of the result. */
export interface QueryInput {
  readonly credentials: readonly CredentialQueryInput[]
  readonly credential_sets?: readonly {
    readonly options: readonly (readonly string[])[]
    readonly required?: boolean
    readonly purpose?: string | number | { readonly [name: string]: unknown }
  }[]
}

/** One credential query as a caller writes it. `meta` must name types the verifier knows. */
export interface CredentialQueryInput {
  readonly id: string
  readonly format: string
  readonly meta: {
    readonly vct_values?: readonly string[]
    readonly type_values?: readonly (readonly string[])[]
  }
  readonly multiple?: boolean
  readonly require_cryptographic_holder_binding?: boolean
  readonly trusted_authorities?: readonly {
    readonly type: string
    readonly values: readonly string[]
  }[]
  readonly claims?: readonly {
    readonly id?: string
    readonly path: readonly (string | number | null)[]
    readonly values?: readonly (string | number | boolean)[]
  }[]
  readonly claim_sets?: readonly (readonly string[])[]
}

/** What a request may fix besides the query; nothing of it is ever read from an answer. */
export interface RequestOptions {
  /** Instead of the verifier's own: the full OpenID4VP client identifier, or `origin:https://…`. */
  readonly audience?: string
  readonly responseUri?: string
  readonly encryptionKeyThumbprint?: string
  /** `present` when left out. */
  readonly purpose?: 'present' | 'roll' | 'poll'
  readonly payloadHash?: Uint8Array
  /**
   * What pseudonyms are bound to: `serviceScope(audience, { part })` or `electionScope(hash)` of
   * `@asoba/core`; the plain service scope of the audience when left out.
   */
  readonly scope?: string
  /**
   * What the holder must authorise by answering. Only `dc+sd-jwt` can; each transaction needs one
   * answer among its `credentialIds` that does.
   */
  readonly transactionData?: readonly TransactionData[]
  /** Until when it may be answered; ten minutes from now when left out. */
  readonly expires?: Date
}

/** A request: `query`, `nonce` and `audience` for the wallet, `state` for the verifier itself. */
export interface VerifierRequest<Q extends QueryInput = QueryInput> extends PresentationRequest {
  /** The query as given, with `trusted_authorities` where the policy knows any. */
  readonly query: Q
  readonly state: string
  readonly expires: Date
}

/** Options of `verify`. */
export interface VerifyOptions {
  /** The audience of the request, where it was not the verifier's own. */
  readonly audience?: string
  /**
   * SHA-256 of what came with the presentation, computed by the caller: an answer in a poll, a key
   * for a roll. Where the request named one already, it must be the same.
   */
  readonly payloadHash?: Uint8Array
  readonly signal?: AbortSignal
}

/** One credential that was accepted. */
export interface AcceptedCredential {
  /** Issuer as the trust entry names it; the subject of the leaf where it trusts anchors. */
  readonly issuer: string
  /** Short name of its type. */
  readonly type: string
  /** Id of the format. */
  readonly format: string
  readonly mechanism: VerifiedCredential['mechanism']
  /** What the certificate says of the issuer; `iss`, where it has one, stands in the document. */
  readonly certificate?: IssuerCertificate
  readonly holder: HolderBinding
  /**
   * The whole disclosed tree as DCQL paths see it. Unlike `result.claims` it holds what marks
   * this very credential (`cnf`, status index): do not store it.
   */
  readonly document: JsonObject
  readonly validFrom?: Date
  readonly validUntil?: Date
  readonly pseudonym?: string
}

/** The claims type of one credential query. */
export type ClaimsOfOne<C> = C extends { readonly multiple: true }
  ? readonly JsonObject[]
  : C extends { readonly multiple: false }
    ? JsonObject
    : 'multiple' extends keyof C
      ? JsonObject | readonly JsonObject[]
      : JsonObject

/** Claims by id of the credential query: an object each, an array where it says `multiple`. */
export type ClaimsOf<Q extends QueryInput> = Q extends { readonly credential_sets: object }
  ? { readonly [C in Q['credentials'][number] as C['id']]?: ClaimsOfOne<C> }
  : { readonly [C in Q['credentials'][number] as C['id']]: ClaimsOfOne<C> }

/** A value by id of a credential query, where there is one. */
export type ById<Q extends QueryInput, T> = {
  readonly [C in Q['credentials'][number] as C['id']]?: T
}

/** What a verifier made of a presentation. There are claims on the verified arm alone. */
export type VerificationResult<Q extends QueryInput = QueryInput> = Verified<{
  /** The disclosed claims of the subject, by id of the credential query. */
  readonly claims: ClaimsOf<Q>
  readonly credentials: ById<Q, readonly AcceptedCredential[]>
  /** The holder's pseudonym for this verifier, where the format has one. */
  readonly pseudonyms: ById<Q, string>
}>
