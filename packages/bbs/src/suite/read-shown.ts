import { concatBytes, type JsonObject, problem, refused, utf8, type Verified } from '@asoba/core'
import {
  canonicalizeWithLabels,
  givenLabels,
  hashMandatory,
  hashProofConfig,
  type RdfProcessor,
} from '@asoba/data-integrity/primitives'
import type { DisclosedMessage } from '../scheme.ts'
import type { DerivedProofValue } from './proof-value.ts'

/** What a derived proof is verified against. */
export interface ShownStatements {
  /** bbsHeader: proofHash and mandatoryHash. */
  readonly header: Uint8Array
  readonly disclosed: readonly DisclosedMessage[]
}

/**
 * The statements that a document shows under the labels that were signed, sorted into mandatory
 * ones and messages. Says what does not fit.
 *
 * @throws AsobaError `jsonld.*`, `proof.malformed`
 * @see https://www.w3.org/TR/vc-di-bbs/#createverifydata
 */
export async function readShown(
  processor: RdfProcessor,
  input: {
    readonly document: JsonObject
    /** With or without its value. */
    readonly proof: JsonObject
    readonly value: Pick<DerivedProofValue, 'labels' | 'mandatoryIndexes' | 'selectiveIndexes'>
  },
): Promise<Verified<ShownStatements>> {
  const { document, proof, value } = input
  const proofHash = await hashProofConfig(processor, proof, document)
  const labels = givenLabels(value.labels)
  const statements = await canonicalizeWithLabels(processor, document, labels)
  const mandatory = new Set(value.mandatoryIndexes)
  const messages = statements.filter((_, at) => !mandatory.has(at))
  if (
    statements.length - messages.length !== mandatory.size ||
    messages.length !== value.selectiveIndexes.length
  ) {
    return refused([
      problem('proof.malformed', 'the indexes of the proof do not fit the document', '/proofValue'),
    ])
  }
  const mandatoryHash = await hashMandatory(statements.filter((_, at) => mandatory.has(at)))
  return {
    verified: true,
    checks: [],
    header: concatBytes(proofHash, mandatoryHash),
    disclosed: messages.map((message, at) => ({
      index: value.selectiveIndexes[at] as number,
      message: utf8(message),
    })),
  }
}
