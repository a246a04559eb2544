import type { JsonObject } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import type { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { QueryInput, VerificationResult, Verifier } from '@asoba/verifier'
import type { ClientIdentifier } from './client.ts'
import type {
  DcApiRequestData,
  PresentationError,
  TransactionInput,
  VerifierInfo,
} from './protocol.ts'
import type { ResponseStore } from './stores.ts'

/** What a verifier on the web is made of. What matters for security has no default. */
export interface PresentationServerOptions {
  /** `createVerifier` of `@asoba/verifier`: what is asked and accepted is its to decide. */
  readonly verifier: Pick<Verifier, 'request' | 'verify'>
  /** https URL under which {@link PresentationServer.handle} is reached: `https://clinic.example/openid4vp`. */
  readonly url: string
  readonly clientId: ClientIdentifier
  /** Seals transactions; the same key for all replicas. */
  readonly seal: Seal
  /** Keeps requests and responses for minutes; shared by all replicas. */
  readonly responses: ResponseStore
  /**
   * Page to which the wallet sends the browser back (same device), with `response_code` in its query;
   * of use only together with the transaction of that session.
   */
  readonly returnTo: string
  /**
   * Origins of the pages and apps that use the Digital Credentials API; none when left out. That of
   * an app is what its platform says (`android:apk-key-hash:…`), compared as it is.
   */
  readonly origins?: readonly string[]
  /** Where wallets are: a scheme or an https URL; `openid4vp://`, under HAIP `haip-vp://`, when left out. */
  readonly walletUrl?: string
  /** `vp_formats_supported` by format, where it shall say more than our usual algorithms. */
  readonly formats?: JsonObject
  /** Every choice the strict way of HAIP 1.0 (SD-JWT VC); see the README for what that is. */
  readonly haip?: true
  /** How long a request may be answered, in seconds; 600 when left out. */
  readonly lifetime?: number
  /** The clock; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine: for demos and tests. */
  readonly [allowInsecureLoopback]?: true
}

/** What a verifier asks for, and what it wants said with it. */
export interface PresentationInput<Q extends QueryInput = QueryInput> {
  readonly query: Q
  /** What the holder shall authorise by answering. */
  readonly transactionData?: readonly TransactionInput[]
  readonly verifierInfo?: readonly VerifierInfo[]
  /** Whether the response is encrypted; `false` is for wallets that cannot, and not for HAIP. */
  readonly encrypted?: boolean
}

/** A request that a link or a QR code brings to a wallet. */
export interface LinkInput<Q extends QueryInput = QueryInput> extends PresentationInput<Q> {
  /**
   * `same-device`: the result is released only to the browser session that began, when the wallet
   * sends it back there. `cross-device`: by QR code; whoever shows the code to somebody else gets
   * what that person answers (session fixation), so use it where you see who answers.
   */
  readonly flow: 'same-device' | 'cross-device'
  /** A link to fetch the request by, short enough for a QR code, or all in the link; `reference` when left out. */
  readonly by?: 'reference' | 'value'
}

/** A request for the Digital Credentials API of a browser. */
export interface DcApiInput<Q extends QueryInput = QueryInput> extends PresentationInput<Q> {
  readonly flow: 'dc-api'
  /** Origin of the page or app that asks; one of the server's `origins`, which may be left out where it has one. */
  readonly origin?: string
  /** Whether the request is signed; it is when left out, where the client identifier can. */
  readonly signed?: boolean
}

/** What begins a presentation by link or QR code. */
export interface LinkRequest {
  /** For a button on the same device, or a QR code on another. */
  readonly link: string
  /** Sealed; keep it in the browser session that began (a cookie, or your session), and nowhere else. */
  readonly transaction: string
  readonly expires: Date
  /** Said of a flow in which nothing ties who answers to the session that gets the result. */
  readonly warning?: 'session-fixation'
}

/** What begins a presentation by the Digital Credentials API. */
export interface DcApiRequest {
  /** For `navigator.credentials.get({ digital: { requests: [request] } })`. */
  readonly request: DcApiRequestData
  /** Sealed; comes back with the response to {@link PresentationServer.collect}. */
  readonly transaction: string
  readonly expires: Date
}

/** What has come of a request. */
export type Collected<Q extends QueryInput = QueryInput> =
  /** The wallet has not answered yet. */
  | { readonly status: 'pending' }
  /** The request expired, was collected before, or the transaction is none of ours. */
  | { readonly status: 'gone' }
  /** The wallet answered, but has not sent the browser back to this session; it may yet. */
  | { readonly status: 'other-session' }
  /** The wallet said no. */
  | { readonly status: 'declined'; readonly error: PresentationError }
  /** The answer, judged. */
  | { readonly status: 'answered'; readonly result: VerificationResult<Q> }

/** What came back to the page that began. */
export interface CollectInput<Q extends QueryInput = QueryInput> {
  /** From the browser session that began. */
  readonly transaction: string
  /** `response_code` of the address to which the wallet sent the browser; same device only. */
  readonly responseCode?: string
  /** `data` of the DigitalCredential; Digital Credentials API only. */
  readonly response?: unknown
  /** The query again: gives the result its type, and must be the one that was asked. */
  readonly query?: Q
}

/** The verifier's side of OpenID4VP: two endpoints for wallets, and what a page needs. */
export interface PresentationServer {
  /**
   * Begins a presentation.
   *
   * @throws AsobaError `query.invalid`; TypeError where HAIP or the client identifier forbids it
   */
  begin<const Q extends QueryInput>(input: LinkInput<Q>): Promise<LinkRequest>
  /** The same for a page. */
  begin<const Q extends QueryInput>(input: DcApiInput<Q>): Promise<DcApiRequest>
  /** Answers wallets: `<url>/request/…` (GET, POST) and `<url>/response/…` (POST). Never throws. */
  handle(request: Request): Promise<Response>
  /**
   * What has come of a request. An answer is handed out once; ask again until then.
   *
   * @throws AsobaError `replay.unavailable`, or what the store throws
   */
  collect<const Q extends QueryInput = QueryInput>(input: CollectInput<Q>): Promise<Collected<Q>>
}
