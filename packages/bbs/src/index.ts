/**
 * BBS credentials of the VC data model: cryptosuite bbs-2023 with blind issuance and pseudonyms,
 * as a credential format. The signatures themselves are in `@asoba/bbs/scheme`.
 *
 * @module
 */

export { type Bbs2023Options, bbs2023 } from './format/bbs-2023.ts'
export type { Entropy } from './format/issue.ts'
export type { Bbs2023Profile, BbsCredentialType } from './format/profiles.ts'
export { type BbsKeyPair, bbsJwk, bbsSigner, createBbsKey } from './keys.ts'
export { presentationHeader } from './suite/presentation-header.ts'
