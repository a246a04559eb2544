/** A request that makes no sense, or not here. */
export interface Garbage {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const deep = '['.repeat(5000)
const texts = [
  '',
  'planted-garbage',
  '\u0000\u0001\uffff',
  '../../../../etc/passwd',
  `${'A'.repeat(40_000)}`,
  "' or 1=1 --",
  '<script>planted-garbage</script>',
  '%00%ff%',
  'null',
]
const bodies: readonly (readonly [type: string, body: string])[] = [
  ['application/json', ''],
  ['application/json', 'null'],
  ['application/json', '[]'],
  ['application/json', '{"__proto__":{"a":1}}'],
  ['application/json', deep],
  ['application/json', '{"planted-garbage":'],
  ['application/jwt', 'a.b.c.d.e'],
  ['text/plain', 'planted-garbage'],
  ['multipart/form-data; boundary=x', '--x\r\n\r\nplanted-garbage'],
]

/**
 * Requests to everything a service answers: each path by each method, and with each of the
 * fields of its forms, parameters and cookies filled with nonsense.
 */
export function garbageFor(options: {
  readonly paths: readonly string[]
  readonly fields: readonly string[]
  readonly cookies: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}): readonly Garbage[] {
  const { paths, fields, cookies, headers = {} } = options
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
  const all: Garbage[] = []
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) {
      all.push({ method, path, headers })
    }
    for (const [type, body] of bodies) {
      all.push({ method: 'POST', path, headers: { ...headers, 'content-type': type }, body })
    }
    for (const text of texts) {
      const filled = new URLSearchParams(fields.map((name) => [name, text])).toString()
      const cookie = cookies.map((name) => `${name}=${encodeURIComponent(text)}`).join('; ')
      const query = encodeURIComponent(text.slice(0, 2000))
      all.push(
        { method: 'POST', path, headers: form, body: filled },
        { method: 'POST', path, headers: form, body: `${filled}&${filled}` },
        { method: 'GET', path: `${path}?lang=${query}&response_code=${query}`, headers },
        { method: 'GET', path: `${path}/${query}`, headers },
        { method: 'GET', path, headers: { ...headers, cookie: cookie.slice(0, 8000) } },
        {
          method: 'POST',
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(Object.fromEntries(fields.map((name) => [name, text]))),
        },
        {
          method: 'POST',
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(
            Object.fromEntries(fields.map((name) => [name, { [text]: [text] }])),
          ),
        },
      )
    }
  }
  return all
}

/** Sends them, a few at a time; those that were answered by 500 or more, or not at all. */
export async function survivorsOf(
  origin: string,
  garbage: readonly Garbage[],
): Promise<readonly string[]> {
  const faults: string[] = []
  const queue = garbage.entries()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const [index, { method, path, headers, body }] of queue) {
        const init = { method, headers, redirect: 'manual' as const, ...(body && { body }) }
        const status = await fetch(origin + path, init).then(
          async (response) => {
            await response.arrayBuffer()
            return response.status
          },
          () => 0,
        )
        if (status === 0 || status >= 500) {
          faults.push(`${status} ${method} ${path.slice(0, 60)} (${index}) ${body?.slice(0, 60)}`)
        }
      }
    }),
  )
  return faults
}
