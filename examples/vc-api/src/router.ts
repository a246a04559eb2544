import { isJsonObject, type JsonObject, parseJson } from '@asoba/core'
import { httpProblem } from './answer.ts'
import type { Handler } from './listen.ts'

/** What a route gets. */
export interface Call {
  /** Values of the names in the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>
  /** The body of a POST; empty for a GET. */
  readonly body: JsonObject
  readonly query: URLSearchParams
  readonly accept: string
}

/** One route: `{name}` stands for one segment of the path. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: (call: Call) => Promise<Response> | Response
}

/** One line of the log: the route and not the address, which may hold a DID; never a body. */
export interface LogLine {
  readonly method: string
  /** The pattern of the route; `-` where there is none. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
}

/** A handler of these routes. */
export function router(routes: readonly Route[], log: (line: LogLine) => void): Handler {
  return async (request) => {
    const started = performance.now()
    const { pathname, searchParams: query } = new URL(request.url)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const here = routes.flatMap((route) => {
      const parameters = match(route.path, pathname)
      return parameters === undefined ? [] : { route, parameters }
    })
    const found = here.find(({ route }) => route.method === method)
    const finish = (response: Response): Response => {
      const milliseconds = Math.round(performance.now() - started)
      const route = found?.route.path ?? '-'
      const known = ['GET', 'POST', 'HEAD'].includes(request.method) ? request.method : '-'
      log({ method: known, route, status: response.status, milliseconds })
      return response
    }
    try {
      if (here.length === 0) return finish(httpProblem(404, 'there is nothing at this address'))
      if (found === undefined) {
        const allow = here.map(({ route }) => route.method).join(', ')
        return finish(httpProblem(405, 'the method is not for this address', { allow }))
      }
      const body = method === 'GET' ? {} : await readJson(request)
      if (body instanceof Response) return finish(body)
      const accept = request.headers.get('accept') ?? '*/*'
      return finish(await found.route.handle({ parameters: found.parameters, body, query, accept }))
    } catch {
      // What went wrong may hold a person's data.
      return finish(httpProblem(500, 'the server could not answer'))
    }
  }
}

async function readJson(request: Request): Promise<JsonObject | Response> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(?:json|[\w.+-]+\+json)$/.test(type)) {
    return httpProblem(415, 'the body has to be JSON')
  }
  const body = parseJson(new Uint8Array(await request.arrayBuffer()))
  return isJsonObject(body) ? body : httpProblem(400, 'the body is not one JSON object')
}

function match(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const value = given[at] as string
    if (!part.startsWith('{')) {
      if (part !== value) return undefined
      continue
    }
    try {
      parameters[part.slice(1, -1)] = decodeURIComponent(value)
    } catch {
      return undefined
    }
  }
  return parameters
}
