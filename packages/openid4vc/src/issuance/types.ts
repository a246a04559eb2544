import type {
  CredentialType,
  HolderProof,
  Json,
  JsonObject,
  Jwk,
  ReplayStore,
  SignatureAlgorithm,
  Signer,
  StatusReference,
} from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import type { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { OfferStore } from './stores.ts'

/** Format identifiers of OpenID4VCI that we issue; the last two are our extension. */
export type IssuedFormat = 'dc+sd-jwt' | 'jwt_vc_json' | 'ldp_vc' | 'vc+jwt' | 'vc+sd-jwt'

/** One entry of `credential_configurations_supported`. */
export interface CredentialConfiguration {
  readonly format: IssuedFormat
  readonly type: CredentialType
  /** OAuth scope by which a wallet asks for it; the id of the configuration when left out. */
  readonly scope?: string
  /** How it is signed: an algorithm, or for `ldp_vc` the cryptosuite. */
  readonly signedWith: SignatureAlgorithm | (string & {})
  /** What a copy is bound to; `jwk` when left out. `bearer` only for types that allow it. */
  readonly holder?: HolderProof['kind']
  /** Whether keys must come with a key attestation, and of which level; not demanded when left out. */
  readonly keyAttestation?: {
    readonly keyStorage?: readonly string[]
    readonly userAuthentication?: readonly string[]
  }
  /** `display` of `credential_metadata`: names, logos and colours by language. */
  readonly display?: readonly JsonObject[]
}

/** What a credential is issued on. */
export interface IssueRequest {
  /** Id of the configuration. */
  readonly configuration: string
  /** What {@link IssuerServer.createOffer} or {@link IssuerServer.approve} was given; it was sealed meanwhile. */
  readonly subject: Json
  /** One for each copy, all distinct, each proven to be the wallet's. */
  readonly holders: readonly HolderProof[]
  /** Whether the wallet asked with a refresh token, to renew what it has. */
  readonly renewal: boolean
  /** Set where a wallet comes back for what was `'later'`. */
  readonly deferred: boolean
}

/** One copy as `issue` of `@asoba/issuer` gives it. */
export interface IssuedCopy {
  readonly wire: string | JsonObject
  readonly status?: StatusReference
}

/** What comes of an {@link IssueRequest}: the copies in the order of the holders, or not (yet). */
export type IssueAnswer = readonly IssuedCopy[] | 'later' | 'denied'

/** A wallet tells what became of credentials. @see OpenID4VCI 1.0 section 11 */
export interface NotificationEvent {
  readonly event: 'credential_accepted' | 'credential_failure' | 'credential_deleted'
  readonly configuration: string
  /** Status entries of the copies that it is about, to revoke them by: the server keeps none. */
  readonly status: readonly StatusReference[]
}

/** Says who signed an attestation, before anything in it is believed. */
export interface AttesterClaim {
  /** `iss` of the attestation, where it has one. */
  readonly issuer?: string
  readonly kid?: string
  /** base64 DER, leaf first; not judged yet. */
  readonly x5c?: readonly string[]
  readonly at: Date
}

/** Keys of an attester that is trusted; empty where it is not. `x509Attesters` makes one of trust anchors. */
export type AttesterKeys = (claim: AttesterClaim) => Promise<readonly Jwk[]>

/** Login and consent, which are pages of the deployer. */
export interface Interaction {
  /** Sealed; carry it through your pages (a hidden field) to {@link IssuerServer.approve} or `deny`. */
  readonly interaction: string
  /** Ids of the configurations asked for. */
  readonly configurations: readonly string[]
  readonly clientId: string
  /** `issuer_state` of the offer that it began with, as given to `createOffer`. */
  readonly issuerState?: Json
}

/** What an issuer on the web is made of. What matters for security has no default. */
export interface IssuerServerOptions {
  /** Credential issuer identifier, https, also that of the authorisation server: `https://registry.example/oid4vci`. */
  readonly url: string
  readonly configurations: Readonly<Record<string, CredentialConfiguration>>
  /** Makes the copies; `createIssuer(…).issue` of `@asoba/issuer` does the work. */
  issue(request: IssueRequest): Promise<IssueAnswer>
  /** Seals everything that is handed out; the same key for all replicas. */
  readonly seal: Seal
  /** Pre-authorised codes and offers by reference; shared by all replicas. */
  readonly offers: OfferStore
  /** Marks of what was used once; shared by all replicas. */
  readonly replay: ReplayStore
  /** Answers the browser with a page for login and consent; the authorisation code flow is off when left out. */
  authorize?(request: Request, interaction: Interaction): Promise<Response>
  /**
   * Redirect URIs of clients, judged. `usual` leaves it to the rule that holds when this is left
   * out: every https URL, and every private-use scheme that is a domain name turned around.
   */
  redirectUriAllowed?(clientId: string, redirectUri: string): boolean | 'usual'
  /** Told by wallets what became of credentials; no notification endpoint when left out. */
  notified?(event: NotificationEvent): Promise<void>
  /** Wallet providers whose attestations are taken (OAuth client attestation). Demanded of every wallet with `required`. */
  readonly walletAttestation?: { readonly keys: AttesterKeys; readonly required: boolean }
  /**
   * Whose key attestations are taken, in proofs and as proofs; needed where a configuration demands
   * them. Those of anybody are refused when left out.
   */
  readonly keyAttesters?: AttesterKeys
  /** Signs metadata (`signed_metadata`), with `x5c` where the signer has it. */
  readonly metadataSigner?: Signer
  /** `display` of the issuer: names and logos by language. */
  readonly display?: readonly JsonObject[]
  /** Copies a wallet may have at once, 1 when left out; it may ask five times. */
  readonly batchSize?: number
  /** Demands DPoP of every wallet; taken from those that use it when left out. */
  readonly dpop?: 'required'
  /** P-256 key (private JWK with `kid`) to decrypt requests with; requests are taken in the clear alone when left out. */
  readonly encryptionKey?: Jwk & { readonly d: string }
  /** Demands that responses are encrypted. */
  readonly encryptedResponses?: 'required'
  /** How long a refresh token may renew, in seconds; no refresh tokens when left out. */
  readonly refreshLifetime?: number
  /** How long a wallet may come back for what is `'later'`, in seconds; a week when left out. */
  readonly deferredLifetime?: number
  /** Offers `vc+jwt` and `vc+sd-jwt`, which OpenID4VCI does not know; never under HAIP. */
  readonly extensionFormats?: true
  /** Every choice the strict way of HAIP 1.0 (SD-JWT VC); see the README for what that is. */
  readonly haip?: true
  /** Told of what went wrong on this side (a store, a signer, `issue`): wallets only hear to try later. */
  failed?(error: unknown): void
  /** The clock; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine: for demos and tests. */
  readonly [allowInsecureLoopback]?: true
}

/** What is offered to whom. */
export interface OfferInput {
  /** Ids of configurations. */
  readonly configurations: readonly string[]
  /** `pre-authorized_code`: the person was identified before. `authorization_code`: will be, by `authorize`. */
  readonly grant: 'pre-authorized_code' | 'authorization_code'
  /** What `issue` needs to know; sealed into what is handed out and kept nowhere. For `authorization_code` it is `issuerState`. */
  readonly subject: Json
  /** A link with all in it, or a short one to fetch it by; `value` when left out. */
  readonly by?: 'value' | 'reference'
  /** A transaction code that the person gets by another way; `none` must be said aloud. */
  readonly txCode: 'none' | { readonly length: number; readonly description?: string }
  /** How long it may be accepted, in seconds; 600 when left out. */
  readonly lifetime?: number
}

/** An offer as made. */
export interface Offer {
  /** `openid-credential-offer://?…`, for a button or a QR code. */
  readonly link: string
  /** The offer as an object. */
  readonly offer: JsonObject
  /** Hand it over by another way than the link; only where `txCode` asked for one. */
  readonly txCode?: string
  readonly expires: Date
}

/** The issuer's side of OpenID4VCI: endpoints for wallets, and what pages need. */
export interface IssuerServer {
  /**
   * Answers wallets and browsers: everything below `url`, and its two `/.well-known/` documents at
   * the root of the host; the same two also below `url`, where drafts had them. Never throws.
   */
  handle(request: Request): Promise<Response>
  /** Offers credentials to a wallet. @throws TypeError where there is no such configuration or grant */
  createOffer(input: OfferInput): Promise<Offer>
  /**
   * Ends an interaction: the person is who they say and agreed. Answers with the redirect to the
   * wallet. `configurations` are those agreed to; all when left out.
   *
   * @throws AsobaError `seal.invalid`, `seal.expired`; `request.invalid` where it ended before
   */
  approve(
    interaction: string,
    decision: { readonly subject: Json; readonly configurations?: readonly string[] },
  ): Promise<Response>
  /** Ends an interaction with a no. @throws AsobaError as {@link approve} */
  deny(interaction: string): Promise<Response>
  /** The credential issuer metadata, for whoever serves or checks it. */
  readonly metadata: JsonObject
  /** The authorisation server metadata. */
  readonly authorizationServerMetadata: JsonObject
}
