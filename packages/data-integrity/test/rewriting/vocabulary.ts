import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import type { ContextDocument } from '../../src/index.ts'

/** One definition of a term, in whichever context and however deep. */
export interface Definition {
  readonly name: string
  readonly iri: string
  readonly type: string | undefined
  readonly language: string | undefined
  readonly container: readonly string[]
  readonly url: string
}

/** What the contexts define that a rewriting may use. */
export interface Vocabulary {
  readonly urls: readonly string[]
  readonly documents: ReadonlyMap<string, JsonObject>
  readonly definitions: readonly Definition[]
  readonly prefixes: readonly { readonly name: string; readonly iri: string }[]
  of(name: string): readonly Definition[]
}

export function vocabularyOf(contexts: readonly ContextDocument[]): Vocabulary {
  const definitions: Definition[] = []
  const prefixes: { name: string; iri: string }[] = []
  for (const { url, document } of contexts) {
    const body = document['@context'] as Json
    const local = new Map<string, string>()
    for (const [name, one] of Object.entries(isJsonObject(body) ? body : {})) {
      const iri = isJsonObject(one) ? one['@id'] : one
      if (typeof iri === 'string' && /[#/]$/.test(iri)) {
        local.set(name, iri)
        prefixes.push({ name, iri })
      }
    }
    collect(body, url, local, definitions)
  }
  const known = new Map<string, Definition[]>()
  for (const one of definitions) known.set(one.name, [...(known.get(one.name) ?? []), one])
  return {
    urls: contexts.map(({ url }) => url),
    documents: new Map(contexts.map(({ url, document }) => [url, document])),
    definitions,
    prefixes,
    of: (name) => known.get(name) ?? [],
  }
}

function collect(
  body: Json,
  url: string,
  prefixes: ReadonlyMap<string, string>,
  into: Definition[],
): void {
  if (Array.isArray(body)) for (const one of body as Json[]) collect(one, url, prefixes, into)
  if (!isJsonObject(body)) return
  for (const [name, definition] of Object.entries(body)) {
    if (name.startsWith('@')) continue
    const id = isJsonObject(definition) ? definition['@id'] : definition
    if (typeof id === 'string' && !id.startsWith('@')) {
      const written: JsonObject = isJsonObject(definition) ? definition : {}
      const { '@type': type, '@language': language, '@container': container } = written
      into.push({
        name,
        iri: expanded(id, prefixes),
        type: typeof type === 'string' ? expanded(type, prefixes) : undefined,
        language: typeof language === 'string' ? language : undefined,
        container: [container ?? []].flat() as readonly string[],
        url,
      })
    }
    if (isJsonObject(definition)) collect(definition['@context'] ?? null, url, prefixes, into)
  }
}

function expanded(id: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = id.indexOf(':')
  const start = prefixes.get(id.slice(0, colon))
  return colon > 0 && start !== undefined && !id.slice(colon).startsWith('://')
    ? start + id.slice(colon + 1)
    : id
}
