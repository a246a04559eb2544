import { AsobaError } from '@asoba/core'

/** A statement by its components as canonical N-Quads spells them; `graph` is empty for the default graph. */
export interface Quad {
  readonly subject: string
  readonly predicate: string
  readonly object: string
  readonly graph: string
}

// The grammar of N-Quads 1.1; the ranges are those of the production PN_CHARS.
const base =
  'A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D' +
  '\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}_'
const inner = `${base}0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040\\-`
const uchar = '\\\\u[0-9A-Fa-f]{4}|\\\\U[0-9A-Fa-f]{8}'
const iri = `<(?:[^\\x00-\\x20<>"{}|^\`\\\\]|${uchar})*>`
const blank = `_:[${base}0-9](?:[${inner}.]*[${inner}])?`
const text = `"[^"\\\\\\n\\r]*(?:(?:\\\\[tbnrf"'\\\\]|${uchar})[^"\\\\\\n\\r]*)*"`
const suffix = `(?:\\^\\^${iri}|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?`
const space = '[ \\t]*'
const statement = new RegExp(
  `^${space}(${iri}|${blank})${space}(${iri})${space}(?:(${iri}|${blank})|(${text})(${suffix}))` +
    `${space}(${iri}|${blank})?${space}\\.${space}[\\r\\n]*$`,
  'u',
)

/**
 * Reads one line of N-Quads.
 *
 * @throws AsobaError `jsonld.unsupported` where it is none
 * @see https://www.w3.org/TR/n-quads/
 */
export function parseQuad(line: string): Quad {
  const found = line.isWellFormed() ? statement.exec(line) : null
  if (found === null) throw notQuads()
  const [, subject = '', predicate = '', resource, literal = '', suffixed = '', graph = ''] = found
  return {
    subject: canonicalTerm(subject),
    predicate: canonicalTerm(predicate),
    object: resource === undefined ? canonicalLiteral(literal, suffixed) : canonicalTerm(resource),
    graph: canonicalTerm(graph),
  }
}

/** The canonical line of a statement, with its final newline. */
export function lineOf({ subject, predicate, object, graph }: Quad): string {
  return `${subject} ${predicate} ${object} ${graph === '' ? '' : `${graph} `}.\n`
}

/** Whether a component is a blank node. */
export function isBlank(term: string): boolean {
  return term.startsWith('_:')
}

/** A literal with no or another datatype, as canonical N-Quads spells it. */
export function literal(value: string, datatype?: string): string {
  const quoted = `"${escapeLiteral(value)}"`
  return datatype === undefined || datatype === `${xsd}string` ? quoted : `${quoted}^^<${datatype}>`
}

/** A literal in a language. */
export function literalIn(value: string, language: string): string {
  return `"${escapeLiteral(value)}"@${language}`
}

/** Namespace of the datatypes of XML Schema. */
export const xsd = 'http://www.w3.org/2001/XMLSchema#'

function canonicalTerm(term: string): string {
  return term.includes('\\') ? `<${escapeIri(unescaped(term.slice(1, -1)))}>` : term
}

function canonicalLiteral(quoted: string, suffixed: string): string {
  // Without escapes it may still hold what must be escaped, such as a tabulator.
  const value = `"${escapeLiteral(unescaped(quoted.slice(1, -1)))}"`
  if (!suffixed.startsWith('^^')) return `${value}${suffixed}`
  const datatype = canonicalTerm(suffixed.slice(2))
  return datatype === `<${xsd}string>` ? value : `${value}^^${datatype}`
}

const short: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}
const long: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }

/** @see https://www.w3.org/TR/rdf-canon/#canonical-quads */
function escapeLiteral(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return value.replace(/[\u0000-\u001f\u007f"\\]/g, (char) => short[char] ?? uescape(char))
}

function escapeIri(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return value.replace(/[\u0000-\u0020<>"{}|^`\\]/g, uescape)
}

function uescape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** The text of a literal or IRI that is written with escapes. */
export function unescaped(value: string): string {
  return value.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g,
    (_all, four?: string, eight?: string, char = '') => {
      const hex = four ?? eight
      if (hex === undefined) return long[char] ?? char
      const code = Number.parseInt(hex, 16)
      // Half a character has no bytes of its own, so two texts would be signed as one.
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw notQuads()
      return String.fromCodePoint(code)
    },
  )
}

function notQuads(): AsobaError {
  return new AsobaError('jsonld.unsupported', 'a line is not an N-Quad')
}
