import { isJsonObject, type Json, type JsonObject } from '@asoba/core'

/** Numbers from 0 up to 1 that depend on a seed alone. */
export function random(seed: number): () => number {
  // mulberry32
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a rewriting chooses by. */
export interface Chance {
  readonly next: () => number
  pick<T>(all: readonly T[]): T | undefined
  shuffle<T>(all: readonly T[]): readonly T[]
}

export function chance(next: () => number): Chance {
  return {
    next,
    pick: (all) => all[Math.floor(next() * all.length)],
    shuffle: (all) =>
      all
        .map((one) => [next(), one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one),
  }
}

export type Path = readonly (string | number)[]

/** An object of a document, with the way to it. */
export interface Place {
  readonly path: Path
  readonly node: JsonObject
}

/** Every object of a document that is no context and in no literal. */
export function places(value: Json, path: Path = []): readonly Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((one: Json, index) => places(one, [...path, index]))
  }
  if (!isJsonObject(value)) return []
  return [
    { path, node: value },
    ...Object.entries(value).flatMap(([name, one]) =>
      name === '@context' ? [] : places(one, [...path, name]),
    ),
  ]
}

export function at(value: Json, path: Path): Json | undefined {
  let found: Json | undefined = value
  for (const part of path) found = (found as Record<string | number, Json> | undefined)?.[part]
  return found
}

/** The document with something else at a place; undefined takes it away. */
export function put(value: Json, path: Path, other: Json | undefined): Json {
  const [part, ...rest] = path
  if (part === undefined) return other as Json
  if (Array.isArray(value)) {
    const copy = [...(value as Json[])]
    const inner = rest.length === 0 ? other : put(copy[part as number] as Json, rest, other)
    if (inner === undefined) copy.splice(part as number, 1)
    else copy[part as number] = inner
    return copy
  }
  const copy: Record<string, Json> = { ...(value as JsonObject) }
  const inner = rest.length === 0 ? other : put(copy[part] as Json, rest, other)
  if (inner === undefined) delete copy[part]
  else copy[part] = inner
  return copy
}

/** The same object with one name instead of another, at its place. */
export function renamed(node: JsonObject, from: string, to: string, value: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(node).map(([name, one]) => (name === from ? [to, value] : [name, one])),
  )
}

export function listed(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value]
}

/** What names a node: by whichever of the two names. */
export function idOf(node: Json | undefined): string | undefined {
  if (!isJsonObject(node)) return typeof node === 'string' ? node : undefined
  const id = node['id'] ?? node['@id']
  return typeof id === 'string' ? id : undefined
}

/** Names that are keywords, or stand for one in every context that is used here. */
export function isKeyword(name: string): boolean {
  return name.startsWith('@') || name === 'id' || name === 'type'
}
