import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request was not let in; `status` says why. */
export class Turned extends Error {
  readonly status: 400 | 408 | 413
  constructor(status: 400 | 408 | 413) {
    super('the request was not let in')
    this.status = status
  }
}

/** How much and how long a body may be. */
export interface BodyLimits {
  readonly maxBytes: number
  readonly milliseconds: number
}

/**
 * The request of a node:http server as the web knows it. Its URL is under `origin`, whatever the
 * Host header says.
 *
 * @throws Turned
 */
export async function toRequest(
  incoming: IncomingMessage,
  origin: string,
  limits: BodyLimits,
): Promise<Request> {
  const { method = 'GET', url: target = '/' } = incoming
  // `//host/…` and `http://host/…` would be addresses of somebody else.
  if (!/^\/(?!\/)/.test(target)) throw new Turned(400)
  let url: URL
  const headers = new Headers()
  try {
    url = new URL(origin + target)
    for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
      headers.append(String(incoming.rawHeaders[at]), String(incoming.rawHeaders[at + 1]))
    }
  } catch {
    throw new Turned(400)
  }
  const body = method === 'GET' || method === 'HEAD' ? undefined : await bodyOf(incoming, limits)
  try {
    return new Request(url, { method, headers, ...(body !== undefined && { body }) })
  } catch {
    // TRACE, CONNECT and the like.
    throw new Turned(400)
  }
}

async function bodyOf(incoming: IncomingMessage, limits: BodyLimits): Promise<BodyInit> {
  const { maxBytes, milliseconds } = limits
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw new Turned(413)
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    const timer = setTimeout(() => end(new Turned(408)), milliseconds)
    const end = (fault?: Turned): void => {
      clearTimeout(timer)
      incoming.off('data', take)
      if (fault === undefined) resolve(Buffer.concat(parts))
      else reject(fault)
    }
    const take = (part: Buffer): void => {
      length += part.length
      if (length > maxBytes) end(new Turned(413))
      else parts.push(part)
    }
    incoming.on('data', take)
    incoming.once('end', () => end())
    incoming.once('error', () => end(new Turned(400)))
    // Every request closes; an error, with its stack, is for those that do before their end.
    incoming.once('close', () => {
      if (!incoming.readableEnded) end(new Turned(400))
    })
  })
}

/** Writes an answer of the web to a node:http server. */
export async function sendResponse(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  const body = Buffer.from(await response.arrayBuffer())
  if (body.length > 0 || ![204, 304].includes(response.status)) {
    outgoing.setHeader('content-length', body.length)
  }
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}
