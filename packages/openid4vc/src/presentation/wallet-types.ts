import type {
  JsonObject,
  Jwk,
  PresentationRequest,
  Refused,
  SignatureBackend,
  Verified,
} from '@asoba/core'
import type { DidResolver } from '@asoba/did'
import type { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { Match, Wallet } from '@asoba/wallet'
import type { ContentEncryption } from '../jwe.ts'
import type { DcApiRequestData, PresentationError, VerifierInfo } from './protocol.ts'

/** Whom a wallet believes to be who they say they are. */
export interface VerifierTrust {
  /** DER of the trust anchors under which verifiers have certificates; none when left out. */
  readonly x509?: readonly Uint8Array[]
  /** OIDs of extended key usage of which the certificate must have one; any when left out. */
  readonly x509Usage?: string | readonly string[]
  /** Resolves DIDs of verifiers; DIDs are refused when left out. */
  readonly did?: DidResolver
  /**
   * Whether links of somebody who proves nothing (`redirect_uri:`) are read. The answer goes to the
   * address that is in the request, and the holder knows no more than that address.
   */
  readonly unsigned: 'accepted' | 'refused'
}

/** What a wallet on the web is made of. */
export interface PresentationClientOptions {
  /** `createWallet` of `@asoba/wallet`. */
  readonly wallet: Pick<Wallet, 'list' | 'match' | 'present'>
  readonly verifiers: VerifierTrust
  /** The only way to the network. */
  readonly fetch: typeof fetch
  /**
   * Types of transactions that the holder can be shown; requests with any other are refused. A name
   * alone takes whatever members come with it.
   */
  readonly transactionTypes?: readonly (string | TransactionType)[]
  /** Every choice the strict way of HAIP 1.0 (SD-JWT VC). */
  readonly haip?: true
  /** Verifies signatures of requests instead of the platform, e.g. `withRsa()` of `@asoba/did/rsa`. */
  readonly backend?: SignatureBackend
  /** The clock; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine: for demos and tests. */
  readonly [allowInsecureLoopback]?: true
}

/** A type of transactions with its rules. @see OpenID4VP 1.0 section 8.5, `invalid_transaction_data` */
export interface TransactionType {
  /** `type` in the request. */
  readonly type: string
  /** Whether every member is one that the type knows, of the right form. A throw is a no. */
  accepts(transaction: JsonObject): boolean
}

/** What the platform hands over: who asks, as the browser knows it, and what. */
export interface PlatformRequest {
  /**
   * Origin of the page, or of the app in the words of the platform (`platform:pkg-key-hash:…`); from
   * the platform, never from who asks.
   */
  readonly origin: string
  /** `digital.requests` of the page; the first that is right is taken. */
  readonly requests: readonly DcApiRequestData[]
}

/** Who asks, and how the wallet knows. */
export interface VerifierIdentity {
  /** `x509` and `did` signed; of `origin` the browser says it; `nobody` proves anything. */
  readonly by: 'x509' | 'did' | 'origin' | 'nobody'
  /** The full client identifier; an unsigned request of a page has none. */
  readonly clientId?: string
  /** Origin of the page or app, where the Digital Credentials API brought the request. */
  readonly origin?: string
  /** What the certificate calls it: DNS names as `https://` origins, and its distinguished name. */
  readonly names: readonly string[]
}

/** To which key an answer is encrypted. */
export interface ReplyEncryption {
  readonly publicJwk: Jwk
  readonly enc: ContentEncryption
}

/** Where an answer goes. */
export type Reply =
  | {
      readonly kind: 'post'
      readonly uri: string
      readonly state?: string
      readonly encryption?: ReplyEncryption
    }
  | {
      readonly kind: 'dc-api'
      readonly protocol: string
      readonly encryption?: ReplyEncryption
    }

/** A request that was read, and whose sender is who it says; JSON, to be kept while the holder decides. */
export interface IncomingRequest {
  readonly verifier: VerifierIdentity
  /** What the wallet is asked. */
  readonly request: PresentationRequest
  /** What the holder would authorise, decoded: show all of it. */
  readonly transactions: readonly JsonObject[]
  /** Attestations about the verifier, as they came; nothing of them is believed. */
  readonly verifierInfo: readonly VerifierInfo[]
  /** Cryptosuites that the verifier reads; all when left out. */
  readonly cryptosuites?: readonly string[]
  readonly reply: Reply
}

/** What became of an answer. */
export type Sent =
  /**
   * The verifier has it. `redirectTo` is where the browser must go on (same device), by https.
   * `redirectToApp` is an address with another scheme: whose app it opens nothing says, and what is
   * in it goes there. Open it where you know the app, or ask the person. Scripts, files and
   * plain http never come here.
   */
  | { readonly kind: 'posted'; readonly redirectTo?: string; readonly redirectToApp?: string }
  /** For the platform to hand to the page. */
  | { readonly kind: 'dc-api'; readonly protocol: string; readonly data: JsonObject }

/** The wallet's side of OpenID4VP. */
export interface PresentationClient {
  /**
   * Reads a request: a link (`openid4vp://…`), or what the platform hands over. Refused with every
   * reason found where the sender is not who it says, or asks for what must not be answered. Never
   * throws, whatever came.
   */
  readRequest(
    input: string | PlatformRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<RequestReading>
  /** The ways to answer, the best first. @throws AsobaError as `Wallet.match` does */
  match(incoming: IncomingRequest): Promise<readonly Match[]>
  /**
   * Answers in the way that the holder agreed to.
   *
   * @throws AsobaError as `Wallet.present` does, or `network.failed`
   */
  respond(
    incoming: IncomingRequest,
    match: Match,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Sent>
  /**
   * Says no, also to a request that was refused (its `refusal`); `access_denied` when left out.
   *
   * @throws AsobaError `network.failed`
   */
  decline(
    incoming: Pick<IncomingRequest, 'reply'>,
    error?: PresentationError,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Sent>
}

/** How a verifier can be told that its request is refused. */
export interface Refusal {
  readonly reply: Reply
  /** The code that the specification has for it. */
  readonly error: PresentationError
}

/**
 * A request, or why it is refused. Where the sender was known and may be told, there is a
 * `refusal` for {@link PresentationClient.decline}; nothing is sent by itself, for that alone would
 * tell that there is a wallet, and over the Digital Credentials API what is in it.
 */
export type RequestReading =
  | Extract<Verified<{ readonly incoming: IncomingRequest }>, { readonly verified: true }>
  | (Refused & { readonly refusal?: Refusal })
