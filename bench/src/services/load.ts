import autocannon from 'autocannon'
import type { Served } from './protocol.ts'

/** One request of a step. */
export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly type?: string
  readonly body?: string
  readonly authorization?: string
}

/** What a step of many requests came to. */
export interface Step {
  readonly bodies: readonly string[]
  readonly seconds: number
  /** CPU time of the server, in milliseconds. */
  readonly cpu: number
  /** Milliseconds that one in a hundred waited longer than. */
  readonly p99: number
  readonly errors: number
}

/** Asks everything of `asks` once, over ten connections, as fast as answers come. */
export async function load(server: Served, asks: readonly Ask[]): Promise<Step> {
  const bodies: string[] = []
  let next = 0
  const before = await server.cpu()
  const begun = performance.now()
  let last = begun
  const run = autocannon({
    url: server.origin,
    connections: Math.min(10, asks.length),
    amount: asks.length,
    timeout: 30,
    sampleInt: 50,
    requests: [
      {
        setupRequest: (request, context) => {
          const at = next++
          Object.assign(context, { at })
          const { method, path, type, body, authorization } = asks[at % asks.length] as Ask
          const headers = {
            ...request.headers,
            ...(type !== undefined && { 'content-type': type }),
            ...(authorization !== undefined && { authorization }),
          }
          return { ...request, method, path, headers, ...(body !== undefined && { body }) }
        },
        onResponse: (_status, body, context) => {
          last = performance.now()
          bodies[(context as { readonly at: number }).at] = body
        },
      },
    ],
  })
  const { errors, non2xx, latency } = await run
  const cpu = (await server.cpu()) - before
  return { bodies, seconds: (last - begun) / 1000, cpu, p99: latency.p99, errors: errors + non2xx }
}
