import { type AsobaErrorCode, type Problem, type ProblemCode, problem } from '@asoba/core'

const same: Partial<Readonly<Record<AsobaErrorCode, ProblemCode>>> = {
  'jsonld.context-unknown': 'jsonld.context-unknown',
  'jsonld.term-unknown': 'jsonld.term-unknown',
  'jsonld.too-complex': 'jsonld.too-complex',
  'jsonld.unsupported': 'jsonld.unsupported',
  'proof.malformed': 'proof.malformed',
}

/** An error that somebody else's document led to, as a problem with that document. */
export function problemOf(error: unknown): Problem {
  const { code, message, path } = error as {
    readonly code?: AsobaErrorCode
    readonly message?: string
    readonly path?: string
  }
  const known = code === undefined ? undefined : same[code]
  if (known !== undefined && message !== undefined) return problem(known, message, path)
  // Whatever else: what cannot be read was never signed.
  return problem('proof.malformed', 'the document or its proof cannot be read')
}
