/**
 * SD-JWT (RFC 9901) and SD-JWT VC with key binding.
 *
 * @module
 */

export type { Disclosure } from './disclosure.ts'
export { type SdJwtVcOptions, sdJwtVc } from './format.ts'
export type { HashName } from './hash-algorithm.ts'
export { type IssueSdJwtOptions, issueSdJwt } from './issue.ts'
export { type IssuerMetadataOptions, issuerMetadata } from './issuer-metadata.ts'
export { sdJwtToJson } from './json-form.ts'
export type { KeyBindingExpectation, KeyBindingInput } from './key-binding.ts'
export { type OpenedSdJwt, openSdJwt, sdJwtLimits } from './parse.ts'
export { type PresentSdJwtOptions, presentSdJwt } from './present.ts'
export type { Clock } from './times.ts'
export {
  type ClaimMetadata,
  claimLabel,
  hasIntegrity,
  parseTypeMetadata,
  resolveTypeMetadata,
  type TypeMetadata,
} from './type-metadata.ts'
export {
  claimProblems,
  type TypeMetadataRulesOptions,
  typeMetadataRules,
} from './type-metadata-rules.ts'
export type { Disclosed } from './unpack.ts'
export { type VerifiedSdJwt, type VerifySdJwtOptions, verifySdJwt } from './verify.ts'
export type { SdJwtVcVerifyingOptions } from './verifying.ts'
