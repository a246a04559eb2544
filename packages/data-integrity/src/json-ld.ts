/// <reference path="./jsonld-internals.d.ts" />
import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import compaction from 'jsonld/lib/compact.js'
import contexts from 'jsonld/lib/context.js'
import expansion from 'jsonld/lib/expand.js'
import rdf from 'jsonld/lib/toRdf.js'
import NQuads from 'rdf-canonize/lib/NQuads.js'
import { canonize } from './compiled/canonize.ts'
import { contextResolvers } from './context-resolver.ts'
import { bundledContexts } from './contexts/bundled.ts'
import { checkNothingDropped } from './dropped.ts'
import { measure, pointerTo } from './measure.ts'
import { inShapeOf, withNames } from './names.ts'
import { quickProcessor } from './quick-processor.ts'
import type { ContextDocument, RdfProcessor } from './rdf-processor.ts'
import { type ActiveContext, treeCompactor } from './reading/active-terms.ts'
import { treeOf } from './reading/tree.ts'

/** What {@link createJsonLd} knows beside the bundled contexts, and how much it takes on. */
export interface JsonLdOptions {
  /** Contexts of credential types: all that a document may name beside the bundled ones. */
  readonly contexts?: readonly ContextDocument[]
  /** Values (objects, array elements, members) of a document at most; 20,000 where left out. */
  readonly maxValues?: number
  /** Statements of a document at most; 10,000 where left out. */
  readonly maxStatements?: number
}

/**
 * All of JSON-LD, without the network: a context that is neither bundled nor given is an error
 * that names it, and so is everything that would not be signed because RDF does not hold it (an
 * unknown term, a relative URL, `null`, an empty array, an index).
 *
 * @throws TypeError where a given context is no JSON object with `@context`, or is there already
 * @see https://www.w3.org/TR/json-ld11-api/
 */
export function createJsonLd(options: JsonLdOptions = {}): RdfProcessor {
  const { maxValues = 20_000, maxStatements = 10_000 } = options
  const { contexts: given = [] } = options
  const known = knownContexts(given)
  const quickFor = quickProcessor(given)
  const resolverFor = contextResolvers(known)
  // A copy of our own, not the one that the library shares among all who use it.
  const initial = (contexts.getInitialContext({}) as { clone(): object }).clone()
  const settings = (operation: Operation, resolvers = resolverFor): object => ({
    base: '',
    eventHandler: [refuseLoss],
    contextResolver: resolvers((url) => {
      operation.unknown ??= url
      return new Error('unknown context')
    }),
    rdfDirection: 'i18n-datatype',
  })
  // Each with a memory of its own: what is worked out for reading goes on inside of objects.
  const memories = {
    document: contextResolvers(known),
    class: contextResolvers(known),
    property: contextResolvers(known),
  }
  const compactTree = treeCompactor(async ({ active, local, of }) => {
    const operation: Operation = {}
    const input = {
      activeCtx: active ?? initial,
      localCtx: structuredClone(local),
      propagate: true,
      overrideProtected: of === 'property',
      options: { ...settings(operation, memories[of]), base: null },
    }
    try {
      return (await contexts.process(input)) as ActiveContext
    } catch {
      throw operation.unknown === undefined
        ? unsupported('a context of the document cannot be worked out')
        : contextUnknown(operation.unknown, undefined)
    }
  })

  const expand = async (document: JsonObject, operation: Operation): Promise<readonly Json[]> => {
    measure(document, maxValues)
    const element = structuredClone(document)
    const found = await expansion.expand({
      activeCtx: initial,
      element,
      options: settings(operation),
    })
    const top = isJsonObject(found) && onlyGraph(found) ? found['@graph'] : found
    const expanded = (Array.isArray(top) ? top : top == null ? [] : [top]) as readonly Json[]
    checkNothingDropped(document, expanded)
    return expanded
  }

  const compact = async (
    expanded: Json,
    named: Json,
    operation: Operation,
  ): Promise<JsonObject> => {
    const options = {
      ...settings(operation),
      base: null,
      compactArrays: true,
      compactToRelative: false,
    }
    const localCtx = structuredClone(named)
    const activeCtx = await contexts.process({ activeCtx: initial, localCtx, options })
    const found = await compaction.compact({ activeCtx, element: expanded, options })
    const compacted = Array.isArray(found) && found.length === 1 ? found[0] : found
    if (!isJsonObject(compacted)) throw unsupported('the document is not one node')
    return compacted
  }

  return {
    async toNQuads(document) {
      measure(document, maxValues)
      try {
        const found = await quickFor(document)?.toNQuads(document)
        if (found !== undefined) return found
      } catch {
        // It does not understand it: all of JSON-LD may, or says why not.
      }
      return reporting(document, async (operation) => {
        const quads = rdf.toRDF(await expand(document, operation), settings(operation))
        if (quads.length > maxStatements) throw tooLarge()
        return [...new Set(quads.map((quad) => NQuads.serializeQuad(quad)))]
      })
    },
    async canonize(nquads, hash) {
      if (nquads.length > maxStatements) throw tooLarge()
      return canonize(nquads, hash)
    },
    async read(nquads, named, options) {
      const { root, apart } = treeOf(nquads, options)
      const { document, unnamed } = await compactTree(root, named)
      return { document: { '@context': named, ...document }, unnamed, apart }
    },
    async skolemize(document, nameOf) {
      return reporting(document, async (operation) => {
        const expanded = withNames(await expand(document, operation), nameOf)
        const named = document['@context'] ?? {}
        const shaped = inShapeOf(document, await compact(expanded, named, operation)) as JsonObject
        return { '@context': named, ...shaped }
      })
    },
  }
}

