import { digest, type JsonObject, utf8 } from '@asoba/core'
import type { CanonicalHash, RdfProcessor } from './rdf-processor.ts'

/** Canonical N-Quads of a document, as one text: RDFC-1.0 with that hash. @throws AsobaError `jsonld.*` */
export async function canonicalNQuads(
  processor: RdfProcessor,
  document: JsonObject,
  hash: CanonicalHash = 'SHA-256',
): Promise<string> {
  return (await processor.canonize(await processor.toNQuads(document), hash)).nquads.join('')
}

/**
 * The proof options that are signed: the proof without its value, under the contexts of the document.
 *
 * @param proof with or without its value
 * @param value which member that is
 * @see https://www.w3.org/TR/vc-di-ecdsa/#proof-configuration-ecdsa-rdfc-2019
 */
export function proofConfig(
  proof: JsonObject,
  document: JsonObject,
  value: 'proofValue' | 'jws' = 'proofValue',
): JsonObject {
  const { [value]: _, '@context': __, ...config } = proof
  const context = document['@context']
  return context === undefined ? config : { '@context': context, ...config }
}

/**
 * The proof options as they are signed, in canonical N-Quads.
 *
 * @param proof with or without `proofValue`
 * @throws AsobaError `jsonld.*`, where the contexts of the document do not define a Data Integrity proof
 * @see https://www.w3.org/TR/vc-di-ecdsa/#proof-configuration-ecdsa-rdfc-2019
 */
export async function canonicalProofConfig(
  processor: RdfProcessor,
  proof: JsonObject,
  document: JsonObject,
  hash: CanonicalHash = 'SHA-256',
): Promise<string> {
  return canonicalNQuads(processor, proofConfig(proof, document), hash)
}

/** Digest of {@link canonicalProofConfig}; SHA-256 where left out. @throws AsobaError `jsonld.*` */
export async function hashProofConfig(
  processor: RdfProcessor,
  proof: JsonObject,
  document: JsonObject,
  hash: CanonicalHash = 'SHA-256',
): Promise<Uint8Array> {
  return digest(hash, utf8(await canonicalProofConfig(processor, proof, document, hash)))
}

/** Digest of statements in canonical form; SHA-256 where left out. @throws AsobaError `jsonld.*` */
export async function hashStatements(
  processor: RdfProcessor,
  nquads: readonly string[],
  hash: CanonicalHash = 'SHA-256',
): Promise<Uint8Array> {
  return digest(hash, utf8((await processor.canonize(nquads, hash)).nquads.join('')))
}
