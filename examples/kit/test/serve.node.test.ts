import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, test } from 'vitest'
import { createLog } from '../src/log.ts'
import { createRateLimit } from '../src/rate-limit.ts'
import { createRouter, type Route } from '../src/router.ts'
import { type Server, serve } from '../src/serve.ts'
import { createTelemetry } from '../src/telemetry.ts'

const running: Server[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(
  routes: readonly Route[],
  options: { readonly perMinute?: number; readonly ready?: () => Promise<boolean> } = {},
) {
  const lines: string[] = []
  const spans = new InMemorySpanExporter()
  const server = await serve({
    origin: undefined,
    port: 0,
    host: '127.0.0.1',
    log: createLog('test', (line) => lines.push(line)),
    telemetry: createTelemetry('test', { spans: new SimpleSpanProcessor({ exporter: spans }) }),
    rateLimit: createRateLimit({ perMinute: options.perMinute ?? 1000 }),
    proxies: 0,
    ready: options.ready ?? (async () => true),
    make: async () => createRouter(routes),
    maxBodyBytes: 1000,
  })
  running.push(server)
  return { server, lines, spans }
}

/** Writes bytes to the server as they are, and reads what comes back. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (part) => {
      answer += String(part)
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const echo: Route = {
  method: 'POST',
  path: '/echo/:name',
  handle: async (request, { params, url }) =>
    new Response(JSON.stringify([params['name'], await request.text(), url.origin])),
}

describe('the server', () => {
  test('hands requests to routes and answers as they say', async () => {
    const { server } = await start([
      echo,
      {
        method: 'GET',
        path: '/cookies',
        handle: () => {
          const headers = new Headers()
          headers.append('set-cookie', 'a=1')
          headers.append('set-cookie', 'b=2')
          return new Response('x', { headers })
        },
      },
    ])
    const answer = await fetch(`${server.origin}/echo/%D0%90`, { method: 'POST', body: 'body' })
    expect(await answer.json()).toEqual(['А', 'body', server.origin])
    expect((await fetch(`${server.origin}/cookies`)).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    const head = await fetch(`${server.origin}/cookies`, { method: 'HEAD' })
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([
      200,
      '',
      '1',
    ])
    expect((await fetch(`${server.origin}/none`)).status).toBe(404)
    const wrong = await fetch(`${server.origin}/echo/a`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${server.origin}/echo/%E0%A4`, { method: 'POST' })).status).toBe(404)
  })

  test('takes no body that is larger than allowed, announced or not', async () => {
    const { server } = await start([echo])
    const announced = await fetch(`${server.origin}/echo/a`, {
      method: 'POST',
      body: 'x'.repeat(1001),
    })
    expect(announced.status).toBe(413)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        { port: server.port, host: '127.0.0.1', path: '/echo/a', method: 'POST' },
        (incoming) => {
          incoming.resume()
          resolve(incoming.statusCode)
        },
      )
      sent.on('error', reject)
      sent.write('x'.repeat(600))
      sent.end('x'.repeat(600))
    })
    expect(status).toBe(413)
  })

  test('knows its own origin, whatever host is asked for', async () => {
    const { server } = await start([
      { method: 'GET', path: '/', handle: (request) => new Response(request.url) },
    ])
    const ask = (target: string): Promise<string> =>
      raw(server.port, `GET ${target} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`)
    expect(await ask('/')).toContain(`${server.origin}/`)
    for (const target of ['//evil.example/', 'http://evil.example/', '*']) {
      expect(await ask(target)).toMatch(/^HTTP\/1.1 400/)
    }
  })

  test('tells nobody why something failed, and its log says only the code', async () => {
    const { server, lines } = await start([
      {
        method: 'GET',
        path: '/fails/:id',
        handle: () => {
          throw Object.assign(new Error('Аліса Планаваная'), { code: 'database.gone' })
        },
      },
    ])
    const answer = await fetch(`${server.origin}/fails/secret-path?token=secret-query`, {
      headers: { 'user-agent': 'secret-agent' },
    })
    expect([answer.status, await answer.text()]).toEqual([500, 'something went wrong'])
    const said = lines.join('')
    expect(said).toContain('database.gone')
    expect(said).toContain('/fails/:id')
    for (const secret of ['Планаваная', 'secret', '127.0.0.1']) expect(said).not.toContain(secret)
  })

  test('its spans know method, pattern and status, and continue no trace of a caller', async () => {
    const { server, spans } = await start([echo])
    await fetch(`${server.origin}/echo/secret-name?secret=1`, {
      method: 'POST',
      body: 'secret',
      headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    })
    const [span] = spans.getFinishedSpans()
    expect(span?.name).toBe('POST /echo/:name')
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/echo/:name',
      'http.response.status_code': 200,
    })
    expect(span?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
  })

  test('limits each address, and says when to come again; probes are not limited', async () => {
    const { server } = await start([echo], { perMinute: 2 })
    const statuses: number[] = []
    let wait: string | null = null
    for (let index = 0; index < 3; index++) {
      const answer = await fetch(`${server.origin}/echo/a`, { method: 'POST' })
      statuses.push(answer.status)
      wait = answer.headers.get('retry-after')
    }
    expect(statuses).toEqual([200, 200, 429])
    expect(Number(wait)).toBeGreaterThan(0)
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  })

  test('is ready when its database answers, and alive when not', async () => {
    let answers = true
    const { server } = await start([], {
      ready: async () => {
        if (!answers) throw new Error('gone')
        return true
      },
    })
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
    answers = false
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503)
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  })

  test('finishes what it has begun when it closes', async () => {
    let begun: () => void = () => undefined
    let finish: () => void = () => undefined
    const started = new Promise<void>((resolve) => {
      begun = resolve
    })
    const { server } = await start([
      {
        method: 'GET',
        path: '/slow',
        handle: async () => {
          begun()
          await new Promise<void>((resolve) => {
            finish = resolve
          })
          return new Response('done')
        },
      },
    ])
    const answer = fetch(`${server.origin}/slow`)
    await started
    const closed = server.close()
    finish()
    expect(await (await answer).text()).toBe('done')
    await closed
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow()
    running.splice(0)
  })
})

test('a bucket fills again with time, and addresses at rest are forgotten', () => {
  let now = 0
  const limit = createRateLimit({ perMinute: 60, limit: 2, now: () => now })
  for (let index = 0; index < 60; index++) expect(limit.take('a')).toBe(0)
  expect(limit.take('a')).toBe(1)
  now += 1000
  expect(limit.take('a')).toBe(0)
  for (const each of ['b', 'c', 'd']) expect(limit.take(each)).toBe(0)
})
