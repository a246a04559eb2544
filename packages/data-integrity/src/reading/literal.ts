import type { Json } from '@asoba/core'
import { unescaped, xsd } from '../compiled/n-quads.ts'

/** A literal taken apart: a text with a datatype, or in a language. */
export interface Literal {
  readonly text: string
  /** IRI; undefined for a text without one, or in a language. */
  readonly datatype: string | undefined
  readonly language: string | undefined
}

/** `rdf:JSON`. */
export const rdfJson = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON'
/** Before language and direction, in the datatypes of texts with a direction. */
export const i18n = 'https://www.w3.org/ns/i18n#'

/** A literal of N-Quads, as a processor writes it. */
export function literalOf(term: string): Literal {
  const end = term.lastIndexOf('"')
  const quoted = term.slice(1, end)
  const text = quoted.includes('\\') ? unescaped(quoted) : quoted
  const suffix = term.slice(end + 1)
  if (suffix.startsWith('@')) return { text, datatype: undefined, language: suffix.slice(1) }
  const datatype = suffix === '' ? undefined : suffix.slice(3, -1)
  return { text, datatype, language: undefined }
}

const schemaOrg = /^https?:\/\/schema\.org\/(?:Number|Integer|Float|Boolean)$/
const numeric = new Set(
  (
    'integer decimal double float long int short byte nonNegativeInteger positiveInteger ' +
    'nonPositiveInteger negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte'
  )
    .split(' ')
    .map((name) => xsd + name),
)

/**
 * The number or truth value that a typed text stands for; undefined where it is a text. JSON-LD
 * writes `12` and `"12"` of one datatype as one statement, so that whoever passes a document on
 * could make the one of the other: both are read as the number.
 *
 * @see https://www.w3.org/TR/json-ld11-api/#data-round-tripping
 */
export function nativeOf(text: string, datatype: string): Json | undefined {
  if (text === 'true' || text === 'false') {
    const isBoolean = datatype === `${xsd}boolean` || schemaOrg.test(datatype)
    return isBoolean ? text === 'true' : undefined
  }
  if (!/^-?\d/.test(text) || (!numeric.has(datatype) && !schemaOrg.test(datatype))) return undefined
  const value = Number(text)
  return isLexicalOf(text, value) ? value : undefined
}

/** Whether JSON-LD makes this text of a number: as an integer, or as a double. */
function isLexicalOf(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  if (Number.isSafeInteger(value) && text === value.toFixed(0)) return true
  return text === value.toExponential(15).replace(/(\d)0*e\+?/, '$1E')
}
