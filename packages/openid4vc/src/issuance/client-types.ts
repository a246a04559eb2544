import type { CredentialView, JsonObject, Jwk, Signer, Verified } from '@asoba/core'
import type { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { HeldCredential, Wallet } from '@asoba/wallet'

/** How a wallet shows that it is a wallet. @see https://datatracker.ietf.org/doc/draft-ietf-oauth-attestation-based-client-auth/ */
export interface WalletAttestation {
  /** `oauth-client-attestation+jwt` of the wallet's provider; its `sub` is the `clientId`. */
  readonly jwt: string
  /** The key in its `cnf`. */
  readonly signer: Signer
}

/** What a wallet's provider is asked to attest. */
export interface KeyAttestationRequest {
  readonly issuer: string
  readonly keys: readonly Jwk[]
  /** Goes into the attestation. */
  readonly nonce: string
  /** Levels that the issuer demands, one of each; any where left out. */
  readonly keyStorage?: readonly string[]
  readonly userAuthentication?: readonly string[]
}

/** What the wallet's format for a configuration is told, to prepare keys or commitments. */
export interface WalletFormat {
  /** Id of a format of the wallet. */
  readonly format: string
  /** Short name of the type, where the format treats types differently. */
  readonly type?: string
  /** Issuer of the credential (a DID), for commitments. */
  readonly issuer?: string
}

/** What a wallet that takes credentials from the web is made of. */
export interface IssuanceClientOptions {
  /** `createWallet` of `@asoba/wallet`. */
  readonly wallet: Pick<Wallet, 'prepare' | 'prove' | 'receive'>
  /** The only way to the network. */
  readonly fetch: typeof fetch
  /** Which issuers (their https URLs) are dealt with; `any` must be said aloud. */
  readonly issuers: 'any' | ((issuer: string) => boolean | Promise<boolean>)
  /**
   * Endpoints on other hosts than the identifier that they belong to. Taken and named in
   * `asksAt` of the offer when left out; `refused` leaves such issuers out.
   */
  readonly otherHosts?: 'refused'
  /** DER of the anchors under which issuers sign their metadata; unsigned metadata are refused then. */
  readonly metadataAnchors?: readonly Uint8Array[]
  /** What the wallet is called, equal for all people who use it; anonymous when left out. */
  readonly clientId?: string
  /** Where the browser comes back to; the authorisation code flow is off when left out. */
  readonly redirectUri?: string
  /** Called for each request to an authorisation server that takes attestations. */
  attestation?(server: string): Promise<WalletAttestation>
  /** Asks the wallet's provider to attest keys; issuers who demand that are refused when left out. */
  keyAttestation?(request: KeyAttestationRequest): Promise<string>
  /** The wallet's format for a configuration; by its format identifier and cryptosuite when left out. */
  formatOf?(offered: OfferedCredential): WalletFormat | undefined
  /**
   * A last look at what came, beside format and type, which are always compared: whether the
   * issuer in the credential (`view.issuer`) is one that this https issuer may speak for. Nothing
   * is stored where it says no. The signature is not looked at: that is for verifiers.
   */
  accepts?(
    view: CredentialView,
    from: { readonly issuer: string; readonly configuration: string },
  ): boolean
  /** Copies of each credential at most; 10 when left out, fewer where the issuer gives fewer. */
  readonly copies?: number
  /** Tells issuers who ask for it that credentials were stored or not. Nothing is told when left out. */
  readonly notify?: true
  /** Every choice the strict way of HAIP 1.0. */
  readonly haip?: true
  /** The clock; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine: for demos and tests. */
  readonly [allowInsecureLoopback]?: true
}

/** One credential that is offered, as the issuer describes it; nothing of it is believed. */
export interface OfferedCredential {
  /** Id of the configuration. */
  readonly configuration: string
  /** Format identifier of OpenID4VCI. */
  readonly format: string
  /** SD-JWT VC type. */
  readonly vct?: string
  /** Types of the VC data model. */
  readonly types?: readonly string[]
  /** How it is signed: algorithms, or cryptosuites for `ldp_vc`. */
  readonly signedWith: readonly string[]
  /** Names and colours by language, as they came. */
  readonly display: readonly JsonObject[]
  /** Labels of claims, as they came. */
  readonly claims: readonly JsonObject[]
}

/** What the holder must type in. */
export interface TxCodeWish {
  readonly inputMode: 'numeric' | 'text'
  readonly length?: number
  readonly description?: string
}

/** An offer that was read; JSON. It holds the code that it is redeemed by: keep it like a key. */
export interface IncomingOffer {
  /** The issuer's identifier, an https URL: show it, above all where a transaction code is asked for. */
  readonly issuer: string
  /**
   * Hosts other than the issuer's own that would be asked, by the wallet or the browser: show them
   * ("asks at …") before the person agrees. Empty where everything lies at the issuer's own.
   */
  readonly asksAt: readonly string[]
  /** Names and logos by language, as they came. */
  readonly display: readonly JsonObject[]
  readonly credentials: readonly OfferedCredential[]
  /** How it may be taken; `server` is the authorisation server of the grant, often the issuer itself. */
  readonly grants: {
    readonly preAuthorized?: {
      readonly code: string
      readonly txCode?: TxCodeWish
      readonly server: string
    }
    readonly authorization?: { readonly issuerState?: string; readonly server: string }
  }
}

/** What the issuer gives later. */
export interface DeferredCredential {
  readonly configuration: string
  /** For `resume`. It holds a token: keep it like a key. */
  readonly session: string
  /** Seconds after which to come back. */
  readonly interval: number
}

/** What came of an issuance. Where nothing came of it, it is thrown instead. */
export interface Received {
  /** What is in the wallet now. */
  readonly credentials: readonly HeldCredential[]
  readonly deferred: readonly DeferredCredential[]
  /** What did not come, beside what did. */
  readonly failed: readonly { readonly configuration: string; readonly error: unknown }[]
  /** For `renew`, where the issuer lets it be renewed. It holds a token: keep it like a key. */
  readonly renewal?: string
}

/** Where the holder's browser must go, and what to keep until it comes back. */
export interface Authorization {
  readonly url: string
  /** For `complete`. It holds secrets: keep it like a key. */
  readonly session: string
}

/**
 * The wallet's side of OpenID4VCI. What fails throws an AsobaError: `network.failed`,
 * `issuance.refused` (the issuer said no: the message has its code and what to do),
 * `issuance.malformed` (what it sent is not what was asked for), `issuance.unsupported`, or as
 * `Wallet.receive` does. Nothing is stored then.
 */
export interface IssuanceClient {
  /**
   * Reads an offer (a link, or what a link led to) and what its issuer says of itself. Redeems
   * nothing, and never throws, whatever came.
   */
  readOffer(
    link: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Verified<{ readonly offer: IncomingOffer }>>
  /** What an issuer gives without an offer, as an offer for the authorisation code flow. */
  readIssuer(
    issuer: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Verified<{ readonly offer: IncomingOffer }>>
  /** Takes a pre-authorised offer, or some of it. */
  accept(
    offer: IncomingOffer,
    options: {
      readonly txCode?: string
      readonly only?: readonly string[]
      readonly signal?: AbortSignal
    },
  ): Promise<Received>
  /** Begins the authorisation code flow. */
  authorize(
    offer: IncomingOffer,
    options?: { readonly only?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<Authorization>
  /** Ends it with the address that the browser came back to. */
  complete(
    session: string,
    callback: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Received>
  /** Comes for what was deferred; again `deferred` where it is not ready. */
  resume(deferred: string, options?: { readonly signal?: AbortSignal }): Promise<Received>
  /** Renews what was issued: fresh copies by the refresh token. */
  renew(renewal: string, options?: { readonly signal?: AbortSignal }): Promise<Received>
}
