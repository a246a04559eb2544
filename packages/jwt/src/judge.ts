/**
 * What every JOSE form of the VC data model is judged by: trust, signature, validity, status
 * entries, the address of a presentation. For packages that add such a form; applications use the
 * formats.
 *
 * @module
 */

export { bindsMore, boundToMore, onlyPresent, single } from './accept.ts'
export {
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  judgeCredential,
  sameAs,
  stringsOf,
  subjectsOf,
} from './judge-credential.ts'
export { readStatus, type StatusEntries, writeStatus } from './status-entry.ts'
export { type Clock, type Period, periodOf } from './times.ts'
export { noWrapper } from './verify-credential.ts'
export {
  judgePresentation,
  listOf,
  type PresentationParts,
  type PresentationVerification,
  type VerifiedPresentation,
} from './verify-presentation.ts'
