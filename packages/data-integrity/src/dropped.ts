import { AsobaError, canonicalize, isJsonObject, type Json, type JsonObject } from '@asoba/core'

/**
 * Refuses what JSON-LD drops without a warning. RDF has no `null`, no empty array and no index, and
 * of two equal elements of a set only one; so whoever receives a signed document could add or change
 * them, and its signature would stay right.
 *
 * @throws AsobaError `jsonld.unsupported`, with the JSON pointer where there is one
 */
export function checkNothingDropped(document: JsonObject, expanded: readonly Json[]): void {
  if (expanded.some(hasTwice)) {
    throw new AsobaError('jsonld.unsupported', 'an element of a set is there twice')
  }
  const nothings = nothingsIn(document)
  if (nothings.length === 0 && !expanded.some(hasIndex)) return
  // A JSON literal may hold them, and the empty list is a list.
  const kept = expanded.reduce((sum: number, one) => sum + keptIn(one), 0)
  if (nothings.length === kept && !expanded.some(hasIndex)) return
  const [path] = nothings
  throw new AsobaError(
    'jsonld.unsupported',
    'null, empty arrays and indexes have no place in RDF and would not be signed',
    path !== undefined && nothings.length !== kept ? { path } : {},
  )
}

function nothingsIn(value: Json, at = ''): readonly string[] {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [at]
  if (typeof value !== 'object') return []
  return Object.entries(value as JsonObject).flatMap(([name, member]) =>
    name === '@context'
      ? []
      : nothingsIn(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
}

/** Values and names; two nodes without a name are two, whatever is said of them. */
function hasTwice(expanded: Json): boolean {
  if (!isJsonObject(expanded) || Object.hasOwn(expanded, '@value')) return false
  return Object.entries(expanded).some(([property, members]) => {
    if (!Array.isArray(members)) return hasTwice(members)
    const values = members.filter(
      (member: Json) =>
        !isJsonObject(member) ||
        Object.hasOwn(member, '@value') ||
        Object.keys(member).join() === '@id',
    )
    const twice = property !== '@list' && new Set(values.map(canonicalize)).size < values.length
    return twice || members.some(hasTwice)
  })
}

function hasIndex(expanded: Json): boolean {
  if (Array.isArray(expanded)) return expanded.some(hasIndex)
  if (!isJsonObject(expanded)) return false
  if (Object.hasOwn(expanded, '@index')) return true
  return !Object.hasOwn(expanded, '@value') && Object.values(expanded).some(hasIndex)
}

function keptIn(expanded: Json): number {
  if (Array.isArray(expanded)) return expanded.reduce((sum: number, one) => sum + keptIn(one), 0)
  if (!isJsonObject(expanded)) return 0
  const { '@value': literal, '@list': list } = expanded
  if (literal !== undefined) {
    return expanded['@type'] === '@json' ? nothingsIn(literal).length : 0
  }
  if (Array.isArray(list) && list.length === 0) return 1
  return Object.values(expanded).reduce((sum: number, one) => sum + keptIn(one), 0)
}
