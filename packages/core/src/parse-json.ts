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
 * Parses JSON that somebody else wrote. `undefined` where it is no JSON, too long or nested too
 * deep, or where a member's name is `__proto__` or holds a quote, a backslash or a control
 * character. Never throws.
 */
export function parseJson(text: string | Uint8Array, limits: JsonLimits = {}): Json | undefined {
  const { maxLength = jsonLimits.maxLength, maxDepth = jsonLimits.maxDepth } = limits
  if (text.length > maxLength) return undefined
  const source = typeof text === 'string' ? text : fromUtf8(text)
  if (source === undefined || !shallow(source, maxDepth)) return undefined
  try {
    const plain = source.includes('\\') ? withPlainNames(source) : source
    if (plain === undefined) return undefined
    const value = JSON.parse(plain) as Json
    return plain.includes('__proto__') ? withoutProto(value) : value
  } catch {
    return undefined
  }
}

const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(?=(\s*:)?)/g
// What JSON can only write as an escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unwritable = /["\\\u0000-\u001f]/

/**
 * The same document with every name written out. V8 (Node 24.21) reads a name that has an escape as
 * another one where it has met names like it before: `{"b":1,"\u0007":2}` came out with the members
 * `b` and `\`. Values are read right. A name that cannot be written without an escape has no safe
 * reading, and no format of ours has one.
 */
function withPlainNames(source: string): string | undefined {
  let readable = true
  const plain = source.replace(strings, (text: string, colon: string | undefined) => {
    if (colon === undefined || !text.includes('\\')) return text
    const name = JSON.parse(text) as string
    if (unwritable.test(name)) readable = false
    return `"${name}"`
  })
  return readable ? plain : undefined
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
