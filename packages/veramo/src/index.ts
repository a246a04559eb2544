/**
 * Asoba for agents of Veramo 7: providers of credentials and DIDs, a key management system, and a
 * plugin in the place of the stock one.
 *
 * @module
 */

export { agentResolver, type ResolvingAgent } from './agent-resolver.ts'
export * from './agent-signer.ts'
export * from './asoba-credentials.ts'
export { type BbsProviderOptions, bbsProvider } from './bbs-provider.ts'
export { type DidProviderOptions, didJwkProvider } from './did-jwk-provider.ts'
export { didWebDocument } from './did-web-document.ts'
export {
  type DidWebvhProviderOptions,
  didWebvhProvider,
  type WebvhLogs,
} from './did-webvh-provider.ts'
export { eddsaJcsProvider } from './eddsa-jcs-provider.ts'
export { tokenOf } from './envelope.ts'
export { jwtV1Provider } from './jwt-v1-provider.ts'
export { type AsobaKms, type AsobaKmsOptions, asobaKms, type OutsideKey } from './kms.ts'
export type { MethodsOf } from './methods-of.ts'
export type { AsobaPolicy } from './policy.ts'
export type { ProviderOptions } from './provider.ts'
export type { AsobaVerifyResult, CredentialFacts } from './result.ts'
export type { AnswerToJudge, AsobaRoles, HolderProofJson, IAsobaRoles } from './roles.ts'
export { sdJwtProvider } from './sd-jwt-provider.ts'
export { vcJwtProvider } from './vc-jwt-provider.ts'
