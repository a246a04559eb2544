import { AsobaError } from '@asoba/core'
import { termsOf } from '../statement.ts'

/** What is said of one node: the objects by predicate, both as N-Quads spell them. */
export type Properties = ReadonlyMap<string, readonly string[]>

/** The nodes of one graph by their name. */
export type Graph = ReadonlyMap<string, Properties>

/** Graphs by name; the default graph by the empty one. */
export type Dataset = ReadonlyMap<string, Graph>

/** `rdf:type`, as N-Quads spell it. */
export const rdfType = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'

/**
 * Statements by graph, node and property.
 *
 * @param nquads lines as a processor writes them, none twice
 * @throws AsobaError `jsonld.unsupported` where one is no N-Quad
 */
export function datasetOf(nquads: readonly string[]): Dataset {
  const dataset = new Map<string, Map<string, Map<string, string[]>>>()
  for (const line of nquads) {
    const [subject, predicate, object, graph] = termsOf(line)
    const nodes = inMap(dataset, graph, () => new Map<string, Map<string, string[]>>())
    const properties = inMap(nodes, subject, () => new Map<string, string[]>())
    inMap(properties, predicate, () => []).push(object)
  }
  return dataset
}

/**
 * The one node from which all others of its graph are reached, of a given type where one is given.
 * Which node a document begins with is not signed; where two would do, whoever passes the document
 * on could choose.
 *
 * @throws AsobaError `jsonld.unsupported` where there is none, or more than one
 */
export function rootOf(graph: Graph, type: string | undefined): string {
  const candidates = [...graph].flatMap(([node, properties]) =>
    type === undefined || properties.get(rdfType)?.includes(`<${type}>`) ? node : [],
  )
  // Without a type it can only be a node that nothing refers to, or every one is in a circle.
  const targets = type === undefined ? targetsOf(graph) : undefined
  const first = targets && candidates.filter((node) => !targets.has(node))
  const possible = first === undefined || first.length === 0 ? candidates : first
  if (possible.length > maxRoots) throw notATree()
  const [root, ...others] = possible.filter((node) => reachedFrom(graph, node) === graph.size)
  if (root === undefined || others.length > 0) throw notATree()
  return root
}

/** Nodes that may be tried as the root of a graph. */
const maxRoots = 64

function reachedFrom(graph: Graph, root: string): number {
  const reached = new Set([root])
  for (const node of reached) {
    for (const [predicate, objects] of graph.get(node) ?? []) {
      if (predicate === rdfType) continue
      for (const object of objects) if (graph.has(object)) reached.add(object)
    }
  }
  return reached.size
}

function targetsOf(graph: Graph): ReadonlySet<string> {
  const targets = new Set<string>()
  for (const [node, properties] of graph) {
    for (const [predicate, objects] of properties) {
      if (predicate === rdfType) continue
      for (const object of objects) if (object !== node) targets.add(object)
    }
  }
  return targets
}

function notATree(): AsobaError {
  return new AsobaError(
    'jsonld.unsupported',
    'the statements are no tree with one root: what the document speaks of could be chosen',
  )
}

function inMap<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
