/** What a handler of a route gets besides the request. */
export interface RouteContext {
  readonly url: URL
  /** Parts of the path that the pattern names, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** A route: method, pattern of the path (`/status/:id`, `/openid4vp/*`) and who answers. */
export interface Route {
  readonly method: string
  readonly path: string
  handle(request: Request, context: RouteContext): Promise<Response> | Response
}

/** An answer, and the pattern that it came by: what logs and traces may say of a path. */
export interface Routed {
  readonly route: string
  answer(): Promise<Response>
}

/** Finds routes. The first pattern that fits answers; `*` as method fits every one. */
export function createRouter(routes: readonly Route[]): (request: Request) => Routed {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }))
  return (request) => {
    const url = new URL(request.url)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const allowed = new Set<string>()
    for (const { route, pattern } of compiled) {
      const found = pattern.exec(url.pathname)
      if (found === null) continue
      if (route.method !== '*' && route.method !== method) {
        allowed.add(route.method)
        continue
      }
      const params = decoded(found.groups ?? {})
      if (params === undefined) break
      return {
        route: route.path,
        answer: async () => route.handle(request, { url, params }),
      }
    }
    const [status, headers] =
      allowed.size === 0 ? [404, {}] : [405, { allow: [...allowed].join(', ') }]
    return {
      route: 'none',
      answer: async () => new Response(null, { status, headers }),
    }
  }
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part === '*') return '.*'
    if (part.startsWith(':')) return `(?<${part.slice(1)}>[^/]+)`
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('/')}$`)
}

function decoded(
  groups: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
  } catch {
    return undefined
  }
}
