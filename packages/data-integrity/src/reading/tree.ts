import { AsobaError, type Json, type JsonObject, jsonLimits } from '@asoba/core'
import { isBlank, xsd } from '../compiled/n-quads.ts'
import { type Dataset, datasetOf, type Graph, type Properties, rdfType, rootOf } from './dataset.ts'
import { i18n, literalOf, nativeOf, rdfJson } from './literal.ts'

/** How a tree is made of statements. */
export interface TreeOptions {
  /** IRI of the type of its root; whichever node reaches all others when left out. */
  readonly type?: string
  /** IRIs of properties of the root that are left out, with the graphs that they lead to. */
  readonly apart?: readonly string[]
}

/** A document in expanded JSON-LD, as its statements alone make it. */
export interface Tree {
  readonly root: JsonObject
  /** How many values each property has that was left out, in the order of {@link TreeOptions.apart}. */
  readonly apart: readonly number[]
}

/** Objects of a tree at most: a node stands wherever something refers to it. */
const maxObjects = 20_000

/**
 * The tree that statements make, and nothing else does: neither where the document wrote a node, nor
 * how often, nor in which order. Below every reference stands the whole node, but not inside of
 * itself; arrays are in one order; numbers and truth values are such where they can be.
 *
 * @throws AsobaError `jsonld.unsupported` where the statements are no tree, `jsonld.too-complex`
 */
export function treeOf(nquads: readonly string[], options: TreeOptions = {}): Tree {
  const dataset = datasetOf(nquads)
  const { type, apart = [] } = options
  const graph = dataset.get('') ?? new Map<string, Properties>()
  const root = rootOf(graph, type)
  const state: State = { dataset, graphs: new Set(['']), objects: 0, first: type }
  const properties = new Map(graph.get(root))
  const left = apart.map((iri) => {
    const values = properties.get(`<${iri}>`) ?? []
    properties.delete(`<${iri}>`)
    for (const value of values) visitGraphs(state, value)
    return values.length
  })
  const kept = apart.length === 0 ? graph : new Map(graph).set(root, properties)
  const node = nodeOf(state, { graph: kept, name: root, above: [] })
  if (state.graphs.size !== dataset.size) throw notATree('a graph that nothing refers to')
  return { root: node, apart: left }
}

interface State {
  readonly dataset: Dataset
  /** Graphs that something led to. */
  readonly graphs: Set<string>
  objects: number
  /** The type that comes first wherever it stands. */
  readonly first: string | undefined
}

interface Place {
  readonly graph: Graph
  readonly name: string
  /** Nodes around this one, in the same graph. */
  readonly above: readonly string[]
}

function nodeOf(state: State, { graph, name, above }: Place): JsonObject {
  if (++state.objects > maxObjects || above.length > jsonLimits.maxDepth) throw tooLarge()
  const properties = graph.get(name)
  const inside = above.includes(name)
  if (isBlank(name) && inside) throw notATree('a node without a name that contains itself')
  const node: Record<string, Json> = isBlank(name) ? {} : { '@id': iriOf(name) }
  if (inside || properties === undefined) return node
  const types = properties.get(rdfType)?.map(classOf)
  if (types !== undefined) node['@type'] = types.sort((a, b) => compareTypes(a, b, state.first))
  for (const predicate of [...properties.keys()].sort()) {
    if (predicate === rdfType) continue
    const objects = properties.get(predicate) ?? []
    const values = objects.map((object) => valueFrom(state, { graph, name, above }, object))
    node[iriOf(predicate)] = inOneOrder(values)
  }
  return node
}

