import type { Signer } from '@asoba/core'
import type { Cryptosuite } from '../cryptosuite.ts'
import type { RdfProcessor } from '../rdf-processor.ts'
import { wholeDocumentSuite } from './whole.ts'

/**
 * Ed25519 over JSON: RFC 8785 and SHA-256. Needs no JSON-LD.
 *
 * @see https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022
 */
export function eddsaJcs2022(): Cryptosuite<'eddsa-jcs-2022', Signer> {
  return wholeDocumentSuite('eddsa-jcs-2022', ['EdDSA'])
}

/**
 * Ed25519 over the statements of JSON-LD: RDFC-1.0 and SHA-256.
 *
 * @see https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022
 */
export function eddsaRdfc2022(processor: RdfProcessor): Cryptosuite<'eddsa-rdfc-2022', Signer> {
  return wholeDocumentSuite('eddsa-rdfc-2022', ['EdDSA'], processor)
}
