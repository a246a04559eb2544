import { type Json, type JsonObject, type Problem, problem } from '@asoba/core'

/** A clock and how far it may be off. */
export interface Clock {
  readonly now: Date
  /** Seconds. */
  readonly clockTolerance: number
}

/** Milliseconds of a NumericDate; NaN where it is none. */
export function numericDate(value: Json | undefined): number {
  return typeof value === 'number' && Math.abs(value) < 8.64e12 ? value * 1000 : Number.NaN
}

/**
 * What is wrong with `exp`, `nbf` and `iat` where they are there; at `exp` itself it is over.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 */
export function validityProblems(claims: JsonObject, clock: Clock): readonly Problem[] {
  const problems: Problem[] = []
  const now = clock.now.getTime()
  const tolerance = clock.clockTolerance * 1000
  const read = (name: 'exp' | 'nbf' | 'iat'): number | undefined => {
    if (!Object.hasOwn(claims, name)) return undefined
    const time = numericDate(claims[name])
    if (!Number.isNaN(time)) return time
    problems.push(problem('credential.malformed', `${name} is no number of seconds`, `/${name}`))
    return undefined
  }
  const until = read('exp')
  if (until !== undefined && until <= now - tolerance) {
    problems.push(problem('credential.expired', 'it is not valid any more', '/exp'))
  }
  for (const name of ['nbf', 'iat'] as const) {
    if ((read(name) ?? -Infinity) > now + tolerance) {
      problems.push(problem('credential.not-yet-valid', 'it is not valid yet', `/${name}`))
    }
  }
  return problems
}
