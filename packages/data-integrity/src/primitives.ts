/**
 * What cryptosuites are made of: canonical statements, labels, groups, proof configurations and
 * proof values. For whoever writes a suite; who uses one needs none of it.
 *
 * @module
 */

export { pointersOf, withholdable } from './claims-pointers.ts'
export { type CborValue, encodeProofValue } from './encode-proof-value.ts'
export {
  canonicalizeAndGroup,
  canonicalizeWithLabels,
  type GroupedStatements,
  hashMandatory,
  labelStatements,
  type StatementGroup,
  verifierLabels,
} from './group.ts'
export { createHmac, type Hmac } from './hmac.ts'
export { givenLabels, hmacLabels, type LabelMapFactory, shuffledHmacLabels } from './label-maps.ts'
export { problemOf } from './problem-of.ts'
export {
  canonicalNQuads,
  canonicalProofConfig,
  hashProofConfig,
  hashStatements,
  proofConfig,
} from './proof-config.ts'
export { decodeProofValue } from './proof-value.ts'
export type {
  CanonicalDataset,
  CanonicalHash,
  RdfProcessor,
  Reading,
  ReadingOptions,
} from './rdf-processor.ts'
export {
  type DocumentKind,
  type ProofToOpen,
  type ProofType,
  type ReadableProof,
  readStatements,
  type Statements,
} from './reading/open.ts'
export { parsePointer, selectJsonLd, toPointer } from './select.ts'
export { type Skolemized, skolemize, toDeskolemizedNQuads } from './skolemize.ts'
