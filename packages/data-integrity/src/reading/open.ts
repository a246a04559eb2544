import { type Json, type JsonObject, refused, type Verified } from '@asoba/core'
import { listOf } from '@asoba/core/judge'
import { problemOf } from '../problem-of.ts'
import { proofConfig } from '../proof-config.ts'
import type { RdfProcessor, ReadingOptions } from '../rdf-processor.ts'
import { proofOf } from './proof.ts'

/** What a document is read as: by which type its outermost node is known. */
export type DocumentKind = 'credential' | 'presentation' | 'document'

/** A document and one of its proofs, as they may be read. */
export interface ReadableProof {
  /**
   * The document without its proofs, and, of a presentation, without its credentials. Over
   * statements: made of these alone.
   */
  readonly document: JsonObject
  /** The options of the proof. */
  readonly proof: JsonObject
  /** What stands in a presentation, each to be judged by proofs of its own; empty elsewhere. */
  readonly credentials: readonly Json[]
  /** Whether a property or class has no name under the contexts, and stands there by its IRI. */
  readonly unnamed: boolean
}

/** The statements of a document and of one of its proofs, both as a processor writes them. */
export interface Statements {
  readonly document: readonly string[]
  /** Of the proof configuration. */
  readonly proof: readonly string[]
}

/** A document and one of its proofs, of which nothing is believed yet. */
export interface ProofToOpen {
  /** The document without its `proof`; in a proof chain, with the proofs that this one builds on. */
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly kind: DocumentKind
}

/** What the proofs of a suite are called in the vocabulary of security, and which member is their value. */
export interface ProofType {
  readonly name: string
  readonly value: 'proofValue' | 'jws'
}

const dataIntegrity: ProofType = { name: 'DataIntegrityProof', value: 'proofValue' }

const credentials = 'https://www.w3.org/2018/credentials#'
const proofProperty = 'https://w3id.org/security#proof'
const embedded = `${credentials}verifiableCredential`

const readings: Readonly<Record<DocumentKind, ReadingOptions>> = {
  credential: { type: `${credentials}VerifiableCredential`, apart: [proofProperty] },
  presentation: {
    type: `${credentials}VerifiablePresentation`,
    apart: [proofProperty, embedded],
  },
  document: { apart: [proofProperty] },
}

/**
 * A document and its proof as their statements make them, with those statements: what is verified
 * and what is read are the same. Never throws.
 *
 * @param type of the proofs of the suite; of Data Integrity when left out
 * @returns problems `jsonld.*`, `proof.malformed`
 * @see docs/decisions/0023-read-from-statements.md
 */
export async function readStatements(
  processor: RdfProcessor,
  { document, proof, kind }: ProofToOpen,
  type: ProofType = dataIntegrity,
): Promise<Verified<ReadableProof & { readonly statements: Statements }>> {
  try {
    const statements = {
      document: await processor.toNQuads(document),
      proof: await processor.toNQuads(proofConfig(proof, document, type.value)),
    }
    const contexts = document['@context'] ?? {}
    const reading = await processor.read(statements.document, contexts, readings[kind])
    const [, inside = 0] = reading.apart
    const credentials = kind === 'presentation' ? listOf(document['verifiableCredential']) : []
    if (credentials.length !== inside) return refused([hidden])
    const read = asDataModel(reading.document, kind)
    return {
      verified: true,
      checks: [],
      document: read,
      proof: { ...proofOf(statements.proof, type.name), ...valueAsSent(proof, type) },
      credentials,
      unnamed: reading.unnamed,
      statements,
    }
  } catch (error) {
    return refused([problemOf(error)])
  }
}

const hidden = {
  code: 'presentation.malformed',
  detail: 'credentials of the presentation stand elsewhere than in verifiableCredential',
  path: '/verifiableCredential',
} as const

/** The value is no part of what is signed. */
function valueAsSent(proof: JsonObject, { value }: ProofType): JsonObject {
  const sent = proof[value]
  return sent === undefined ? {} : { [value]: sent }
}

/** What the data model wants to be objects, and statements cannot tell from what names them. */
const objects = new Set([
  'confidenceMethod',
  'credentialSchema',
  'credentialStatus',
  'credentialSubject',
  'evidence',
  'refreshService',
  'relatedResource',
  'renderMethod',
  'termsOfUse',
])

function asDataModel(document: JsonObject, kind: DocumentKind): JsonObject {
  if (kind === 'document') return document
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      !objects.has(name) ? value : Array.isArray(value) ? value.map(asObject) : asObject(value),
    ]),
  )
}

function asObject(value: Json): Json {
  return typeof value === 'string' ? { id: value } : value
}
