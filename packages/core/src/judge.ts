/**
 * What every form of the VC data model is judged by, however it is secured: parts, validity,
 * status entries. For packages that add such a form; applications use the formats.
 *
 * @module
 */

export {
  bearer,
  bindsMore,
  boundToMore,
  onlyPresent,
  single,
  type VerifiedPresentation,
} from './accept.ts'
export { markOf } from './issued-mark.ts'
export { countProblems, judgeCredentials } from './judge-credentials.ts'
export type { CredentialContext, JudgedCredential } from './judged-credential.ts'
export { parseExact, readsAlike } from './parse-exact.ts'
export { check, idOf, listOf, mediaTypeOf, stringsOf, subjectsOf } from './parts.ts'
export {
  anyTime,
  type Clock,
  dateTime,
  numericDate,
  type Period,
  periodOf,
  seconds,
  wholeDays,
} from './period.ts'
export { readStatus, type StatusEntries, writeStatus } from './status-entry.ts'
