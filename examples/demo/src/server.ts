import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of one of the parties, on a free port of this machine. */
export interface Party {
  readonly origin: string
  readonly port: number
  /** Requests answered so far, as `GET /path`. */
  readonly log: readonly string[]
  close(): Promise<void>
}

/** What a party answers: `undefined` for not found. */
export type Handler = (request: Request, url: URL) => Promise<Response | undefined>

/** Starts a fetch-shaped handler on loopback. `make` learns the origin before the first request. */
export async function startParty(make: (origin: string) => Promise<Handler>): Promise<Party> {
  const log: string[] = []
  let handler: Handler | undefined
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
      log.push(`${incoming.method} ${url.pathname}`)
      const response = (await handler?.(await toRequest(incoming, url), url)) ?? notFound()
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(Buffer.from(await response.arrayBuffer()))
    })().catch(() => {
      // What went wrong may hold a person's data: the other side learns that it did, no more.
      outgoing.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  handler = await make(origin)
  return {
    origin,
    port,
    log,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** JSON with the right content type. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json' },
  })
}

async function toRequest(incoming: IncomingMessage, url: URL): Promise<Request> {
  const { method = 'GET' } = incoming
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method })
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return new Request(url, { method, body: Buffer.concat(parts) })
}

function notFound(): Response {
  return json({ error: 'not_found' }, 404)
}
