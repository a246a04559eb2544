/**
 * What every JOSE form of the VC data model is judged by: trust, signature, validity, status
 * entries, the address of a presentation. For packages that add such a form; applications use the
 * formats.
 *
 * @module
 */

export {
  type Clock,
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  listOf,
  type Period,
  periodOf,
  readStatus,
  type StatusEntries,
  stringsOf,
  subjectsOf,
  writeStatus,
} from '@asoba/core/judge'
export { bindsMore, boundToMore, onlyPresent, single } from './accept.ts'
export {
  judgeCredential,
  sameAs,
} from './judge-credential.ts'
export { noWrapper } from './verify-credential.ts'
export {
  judgePresentation,
  type PresentationParts,
  type PresentationVerification,
  type VerifiedPresentation,
} from './verify-presentation.ts'
