import type { ClaimsPath } from './credential-type.ts'

/** A DCQL query that was parsed and validated. @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6 */
export interface DcqlQuery {
  readonly credentials: readonly CredentialQuery[]
  readonly credential_sets?: readonly CredentialSetQuery[]
}

/** What a DCQL query asks of one credential. Defaults of the specification are filled in. */
export interface CredentialQuery {
  readonly id: string
  /**
   * `dc+sd-jwt`, `jwt_vc_json`, `ldp_vc`, `mso_mdoc`, or ours: `vc+jwt`, `vc+sd-jwt`; in a query of
   * others anything else, which matches nothing.
   */
  readonly format: string
  readonly multiple: boolean
  readonly require_cryptographic_holder_binding: boolean
  /** Never empty but for an unknown `format`: a query that does not say which type it means is refused. */
  readonly meta: {
    readonly vct_values?: readonly string[]
    readonly type_values?: readonly (readonly string[])[]
    readonly doctype_value?: string
  }
  readonly trusted_authorities?: readonly TrustedAuthorityQuery[]
  readonly claims?: readonly DcqlClaim[]
  /** Ids of claims, the most wanted combination first. */
  readonly claim_sets?: readonly (readonly string[])[]
}

/** Authorities of which a credential must come under one. */
export interface TrustedAuthorityQuery {
  /** `aki`, `etsi_tl`, `openid_federation`; in a query of others anything else, which matches nothing. */
  readonly type: string
  readonly values: readonly string[]
}

/** One claim asked for. */
export interface DcqlClaim {
  readonly id?: string
  readonly path: ClaimsPath
  /** The claim counts only where its value is one of these. */
  readonly values?: readonly (string | number | boolean)[]
}

/** Combinations of credentials, by ids of credential queries. */
export interface CredentialSetQuery {
  /** The most wanted option first. */
  readonly options: readonly (readonly string[])[]
  readonly required: boolean
  readonly purpose?: string | number | { readonly [name: string]: unknown }
}
