import { AsobaError } from '@asoba/core'
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { CanonicalDataset, CanonicalHash } from '../rdf-processor.ts'
import { isBlank, lineOf, parseQuad, type Quad } from './n-quads.ts'

/**
 * Steps of Hash N-Degree Quads that one dataset may take (statements looked at and
 * orders tried), some tens of milliseconds; the hardest vector that must pass takes
 * half. The documents that we sign take none: their blank nodes differ at the first
 * degree. Whoever sends a graph built to take for ever is told so.
 */
const maxWork = 20_000
/** Nodes that look alike beside one node: one more has more orders than the steps allowed. */
const maxAlike = 7
/** How far from a blank node others may be that must be looked at to tell it apart. */
const maxDepth = 256

interface State {
  /** Statements by blank node, in which it occurs. */
  readonly quads: ReadonlyMap<string, readonly Quad[]>
  readonly firstDegree: Map<string, string>
  readonly canonical: Issuer
  readonly sha: (bytes: Uint8Array) => Uint8Array
  work: number
  depth: number
}

/** Gives labels in the order asked for; both sides without meaning but as text (`_:c14n0`). */
class Issuer {
  readonly issued: Map<string, string>
  readonly #prefix: string

  constructor(prefix: string, issued: ReadonlyMap<string, string> = new Map()) {
    this.#prefix = prefix
    this.issued = new Map(issued)
  }

  labelOf(node: string): string {
    const known = this.issued.get(node)
    if (known !== undefined) return known
    const label = `${this.#prefix}${this.issued.size}`
    this.issued.set(node, label)
    return label
  }

