const utc = /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|\+00:00)$/

/** Milliseconds of a UTC ISO 8601 time with its zone (`Z` or `+00:00`); `undefined` for all else. */
export function parseUtc(text: unknown): number | undefined {
  const match = typeof text === 'string' ? utc.exec(text) : null
  if (match === null) return undefined
  const ms = Date.parse(match[0])
  // The parser takes 30 February for 1 March.
  return new Date(ms).getUTCDate() === Number(match[3]) ? ms : undefined
}

/** `2026-01-31T12:00:00Z`: whole seconds. */
export function formatUtc(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
