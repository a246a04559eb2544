/**
 * JSON-LD to canonical RDF for contexts that are known beforehand, without a
 * JSON-LD library: small enough for a page, and nothing is fetched or dropped.
 *
 * @module
 */

import { AsobaError, baseContext, type JsonObject } from '@asoba/core'
import { credentialsV2 } from './compiled/base-context.ts'
import { canonize } from './compiled/canonize.ts'
import { statementsOf } from './compiled/statements.ts'
import { compileBase, compileScope, notCompiled, type Scope, type Term } from './compiled/terms.ts'
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
  const known = new Map<string, Scope>([[baseContext, compileBase(credentialsV2)]])
  for (const { url, document } of options.contexts) {
    if (known.has(url)) throw new TypeError('a context is given twice')
    known.set(url, compileScope(document['@context'], '/@context'))
  }
  const merged = new Map<string, Scope>()
  const contextOf = (document: JsonObject): Scope => {
    const urls = urlsOf(document)
    for (const [index, url] of urls.entries()) {
      if (known.has(url)) continue
      throw new AsobaError('jsonld.context-unknown', 'a context is not among those compiled', {
        path: `/@context/${index}`,
      })
    }
    const key = urls.join(' ')
    const before = merged.get(key)
    if (before !== undefined) return before
    const made = merge(urls.map((url) => known.get(url) ?? new Map()))
    // Lists of contexts come from outside, so only those of ordinary length are remembered.
    if (urls.length <= 2) merged.set(key, made)
    return made
  }
  return {
    toNQuads: async (document) => statementsOf(document, contextOf(document)),
    canonize: async (nquads, hash) => canonize(nquads, hash),
  }
}

function urlsOf(document: JsonObject): readonly string[] {
  const contexts = document['@context']
  const urls = Array.isArray(contexts) ? contexts : [contexts]
  const index = urls.findIndex((url) => typeof url !== 'string')
  if (index >= 0) throw notCompiled(Array.isArray(contexts) ? `/@context/${index}` : '/@context')
  return urls as readonly string[]
}

/** All terms are protected: a later context may say again what a former one says, and nothing else. */
function merge(scopes: readonly Scope[]): Scope {
  const all = new Map<string, Term | undefined>()
  for (const scope of scopes) {
    for (const [name, term] of scope) {
      if (all.has(name) && all.get(name)?.source !== term?.source) throw notCompiled('/@context')
      all.set(name, term)
    }
  }
  return all
}
