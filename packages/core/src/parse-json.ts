import { fromUtf8 } from './bytes.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

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
  return parse(text, limits)?.value
}

/**
 * The object that {@link parseJson} reads; `'ambiguous'` where an object in it, or in what stands in
 * its place, names a member twice: parsers disagree on which of the two counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4
 */
export function parseUnambiguous(
  text: string | Uint8Array,
  limits: JsonLimits = {},
): JsonObject | 'ambiguous' | undefined {
  const parsed = parseOnce(text, limits)
  if (parsed === 'ambiguous') return parsed
  return isJsonObject(parsed?.value) ? parsed.value : undefined
}

/** What {@link parseJson} reads, whatever it is, where no object names a member twice. */
export function parseOnce(
  text: string | Uint8Array,
  limits: JsonLimits = {},
): { readonly value: Json } | 'ambiguous' | undefined {
  const parsed = parse(text, limits)
  return parsed && parsed.names !== members(parsed.value) ? 'ambiguous' : parsed
}

function parse(
  text: string | Uint8Array,
  { maxLength = jsonLimits.maxLength, maxDepth = jsonLimits.maxDepth }: JsonLimits,
): { readonly value: Json; readonly names: number } | undefined {
  if (text.length > maxLength) return undefined
  const source = typeof text === 'string' ? text : fromUtf8(text)
  try {
    const scanned = source === undefined ? undefined : scan(source, maxDepth)
    return scanned && { value: JSON.parse(scanned.plain) as Json, names: scanned.names }
  } catch {
    return undefined
  }
}

// What JSON can only write as an escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unwritable = /["\\\u0000-\u001f]/

/**
 * Looks through a document once before it is parsed, every character a bounded number of times: a
 * recursive reader must never see what it cannot hold. Counts the names as written (the colons
 * outside of strings), and writes names out that have an escape. V8 (Node 24.21) reads such a name
 * as another one where it has met names like it before: `{"b":1,"\u0007":2}` came out with the
 * members `b` and `\`. Values are read right. A name that cannot be written without an escape has
 * no safe reading, and no format of ours has one. Loops, for a regular expression costs more on its
 * first long text than the parser.
 */
function scan(
  source: string,
  maxDepth: number,
): { readonly plain: string; readonly names: number } | undefined {
  let plain = ''
  let copied = 0
  let names = 0
  let depth = 0
  let start = 0
  let end = 0
  let backslash = source.indexOf('\\')
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === 0x22) {
      start = at
      at = end = endOfString(source, at)
      if (end === -1) return undefined
    } else if (code === 0x3a) {
      names++
      if (backslash !== -1 && backslash < start) backslash = source.indexOf('\\', start)
      let name = end - start === 10 ? source.slice(start + 1, end) : ''
      if (backslash !== -1 && backslash < end) {
        name = JSON.parse(source.slice(start, end + 1)) as string
        if (unwritable.test(name)) return undefined
        plain += `${source.slice(copied, start)}"${name}"`
        copied = end + 1
      }
      if (name === '__proto__') return undefined
      // A second colon after the same string has no name: it is no JSON.
      end = start
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return undefined
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return { plain: plain + source.slice(copied), names }
}

/**
 * Where the string that starts at a quote ends; -1 where it does not. Most of a document is strings,
 * so the next quote is searched for; where that is escaped, more escapes are near, and it goes on by
 * characters until none of 32 is one.
 */
function endOfString(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); end !== -1; end = source.indexOf('"', end + 1)) {
    let before = end - 1
    while (source.charCodeAt(before) === 0x5c) before--
    if ((end - before) % 2 === 1) return end
    for (let plain = 0; plain < 32; plain++) {
      const code = source.charCodeAt(++end)
      if (code === 0x22) return end
      if (code === 0x5c) {
        end++
        plain = 0
      }
    }
  }
  return -1
}

/** Members as parsed: one less where an object named one twice. */
function members(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner: readonly Json[] = Array.isArray(value) ? value : Object.values(value)
  let count = Array.isArray(value) ? 0 : inner.length
  for (const one of inner) if (typeof one === 'object') count += members(one)
  return count
}
