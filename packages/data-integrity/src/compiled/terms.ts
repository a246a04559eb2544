import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { xsd } from './n-quads.ts'

/** What a name means in a scope. */
export interface Term {
  /** The property or class; `@id` and `@type` for the names of those. */
  readonly iri: string
  /** `@id`, `@vocab` or the datatype of texts. */
  readonly type: string | undefined
  /** Language of texts, lower case. */
  readonly language: string | undefined
  /** Whether its values are an array, however many. */
  readonly set: boolean
  /** Terms inside: of the objects under a property, of the objects of a class. */
  readonly scope: Scope | undefined
  /** The definition itself, to see whether another one is the same. */
  readonly source: string
}

/** Terms of one context; `undefined` where there is one that is not compiled. */
export type Scope = ReadonlyMap<string, Term | undefined>

const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/

/** Whether a text is an IRI that stands for itself and can be written in N-Quads. */
export function isIri(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an IRI has none
  return absolute.test(text) && !/[\u0000-\u0020]/.test(text) && text.isWellFormed()
}

/**
 * Compiles the body of a context: terms with an absolute IRI and a datatype, language,
 * set or inner context; all of it protected, so that nothing means two things.
 *
 * @param open whether terms may be unprotected, for a reader that leaves what is defined anew to
 * another
 * @throws AsobaError `jsonld.unsupported` at everything else, with a JSON pointer into the context
 */
export function compileScope(context: Json | undefined, at: string, open = false): Scope {
  if (!isJsonObject(context)) throw notCompiled(at)
  if (context['@protected'] !== true && !open) throw notCompiled(`${at}/@protected`)
  const scope = new Map<string, Term | undefined>()
  for (const [name, definition] of Object.entries(context)) {
    if (name === '@protected' || (name === '@version' && definition === 1.1)) continue
    const where = `${at}/${escapePointer(name)}`
    // A name with a colon or slash can be read as an IRI.
    if (name === '' || /^@|[:/]/.test(name)) throw notCompiled(where)
    scope.set(name, compileTerm(definition, where, { open }))
  }
  return scope
}

/** Compiles the terms that are known beforehand; `null` marks those that are not compiled. */
export function compileBase(terms: JsonObject): Scope {
  return new Map(
    Object.entries(terms).map(([name, term]) => [
      name,
      term === null ? undefined : compileTerm(term, '', { ours: true }),
    ]),
  )
}

const members = new Set(['@id', '@type', '@language', '@container', '@context', '@protected'])

function compileTerm(
  definition: Json,
  at: string,
  { ours = false, open = false }: { readonly ours?: boolean; readonly open?: boolean },
): Term {
  const source = JSON.stringify(definition)
  if (typeof definition === 'string') {
    const alias = definition === '@id' || definition === '@type'
    // A plain term that ends so would be a prefix of compact IRIs.
    if (!alias && (!isIri(definition) || /[:/?#[\]@]$/.test(definition))) throw notCompiled(at)
    return {
      iri: definition,
      type: undefined,
      language: undefined,
      set: false,
      scope: undefined,
      source,
    }
  }
  if (!isJsonObject(definition)) throw notCompiled(at)
  const {
    '@id': iri,
    '@type': type,
    '@language': language = null,
    '@container': container = '@set',
    '@context': context,
    '@protected': kept = true,
  } = definition
  const known =
    Object.keys(definition).every((name) => members.has(name)) &&
    typeof iri === 'string' &&
    isIri(iri) &&
    (type === undefined || (typeof type === 'string' && isType(type, ours))) &&
    (language === null ||
      (typeof language === 'string' && /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/.test(language))) &&
    (type === undefined || definition['@language'] === undefined) &&
    (container === '@set' || (Array.isArray(container) && container.join() === '@set')) &&
    kept === true
  if (!known) throw notCompiled(at)
  return {
    iri,
    type,
    language: language ?? undefined,
    set: definition['@container'] !== undefined,
    scope:
      context === undefined
        ? undefined
        : ours
          ? compileOurs(context)
          : compileScope(context, `${at}/@context`, open),
    source,
  }
}

function compileOurs(context: Json): Scope {
  const { '@protected': _, ...terms } = context as JsonObject
  return compileBase(terms)
}

/** Numbers as doubles change even as texts, JSON literals need JCS: neither is needed. */
function isType(type: string, ours: boolean): boolean {
  return type === '@id' || (type === '@vocab' ? ours : isIri(type) && type !== `${xsd}double`)
}

/** A name as a segment of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The refusal of a context or of something in it. */
export function notCompiled(path: string): AsobaError {
  return new AsobaError('jsonld.unsupported', 'this part of JSON-LD is not compiled', { path })
}