/** What is to be told of an operation that failed, however the library wraps its errors. */
interface Operation {
  unknown?: string
}

function knownContexts(given: readonly ContextDocument[]): ReadonlyMap<string, JsonObject> {
  const known = new Map<string, JsonObject>()
  for (const { url, text } of bundledContexts) known.set(url, JSON.parse(text) as JsonObject)
  for (const { url, document } of given) {
    if (!isJsonObject(document) || document['@context'] === undefined) {
      throw new TypeError('a context is a JSON object with @context')
    }
    if (known.has(url)) throw new TypeError('a context is given twice, or replaces a bundled one')
    known.set(url, structuredClone(document))
  }
  return known
}

/** What JSON-LD would leave out with a warning. */
class Loss extends Error {
  readonly property: unknown
  constructor(property: unknown) {
    super('loss')
    this.property = property
  }
}

interface JsonLdEvent {
  readonly code: string
  readonly level: string
  readonly details?: { readonly property?: unknown; readonly type?: unknown }
}

/** Every warning ends the operation, but the one that always comes with another. */
function refuseLoss({ event, next }: { event: JsonLdEvent; next: () => void }): void {
  if (event.level === 'warning' && event.code !== 'relative IRI after expansion') {
    throw new Loss(event.details?.property ?? event.details?.type)
  }
  next()
}

/** Errors of the library hold values of the document: none of them goes any further. */
async function reporting<T>(
  document: JsonObject,
  run: (operation: Operation) => Promise<T>,
): Promise<T> {
  const operation: Operation = {}
  try {
    return await run(operation)
  } catch (error) {
    if (error instanceof AsobaError) throw error
    const { unknown: url } = operation
    if (url !== undefined) throw contextUnknown(url, pointerTo(document, url))
    if (error instanceof Loss && typeof error.property === 'string') {
      const path = pointerTo(document, error.property)
      throw new AsobaError('jsonld.term-unknown', 'no context defines a term of the document', {
        ...(path !== undefined && { path }),
      })
    }
    throw unsupported('the document is not JSON-LD that can be signed without loss')
  }
}

function contextUnknown(url: string, path = '/@context'): AsobaError {
  const name = /^[!-~]{1,200}$/.test(url) ? ` <${url}>` : ''
  const message = `a context is neither bundled nor given${name}`
  return new AsobaError('jsonld.context-unknown', message, { path })
}

function onlyGraph(found: JsonObject): boolean {
  return found['@graph'] !== undefined && Object.keys(found).length === 1
}

function tooLarge(): AsobaError {
  return new AsobaError('jsonld.too-complex', 'the document has too many statements')
}

function unsupported(message: string): AsobaError {
  return new AsobaError('jsonld.unsupported', message)
}
