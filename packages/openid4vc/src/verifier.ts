/**
 * The verifier's side of OpenID4VP 1.0.
 *
 * @module
 */

export type { ClientIdentifier } from './presentation/client.ts'
export type {
  DcApiRequestData,
  PresentationError,
  TransactionInput,
  VerifierInfo,
} from './presentation/protocol.ts'
export { createPresentationServer } from './presentation/server.ts'
export { memoryResponses, type ResponseStore } from './presentation/stores.ts'
export type {
  Collected,
  CollectInput,
  DcApiInput,
  DcApiRequest,
  LinkInput,
  LinkRequest,
  PresentationInput,
  PresentationServer,
  PresentationServerOptions,
} from './presentation/types.ts'
