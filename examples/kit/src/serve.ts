import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendResponse, Turned, toRequest } from './bridge.ts'
import { codeOf, type Log } from './log.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Routed } from './router.ts'
import type { Telemetry } from './telemetry.ts'

/** What a server is made of. */
export interface ServeOptions {
  /** The address that people and wallets know; `undefined` takes that of the socket (loopback). */
  readonly origin: string | undefined
  readonly port: number
  readonly host: string
  /** Made when the address is known, and before the first request. */
  readonly make: (origin: string) => Promise<(request: Request) => Routed>
  /** Whether the service can work: its database answers. */
  readonly ready: () => Promise<boolean>
  readonly log: Log
  readonly telemetry: Telemetry
  readonly rateLimit: RateLimit
  /** Proxies in front whose `X-Forwarded-For` is believed; none when `0`. */
  readonly proxies: number
  readonly maxBodyBytes?: number
}

/** A server that runs. */
export interface Server {
  readonly origin: string
  readonly port: number
  /** Lets what runs finish, takes nothing new. */
  close(): Promise<void>
}

/** Serves a router by node:http, with `/healthz` and `/readyz`. */
export async function serve(options: ServeOptions): Promise<Server> {
  const { log, telemetry } = options
  let closing = false
  let route: ((request: Request) => Routed) | undefined
  let origin = options.origin ?? ''
  const limits = { maxBytes: options.maxBodyBytes ?? 2_300_000, milliseconds: 15_000 }

  const find = async (incoming: IncomingMessage): Promise<Routed> => {
    const path = (incoming.url ?? '').split('?')[0]
    // Probes are neither limited nor logged.
    if (path === '/healthz') return fixed('/healthz', plain(200, 'ok'))
    if (path === '/readyz') {
      const ready = !closing && route !== undefined && (await options.ready().catch(() => false))
      return fixed('/readyz', ready ? plain(200, 'ready') : plain(503, 'not ready'))
    }
    const wait = options.rateLimit.take(addressOf(incoming, options.proxies))
    if (wait > 0) {
      return fixed('limited', plain(429, 'too many requests', { 'retry-after': `${wait}` }))
    }
    if (route === undefined) return fixed('none', plain(503, 'starting'))
    return route(await toRequest(incoming, origin, limits))
  }

  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 32_768,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const start = performance.now()
      const method = incoming.method ?? 'GET'
      void telemetry
        .request(method, async () => {
          let named = 'none'
          try {
            const found = await find(incoming)
            named = found.route
            return { route: named, response: await found.answer() }
          } catch (error) {
            if (error instanceof Turned) return { route: named, response: plain(error.status, '') }
            log('error', 'request-failed', { method, route: named, code: codeOf(error) })
            return { route: named, response: plain(500, 'something went wrong') }
          }
        })
        .then(async ({ route: pattern, response }) => {
          if (closing || !incoming.complete) outgoing.setHeader('connection', 'close')
          await sendResponse(response, incoming, outgoing)
          if (pattern === '/healthz' || pattern === '/readyz') return
          const milliseconds = Math.round(performance.now() - start)
          log('info', 'request', { method, route: pattern, status: response.status, milliseconds })
        })
        .catch(() => {
          outgoing.destroy()
        })
    },
  )
  server.maxRequestsPerSocket = 1000
  server.timeout = 60_000

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  if (origin === '') origin = `http://127.0.0.1:${port}`
  try {
    route = await options.make(origin)
  } catch (error) {
    server.close()
    server.closeAllConnections()
    throw error
  }
  log('info', 'listening', { port })

  return {
    origin,
    port,
    close: async () => {
      closing = true
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), 10_000)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        server.closeIdleConnections()
      })
      log('info', 'closed')
    },
  }
}

/**
 * Runs a service until SIGTERM or SIGINT, which may come while it still starts; a second signal
 * ends it at once. What stops the start is said on standard error: settings by name, no value.
 */
export async function runService(start: () => Promise<Server>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    const end = (): void => {
      process.once('SIGTERM', () => process.exit(1))
      process.once('SIGINT', () => process.exit(1))
      resolve()
    }
    process.once('SIGTERM', end)
    process.once('SIGINT', end)
  })
  try {
    const server = await start()
    await asked
    await server.close()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the service failed'}\n`)
    process.exit(1)
  }
}

function addressOf(incoming: IncomingMessage, proxies: number): string {
  const forwarded = String(incoming.headers['x-forwarded-for'] ?? '').split(',')
  // Each proxy appends the address that it saw; what stands before could be anything.
  const seen = proxies > 0 ? forwarded[forwarded.length - proxies]?.trim() : undefined
  return seen || incoming.socket.remoteAddress || ''
}

function fixed(route: string, response: Response): Routed {
  return { route, answer: async () => response }
}

function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  })
}
