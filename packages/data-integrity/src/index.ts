/**
 * W3C Data Integrity: JSON-LD without the network, and the cryptosuites of the VC data model.
 *
 * @module
 */

export { type BundledContext, bundledContexts } from './contexts/bundled.ts'
export { createJsonLd, type JsonLdOptions } from './json-ld.ts'
export type { CanonicalDataset, ContextDocument, RdfProcessor } from './rdf-processor.ts'
