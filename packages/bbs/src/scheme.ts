/**
 * BBS signatures, blind issuance and pseudonyms, without any credential format: in terms
 * of headers, messages, disclosed indexes, presentation headers and scopes.
 *
 * @module
 */

export {
  type BlindSignInput,
  type BlindSignInputs,
  blindSign,
  type PseudonymSignInput,
} from './scheme/blind-sign.ts'
export {
  type CommitInput,
  type CommittedProfile,
  commit,
  verifyCommitment,
} from './scheme/commit.ts'
export { type HeldInputs, nymSecretsOf, pseudonymOf, verifyBlindSignature } from './scheme/held.ts'
export {
  createScalar,
  createSecretKey,
  isPublicKey,
  publicKeyOf,
  scalarFrom,
  secretKeyFrom,
} from './scheme/keys.ts'
export {
  blindProfile,
  type Profile,
  type ProfileKind,
  plainProfile,
  pseudonymProfile,
} from './scheme/profile.ts'
export {
  type BlindProofInput,
  type PlainProofInput,
  type ProofInputs,
  type Proven,
  type PseudonymProofInput,
  prove,
} from './scheme/prove.ts'
export { type SignedMessages, type SignInput, sign, verify } from './scheme/sign.ts'
export type {
  BlindStatement,
  DisclosedMessage,
  PlainStatement,
  PseudonymStatement,
  Statements,
} from './scheme/statement.ts'
export type { SchemeOptions, VerifyOptions } from './scheme/suite.ts'
export { type BatchResult, verifyProof, verifyProofs } from './scheme/verify-proof.ts'
