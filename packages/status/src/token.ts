/**
 * Token Status List alone, and what every check of status needs. A verifier that imports from here
 * carries neither Bitstring Status List nor anything that issues.
 *
 * @module
 */

export { type PackedStatuses, putStatus, statusAt } from './bits.ts'
export {
  type CheckedStatus,
  type CheckStatusOptions,
  checkStatus,
  type StatusSubject,
} from './check.ts'
export { type HttpStatusSourceOptions, httpStatusSource } from './http-source.ts'
export type {
  StatusContext,
  StatusDocument,
  StatusMechanism,
  StatusReading,
} from './mechanism.ts'
export { snapshotSource } from './snapshot-source.ts'
export {
  encodeTokenStatusList,
  signStatusListToken,
  type TokenStatusListOptions,
  tokenStatusList,
} from './token-issue.ts'
export {
  decodeTokenStatusList,
  tokenStatus,
  type VerifiedStatusList,
  verifyStatusListToken,
} from './token-verify.ts'
