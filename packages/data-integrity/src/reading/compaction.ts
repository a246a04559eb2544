import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { xsd } from '../compiled/n-quads.ts'
import type { NamedTerm, Terms } from './terms.ts'

/** A tree in the terms of its contexts. */
export interface Compacted {
  readonly document: JsonObject
  /** Whether a property or a class has no name under the contexts, and stands there by its IRI. */
  readonly unnamed: boolean
}

/**
 * A tree of statements in the terms of a context: JSON-LD compaction, but that numbers and truth
 * values are such whatever their term says of datatypes, that IRIs which are values are never
 * shortened, and that maps by `@id`, `@type` or `@index` and nested properties are written plainly.
 *
 * @param root expanded, as `treeOf` makes it
 * @throws AsobaError `jsonld.unsupported`
 * @see https://www.w3.org/TR/json-ld11-api/#compaction-algorithm
 */
export function compactTree(root: JsonObject, terms: Terms): Compacted {
  const state = { unnamed: false }
  return { document: nodeIn(root, terms, state), unnamed: state.unnamed }
}

interface State {
  unnamed: boolean
}

function nodeIn(node: JsonObject, outer: Terms, state: State): JsonObject {
  const { '@id': id, '@type': types = [], ...properties } = node
  const written = new Map<string, Json>()
  const classes = (types as readonly string[]).map((iri) => {
    const term = outer.named(iri).find(isPlain)
    return { name: term?.name ?? nameOf(iri, outer, state), term }
  })
  // Compaction (11): what the classes define, in the order of their names, for this object alone
  let own = outer
  for (const { term } of classes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (term !== undefined) own = own.inClass(term)
  }
  if (typeof id === 'string') written.set(keyword('@id', own), id)
  const names = classes.map(({ name }) => name)
  if (names.length > 0) {
    const [alias] = own.named('@type')
    const all = alias?.container.set || names.length > 1
    written.set(alias?.name ?? '@type', all ? names : (names[0] as string))
  }
  for (const [iri, values] of Object.entries(properties)) {
    for (const value of values as readonly Json[]) {
      const object = value as JsonObject
      const term = termFor(own.named(iri), object, own) ?? withoutTerm(iri, own, state)
      add(written, term, object, valueIn(object, term, { own, outer, state }))
    }
  }
  return Object.fromEntries(written)
}

function add(written: Map<string, Json>, term: NamedTerm, from: JsonObject, value: Json): void {
  const { name, container } = term
  const before = written.get(name)
  if (container.language && isText(from)) {
    const language = from['@language'] ?? '@none'
    if (typeof language !== 'string' || (before !== undefined && !isJsonObject(before))) {
      throw unwritable()
    }
    const same = before?.[language]
    const texts = same === undefined ? value : [...[same].flat(), value]
    written.set(name, { ...before, [language]: texts as Json })
  } else if (before === undefined) {
    written.set(name, container.set && !isOneList(term, from) ? [value] : value)
  } else if (isOneList(term, from)) throw unwritable()
  else written.set(name, Array.isArray(before) ? [...before, value] : [before, value])
}

/** A list under a term that says so is an array of its own, and cannot be one of several. */
function isOneList({ container }: NamedTerm, from: JsonObject): boolean {
  return container.list && from['@list'] !== undefined
}

interface Around {
  /** What is seen by the properties of this object. */
  readonly own: Terms
  /** What goes on inside of it: the classes of an object say nothing of those in it. */
  readonly outer: Terms
  readonly state: State
}

function valueIn(value: JsonObject, term: NamedTerm, around: Around): Json {
  const { own, outer, state } = around
  const { '@value': literal, '@id': id, '@list': list, '@graph': graph } = value
  if (literal !== undefined) return literalIn(value, term, own)
  if (Array.isArray(list)) {
    const elements = list.map((one: Json) => valueIn(one as JsonObject, term, around))
    return term.container.list ? elements : { '@list': elements }
  }
  if (Array.isArray(graph)) {
    const [content] = graph as readonly JsonObject[]
    const inner = nodeIn(content as JsonObject, outer.inProperty(term), state)
    if (term.container.graph && id === undefined) return inner
    return { ...(id !== undefined && { '@id': id }), '@graph': [inner] }
  }
  const reference = typeof id === 'string' && Object.keys(value).length === 1
  if (reference && term.type === '@vocab') {
    const inside = own.inProperty(term)
    return inside.named(id).find(isPlain)?.name ?? id
  }
  if (reference && term.type === '@id') return id
  return nodeIn(value, outer.inProperty(term), state)
}

