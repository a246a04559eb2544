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
  let inString = false
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (inString) {
      if (code === 0x5c) at++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return false
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return true
}

function withoutProto(value: Json): Json | undefined {
  const clean = (current: unknown): boolean =>
    typeof current !== 'object' ||
    current === null ||
    (!Object.hasOwn(current, '__proto__') && Object.values(current).every(clean))
  return clean(value) ? value : undefined
}
