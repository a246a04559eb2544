import { AsobaError, isJsonObject, type Json, type JsonObject, jsonLimits } from '@asoba/core'

/**
 * Refuses a document that is too large or too deep, before anything recursive sees it.
 *
 * @throws AsobaError `jsonld.too-complex`, `jsonld.unsupported` where it is no JSON
 */
export function measure(document: JsonObject, maxValues: number): void {
  let values = 0
  let length = 0
  const walk = (value: Json, depth: number): void => {
    if (typeof value === 'string') length += value.length
    if (++values > maxValues || depth > jsonLimits.maxDepth || length > jsonLimits.maxLength) {
      throw new AsobaError('jsonld.too-complex', 'the document is too large or too deep')
    }
    if (typeof value === 'string') return
    if (Array.isArray(value)) for (const one of value) walk(one, depth + 1)
    else if (isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        if (name === '__proto__') throw notJson()
        length += name.length
        walk(value[name] as Json, depth + 1)
      }
    } else if (value !== null && typeof value !== 'boolean' && !Number.isFinite(value)) {
      throw notJson()
    }
  }
  if (!isJsonObject(document)) throw notJson()
  walk(document, 0)
}

/** JSON pointer to the first member of that name, or else the first such string; undefined where none is. */
export function pointerTo(document: Json, wanted: string): string | undefined {
  return find(document, (name) => name === wanted) ?? find(document, (_, value) => value === wanted)
}

function find(
  value: Json,
  matches: (name: string, value: Json) => boolean,
  at = '',
): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value as JsonObject)) {
    const path = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const found = matches(name, member) ? path : find(member, matches, path)
    if (found !== undefined) return found
  }
  return undefined
}

function notJson(): AsobaError {
  return new AsobaError('jsonld.unsupported', 'the document is no JSON object')
}
