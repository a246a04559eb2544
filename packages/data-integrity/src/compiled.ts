/**
 * JSON-LD to canonical RDF for contexts that are known beforehand, without a
 * JSON-LD library: small enough for a page, and nothing is fetched or dropped.
 *
 * @module
 */

import { baseContext } from '@asoba/core'
import { credentialsV2 } from './compiled/base-context.ts'
import { type CompiledContext, processorOf } from './compiled/processor.ts'
import { compileBase, compileScope } from './compiled/terms.ts'
import type { ContextDocument, RdfProcessor } from './rdf-processor.ts'

export type {
  CanonicalDataset,
  CanonicalHash,
  ContextDocument,
  RdfProcessor,
} from './rdf-processor.ts'

/**
 * A processor for flat credentials and their proof configurations under the context
 * of the VC data model 2.0, of which it has a part, and the contexts given: terms with
 * a datatype, a language or `@set`, and inner contexts. What it does not understand
 * it refuses; what it understands it reads as JSON-LD does.
 *
 * @throws AsobaError `jsonld.unsupported` where a context needs more than is compiled,
 *   with the JSON pointer into the context
 * @throws TypeError where one address is given twice
 */
export function compiledProcessor(options: {
  readonly contexts: readonly ContextDocument[]
}): RdfProcessor {
  const known = new Map<string, CompiledContext>([
    [baseContext, { scope: compileBase(credentialsV2) }],
  ])
  for (const { url, document } of options.contexts) {
    if (known.has(url)) throw new TypeError('a context is given twice')
    known.set(url, { scope: compileScope(document['@context'], '/@context') })
  }
  return processorOf(known)
}
