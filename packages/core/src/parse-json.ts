import { fromUtf8 } from './bytes.ts'
import type { Json } from './json.ts'

/** Bounds of a document that somebody else wrote. */
export interface JsonLimits {
  /** Characters at most; 1 MiB when left out. */
  readonly maxLength?: number
  /** Nesting at most; 64 when left out. */
  readonly maxDepth?: number
}

/** Bounds that every parser of outside JSON starts from. */
export const jsonLimits: { readonly maxLength: number; readonly maxDepth: number } = {
  maxLength: 1_048_576,
  maxDepth: 64,
}

/**
 * Parses JSON that somebody else wrote. `undefined` where it is no JSON, too
 * long or nested too deep, or names `__proto__`. Never throws.
 */
export function parseJson(text: string | Uint8Array, limits: JsonLimits = {}): Json | undefined {
  const { maxLength = jsonLimits.maxLength, maxDepth = jsonLimits.maxDepth } = limits
  if (text.length > maxLength) return undefined
  const source = typeof text === 'string' ? text : fromUtf8(text)
  if (source === undefined || !shallow(source, maxDepth)) return undefined
  try {
    const value = JSON.parse(source) as Json
    // Any letter of the name can be written as an escape.
    const suspect = source.includes('__proto__') || source.includes('\\u00')
    return suspect ? withoutProto(value) : value
  } catch {
    return undefined
  }
}

/** Depth is counted before parsing: a recursive reader must never see what it cannot hold. */
function shallow(source: string, maxDepth: number): boolean {
  let depth = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === 0x22) {
      at = endOfString(source, at)
      if (at === -1) return false
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return false
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return true
}

/** Where the string that starts at a quote ends; -1 where it does not. Most of a document is strings. */
function endOfString(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); end !== -1; end = source.indexOf('"', end + 1)) {
    let before = end - 1
    while (source.charCodeAt(before) === 0x5c) before--
    if ((end - before) % 2 === 1) return end
  }
  return -1
}

function withoutProto(value: Json): Json | undefined {
  const clean = (current: unknown): boolean =>
    typeof current !== 'object' ||
    current === null ||
    (!Object.hasOwn(current, '__proto__') && Object.values(current).every(clean))
  return clean(value) ? value : undefined
}
