import { join } from 'node:path'
import { createSeal, type Seal } from '@asoba/core/seal'
import { answers, type Database, openDatabase, sweeping } from './database.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { codeOf, createLog, type Log } from './log.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRouter, type Route } from './router.ts'
import { deriveKey, secretOf } from './secret.ts'
import { type Server, serve } from './serve.ts'
import { createTelemetry, type Telemetry } from './telemetry.ts'

/** What a service is given to be built of. */
export interface ServiceParts {
  readonly origin: string
  /** Where files of this process lie, or `memory`. */
  readonly folder: string
  /** Whether the origin is plain http on this machine: for trying it out, and for tests. */
  readonly insecure: boolean
  readonly database: Database
  /** For state that is handed out; the same on all replicas. */
  readonly seal: Seal
  /** A key of 32 bytes for another purpose, from the same secret. */
  readonly deriveKey: (purpose: string) => Promise<Uint8Array>
  readonly log: Log
  readonly telemetry: Telemetry
}

/** Settings that a service reads besides the common ones. */
export type Configure<Settings> = (environment: Environment) => Settings

/** Starts a service by its environment variables. */
export async function startService<Settings>(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
  options: {
    readonly defaultPort: number
    readonly configure: Configure<Settings>
    readonly routes: (parts: ServiceParts, settings: Settings) => Promise<readonly Route[]>
    /** Gets the lines of the log; standard output when left out. */
    readonly write?: (line: string) => void
  },
): Promise<Server> {
  const environment = readEnvironment(variables)
  const origin = environment.optional('ORIGIN')
  const port = environment.number('PORT', options.defaultPort)
  const host = environment.text('HOST', '127.0.0.1')
  const url = environment.optional('DATABASE_URL')
  const folder = environment.text('DATA_FOLDER', 'data')
  const perMinute = environment.number('RATE_PER_MINUTE', 600)
  const proxies = environment.number('PROXIES', 0)
  const given = environment.key('SEAL_KEY')
  const endpoint = environment.optional('OTEL_EXPORTER_OTLP_ENDPOINT')
  const settings = options.configure(environment)
  environment.done()
  if (origin !== undefined && !isOrigin(origin)) {
    throw new Error('settings: ORIGIN is an https origin, or http on this machine')
  }
  if (url !== undefined && given === undefined) {
    throw new Error('settings: SEAL_KEY must be set where replicas share a database')
  }

  const memory = folder === 'memory'
  const secret = await secretOf(given, folder)
  const log = createLog(name, options.write)
  const telemetry = createTelemetry(name, { endpoint })
  const database = await openDatabase({
    url,
    folder: memory ? undefined : join(folder, 'database'),
  })
  const stopSweeping = sweeping(database, (error) =>
    log('warn', 'sweep-failed', { code: codeOf(error) }),
  )
  const end = async (): Promise<void> => {
    stopSweeping()
    await database.destroy()
    await telemetry.close()
  }
  const server = await serve({
    origin: origin?.replace(/\/$/, ''),
    port,
    host,
    log,
    telemetry,
    proxies,
    rateLimit: createRateLimit({ perMinute }),
    ready: () => answers(database),
    make: async (at) => {
      const parts: ServiceParts = {
        origin: at,
        folder,
        insecure: at.startsWith('http:'),
        database,
        seal: createSeal(await deriveKey(secret, 'seal')),
        deriveKey: (purpose) => deriveKey(secret, purpose),
        log,
        telemetry,
      }
      return createRouter(await options.routes(parts, settings))
    },
  }).catch(async (error: unknown) => {
    await end()
    throw error
  })
  return {
    ...server,
    close: async () => {
      await server.close()
      await end()
    },
  }
}

function isOrigin(text: string): boolean {
  try {
    const { protocol, hostname, origin } = new URL(text)
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    return (
      origin === text.replace(/\/$/, '') &&
      (protocol === 'https:' || (local && protocol === 'http:'))
    )
  } catch {
    return false
  }
}
