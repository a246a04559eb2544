/** What a line of the log may say. There is no field for a person, an address or a token. */
export interface LogFields {
  readonly method?: string
  /** The pattern of the route, never the path that was asked for. */
  readonly route?: string
  readonly status?: number
  readonly milliseconds?: number
  /** Code of an error of ours, or the class of somebody else's. */
  readonly code?: string
  readonly count?: number
  readonly port?: number
}

/** Writes one line of JSON. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: LogFields) => void

/** A log of one service. `write` gets whole lines; standard output when left out. */
export function createLog(
  service: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  return (level, event, fields = {}) => {
    const { method, route, status, milliseconds, code, count, port } = fields
    const said = { method, route, status, milliseconds, code, count, port }
    write(`${JSON.stringify({ time: new Date().toISOString(), level, service, event, ...said })}\n`)
  }
}

/** What may be said of an error: messages of others may quote what they were given. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? code : error.constructor.name
}
