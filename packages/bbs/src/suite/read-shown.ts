import { concatBytes, problem, refused, utf8, type Verified } from '@asoba/core'
import {
  givenLabels,
  hashMandatory,
  hashStatements,
  labelStatements,
  type RdfProcessor,
  type Statements,
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
 * The statements of a document under the labels that were signed, sorted into mandatory
 * ones and messages. Says what does not fit.
 *
 * @throws AsobaError `jsonld.*`, `proof.malformed`
 * @see https://www.w3.org/TR/vc-di-bbs/#createverifydata
 */
export async function readShown(
  processor: RdfProcessor,
  input: {
    readonly statements: Statements
    readonly value: Pick<DerivedProofValue, 'labels' | 'mandatoryIndexes' | 'selectiveIndexes'>
  },
): Promise<Verified<ShownStatements>> {
  const { value } = input
  const proofHash = await hashStatements(processor, input.statements.proof)
  const labels = givenLabels(value.labels)
  const statements = await labelStatements(processor, input.statements.document, labels)
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
