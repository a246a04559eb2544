import { baseContext, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { type CompiledContext, processorOf } from './compiled/processor.ts'
import { compileBase, compileScope, isIri, notCompiled, type Scope } from './compiled/terms.ts'
import { credentialsV2 } from './contexts/credentials-v2.ts'
import type { ContextDocument, RdfProcessor } from './rdf-processor.ts'

/**
 * A processor for what needs no library for JSON-LD, which is most: credentials of the data model
 * 2.0 and their proof configurations, with those of the given contexts that can be compiled. What
 * it does not understand it refuses, and what it understands it reads as that library does, in a
 * fraction of the time.
 *
 * @returns undefined for a document whose contexts are not all compiled
 */
export function quickProcessor(
  given: readonly ContextDocument[],
): (document: JsonObject) => RdfProcessor | undefined {
  const known = new Map<string, CompiledContext>([[baseContext, { scope: baseScope() }]])
  for (const { url, document } of given) {
    try {
      known.set(url, compileGiven(document['@context']))
    } catch {
      // All of JSON-LD reads it.
    }
  }
  const processor = processorOf(known)
  return (document) => {
    const contexts: unknown[] = [document['@context']].flat()
    return contexts.every((url) => typeof url === 'string' && known.has(url))
      ? processor
      : undefined
  }
}

/**
 * As compiled for a page, but that terms need not be protected: where one is defined in two ways,
 * the document is refused all the same. Names without a meaning of their own may have one by a
 * vocabulary.
 */
function compileGiven(body: Json | undefined): CompiledContext {
  if (!isJsonObject(body) || body['@vocab'] === undefined) {
    return { scope: compileScope(body, '/@context', true) }
  }
  const { '@vocab': vocabulary, ...terms } = body
  // Anything else could be a compact IRI, or relative.
  if (typeof vocabulary !== 'string' || !/^https?:\/\//.test(vocabulary) || !isIri(vocabulary)) {
    throw notCompiled('/@context/@vocab')
  }
  return { scope: compileScope(terms, '/@context', true), vocabulary }
}

let base: Scope | undefined

/** The whole context of the data model; a document with one of the terms that need more is refused. */
function baseScope(): Scope {
  const { '@context': terms } = JSON.parse(credentialsV2.text) as { '@context': JsonObject }
  base ??= compileBase(compilable(terms))
  return base
}

/** The same terms, `null` for those that cannot be compiled. */
function compilable(terms: JsonObject): JsonObject {
  const { '@protected': _, ...definitions } = terms
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const inner = isJsonObject(definition) ? definition['@context'] : undefined
      const part = isJsonObject(inner)
        ? { ...(definition as JsonObject), '@context': compilable(inner) }
        : definition
      try {
        compileBase({ [name]: part })
        return [name, part]
      } catch {
        return [name, null]
      }
    }),
  )
}
