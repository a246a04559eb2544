import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import type { Rewriting } from './names.ts'
import { type Chance, listed, places, put } from './tools.ts'
import type { Vocabulary } from './vocabulary.ts'

const bases = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/2018/credentials/v1']

function withContexts(document: JsonObject, contexts: readonly Json[]): JsonObject {
  return { ...document, '@context': contexts }
}

/** The same document in the names of another context, where that has one for the same IRI. */
function inNamesOf(value: Json, from: string, to: string, vocabulary: Vocabulary): Json {
  if (Array.isArray(value)) return value.map((one: Json) => inNamesOf(one, from, to, vocabulary))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (name === '@context' || name === 'proof') return [name, one]
      const own = vocabulary.of(name).find(({ url }) => url === from)
      const other = vocabulary.definitions.find(({ url, iri }) => url === to && iri === own?.iri)
      return [other?.name ?? name, inNamesOf(one, from, to, vocabulary)]
    }),
  )
}

function swapped(document: JsonObject, chance: Chance, vocabulary: Vocabulary): Json | undefined {
  const contexts = listed(document['@context'])
  const from = chance.pick(contexts)
  const to = chance.pick(vocabulary.urls)
  if (typeof from !== 'string' || to === undefined || from === to) return undefined
  const written = inNamesOf(document, from, to, vocabulary) as JsonObject
  return withContexts(
    written,
    contexts.map((one) => (one === from ? to : one)),
  )
}

/** Contexts: others, fewer, more, in another order, in the document, inside of nodes. */
export const byContext: Readonly<Record<string, Rewriting>> = {
  'a context less': (document, chance) => {
    const contexts = listed(document['@context'])
    const one = chance.pick(contexts)
    return contexts.length < 2
      ? undefined
      : withContexts(
          document,
          contexts.filter((each) => each !== one),
        )
  },
  'a context more': (document, chance, { urls }) => {
    const contexts = [...listed(document['@context'])]
    const url = chance.pick(urls)
    if (url === undefined) return undefined
    contexts.splice(Math.floor(chance.next() * (contexts.length + 1)), 0, url)
    return withContexts(document, contexts)
  },
  'contexts in another order': (document, chance) =>
    withContexts(document, chance.shuffle(listed(document['@context']))),
  'one context without an array': (document) => {
    const [only, ...others] = listed(document['@context'])
    return only === undefined || others.length > 0 ? undefined : { ...document, '@context': only }
  },
  'another context with the names that it has': swapped,
  'the context of another data model': (document, chance, vocabulary) => {
    const contexts = listed(document['@context'])
    const base = contexts.find((one) => bases.includes(one as string)) as string | undefined
    const other = bases.find((one) => one !== base)
    if (base === undefined || other === undefined) return undefined
    const proofs = 'https://w3id.org/security/data-integrity/v2'
    const all = contexts.flatMap((one) => (one === base ? [other, proofs] : one))
    const written = chance.next() < 0.5 ? document : inNamesOf(document, base, other, vocabulary)
    return withContexts(written as JsonObject, all)
  },
  'a context in the document': (document, chance, { documents }) => {
    const contexts = listed(document['@context'])
    const url = chance.pick(contexts)
    const inline = typeof url === 'string' ? documents.get(url)?.['@context'] : undefined
    return inline === undefined
      ? undefined
      : withContexts(
          document,
          contexts.flatMap((one) => (one === url ? (inline as Json) : one)),
        )
  },
  'a name of its own in the document': (document, chance, { definitions }) => {
    const place = chance.pick(places(document).filter(({ path }) => !path.includes('proof')))
    const name = place && chance.pick(Object.keys(place.node).filter((one) => /^\w+$/.test(one)))
    const definition = name && chance.pick(definitions.filter((one) => one.name === name))
    if (place === undefined || name === undefined || !definition) return undefined
    const { iri, type } = definition
    const { [name]: value, ...rest } = place.node
    const own = { own: { '@id': iri, ...(type !== undefined && { '@type': type }) } }
    const node = { ...rest, own: value as Json }
    const inside = chance.next() < 0.5
    if (inside) return put(document, place.path, { ...node, '@context': own })
    const written = put(document, place.path, node) as JsonObject
    return withContexts(written, [...listed(document['@context']), own])
  },
  'a context inside of a node': (document, chance, { urls }) => {
    const place = chance.pick(places(document).filter(({ path }) => path.length > 0))
    const url = chance.pick(urls)
    return place === undefined || url === undefined
      ? undefined
      : put(document, place.path, { '@context': url, ...place.node })
  },
}
