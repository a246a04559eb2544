import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendResponse, toRequest } from 'example-kit/bridge'

// One server in a process of its own: its name is the argument, its address the first message. It
// loads nothing but what it serves.
const kinds: Readonly<Record<string, (origin: string) => Promise<RequestListener>>> = {
  'bare-issuance': async (origin) =>
    bare((await import('./bare-issuance.ts')).bareIssuance(origin)),
  'our-issuance': async (origin) =>
    bridged(origin, (await import('./our-issuance.ts')).ourIssuance(origin)),
  'bare-verification': async (origin) =>
    bare((await import('./bare-verification.ts')).bareVerification(origin)),
  'our-verification': async (origin) =>
    bridged(origin, (await import('./our-verification.ts')).ourVerification(origin)),
}

function bridged(origin: string, handle: (request: Request) => Promise<Response>): RequestListener {
  const limits = { maxBytes: 2_300_000, milliseconds: 15_000 }
  return (incoming, outgoing) => {
    toRequest(incoming, origin, limits)
      .then(handle)
      .then((response) => sendResponse(response, incoming, outgoing))
      .catch(() => outgoing.writeHead(500).end())
  }
}

function bare(
  handle: (path: string, body: string, auth: string) => readonly [number, string],
): RequestListener {
  return (incoming, outgoing) => {
    textOf(incoming)
      .then((body) => {
        const [status, text] = handle(
          incoming.url ?? '',
          body,
          incoming.headers.authorization ?? '',
        )
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text)
      })
      .catch(() => outgoing.writeHead(500).end())
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  return Buffer.concat(parts).toString()
}

const make = kinds[process.argv[2] ?? '']
if (make === undefined) throw new TypeError('name one of the servers')
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  void make(origin).then((listener) => {
    server.on('request', listener)
    process.send?.(origin)
  })
})
process.on('message', (what) => {
  if (what === 'heap') globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.(what === 'heap' ? process.memoryUsage().heapUsed : (user + system) / 1000)
})
process.on('disconnect', () => process.exit(0))
