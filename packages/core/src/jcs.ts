import { AsobaError } from './errors.ts'
import type { Json, JsonObject } from './json.ts'

/**
 * The canonical text of a JSON value.
 *
 * @throws AsobaError `json.not-canonicalizable` for a lone surrogate, a number that is not finite,
 * or anything that is not JSON
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalize(value: Json): string {
  // RFC 8785 3.2.2: literals, numbers as ECMAScript prints them, and strings without half of a
  // character, which ends the operation.
  const plain =
    typeof value === 'string'
      ? value.isWellFormed()
      : value === null || typeof value === 'boolean' || Number.isFinite(value)
  if (plain) return JSON.stringify(value)
  // Text is put together piece by piece: arrays of pieces take three times as long.
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) text += `${text && ','}${canonicalize(item)}`
    return `[${text}]`
  }
  if (typeof value !== 'object') {
    throw new AsobaError(
      'json.not-canonicalizable',
      'the value has no canonical form: it holds a lone surrogate or is not JSON',
    )
  }
  // 3.2.3: properties sorted by UTF-16 code units, which is what `sort` does.
  const object = value as JsonObject
  for (const name of Object.keys(object).sort()) {
    text += `${text && ','}${canonicalize(name)}:${canonicalize(object[name] as Json)}`
  }
  return `{${text}}`
}
