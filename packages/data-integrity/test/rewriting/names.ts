import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { type Chance, isKeyword, listed, places, put, renamed } from './tools.ts'
import type { Definition, Vocabulary } from './vocabulary.ts'

/** One way of writing a document anew: the other document, or undefined where it cannot be done here. */
export type Rewriting = (
  document: JsonObject,
  chance: Chance,
  vocabulary: Vocabulary,
) => Json | undefined

/** A member that is no keyword, anywhere in the document, whose value is of a kind. */
function aMember(document: JsonObject, chance: Chance, is: (value: Json) => boolean = () => true) {
  const members = places(document).flatMap(({ path, node }) =>
    Object.keys(node).flatMap((name) =>
      isKeyword(name) || name === 'proof' || !is(node[name] as Json) ? [] : [{ path, node, name }],
    ),
  )
  return chance.pick(members)
}

/** A value as it is written where no term says anything of it. */
export function spelledOut(value: Json, { type, language, container }: Definition): Json {
  const one = (item: Json): Json => {
    if (isJsonObject(item)) return item
    if (type === '@json') return { '@value': item, '@type': '@json' }
    if (type === '@id' || type === '@vocab') return { '@id': item }
    if (type !== undefined) return { '@value': item, '@type': type }
    if (language !== undefined) return { '@value': item, '@language': language }
    return item
  }
  if (type === '@json') return one(value)
  const all = Array.isArray(value) ? (value as readonly Json[]).map(one) : one(value)
  if (container.includes('@list')) return { '@list': listed(all) }
  if (container.includes('@graph')) return listed(all).map((each) => ({ '@graph': [each] }))
  if (container.includes('@language') && isJsonObject(value)) {
    return Object.entries(value).flatMap(([tongue, texts]) =>
      listed(texts).map((text) => ({ '@value': text, '@language': tongue })),
    )
  }
  return all
}

function underName(
  document: JsonObject,
  chance: Chance,
  vocabulary: Vocabulary,
  nameOf: (definition: Definition) => string | undefined,
): Json | undefined {
  const member = aMember(document, chance)
  const definition = member && chance.pick(vocabulary.of(member.name))
  const other = definition && nameOf(definition)
  if (member === undefined || definition === undefined || other === undefined) return undefined
  const value = spelledOut(member.node[member.name] as Json, definition)
  return put(document, member.path, renamed(member.node, member.name, other, value))
}

/** Names: IRIs, prefixes, other terms, keywords and what stands for them. */
export const byName: Readonly<Record<string, Rewriting>> = {
  'absolute IRI': (document, chance, vocabulary) =>
    underName(document, chance, vocabulary, ({ iri }) => iri),
  'compact IRI': (document, chance, vocabulary) =>
    underName(document, chance, vocabulary, ({ iri }) => {
      const prefix = vocabulary.prefixes.find((one) => iri.startsWith(one.iri) && iri !== one.iri)
      return prefix && `${prefix.name}:${iri.slice(prefix.iri.length)}`
    }),
  'another term': (document, chance, vocabulary) => {
    const choices = places(document).flatMap(({ path, node }) =>
      Object.keys(node).flatMap((name) =>
        vocabulary
          .of(name)
          .flatMap((own) =>
            vocabulary.definitions
              .filter((other) => other.iri === own.iri && other.name !== name)
              .map((other) => ({ path, node, own, other })),
          ),
      ),
    )
    const choice = chance.pick(choices)
    if (choice === undefined) return undefined
    const { path, node, own, other } = choice
    const value = node[own.name] as Json
    const written = chance.next() < 0.5 ? value : spelledOut(value, own)
    return put(document, path, renamed(node, own.name, other.name, written))
  },
  'absolute IRI of a type': (document, chance, vocabulary) => {
    const place = chance.pick(places(document).filter(({ node }) => node['type'] !== undefined))
    if (place === undefined) return undefined
    const types = listed(place.node['type'])
    const type = chance.pick(types)
    const definition = typeof type === 'string' ? chance.pick(vocabulary.of(type)) : undefined
    if (definition === undefined) return undefined
    const other = types.map((one) => (one === type ? definition.iri : one))
    return put(document, [...place.path, 'type'], other)
  },
  'keywords for their aliases': (document, chance) => {
    const found = places(document).filter(({ node }) => 'id' in node || 'type' in node)
    const place = chance.pick(found)
    if (place === undefined) return undefined
    const name = chance.pick(['id', 'type'].filter((one) => one in place.node)) as string
    const node = renamed(place.node, name, `@${name}`, place.node[name] as Json)
    return put(document, place.path, node)
  },
  'keywords for all their aliases': (document) => {
    const walk = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(walk)
      if (!isJsonObject(value)) return value
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name === 'id' || name === 'type' ? `@${name}` : name,
          name === '@context' ? one : walk(one),
        ]),
      )
    }
    return walk(document)
  },
  'a value object': (document, chance, vocabulary) => {
    const member = aMember(document, chance)
    const definition = member && chance.pick(vocabulary.of(member.name))
    if (member === undefined || definition === undefined) return undefined
    const value = spelledOut(member.node[member.name] as Json, definition)
    return put(document, [...member.path, member.name], value)
  },
  'a text for a value': (document, chance) => {
    const native = (value: Json) => typeof value === 'number' || typeof value === 'boolean'
    const member = aMember(document, chance, native)
    const value = member?.node[member.name]
    if (member === undefined || (typeof value !== 'number' && typeof value !== 'boolean')) {
      return undefined
    }
    const xsd = 'http://www.w3.org/2001/XMLSchema#'
    const text =
      typeof value === 'number' && !Number.isInteger(value)
        ? value.toExponential(15).replace(/(\d)0*e\+?/, '$1E')
        : String(value)
    const datatype =
      typeof value === 'boolean' ? 'boolean' : Number.isInteger(value) ? 'integer' : 'double'
    const written = chance.next() < 0.5 ? text : { '@value': text, '@type': xsd + datatype }
    return put(document, [...member.path, member.name], written)
  },
  'a number or truth value for a text': (document, chance) => {
    const text = /^(?:true|false|-?\d+(?:\.\d+(?:E-?\d+)?)?)$/
    const numeric = (value: Json) => typeof value === 'string' && text.test(value)
    const member = aMember(document, chance, numeric)
    if (member === undefined) return undefined
    const value = member.node[member.name] as string
    return put(document, [...member.path, member.name], JSON.parse(value) as Json)
  },
}
