import { byIri, type NamedTerm, type Terms } from '../reading/terms.ts'
import type { CompiledContext } from './processor.ts'
import { type Context, withTypeScope } from './statements.ts'
import { notCompiled, type Scope, type Term } from './terms.ts'

/** Ways back from IRI to term that are remembered for one list of contexts, at most. */
const maxKept = 256
const kept = new WeakMap<Scope, Map<string, Terms>>()
const numbers = new WeakMap<Scope, number>()
let count = 0

/** The terms of compiled contexts, from IRI to name. */
export function compiledTerms({ scope, vocabulary }: CompiledContext): Terms {
  return termsIn([scope], vocabulary)
}

function termsIn(context: Context, vocabulary: string | undefined): Terms {
  const [outermost] = context as readonly [Scope]
  const known = kept.get(outermost) ?? new Map<string, Terms>()
  const key = context.map(numberOf).join()
  const before = known.get(key)
  if (before !== undefined) return before
  const visible = new Map<string, Term | undefined>()
  for (const scope of context) for (const [name, term] of scope) visible.set(name, term)
  const terms = byIri(
    [...visible].flatMap(([name, term]) => (term === undefined ? [] : namedTerm(name, term))),
  )
  const made: Terms = {
    named: (iri) => terms.get(iri) ?? [],
    shortName(iri) {
      const name = vocabulary !== undefined && iri.startsWith(vocabulary)
      const suffix = name ? iri.slice(vocabulary.length) : ''
      if (/^\w[\w-]*$/.test(suffix) && !visible.has(suffix)) return suffix
      // One of the terms that are not compiled may stand for it.
      throw notCompiled('')
    },
    inClass: (term) => {
      const scope = term.scope as Scope | undefined
      return scope === undefined ? made : termsIn(withTypeScope(context, scope, ''), vocabulary)
    },
    inProperty: (term) => {
      const scope = term.scope as Scope | undefined
      return scope === undefined ? made : termsIn([...context, scope], vocabulary)
    },
  }
  if (known.size < maxKept) kept.set(outermost, known.set(key, made))
  return made
}

function namedTerm(name: string, { iri, type, language, set, scope }: Term): NamedTerm {
  const container = { set, list: false, graph: false, language: false }
  return { name, iri, type, language, direction: undefined, container, scope }
}

function numberOf(scope: Scope): number {
  const known = numbers.get(scope)
  if (known === undefined) numbers.set(scope, ++count)
  return known ?? count
}
