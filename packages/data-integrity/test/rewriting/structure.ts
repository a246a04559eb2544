import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import type { Rewriting } from './names.ts'
import { at, type Chance, idOf, isKeyword, listed, type Place, places, put } from './tools.ts'

/** Objects below the root that are nodes, and in no proof. */
function inner(document: JsonObject): readonly Place[] {
  return places(document).filter(
    ({ path, node }) => path.length > 0 && !path.includes('proof') && !('@value' in node),
  )
}

function membersOf(node: JsonObject): readonly string[] {
  return Object.keys(node).filter((name) => !isKeyword(name) && name !== 'proof')
}

/** Every place where a node of this name stands or is referred to, the root among them. */
function occurrences(document: JsonObject, id: string): readonly (readonly (string | number)[])[] {
  const found: (string | number)[][] = []
  const walk = (value: Json, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) {
      for (const [index, one] of (value as Json[]).entries()) walk(one, [...path, index])
    } else if (isJsonObject(value)) {
      if (idOf(value) === id) found.push([...path])
      for (const [name, one] of Object.entries(value)) {
        if (!isKeyword(name) && name !== 'proof') walk(one, [...path, name])
      }
    } else if (value === id) found.push([...path])
  }
  walk(document, [])
  return found
}

/** Two places of one node, the first with members to move. */
function twoPlaces(document: JsonObject, chance: Chance) {
  const named = places(document).filter(
    ({ path, node }) => !path.includes('proof') && idOf(node) !== undefined,
  )
  const from = chance.pick(named.filter(({ node }) => membersOf(node).length > 0))
  const id = idOf(from?.node)
  if (from === undefined || id === undefined) return undefined
  const others = occurrences(document, id).filter(
    (path) => JSON.stringify(path) !== JSON.stringify(from.path),
  )
  const to = chance.pick(others)
  return to === undefined ? undefined : { from, to, id }
}

/** Moves members of a node to another place where it stands; with its types, where terms need them. */
function moved(document: JsonObject, chance: Chance, all: boolean): Json | undefined {
  const found = twoPlaces(document, chance)
  if (found === undefined) return undefined
  const { from, to, id } = found
  const names = membersOf(from.node)
  const some = all
    ? names
    : chance.shuffle(names).slice(0, 1 + Math.floor(chance.next() * names.length))
  // What stands inside of the other place cannot be moved into it.
  const movable = some.filter((name) => {
    const inside = [...from.path, name]
    return !inside.every((part, index) => to[index] === part)
  })
  if (movable.length === 0) return undefined
  const there = at(document, to)
  const type = from.node['type'] ?? from.node['@type']
  const target: JsonObject = {
    ...(isJsonObject(there) ? there : { id }),
    ...(type !== undefined && { type }),
    ...Object.fromEntries(movable.map((name) => [name, from.node[name] as Json])),
  }
  const rest = Object.fromEntries(
    Object.entries(from.node).filter(([name]) => !movable.includes(name)),
  )
  // The deeper place first, so that the way to the other stays.
  const edits = [
    { path: from.path, value: rest },
    { path: to, value: target },
  ].sort((a, b) => b.path.length - a.path.length)
  let written: Json = document
  for (const [index, { path, value }] of edits.entries()) {
    const inside =
      index > 0 && isJsonObject(value)
        ? mergedWith(at(written, path), value, document, path)
        : value
    written = put(written, path, inside)
  }
  return written
}

/** The members of a place that were changed below it stay changed. */
function mergedWith(
  now: Json | undefined,
  value: JsonObject,
  before: JsonObject,
  path: readonly (string | number)[],
): JsonObject {
  const old = at(before, path)
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const changed = isJsonObject(now) ? now[name] : undefined
      const was = isJsonObject(old) ? old[name] : undefined
      return [name, changed !== undefined && one === was ? changed : one]
    }),
  )
}

