import { AsobaError } from '@asoba/core'

/** The terms of one N-Quads line, as spelled there; `graph` is empty for the default graph. */
export type Terms = readonly [subject: string, predicate: string, object: string, graph: string]

/**
 * The terms of a line that a processor wrote (one space between terms, final newline).
 *
 * @throws AsobaError `jsonld.unsupported` where it is not such a line
 */
export function termsOf(line: string): Terms {
  const first = line.indexOf(' ')
  const second = line.indexOf(' ', first + 1)
  const start = second + 1
  const end = line.startsWith('"', start) ? endOfLiteral(line, start) : line.indexOf(' ', start)
  if (first < 1 || second < 0 || end <= start || !line.endsWith(' .\n')) {
    throw new AsobaError('jsonld.unsupported', 'a line is not an N-Quad')
  }
  const graph = line.slice(end, -3).trim()
  return [line.slice(0, first), line.slice(first + 1, second), line.slice(start, end), graph]
}

/** The line of terms, with its final newline. */
export function lineOf([subject, predicate, object, graph]: Terms): string {
  return `${subject} ${predicate} ${object}${graph === '' ? '' : ` ${graph}`} .\n`
}

/** The same line with every term but the predicate replaced; never what is inside a literal. */
export function withTerms(line: string, replace: (term: string) => string): string {
  const [subject, predicate, object, graph] = termsOf(line)
  const one = (term: string): string => (term === '' || term.startsWith('"') ? term : replace(term))
  return lineOf([one(subject), predicate, one(object), one(graph)])
}

function endOfLiteral(line: string, start: number): number {
  let at = start + 1
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1
  return line.indexOf(' ', at)
}
