import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'

/**
 * Refuses what JSON-LD drops without a warning. RDF has no `null`, no empty array and no index, so
 * whoever receives a signed document could add or change them, and its signature would stay right.
 *
 * @throws AsobaError `jsonld.unsupported`, with the JSON pointer where there is one
 */
export function checkNothingDropped(document: JsonObject, expanded: readonly Json[]): void {
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