function valueFrom(state: State, { graph, name, above }: Place, object: string): Json {
  if (object.startsWith('"')) return literalValue(state, object)
  const list = listFrom(graph, object)
  if (list !== undefined) {
    return { '@list': list.map((one) => valueFrom(state, { graph, name, above }, one)) }
  }
  const inner = state.dataset.get(object)
  if (inner === undefined) {
    // Most of what is referred to has nothing said of it here.
    if (!graph.has(object) && !isBlank(object)) return reference(state, object)
    return nodeOf(state, { graph, name: object, above: [...above, name] })
  }
  // A graph: what refers to it is its name, of which nothing else may be said.
  if (graph.has(object)) throw notATree('a graph that is a node as well')
  if (state.graphs.has(object)) throw notATree('a graph in two places')
  state.graphs.add(object)
  const content = nodeOf(state, { graph: inner, name: rootOf(inner, undefined), above: [] })
  return { ...(isBlank(object) ? {} : { '@id': iriOf(object) }), '@graph': [content] }
}

function reference(state: State, iri: string): JsonObject {
  if (++state.objects > maxObjects) throw tooLarge()
  return { '@id': iriOf(iri) }
}

/** Marks the graphs that a value leads to as known, without reading them. */
function visitGraphs(state: State, value: string): void {
  const inner = state.dataset.get(value)
  if (inner === undefined || state.graphs.has(value)) return
  state.graphs.add(value)
  for (const properties of inner.values()) {
    for (const objects of properties.values()) {
      for (const object of objects) visitGraphs(state, object)
    }
  }
}

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const nil = `<${rdf}nil>`

/** The elements of a list that begins here; undefined where none does. */
function listFrom(graph: Graph, start: string): readonly string[] | undefined {
  if (start !== nil && !graph.get(start)?.has(`<${rdf}first>`)) return undefined
  const elements: string[] = []
  const cells = new Set<string>()
  for (let cell = start; cell !== nil; ) {
    const first = graph.get(cell)?.get(`<${rdf}first>`) ?? []
    const rest = graph.get(cell)?.get(`<${rdf}rest>`) ?? []
    const [element, next] = [first[0], rest[0]]
    const whole = first.length === 1 && rest.length === 1 && graph.get(cell)?.size === 2
    if (!whole || cells.has(cell) || !isBlank(cell) || element === undefined) {
      throw notATree('a list that is none')
    }
    cells.add(cell)
    elements.push(element)
    cell = next ?? nil
  }
  return elements
}

function literalValue(state: State, term: string): Json {
  if (++state.objects > maxObjects) throw tooLarge()
  const { text, datatype, language } = literalOf(term)
  if (language !== undefined) return { '@value': text, '@language': language }
  if (datatype === undefined || datatype === `${xsd}string`) return { '@value': text }
  if (datatype === rdfJson) return { '@value': parsed(text), '@type': '@json' }
  if (datatype.startsWith(i18n)) {
    const [tongue, direction = ''] = datatype.slice(i18n.length).split('_')
    return {
      '@value': text,
      ...(tongue && { '@language': tongue }),
      ...(direction !== '' && { '@direction': direction }),
    }
  }
  return { '@value': nativeOf(text, datatype) ?? text, '@type': datatype }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw notATree('a JSON literal that is none')
  }
}

/** A set has no order: everybody reads it in the same one. */
function inOneOrder(values: readonly Json[]): readonly Json[] {
  if (values.length < 2) return values
  // Members are in one order already.
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, value]) => value)
}

function compareTypes(a: string, b: string, first: string | undefined): number {
  if (a === first || b === first) return a === first ? -1 : 1
  return a < b ? -1 : 1
}

/** A label is no name, and another one each time. */
function classOf(term: string): string {
  if (isBlank(term)) throw notATree('a type without a name')
  return iriOf(term)
}

function iriOf(term: string): string {
  return isBlank(term) ? term : term.slice(1, -1)
}

function notATree(what: string): AsobaError {
  return new AsobaError(
    'jsonld.unsupported',
    `the document cannot be read from its statements: ${what}`,
  )
}

function tooLarge(): AsobaError {
  return new AsobaError('jsonld.too-complex', 'the statements make too large a document')
}