/** Where nodes stand, how often, and what groups them. */
export const byStructure: Readonly<Record<string, Rewriting>> = {
  'members moved to where the node stands too': (document, chance) =>
    moved(document, chance, false),
  'a node moved to where it stands too': (document, chance) => moved(document, chance, true),
  'a node as two elements of an array': (document, chance) => {
    const place = chance.pick(
      inner(document).filter(({ node }) => idOf(node) !== undefined && membersOf(node).length > 1),
    )
    if (place === undefined) return undefined
    const names = chance.shuffle(membersOf(place.node))
    const half = Math.max(1, Math.floor(names.length / 2))
    const part = (some: readonly string[]): JsonObject =>
      Object.fromEntries(
        Object.entries(place.node).filter(([name]) => isKeyword(name) || some.includes(name)),
      )
    const parts = [part(names.slice(0, half)), part(names.slice(half))]
    const last = place.path.at(-1)
    if (typeof last !== 'number') return put(document, place.path, parts)
    const array = at(document, place.path.slice(0, -1)) as readonly Json[]
    return put(document, place.path.slice(0, -1), [
      ...array.slice(0, last),
      ...parts,
      ...array.slice(last + 1),
    ])
  },
  '@graph around it': ({ '@context': context = [], proof, ...rest }) => ({
    '@context': context,
    '@graph': [rest],
    ...(proof !== undefined && { proof }),
  }),
  '@graph with several nodes': ({ '@context': context = [], proof, ...rest }, chance) => {
    const place = chance.pick(
      inner(rest).filter(({ node }) => idOf(node) !== undefined && membersOf(node).length > 0),
    )
    const id = idOf(place?.node)
    if (place === undefined || id === undefined) return undefined
    return {
      '@context': context,
      '@graph': chance.shuffle([put(rest, place.path, { id }), place.node]),
      ...(proof !== undefined && { proof }),
    }
  },
  '@included': (document, chance) => {
    const place = chance.pick(
      inner(document).filter(({ node }) => idOf(node) !== undefined && membersOf(node).length > 0),
    )
    const id = idOf(place?.node)
    if (place === undefined || id === undefined) return undefined
    const without = put(document, place.path, { id }) as JsonObject
    return { ...without, '@included': [...listed(without['@included']), place.node] }
  },
  '@reverse': ({ '@context': context = [], proof, ...rest }, chance, vocabulary) => {
    const name = chance.pick(membersOf(rest).filter((one) => isJsonObject(rest[one])))
    const definition = name && chance.pick(vocabulary.of(name))
    if (name === undefined || !definition) return undefined
    const { [name]: node, ...root } = rest
    return {
      '@context': context,
      ...(node as JsonObject),
      '@reverse': { [definition.iri]: root },
      ...(proof !== undefined && { proof }),
    }
  },
  'another node of a circle first': (document, chance) => {
    const { '@context': context = [], proof, ...rest } = document
    const root = idOf(rest)
    if (root === undefined) return undefined
    const place = chance.pick(
      inner(rest).filter(({ node }) =>
        membersOf(node).some((name) => listed(node[name]).some((one) => idOf(one) === root)),
      ),
    )
    const name =
      place &&
      membersOf(place.node).find((one) =>
        listed(place.node[one]).some((each) => idOf(each) === root),
      )
    const id = idOf(place?.node)
    if (place === undefined || name === undefined || id === undefined) return undefined
    return {
      '@context': context,
      ...place.node,
      [name]: put(rest, place.path, { id }),
      ...(proof !== undefined && { proof }),
    }
  },
  '@nest': (document, chance) => {
    const place = chance.pick(places(document).filter(({ node }) => membersOf(node).length > 0))
    const name = place && chance.pick(membersOf(place.node))
    if (place === undefined || name === undefined) return undefined
    const { [name]: value, ...rest } = place.node
    const nest = { ...(isJsonObject(rest['@nest']) && rest['@nest']), [name]: value as Json }
    return put(document, place.path, { ...rest, '@nest': nest })
  },
  '@set': (document, chance) => wrapped(document, chance, (value) => ({ '@set': listed(value) })),
  '@list': (document, chance) => wrapped(document, chance, (value) => ({ '@list': listed(value) })),
  'an array of one': (document, chance) =>
    wrapped(document, chance, (value) =>
      Array.isArray(value) ? (value.length === 1 ? (value[0] as Json) : undefined) : [value],
    ),
  'an array in an array': (document, chance) => wrapped(document, chance, (value) => [[value]]),
  'an array in another order': (document, chance) =>
    wrapped(document, chance, (value) =>
      Array.isArray(value) && value.length > 1 ? chance.shuffle(value as Json[]) : undefined,
    ),
  'a type as an array, or in another order': (document, chance) => {
    const place = chance.pick(places(document).filter(({ node }) => 'type' in node))
    return (
      place && put(document, [...place.path, 'type'], chance.shuffle(listed(place.node['type'])))
    )
  },
  'members in another order': (document, chance) => {
    const place = chance.pick(places(document))
    return (
      place &&
      put(document, place.path, Object.fromEntries(chance.shuffle(Object.entries(place.node))))
    )
  },
  'an object for a name, or a name for an object': (document, chance) =>
    wrapped(document, chance, (value) => {
      if (typeof value === 'string') return { [chance.next() < 0.5 ? 'id' : '@id']: value }
      const id = idOf(value)
      return isJsonObject(value) && Object.keys(value).length === 1 ? id : undefined
    }),
  'a label for a node without a name': (document, chance) => {
    const place = chance.pick(places(document).filter(({ node }) => idOf(node) === undefined))
    return place && put(document, place.path, { id: '_:label', ...place.node })
  },
}

function wrapped(
  document: JsonObject,
  chance: Chance,
  wrap: (value: Json) => Json | undefined,
): Json | undefined {
  const choices = places(document).flatMap(({ path, node }) =>
    membersOf(node).flatMap((name) => {
      const other = wrap(node[name] as Json)
      return other === undefined ? [] : [{ path: [...path, name], other }]
    }),
  )
  const choice = chance.pick(choices)
  return choice && put(document, choice.path, choice.other)
}
