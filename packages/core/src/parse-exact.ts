import type { Json } from './json.ts'
import { type JsonLimits, parseOnce } from './parse-json.ts'

/**
 * The JSON that `parseJson` reads where every parser reads the same; `undefined` otherwise: a member
 * that is named twice, or a value that {@link readsAlike} refuses.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-4
 */
export function parseExact(text: string | Uint8Array, limits: JsonLimits = {}): Json | undefined {
  const parsed = parseOnce(text, limits)
  return parsed !== 'ambiguous' && parsed && readsAlike(parsed.value) ? parsed.value : undefined
}

/**
 * Whether every parser reads such values the same. They disagree on whole numbers beyond 2^53, on
 * numbers beyond what a double holds, and on half a character: what an issuer signed would not be
 * what is judged here, nor what another verifier reads.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-6
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.2
 */
export function readsAlike(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
  }
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return (value as readonly Json[]).every(readsAlike)
  return Object.entries(value).every(([name, one]) => name.isWellFormed() && readsAlike(one))
}
