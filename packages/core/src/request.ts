import type { JsonObject } from './json.ts'

/** A transaction that the holder authorises together with a presentation. */
export interface TransactionData {
  /** base64url SHA-256 of the text that says what is authorised (OpenID4VP `transaction_data`). */
  readonly hash: string
  /** Ids of the credential queries of which one answer authorises it. */
  readonly credentialIds: readonly string[]
}

/**
 * What a verifier asks for: made by the verifier, answered by the wallet. Whoever
 * carries it (a web page, OpenID4VP) may add what its transport binds.
 */
export interface PresentationRequest {
  /** DCQL query; read by `parseQuery` or `readQuery` before anything else is done with it. */
  readonly query: unknown
  /** Fresh for every request; bound by the holder's proof. */
  readonly nonce: string
  /** For whom the answer is: an https URL, a full OpenID4VP client identifier, or `origin:https://…`. */
  readonly audience: string
  /** Sealed by the verifier for itself; the wallet hands it back unread. */
  readonly state?: string
  readonly responseUri?: string
  readonly encryptionKeyThumbprint?: string
  /** `present` when left out. */
  readonly purpose?: 'present' | 'roll' | 'poll'
  /**
   * Of pseudonyms, where it is another than the plain service scope of the audience; a wallet
   * answers in no scope but those of spec/pseudonyms.md.
   */
  readonly scope?: string
  /** What the holder authorises by answering; whoever reads the texts shows them to the holder. */
  readonly transactionData?: readonly TransactionData[]
}

/** A wallet's answer to a {@link PresentationRequest}, in the shape of OpenID4VP. */
export interface Presentation {
  /** By id of the credential query: the presented credentials in wire form. */
  readonly vp_token: Readonly<Record<string, readonly (string | JsonObject)[]>>
  /** The request's own `state`, unchanged. */
  readonly state?: string
}
