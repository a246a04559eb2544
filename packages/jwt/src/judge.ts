/**
 * What every JOSE form of the VC data model is judged by: trust, signature, validity, status
 * entries, the address of a presentation. For packages that add such a form; applications use the
 * formats.
 *
 * @module
 */

export {
  bindsMore,
  boundToMore,
  type Clock,
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  listOf,
  onlyPresent,
  type Period,
  periodOf,
  readStatus,
  type StatusEntries,
  single,
  stringsOf,
  subjectsOf,
  type VerifiedPresentation,
  wholeDays,
  writeStatus,
} from '@asoba/core/judge'
export {
  judgeCredential,
  sameAs,
} from './judge-credential.ts'
export { noWrapper } from './verify-credential.ts'
export {
  judgePresentation,
  type PresentationParts,
  type PresentationVerification,
} from './verify-presentation.ts'
