/**
 * The verifier role: make a request, check the answer against a policy; stateless.
 *
 * @module
 */

export {
  createVerifier,
  type StatusPolicy,
  type StatusRule,
  type Verifier,
  type VerifierOptions,
} from './create-verifier.ts'
export { type FetchIssuerMetadata, issuerKeys, type X509Support } from './issuer-keys.ts'
export { memoryReplay } from './replay.ts'
export { type TrustedAnchors, trustedAnchors } from './trusted-anchors.ts'
export { combine, type TrustedIssuerName, trustedIssuers, trustPolicy } from './trusted-issuers.ts'
export type {
  AcceptedCredential,
  ById,
  ClaimsOf,
  ClaimsOfOne,
  CredentialQueryInput,
  QueryInput,
  RequestOptions,
  VerificationResult,
  VerifierRequest,
  VerifyOptions,
} from './types.ts'
