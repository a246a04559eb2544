/**
 * W3C Data Integrity: JSON-LD without the network, and the cryptosuites of the VC data model.
 *
 * @module
 */

export { type AddProofOptions, addProof } from './add-proof.ts'
export { type BundledContext, bundledContexts } from './contexts/bundled.ts'
export type { Cryptosuite, OpenedProof } from './cryptosuite.ts'
export { deriveProof } from './derive-proof.ts'
export { type LdpVcOptions, ldpVc } from './format.ts'
export { createJsonLd, type JsonLdOptions } from './json-ld.ts'
export { type HideableMember, hideableMembers } from './mandatory.ts'
export type {
  CanonicalDataset,
  CanonicalHash,
  ContextDocument,
  RdfProcessor,
  Reading,
  ReadingOptions,
} from './rdf-processor.ts'
export type { DocumentKind, ProofToOpen, ProofType, ReadableProof } from './reading/open.ts'
export { ecdsaJcs2019, ecdsaRdfc2019 } from './suites/ecdsa.ts'
export { ecdsaSd2023 } from './suites/ecdsa-sd.ts'
export { eddsaJcs2022, eddsaRdfc2022 } from './suites/eddsa.ts'
export { type CredentialExpectation, verifyCredential } from './verify-credential.ts'
export { type PresentationExpectation, verifyPresentation } from './verify-presentation.ts'
export {
  type FindProofKey,
  type ProofExpectation,
  type VerifiedDocument,
  type VerifiedProof,
  verifyProof,
} from './verify-proof.ts'
