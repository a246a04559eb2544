import type { Json, JsonObject } from '@asoba/core'
import { isBlank } from '../compiled/n-quads.ts'
import { datasetOf, rdfType, rootOf } from './dataset.ts'
import { literalOf } from './literal.ts'

const security = 'https://w3id.org/security#'

/** What the vocabulary calls the options of a proof, whatever a context calls them. */
const options: ReadonlyMap<string, string> = new Map([
  ['http://purl.org/dc/terms/created', 'created'],
  [`${security}challenge`, 'challenge'],
  [`${security}cryptosuite`, 'cryptosuite'],
  [`${security}domain`, 'domain'],
  [`${security}expiration`, 'expires'],
  [`${security}nonce`, 'nonce'],
  [`${security}previousProof`, 'previousProof'],
  [`${security}proofPurpose`, 'proofPurpose'],
  [`${security}verificationMethod`, 'verificationMethod'],
])

const purposes: ReadonlyMap<string, string> = new Map([
  [`${security}assertionMethod`, 'assertionMethod'],
  [`${security}authenticationMethod`, 'authentication'],
  [`${security}capabilityDelegationMethod`, 'capabilityDelegation'],
  [`${security}capabilityInvocationMethod`, 'capabilityInvocation'],
  [`${security}keyAgreementMethod`, 'keyAgreement'],
])

/**
 * The options of a proof as its statements have them, by the names of Data Integrity and not by
 * those that a context gives. Options of other vocabularies are left out.
 *
 * @param nquads the statements of a proof configuration
 * @param type of the proof, in the vocabulary of security
 * @throws AsobaError `jsonld.unsupported` where they are not those of one proof
 * @see https://www.w3.org/TR/vc-data-integrity/#proofs
 */
export function proofOf(nquads: readonly string[], type: string): JsonObject {
  const graph = datasetOf(nquads).get('') ?? new Map<string, ReadonlyMap<string, string[]>>()
  const root = rootOf(graph, security + type)
  const proof: Record<string, Json> = {}
  if (!isBlank(root)) proof['id'] = textOf(root)
  proof['type'] = type
  for (const [predicate, objects] of graph.get(root) ?? []) {
    const name = options.get(textOf(predicate))
    if (name === undefined || predicate === rdfType) continue
    const values = objects.map((object) =>
      name === 'proofPurpose' ? (purposes.get(textOf(object)) ?? textOf(object)) : textOf(object),
    )
    // One has no order; of two, none is first.
    proof[name] = values.length === 1 ? (values[0] as string) : values.sort()
  }
  return proof
}

function textOf(term: string): string {
  if (term.startsWith('"')) return literalOf(term).text
  return isBlank(term) ? term : term.slice(1, -1)
}