function literalIn(value: JsonObject, term: NamedTerm, own: Terms): Json {
  const { '@value': literal = null, '@type': type, '@language': language } = value
  const { '@direction': direction } = value
  if (type === undefined && language === undefined && direction === undefined) return literal
  if (term.container.language && isText(value)) return literal
  if (type === undefined && isOf(term, value)) return literal
  if (type !== undefined && (term.type === type || nativeType(literal) === type)) return literal
  return {
    ...(type !== undefined && { [keyword('@type', own)]: type }),
    ...(language !== undefined && { '@language': language }),
    ...(direction !== undefined && { '@direction': direction }),
    '@value': literal,
  }
}

/** Inverse context selection: the term that says most of a value, and of several the first. */
function termFor(
  candidates: readonly NamedTerm[],
  value: JsonObject,
  own: Terms,
): NamedTerm | undefined {
  const { '@value': literal, '@type': type, '@language': language, '@id': id } = value
  const { '@list': list, '@graph': graph } = value
  if (Array.isArray(list)) {
    const lists = candidates.filter(({ container }) => container.list)
    const [first] = list as readonly JsonObject[]
    const fitting = first && termFor(lists, first, own)
    return fitting ?? lists[0] ?? pick(candidates, isPlain)
  }
  if (graph !== undefined) {
    const graphs = candidates.filter(({ container }) => container.graph)
    return graphs[0] ?? pick(candidates, isPlain)
  }
  if (literal === undefined) {
    const classed = typeof id === 'string' && own.named(id).some(isPlain)
    const kinds = id === undefined ? ['@id'] : classed ? ['@vocab', '@id'] : ['@id', '@vocab']
    for (const kind of kinds) {
      const found = pick(candidates, (one) => one.type === kind)
      if (found !== undefined) return found
    }
    return pick(candidates, isPlain)
  }
  if (type !== undefined) {
    return pick(candidates, (one) => one.type === type) ?? pick(candidates, isPlain)
  }
  const map = candidates.find(({ container }) => container.language)
  if (language !== undefined && map !== undefined) return map
  return pick(candidates, (one) => isOf(one, value)) ?? pick(candidates, isPlain) ?? map
}

function pick(
  candidates: readonly NamedTerm[],
  is: (term: NamedTerm) => boolean,
): NamedTerm | undefined {
  let found: NamedTerm | undefined
  for (const one of candidates) {
    if (one.container.language || !is(one)) continue
    if (one.container.set) return one
    found ??= one
  }
  return found
}

/** Whether a text is of the language and direction that a term gives to its texts. */
function isOf(term: NamedTerm, { '@language': language, '@direction': direction }: JsonObject) {
  return (
    term.type === undefined &&
    term.language === (typeof language === 'string' ? language.toLowerCase() : language) &&
    term.direction === direction
  )
}

function isPlain({ type, language, direction }: NamedTerm): boolean {
  return type === undefined && language === undefined && direction === undefined
}

function isText({ '@value': value, '@type': type, '@direction': direction }: JsonObject): boolean {
  return typeof value === 'string' && type === undefined && direction === undefined
}

/** The datatype of a number or truth value that says none. */
function nativeType(literal: Json): string | undefined {
  if (typeof literal === 'boolean') return `${xsd}boolean`
  if (typeof literal !== 'number') return undefined
  return Number.isSafeInteger(literal) ? `${xsd}integer` : `${xsd}double`
}

/** Of a name that is no term nothing is said. */
const unsaid: Omit<NamedTerm, 'name' | 'iri'> = {
  type: undefined,
  language: undefined,
  direction: undefined,
  container: { set: false, list: false, graph: false, language: false },
  scope: undefined,
}

function withoutTerm(iri: string, own: Terms, state: State): NamedTerm {
  const name = nameOf(iri, own, state)
  return { ...unsaid, name, iri }
}

function nameOf(iri: string, terms: Terms, state: State): string {
  const short = terms.shortName(iri)
  if (short === undefined) state.unnamed = true
  return short ?? iri
}

function keyword(iri: '@id' | '@type', terms: Terms): string {
  return terms.named(iri)[0]?.name ?? iri
}

function unwritable(): AsobaError {
  return new AsobaError('jsonld.unsupported', 'the contexts cannot say what the statements do')
}
