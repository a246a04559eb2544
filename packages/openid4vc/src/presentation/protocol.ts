import type { JsonObject } from '@asoba/core'

/**
 * Error codes that a wallet sends instead of an answer.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-8.5
 */
export type PresentationError =
  | 'access_denied'
  | 'invalid_client'
  | 'invalid_request'
  | 'invalid_request_uri_method'
  | 'invalid_scope'
  | 'invalid_transaction_data'
  | 'unsupported_response_type'
  | 'vp_formats_not_supported'
  | 'wallet_unavailable'

/** All of {@link PresentationError}. */
export const presentationErrors: readonly PresentationError[] = [
  'access_denied',
  'invalid_client',
  'invalid_request',
  'invalid_request_uri_method',
  'invalid_scope',
  'invalid_transaction_data',
  'unsupported_response_type',
  'vp_formats_not_supported',
  'wallet_unavailable',
]

/** What a request for the Digital Credentials API is made of: `{ digital: { requests: [it] } }`. */
export interface DcApiRequestData {
  /** `openid4vp-v1-unsigned` and the like. */
  readonly protocol: string
  readonly data: JsonObject
}

/** An attestation about the verifier, for the wallet to judge. @see OpenID4VP 1.0 section 5.11 */
export interface VerifierInfo {
  readonly format: string
  readonly data: string | JsonObject
  /** Ids of the credential queries that it is about; all when left out. */
  readonly credential_ids?: readonly string[]
}

/** One transaction as a request spells it, before it is encoded. @see OpenID4VP 1.0 section 8.4 */
export interface TransactionInput {
  readonly type: string
  /** Ids of the credential queries of which one answer authorises it. */
  readonly credential_ids: readonly string[]
  /** Whatever the type says. */
  readonly [name: string]: unknown
}

/** `typ` of a request object (RFC 9101). */
export const requestObjectType = 'oauth-authz-req+jwt'

/** `aud` of a request object where the wallet was not discovered. @see OpenID4VP 1.0 section 5.8 */
export const selfIssued = 'https://self-issued.me/v2'

/** Longest body that is read, in bytes: a presentation is 1 MiB at most, and form encoding adds. */
export const maxBody = 2_097_152
