/**
 * The vocabulary of Asoba: VC data model 2.0, DCQL, the interfaces between
 * packages, errors and bytes.
 *
 * @module
 */

export { type DigestAlgorithm, digest, fromBase64url, toBase64url } from '#platform'
export { fromBase58, toBase58 } from './base58.ts'
export * from './bytes.ts'
export { type ResolvedClaim, resolvePath } from './claims-path.ts'
export type { AsobaErrorCode, ProblemCode } from './codes.ts'
export { baseContext } from './context.ts'
export { validateCredential } from './credential.ts'
export type * from './credential-type.ts'
export { parseDateTimeStamp } from './date-time.ts'
export { type ClaimsSelection, type Combination, combinations, selectClaims } from './dcql-match.ts'
export type * from './dcql-query.ts'
export { type PresentedClaims, satisfiedBy } from './dcql-satisfied.ts'
export { type ExpectedDigest, parseDigestSri } from './digest-sri.ts'
export { AsobaError } from './errors.ts'
export { readForeignQuery } from './foreign-query.ts'
export type * from './format.ts'
export { canonicalize } from './jcs.ts'
export { isJsonObject, type Json, type JsonObject } from './json.ts'
export type * from './keys.ts'
export { memoryVault, randomSecrets } from './memory.ts'
export { type JsonLimits, jsonLimits, parseJson, parseUnambiguous } from './parse-json.ts'
export { validateEnvelope, validatePresentation } from './presentation.ts'
export * from './problem.ts'
export * from './problem-details.ts'
export { readBounded } from './read-bounded.ts'
export { readQuery } from './read-query.ts'
export { checkRelatedResource, parseDigestMultibase } from './related-resource.ts'
export type * from './request.ts'
export * from './scope.ts'
export type * from './trust.ts'
