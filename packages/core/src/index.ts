/**
 * The vocabulary of Asoba: VC data model 2.0, DCQL, the interfaces between
 * packages, errors and bytes.
 *
 * @module
 */

export { type DigestAlgorithm, digest, fromBase64url, toBase64url } from '#platform'
export { bytesOfBase64url, concatBytes, equalBytes, fromUtf8, utf8 } from './bytes.ts'
export { type ResolvedClaim, resolvePath } from './claims-path.ts'
export type { AsobaErrorCode, ProblemCode } from './codes.ts'
export type * from './credential-type.ts'
export { type ClaimsSelection, type Combination, combinations, selectClaims } from './dcql-match.ts'
export * from './dcql-query.ts'
export { type PresentedClaims, satisfiedBy } from './dcql-satisfied.ts'
export { AsobaError } from './errors.ts'
export type * from './format.ts'
export { canonicalize } from './jcs.ts'
export { isJsonObject, type Json, type JsonObject } from './json.ts'
export type * from './keys.ts'
export { memoryVault, randomSecrets } from './memory.ts'
export { type JsonLimits, jsonLimits, parseJson } from './parse-json.ts'
export {
  type Check,
  checksUnder,
  type Problem,
  problem,
  problemsUnder,
  type Refused,
  refused,
  type Verified,
} from './problem.ts'
export type * from './request.ts'
export type * from './trust.ts'
