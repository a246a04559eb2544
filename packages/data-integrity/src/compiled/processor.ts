import { AsobaError, type Json } from '@asoba/core'
import type { RdfProcessor } from '../rdf-processor.ts'
import { compactTree } from '../reading/compaction.ts'
import { treeOf } from '../reading/tree.ts'
import { canonize } from './canonize.ts'
import { compiledTerms } from './compiled-terms.ts'
import { statementsOf } from './statements.ts'
import { notCompiled, type Scope, type Term } from './terms.ts'

/** What is compiled of one context document. */
export interface CompiledContext {
  readonly scope: Scope
  /** IRI before names that no context defines (`@vocab`). */
  readonly vocabulary?: string
}

/** Lists of contexts come from outside: so many are remembered, and only short ones. */
const maxMerged = 256

/** A processor for documents whose contexts are all among these. */
export function processorOf(known: ReadonlyMap<string, CompiledContext>): RdfProcessor {
  const merged = new Map<string, CompiledContext>()
  const contextOf = (contexts: Json | undefined): CompiledContext => {
    const urls = urlsOf(contexts)
    for (const [index, url] of urls.entries()) {
      if (known.has(url)) continue
      throw new AsobaError('jsonld.context-unknown', 'a context is not among those compiled', {
        path: `/@context/${index}`,
      })
    }
    const key = urls.join(' ')
    const before = merged.get(key)
    if (before !== undefined) return before
    const made = merge(urls.flatMap((url) => known.get(url) ?? []))
    if (urls.length <= 3 && merged.size < maxMerged) merged.set(key, made)
    return made
  }
  return {
    async toNQuads(document) {
      const { scope, vocabulary } = contextOf(document['@context'])
      return statementsOf(document, scope, vocabulary)
    },
    canonize: async (nquads, hash) => canonize(nquads, hash),
    async read(nquads, contexts, options) {
      const { root, apart } = treeOf(nquads, options)
      const { document, unnamed } = compactTree(root, compiledTerms(contextOf(contexts)))
      return { document: { '@context': contexts, ...document }, unnamed, apart }
    },
  }
}

function urlsOf(contexts: Json | undefined): readonly string[] {
  const urls = Array.isArray(contexts) ? contexts : [contexts]
  const index = urls.findIndex((url) => typeof url !== 'string')
  if (index >= 0) throw notCompiled(Array.isArray(contexts) ? `/@context/${index}` : '/@context')
  return urls as readonly string[]
}

/** All terms are protected: a later context may say again what a former one says, and nothing else. */
function merge(contexts: readonly CompiledContext[]): CompiledContext {
  const all = new Map<string, Term | undefined>()
  let found: string | undefined
  for (const { scope, vocabulary = found } of contexts) {
    for (const [name, term] of scope) {
      if (all.has(name) && all.get(name)?.source !== term?.source) throw notCompiled('/@context')
      all.set(name, term)
    }
    found = vocabulary
  }
  return found === undefined ? { scope: all } : { scope: all, vocabulary: found }
}
