import { AsobaError, type Json, type JsonObject } from '@asoba/core'
import { type Compacted, compactTree } from './compaction.ts'
import { byIri, type NamedTerm, shortestLeast, type Terms } from './terms.ts'

/** What the library for JSON-LD keeps of contexts that it has worked out. */
export interface ActiveContext {
  readonly mappings: ReadonlyMap<string, Mapping | null>
  readonly '@vocab'?: string
  readonly '@language'?: string | null
  readonly '@direction'?: string | null
}

interface Mapping {
  readonly '@id'?: string | null
  readonly '@type'?: string
  readonly '@language'?: string | null
  readonly '@direction'?: string | null
  readonly '@container'?: readonly string[]
  readonly '@context'?: Json
  readonly reverse?: boolean
  readonly _prefix?: boolean
}

/** What a context stands in: a document, a class, or a property, which may redefine terms. */
export type ContextOf = 'document' | 'class' | 'property'

/** Works out a context upon another one, which is undefined for that of a document. */
export type ProcessContext = (input: {
  readonly active: ActiveContext | undefined
  readonly local: Json
  readonly of: ContextOf
}) => Promise<ActiveContext>

/** A context that is worked out only now: {@link Pending.load} it, and begin again. */
class Pending extends Error {
  override readonly name = 'Pending'
  readonly load: () => Promise<void>
  constructor(load: () => Promise<void>) {
    super('a context is not worked out yet')
    this.load = load
  }
}

/** Places with terms of their own that are remembered for one list of contexts. */
const maxPlaces = 512
/** Lists of contexts come from outside: so many are remembered. */
const maxLists = 256

/**
 * Puts trees into the terms of contexts. Contexts are worked out once, those of classes and
 * properties where one is first met, and kept.
 *
 * @param process how a context is worked out
 */
export function treeCompactor(
  process: ProcessContext,
): (root: JsonObject, contexts: Json) => Promise<Compacted> {
  const kept = new Map<string, Terms>()
  return async (root, contexts) => {
    const key = JSON.stringify(contexts)
    const input = { active: undefined, local: contexts, of: 'document' } as const
    const terms = kept.get(key) ?? termsOf(await process(input), { process, places: 0 })
    if (kept.size < maxLists) kept.set(key, terms)
    for (;;) {
      try {
        return compactTree(root, terms)
      } catch (error) {
        // What one document filled must be there for the next.
        if (error instanceof Pending) await error.load()
        else {
          kept.delete(key)
          throw error
        }
      }
    }
  }
}

interface Shared {
  readonly process: ProcessContext
  places: number
}

function termsOf(active: ActiveContext, shared: Shared): Terms {
  const { mappings, '@vocab': vocabulary } = active
  const terms = byIri(
    [...mappings].flatMap(([name, mapping]) => namedTerm(name, mapping, active) ?? []),
  )
  const prefixes = [...mappings].flatMap(([name, mapping]) =>
    mapping?._prefix && typeof mapping['@id'] === 'string' ? [{ name, iri: mapping['@id'] }] : [],
  )
  const inside = { class: new Map<Json, Terms>(), property: new Map<Json, Terms>() }
  const within = (of: keyof typeof inside, local: Json): Terms => {
    const known = inside[of].get(local)
    if (known !== undefined) return known
    if (shared.places > maxPlaces) {
      throw new AsobaError('jsonld.too-complex', 'contexts are inside of contexts too often')
    }
    throw new Pending(async () => {
      shared.places++
      inside[of].set(local, termsOf(await shared.process({ active, local, of }), shared))
    })
  }
  const made: Terms = {
    named: (iri) => terms.get(iri) ?? [],
    shortName(iri) {
      if (vocabulary && iri.startsWith(vocabulary) && iri !== vocabulary) {
        const suffix = iri.slice(vocabulary.length)
        if (!mappings.has(suffix)) return suffix
      }
      const short = prefixes.flatMap(({ name, iri: start }) => {
        const compact = `${name}:${iri.slice(start.length)}`
        return iri.startsWith(start) && iri !== start && !mappings.has(compact) ? compact : []
      })
      return short.sort(shortestLeast)[0]
    },
    inClass(term) {
      const local = term.scope as Json | undefined
      if (local === undefined) return made
      if (propagates(local) === true) throw propagating()
      return within('class', local)
    },
    inProperty(term) {
      const local = term.scope as Json | undefined
      if (local === undefined) return made
      if (propagates(local) === false) throw propagating()
      return within('property', local)
    },
  }
  return made
}

function namedTerm(
  name: string,
  mapping: Mapping | null,
  active: ActiveContext,
): NamedTerm | undefined {
  const iri = mapping?.['@id']
  if (mapping === null || typeof iri !== 'string' || mapping.reverse) return undefined
  const { '@type': type, '@container': containers = [] } = mapping
  const { '@language': language = active['@language'] } = mapping
  const { '@direction': direction = active['@direction'] } = mapping
  const typed = type === '@none' ? undefined : type
  return {
    name,
    iri,
    type: typed,
    language: (typed === undefined && language?.toLowerCase()) || undefined,
    direction: (typed === undefined && direction) || undefined,
    container: {
      set: containers.includes('@set'),
      list: containers.includes('@list'),
      graph: containers.includes('@graph'),
      language: containers.includes('@language'),
    },
    scope: mapping['@context'],
  }
}

/** What a context says of whether it goes on inside; undefined where it says nothing. */
function propagates(local: Json): boolean | undefined {
  const [first] = [local].flat() as readonly Json[]
  const value = (first as JsonObject | null)?.['@propagate']
  return typeof value === 'boolean' ? value : undefined
}

function propagating(): AsobaError {
  const message = 'a context inside a term says by @propagate that it goes on, or does not'
  return new AsobaError('jsonld.unsupported', message)
}
