import { AsobaError } from './errors.ts'
import type { Json } from './json.ts'

/**
 * The canonical text of a JSON value.
 *
 * @throws AsobaError `json.not-canonicalizable` for a lone surrogate, a number that is not finite,
 * or anything that is not JSON
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalize(value: Json): string {
  // RFC 8785 3.2.2.1: literals.
  if (value === null || typeof value === 'boolean') return String(value)
  // 3.2.2.3: numbers as ECMAScript prints them.
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson()
    return JSON.stringify(value)
  }
  // 3.2.2.2: strings; a lone surrogate ends the operation.
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notJson()
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${Array.from(value, (item) => canonicalize(item)).join(',')}]`
  if (typeof value !== 'object') throw notJson()
  // 3.2.3: properties sorted by UTF-16 code units, which is what `sort` does.
  const members = Object.entries(value as Readonly<Record<string, Json>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalize(name)}:${canonicalize(member)}`)
  return `{${members.join(',')}}`
}

function notJson(): AsobaError {
  return new AsobaError(
    'json.not-canonicalizable',
    'the value has no canonical form: it holds a lone surrogate or is not JSON',
  )
}
