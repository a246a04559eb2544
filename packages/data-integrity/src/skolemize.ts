import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import type { RdfProcessor } from './rdf-processor.ts'
import { withTerms } from './statement.ts'

// Never leaves this package: names are taken away again before anything is hashed.
const scheme = 'urn:asoba-bnid:'

/** A document whose blank nodes are named, and its statements with blank nodes again. */
export interface Skolemized {
  /** The document in compact form, an `id` on every node. */
  readonly document: JsonObject
  /** Its statements, each blank node with the label that its name stands for. */
  readonly nquads: readonly string[]
}

/**
 * Names every blank node, so that a part of the document has the same nodes as the whole.
 *
 * @throws AsobaError `jsonld.*` as the processor; `jsonld.unsupported` for a document with a list, or
 * with two nodes that share what cannot be named
 * @see https://www.w3.org/TR/vc-di-ecdsa/#skolemizecompactjsonld
 */
export async function skolemize(
  processor: RdfProcessor,
  document: JsonObject,
): Promise<Skolemized> {
  if (JSON.stringify(document).includes(scheme)) {
    throw new AsobaError('jsonld.unsupported', 'the document uses names of this library')
  }
  const quick = namer()
  const named = nameObjects(document, quick.nameOf) as JsonObject
  const nquads = await namedNQuads(processor, named, quick.given)
  if (nquads !== undefined) return { document: named, nquads }
  // The long way: names are given to the nodes of the expanded document.
  const slow = namer()
  const compacted = await processor.skolemize?.(document, slow.nameOf)
  const again = compacted && (await namedNQuads(processor, compacted, slow.given))
  if (compacted === undefined || again === undefined) {
    throw new AsobaError('jsonld.unsupported', 'not every node of the document can be named')
  }
  return { document: compacted, nquads: again }
}

/**
 * The statements of a document named by {@link skolemize}, or of a part of it.
 *
 * @throws AsobaError `jsonld.*` as the processor
 * @see https://www.w3.org/TR/vc-di-ecdsa/#todeskolemizednquads
 */
export async function toDeskolemizedNQuads(
  processor: RdfProcessor,
  document: JsonObject,
): Promise<readonly string[]> {
  return (await processor.toNQuads(document)).map((line) => withTerms(line, withoutName))
}

interface Namer {
  readonly given: ReadonlySet<string>
  readonly nameOf: (label?: string) => string
}

function namer(): Namer {
  const given = new Set<string>()
  let count = 0
  return {
    given,
    nameOf(label) {
      // What the document calls itself cannot meet a number.
      const name = `${scheme}${label === undefined ? `n${count++}` : `x${label}`}`
      given.add(name)
      return name
    },
  }
}

function withoutName(term: string): string {
  return term.startsWith(`<${scheme}`) ? `_:${term.slice(scheme.length + 1, -1)}` : term
}

/** Takes every object without `@value` for a node; {@link namedNQuads} says whether that was right. */
function nameObjects(value: Json, nameOf: Namer['nameOf']): Json {
  if (Array.isArray(value)) return value.map((one: Json) => nameObjects(one, nameOf))
  if (!isJsonObject(value) || Object.hasOwn(value, '@value')) return value
  const id = value['id'] ?? value['@id']
  const named: Record<string, Json> = id === undefined ? { id: nameOf() } : {}
  for (const [name, member] of Object.entries(value)) {
    const blank = (name === 'id' || name === '@id') && typeof member === 'string'
    if (name === '@context') named[name] = member
    else if (blank && member.startsWith('_:')) named[name] = nameOf(member.slice(2))
    else named[name] = nameObjects(member, nameOf)
  }
  return named
}

/** Statements of a named document; undefined where a node has no name, or a name has no node. */
async function namedNQuads(
  processor: RdfProcessor,
  document: JsonObject,
  given: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
  let lines: readonly string[]
  try {
    lines = await processor.toNQuads(document)
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    // Only what a name can have done: the long way finds every other fault again.
    if (code === 'jsonld.unsupported' || code === 'jsonld.term-unknown') return undefined
    throw error
  }
  const found = new Set<string>()
  let blank = false
  const nquads = lines.map((line) =>
    withTerms(line, (term) => {
      if (term.startsWith('_:')) blank = true
      if (term.startsWith(`<${scheme}`)) found.add(term.slice(1, -1))
      return withoutName(term)
    }),
  )
  return blank || found.size !== given.size ? undefined : nquads
}
