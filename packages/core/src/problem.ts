import type { ProblemCode } from './codes.ts'

/**
 * One reason why somebody else's data was not accepted. `detail` is a constant
 * sentence for people; it never contains a value of the data.
 */
export interface Problem {
  /** Stable code, `<area>.<reason>`. */
  readonly code: ProblemCode
  /** JSON pointer to the part meant; `''` or absent for the whole. */
  readonly path?: string
  /** A constant English sentence. */
  readonly detail: string
}

/** One check that was made, and what came of it; a result lists all of them. */
export interface Check {
  /** What was checked: `signature`, `issuer-trust`, `validity`, `status`, `schema`, `holder-binding`, … */
  readonly check: string
  /** JSON pointer to what was checked, e.g. `/citizen`. */
  readonly path: string
  /** `not-applicable` where the policy says that there is nothing to check. */
  readonly outcome: 'passed' | 'failed' | 'not-applicable'
}

/** The judgement on somebody else's data: never an exception, whatever the bytes. */
export type Verified<T> =
  | ({ readonly verified: true; readonly checks: readonly Check[] } & T)
  | Refused

/** The other arm of {@link Verified}: everything that was found wrong. */
export interface Refused {
  readonly verified: false
  /** All problems found, at least one. */
  readonly problems: readonly [Problem, ...Problem[]]
  /** All checks made, failed and passed. */
  readonly checks: readonly Check[]
}

/** A problem; `path` is left out where it is undefined. */
export function problem(code: ProblemCode, detail: string, path?: string): Problem {
  return path === undefined ? { code, detail } : { code, path, detail }
}

/** A refusal with the problems found. */
export function refused(problems: readonly Problem[], checks: readonly Check[] = []): Refused {
  const [first, ...rest] = problems
  if (first === undefined) throw new TypeError('a refusal needs a problem')
  return { verified: false, problems: [first, ...rest], checks }
}

/** The same problems, each path moved below `prefix` (a JSON pointer). */
export function problemsUnder(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map((p) => ({ ...p, path: `${prefix}${p.path ?? ''}` }))
}

/** The same checks, each path moved below `prefix` (a JSON pointer). */
export function checksUnder(prefix: string, checks: readonly Check[]): Check[] {
  return checks.map((c) => ({ ...c, path: `${prefix}${c.path}` }))
}