  copy(): Issuer {
    return new Issuer(this.#prefix, this.issued)
  }
}

/**
 * RDFC-1.0, whole: Hash N-Degree Quads too, within a bound of work.
 *
 * @throws AsobaError `jsonld.too-complex`, `jsonld.unsupported` where a line is no N-Quad
 * @see https://www.w3.org/TR/rdf-canon/#canon-algorithm
 */
export function canonize(
  nquads: readonly string[],
  hash: CanonicalHash = 'SHA-256',
): CanonicalDataset {
  // 4.4.3 (1) the canonicalization state; a dataset is a set, so no statement counts twice
  const dataset = new Map<string, Quad>()
  for (const line of nquads) {
    const quad = parseQuad(line)
    dataset.set(lineOf(quad), quad)
  }
  const byNode = new Map<string, Quad[]>()
  for (const quad of dataset.values()) {
    // (2) for every quad, for each blank node in it
    for (const node of new Set(blanksOf(quad))) {
      const known = byNode.get(node)
      if (known === undefined) byNode.set(node, [quad])
      else known.push(quad)
    }
  }
  const state: State = {
    quads: byNode,
    firstDegree: new Map(),
    canonical: new Issuer('_:c14n'),
    sha: hash === 'SHA-384' ? sha384 : sha256,
    work: maxWork,
    depth: 0,
  }

  // (3) for each blank node its first degree hash
  const byHash = new Map<string, string[]>()
  for (const node of byNode.keys()) {
    const hash = hashFirstDegreeQuads(state, node)
    const same = byHash.get(hash)
    if (same === undefined) byHash.set(hash, [node])
    else same.push(node)
  }
  const hashes = [...byHash.keys()].sort()
  // (4) those that differ from all others
  for (const hash of hashes) {
    const [node = '', ...others] = byHash.get(hash) ?? []
    if (others.length === 0) state.canonical.labelOf(node)
  }
  // (5) the others, hash by hash
  for (const hash of hashes) {
    const nodes = byHash.get(hash) ?? []
    if (nodes.length > 1) labelAlike(state, nodes)
  }

  // (6), (7) the same statements with canonical labels
  const relabelled = Array.from(dataset, ([line, quad]) =>
    blanksOf(quad).length === 0 ? line : lineOf(withLabels(quad, state.canonical)),
  )
  const labels = [...state.canonical.issued].map(
    ([from, to]) => [from.slice(2), to.slice(2)] as const,
  )
  return { nquads: inCodePointOrder(relabelled), labels: new Map(labels) }
}

function labelAlike(state: State, nodes: readonly string[]): void {
  // (5.1), (5.2) every node of the list that has no canonical label yet
  const paths: { readonly hash: string; readonly issuer: Issuer }[] = []
  for (const node of nodes) {
    if (state.canonical.issued.has(node)) continue
    const issuer = new Issuer('_:b')
    issuer.labelOf(node)
    paths.push(hashNDegreeQuads(state, node, issuer))
  }
  // (5.3) in the order of the hashes
  paths.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
  for (const { issuer } of paths) {
    for (const node of issuer.issued.keys()) state.canonical.labelOf(node)
  }
}

/** @see https://www.w3.org/TR/rdf-canon/#hash-1d-quads */
function hashFirstDegreeQuads(state: State, node: string): string {
  const known = state.firstDegree.get(node)
  if (known !== undefined) return known
  const mark = (term: string): string => (isBlank(term) ? (term === node ? '_:a' : '_:z') : term)
  const lines = (state.quads.get(node) ?? []).map(({ subject, predicate, object, graph }) =>
    lineOf({ subject: mark(subject), predicate, object: mark(object), graph: mark(graph) }),
  )
  const hash = hashOf(state, inCodePointOrder(lines).join(''))
  state.firstDegree.set(node, hash)
  return hash
}

/** @see https://www.w3.org/TR/rdf-canon/#hash-related-blank-node */
function hashRelated(
  state: State,
  related: string,
  quad: Quad,
  issuer: Issuer,
  position: 's' | 'o' | 'g',
): string {
  const id =
    state.canonical.issued.get(related) ??
    issuer.issued.get(related) ??
    hashFirstDegreeQuads(state, related)
  return hashOf(state, `${position}${position === 'g' ? '' : quad.predicate}${id}`)
}

/** @see https://www.w3.org/TR/rdf-canon/#hash-nd-quads */
function hashNDegreeQuads(
  state: State,
  node: string,
  given: Issuer,
): { readonly hash: string; readonly issuer: Issuer } {
  if (++state.depth > maxDepth) throw tooComplex()
  let issuer = given
  // 4.8.3 (1), (2), (3) blank nodes beside this one, by what relates them
  const related = new Map<string, string[]>()
  for (const quad of state.quads.get(node) ?? []) {
    spend(state, 1)
    for (const [position, term] of [
      ['s', quad.subject],
      ['o', quad.object],
      ['g', quad.graph],
    ] as const) {
      if (!isBlank(term) || term === node) continue
      const hash = hashRelated(state, term, quad, issuer, position)
      const same = related.get(hash)
      if (same === undefined) related.set(hash, [term])
      else same.push(term)
    }
  }
  // (4) the data to hash
  let data = ''
  // (5) hash by hash
  for (const hash of [...related.keys()].sort()) {
    // (5.1), (5.2), (5.3)
    data += hash
    let chosen: { readonly path: string; readonly issuer: Issuer } | undefined
    const alike = related.get(hash) ?? []
    if (alike.length > maxAlike) throw tooComplex()
    // (5.4) each order of the list
    for (const order of permutations(alike)) {
      // An issuer is copied for each order.
      spend(state, 1 + (issuer.issued.size >> 4))
      chosen = better(state, order, issuer, chosen)
    }
    // (5.5), (5.6)
    if (chosen === undefined) continue
    data += chosen.path
    issuer = chosen.issuer
  }
  state.depth--
  // (6)
  return { hash: hashOf(state, data), issuer }
}

/** Steps 5.4.1 to 5.4.6: the path of this order of nodes, where it is less than the chosen one. */
function better(
  state: State,
  order: readonly string[],
  issuer: Issuer,
  chosen: { readonly path: string; readonly issuer: Issuer } | undefined,
): { readonly path: string; readonly issuer: Issuer } | undefined {
  // (5.4.1), (5.4.2), (5.4.3)
  let copy = issuer.copy()
  let path = ''
  const recursion: string[] = []
  const worse = (): boolean =>
    chosen !== undefined && path.length >= chosen.path.length && path > chosen.path
  // (5.4.4)
  for (const node of order) {
    const canonical = state.canonical.issued.get(node)
    if (canonical !== undefined) path += canonical
    else {
      if (!copy.issued.has(node)) recursion.push(node)
      path += copy.labelOf(node)
    }
    if (worse()) return chosen
  }
  // (5.4.5)
  for (const node of recursion) {
    const result = hashNDegreeQuads(state, node, copy)
    path += `${copy.labelOf(node)}<${result.hash}>`
    copy = result.issuer
    if (worse()) return chosen
  }
  // (5.4.6)
  return chosen === undefined || path < chosen.path ? { path, issuer: copy } : chosen
}

function* permutations(list: readonly string[]): Generator<readonly string[]> {
  if (list.length < 2) yield list
  else {
    for (const [index, first] of list.entries()) {
      for (const rest of permutations(list.toSpliced(index, 1))) yield [first, ...rest]
    }
  }
}

function spend(state: State, steps: number): void {
  state.work -= steps
  if (state.work < 0) throw tooComplex()
}

function tooComplex(): AsobaError {
  return new AsobaError('jsonld.too-complex', 'the blank nodes take too much work to tell apart')
}

function blanksOf({ subject, object, graph }: Quad): string[] {
  return [subject, object, graph].filter(isBlank)
}

function withLabels({ subject, predicate, object, graph }: Quad, issuer: Issuer): Quad {
  const label = (term: string): string => (isBlank(term) ? issuer.labelOf(term) : term)
  return { subject: label(subject), predicate, object: label(object), graph: label(graph) }
}

/**
 * Sorts texts in code point order, as the text asks, and returns the same array. JavaScript's own
 * order, by UTF-16 code units, puts characters beyond U+FFFF before U+E000; without such characters
 * both agree, and its own is ten times as fast. Labels and hashes are ASCII.
 */
export function inCodePointOrder(texts: string[]): string[] {
  return texts.some((text) => /[\ud800-\udfff]/.test(text)) ? texts.sort(byCodePoint) : texts.sort()
}

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (one !== other) return rank(one) - rank(other)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit
}

function hashOf({ sha }: State, text: string): string {
  return bytesToHex(sha(utf8ToBytes(text)))
}
