import type { Signer } from '@asoba/core'
import type { Cryptosuite } from '../cryptosuite.ts'
import type { RdfProcessor } from '../rdf-processor.ts'
import { wholeDocumentSuite } from './whole.ts'

/**
 * ECDSA over JSON: RFC 8785; P-256 with SHA-256, P-384 with SHA-384. Needs no JSON-LD.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019
 */
export function ecdsaJcs2019(): Cryptosuite<'ecdsa-jcs-2019', Signer> {
  return wholeDocumentSuite('ecdsa-jcs-2019', ['ES256', 'ES384'])
}

/**
 * ECDSA over the statements of JSON-LD: RDFC-1.0; P-256 with SHA-256, P-384 with SHA-384.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019
 */
export function ecdsaRdfc2019(processor: RdfProcessor): Cryptosuite<'ecdsa-rdfc-2019', Signer> {
  return wholeDocumentSuite('ecdsa-rdfc-2019', ['ES256', 'ES384'], processor)
}
