import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { httpProblem } from './answer.ts'

/** Answers a request. What it throws is answered by 500 and told to nobody. */
export type Handler = (request: Request) => Promise<Response>

/** Where to listen. */
export interface ListenOptions {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** PEM; plain HTTP where left out. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** A server that listens. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Bytes of a body at most. */
const maxBody = 524_288

/** Listens, with bounds on time and size, and gives requests to a fetch-shaped handler. */
export async function listen(handle: Handler, options: ListenOptions): Promise<Listening> {
  const { host, port, tls } = options
  const bounds = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 5_000 }
  const scheme = tls === undefined ? 'http' : 'https'
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, scheme, handle)
      .then(
        (response) => send(response, outgoing),
        // What went wrong may hold a person's data: neither the other side nor a log gets it.
        () => send(httpProblem(500, 'the server could not answer'), outgoing),
      )
      .catch(() => outgoing.destroy())
  }
  const server =
    tls === undefined
      ? createPlain(bounds, onRequest)
      : createSecure({ ...bounds, ...tls }, onRequest)
  server.maxConnections = 256
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  incoming: IncomingMessage,
  scheme: string,
  handle: Handler,
): Promise<Response> {
  const { method = 'GET', headers, url = '/' } = incoming
  const address = `${scheme}://localhost${url.startsWith('/') ? url : '/'}`
  if (!URL.canParse(address)) return httpProblem(400, 'the address is not a URL')
  const body = await readBounded(incoming)
  if (body === undefined) {
    return httpProblem(413, 'the body is larger than the limit', { connection: 'close' })
  }
  const given = new Headers()
  for (const name of ['accept', 'content-type'] as const) {
    const value = headers[name]
    if (value !== undefined) given.set(name, value)
  }
  const bodyless = method === 'GET' || method === 'HEAD'
  return handle(
    new Request(address, { method, headers: given, ...(!bodyless && { body: new Blob([body]) }) }),
  )
}

async function readBounded(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBody) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const bytes = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(bytes)
}
