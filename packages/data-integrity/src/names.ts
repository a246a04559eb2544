import { AsobaError, isJsonObject, type Json } from '@asoba/core'

/**
 * Expanded JSON-LD whose blank nodes all have a name: the one that `nameOf` gives for a label, or
 * for `undefined` where the document has none.
 *
 * @throws AsobaError `jsonld.unsupported` for a list: its cells are blank nodes that no document names
 * @see https://www.w3.org/TR/vc-di-ecdsa/#skolemizeexpandedjsonld
 */
export function withNames(expanded: Json, nameOf: (label?: string) => string): Json {
  if (Array.isArray(expanded)) return expanded.map((one: Json) => withNames(one, nameOf))
  // Step 1.1.
  if (!isJsonObject(expanded) || Object.hasOwn(expanded, '@value')) return expanded
  if (Object.hasOwn(expanded, '@list')) {
    throw new AsobaError('jsonld.unsupported', 'a document with a list cannot be shown in part')
  }
  // Step 1.2. The text would name what only groups others, as if it were a node.
  const isNode = !Object.hasOwn(expanded, '@set')
  const named: Record<string, Json> = {}
  for (const [property, value] of Object.entries(expanded)) {
    named[property] =
      property === '@reverse' && isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withNames(v, nameOf)]))
        : withNames(value, nameOf)
  }
  // Steps 1.3 and 1.4.
  const id = expanded['@id']
  if (isNode && id === undefined) named['@id'] = nameOf()
  if (typeof id === 'string' && id.startsWith('_:')) named['@id'] = nameOf(id.slice(2))
  return named
}

/**
 * What compaction made of a document, with arrays only where the document has them: compaction
 * takes an array of one for its element, and pointers into the document would not fit any more.
 */
export function inShapeOf(original: Json | undefined, compacted: Json): Json {
  if (Array.isArray(original)) {
    const all: readonly Json[] = Array.isArray(compacted) ? compacted : [compacted]
    return all.map((one, index) => inShapeOf((original as readonly Json[])[index], one))
  }
  if (!isJsonObject(original)) return compacted
  const one = Array.isArray(compacted) && compacted.length === 1 ? compacted[0] : compacted
  if (!isJsonObject(one)) return compacted
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => [
      name,
      inShapeOf(Object.hasOwn(original, name) ? original[name] : undefined, value),
    ]),
  )
}
