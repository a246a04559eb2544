import type { Json, JsonObject } from './json.ts'
import { type Problem, problem } from './problem.ts'

/** When something is valid, and what is wrong with that at the time of the check. */
export interface Period {
  readonly validFrom?: Date
  readonly validUntil?: Date
  readonly problems: readonly Problem[]
}

/** A clock and how far it may be off. */
export interface Clock {
  readonly now: Date
  /** Seconds. */
  readonly clockTolerance: number
}

/**
 * The period in which both the data model (`validFrom`, `validUntil`) and the JWT (`nbf`, `exp`)
 * hold, judged at a time.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 */
export function periodOf(
  claims: JsonObject,
  model: { readonly from: Json | undefined; readonly until: Json | undefined },
  clock: Clock,
): Period {
  const problems: Problem[] = []
  const read = (value: Json | undefined, parse: (value: Json) => number, detail: string) => {
    if (value === undefined) return undefined
    const time = parse(value)
    if (Number.isNaN(time)) problems.push(problem('credential.malformed', detail))
    return time
  }
  const from = read(model.from, parseDateTime, 'the start of validity is no date and time')
  const nbf = read(claims['nbf'], numericDate, 'nbf is no number of seconds')
  const until = read(model.until, parseDateTime, 'the end of validity is no date and time')
  const exp = read(claims['exp'], numericDate, 'exp is no number of seconds')
  const issued = read(claims['iat'], issuedAt, 'iat is no number of seconds')

  const now = clock.now.getTime()
  const tolerance = clock.clockTolerance * 1000
  const validFrom = from === undefined ? nbf : Math.max(from, nbf ?? from)
  const validUntil = until === undefined ? exp : Math.min(until, exp ?? until)
  if ((validFrom ?? 0) > now + tolerance || (issued ?? 0) > now + tolerance) {
    problems.push(problem('credential.not-yet-valid', 'it is not valid yet'))
  }
  // RFC 7519 4.1.4: on or after exp it is not accepted.
  if (validUntil !== undefined && validUntil <= now - tolerance) {
    problems.push(problem('credential.expired', 'it is not valid any more'))
  }
  const period: { validFrom?: Date; validUntil?: Date; problems: readonly Problem[] } = { problems }
  if (validFrom !== undefined) period.validFrom = new Date(validFrom)
  if (validUntil !== undefined) period.validUntil = new Date(validUntil)
  return period
}

/** Seconds since 1970 on the wire. */
export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/** Whole seconds, no more: what is finer would only tell copies of one batch apart. */
export function dateTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/**
 * A validity in whole days, for copies shown to two verifiers must have nothing in common; whole
 * seconds at its end where it lasts less than a day.
 */
export function wholeDays(
  from: Date,
  until: Date,
): { readonly validFrom: string; readonly validUntil: string } {
  const day = (date: Date): string => `${date.toISOString().slice(0, 10)}T00:00:00Z`
  const validFrom = day(from)
  return { validFrom, validUntil: day(until) > validFrom ? day(until) : dateTime(until) }
}

/** Milliseconds of a NumericDate; NaN where it is none. */
export function numericDate(value: Json | undefined): number {
  return typeof value === 'number' && Math.abs(value) < 8.64e12 ? value * 1000 : Number.NaN
}

function parseDateTime(value: Json): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}

// RFC 7519 4.1.6 makes iat a number; the signed inputs of the W3C suite for VC-JOSE-COSE write a
// date-time there, so a date-time is read as well. It can only ever refuse, never admit.
function issuedAt(value: Json): number {
  return typeof value === 'string' ? parseDateTime(value) : numericDate(value)
}

/** A view judges nothing. */
export const anyTime: Clock = {
  now: new Date(0),
  clockTolerance: 0,
}
