/** What a name means for the values of a property, or as a class. */
export interface NamedTerm {
  readonly name: string
  /** Property or class; `@id` or `@type` where the name stands for one of those. */
  readonly iri: string
  /** `@id`, `@vocab`, `@json` or the datatype of texts. */
  readonly type: string | undefined
  /** Of texts, in lower case. */
  readonly language: string | undefined
  readonly direction: string | undefined
  /** How its values stand in the document; `@set`: an array, however many there are. */
  readonly container: {
    readonly set: boolean
    readonly list: boolean
    readonly graph: boolean
    /** An object with a member for each language. */
    readonly language: boolean
  }
  /** The context that it brings along; for whoever made the term to understand. */
  readonly scope: unknown
}

/** The terms that are seen at one place of a document. */
export interface Terms {
  /** Terms for an IRI, the shortest first and then in code unit order. */
  named(iri: string): readonly NamedTerm[]
  /** A name for a property or class that has no term: by a vocabulary or a prefix; undefined where there is none. */
  shortName(iri: string): string | undefined
  /** What is seen in an object of a class, for this object alone. */
  inClass(term: NamedTerm): Terms
  /** What is seen in the values of a property, which may be a term of another place. */
  inProperty(term: NamedTerm): Terms
}

/** In the order in which JSON-LD prefers one of several terms. */
export function shortestLeast(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** Terms by IRI, each list in the order of preference. */
export function byIri(terms: Iterable<NamedTerm>): ReadonlyMap<string, readonly NamedTerm[]> {
  const found = new Map<string, NamedTerm[]>()
  for (const term of [...terms].sort((a, b) => shortestLeast(a.name, b.name))) {
    const same = found.get(term.iri)
    if (same === undefined) found.set(term.iri, [term])
    else same.push(term)
  }
  return found
}
