/**
 * The holder's side of OpenID4VCI 1.0 and OpenID4VP 1.0.
 *
 * @module
 */

export { createIssuanceClient } from './issuance/client.ts'
export type * from './issuance/client-types.ts'
export type { ContentEncryption } from './jwe.ts'
export type { DcApiRequestData, PresentationError, VerifierInfo } from './presentation/protocol.ts'
export { createPresentationClient } from './presentation/wallet-client.ts'
export type {
  IncomingRequest,
  PlatformRequest,
  PresentationClient,
  PresentationClientOptions,
  Refusal,
  Reply,
  ReplyEncryption,
  RequestReading,
  Sent,
  TransactionType,
  VerifierIdentity,
  VerifierTrust,
} from './presentation/wallet-types.ts'
