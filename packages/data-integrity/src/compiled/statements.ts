import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { lineOf, literal, literalIn, xsd } from './n-quads.ts'
import { escapePointer, isIri, notCompiled, type Scope, type Term } from './terms.ts'

/** Scopes of terms, the innermost last. */
export type Context = readonly Scope[]

interface Output {
  readonly lines: Set<string>
  /** What a name that no scope has begins with; no scope inside says another. */
  readonly vocabulary: string | undefined
  blanks: number
}

const rdfType = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'
/** Objects in objects; a credential needs four. */
const maxDepth = 32

/**
 * The statements of a document under a context: what JSON-LD expansion and
 * deserialization to RDF give for the part of JSON-LD that is compiled.
 *
 * @param vocabulary IRI before names that no context defines; without one they are refused
 * @throws AsobaError `jsonld.term-unknown` or `jsonld.unsupported`, with the JSON pointer to the place
 * @see https://www.w3.org/TR/json-ld11-api/#expansion-algorithm
 * @see https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm
 */
export function statementsOf(
  document: JsonObject,
  context: Scope,
  vocabulary?: string,
): readonly string[] {
  const output: Output = { lines: new Set(), vocabulary, blanks: 0 }
  const { '@context': _, ...node } = document
  writeNode(node, [context], '', 0, output)
  return [...output.lines]
}

/** Writes the statements of an object and returns what names it. */
function writeNode(
  node: JsonObject,
  context: Context,
  at: string,
  depth: number,
  output: Output,
): string {
  if (depth > maxDepth) throw notCompiled(at)
  const types = typesOf(node, context, at, output)
  // Expansion (11): the scopes of the types, in the order of their names, for this object alone
  let own = context
  for (const name of [...types.keys()].sort()) {
    const scope = types.get(name)?.scope
    if (scope !== undefined) own = withTypeScope(own, scope, at)
  }
  const subject = subjectOf(node, own, at, output)
  for (const { iri } of types.values()) write(output, subject, rdfType, `<${iri}>`)
  for (const [name, value] of Object.entries(node)) {
    const where = `${at}/${escapePointer(name)}`
    const term = termOf(name, own, where, output)
    if (term.iri.startsWith('@')) continue
    const objects = new Set<string>()
    for (const [index, item] of several(value, where).entries()) {
      const place = Array.isArray(value) ? `${where}/${index}` : where
      const object = isJsonObject(item)
        ? writeNode(item, inside(context, term), place, depth + 1, output)
        : objectOf(item, term, own, place)
      // A set: whoever counts what is in the array must not find more than was signed.
      if (objects.has(object)) throw notCompiled(place)
      objects.add(object)
      write(output, subject, `<${term.iri}>`, object)
    }
  }
  return subject
}

/** The values of a property; RDF has nothing to say that there are none. */
function several(value: Json, at: string): readonly Json[] {
  if (!Array.isArray(value)) return [value]
  if (value.length === 0) throw notCompiled(at)
  return value
}

function write(output: Output, subject: string, predicate: string, object: string): void {
  const line = lineOf({ subject, predicate, object, graph: '' })
  // With a vocabulary two names can mean one thing, and what is said by both counts once.
  if (output.vocabulary !== undefined && output.lines.has(line)) throw notCompiled('')
  output.lines.add(line)
}

function typesOf(
  node: JsonObject,
  context: Context,
  at: string,
  output: Output,
): Map<string, Term> {
  const types = new Map<string, Term>()
  for (const [name, value] of Object.entries(node)) {
    if (find(name, context)?.iri !== '@type') continue
    const where = `${at}/${escapePointer(name)}`
    for (const type of several(value, where)) {
      if (typeof type !== 'string') throw notCompiled(where)
      const term = termOf(type, context, where, output)
      if (term.iri.startsWith('@') || types.has(type)) throw notCompiled(where)
      types.set(type, term)
    }
  }
  return types
}

function subjectOf(node: JsonObject, context: Context, at: string, output: Output): string {
  const names = Object.keys(node).filter((name) => find(name, context)?.iri === '@id')
  const [name, second] = names
  if (name === undefined) return `_:b${output.blanks++}`
  const id = node[name]
  // Blank nodes are named by leaving the name out; a label of one's own could meet ours.
  if (second !== undefined || typeof id !== 'string' || !isIri(id)) {
    throw notCompiled(`${at}/${escapePointer(second ?? name)}`)
  }
  return `<${id}>`
}

/** Terms inside the object under a property: those outside of the types around it, then its own. */
function inside(context: Context, { scope }: Term): Context {
  return scope === undefined ? context : [...context, scope]
}

/** A type may not give another meaning to what has one: all terms are protected. */
export function withTypeScope(context: Context, scope: Scope, at: string): Context {
  for (const [name, term] of scope) {
    const before = context.findLast((outer) => outer.has(name))
    if (before !== undefined && before.get(name)?.source !== term?.source) throw notCompiled(at)
  }
  return [...context, scope]
}

function find(name: string, context: Context): Term | undefined {
  return context.findLast((scope) => scope.has(name))?.get(name)
}

function termOf(name: string, context: Context, at: string, { vocabulary }: Output): Term {
  const term = find(name, context)
  if (term !== undefined) return term
  if (
    vocabulary !== undefined &&
    /^\w[\w-]*$/.test(name) &&
    !context.some((scope) => scope.has(name))
  ) {
    return { iri: vocabulary + name, ...plain, source: '' }
  }
  throw new AsobaError('jsonld.term-unknown', 'a name has no meaning in these contexts', {
    path: at,
  })
}

const plain = { type: undefined, language: undefined, set: false, scope: undefined } as const

/** @see https://www.w3.org/TR/json-ld11-api/#value-expansion */
function objectOf(value: Json, term: Term, context: Context, at: string): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notCompiled(at)
    if (term.type === '@vocab') {
      const meant = find(value, inside(context, term))
      if (meant !== undefined && !meant.iri.startsWith('@')) return `<${meant.iri}>`
    }
    if (term.type === '@id' || term.type === '@vocab') {
      if (!isIri(value)) throw notCompiled(at)
      return `<${value}>`
    }
    return term.language === undefined ? literal(value, term.type) : literalIn(value, term.language)
  }
  const datatype = term.type?.startsWith('@') === true ? undefined : term.type
  if (typeof value === 'boolean') return literal(String(value), datatype ?? `${xsd}boolean`)
  if (typeof value === 'number') {
    // Past these, implementations write one number in several ways.
    if (Number.isSafeInteger(value)) return literal(value.toFixed(0), datatype ?? `${xsd}integer`)
    if (/^-?\d+\.\d+$/.test(String(value))) {
      const canonical = value.toExponential(15).replace(/(\d)0*e\+?/, '$1E')
      return literal(canonical, datatype ?? `${xsd}double`)
    }
  }
  // JSON-LD drops a null, and gives lists in lists a meaning that we have no use for.
  throw notCompiled(at)
}
