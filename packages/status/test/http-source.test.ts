import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  checkStatus,
  type HttpStatusSourceOptions,
  httpStatusSource,
  memoryStatusStore,
  tokenStatusList,
} from '@asoba/status'
import { describe, expect, test } from 'vitest'
import { codesOf, nation, now, optionsFor, uri } from './nation.ts'

interface Asked {
  readonly url: string
  readonly init: RequestInit
}

/** A host that answers with `body`, and a clock that the test moves. */
function host(
  body: () => string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  more: Partial<HttpStatusSourceOptions> = {},
) {
  const asked: Asked[] = []
  const clock = { now: now.getTime() }
  const source = httpStatusSource({
    fetch: async (input, init = {}) => {
      asked.push({ url: String(input), init })
      return new Response(body() as BodyInit, {
        headers: { 'content-type': 'application/statuslist+jwt', ...headers },
      })
    },
    now: () => new Date(clock.now),
    ...more,
  })
  return { asked, clock, source, pass: (seconds: number) => (clock.now += seconds * 1000) }
}

const token = (claims: object): string =>
  `e30.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.AA`

const inSeconds = (seconds: number): number => Math.floor(now.getTime() / 1000) + seconds

describe('fetching a status list', () => {
  test('asks for the whole list and tells the host nothing more', async () => {
    const { asked, source } = host(() => 'list')
    await source.get(uri, { maxAge: 5 })
    expect(asked.map(({ url }) => url)).toEqual([uri])
    const { signal, ...init } = asked[0]?.init ?? {}
    expect(signal).toBeInstanceOf(AbortSignal)
    expect(init).toEqual({
      headers: { accept: 'application/statuslist+jwt, application/vc+jwt' },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    })
  })

  test('asks alike for whichever entry is checked, and once for many', async () => {
    const home = await nation()
    const list = tokenStatusList({
      uri,
      size: 1024,
      bits: 1,
      ttl: 300,
      lifetime: 3600,
      store: memoryStatusStore(),
      signer: home.signer,
    })
    const entries = await list.allocate(5)
    const { body } = await list.publish({ now })
    const { asked, source } = host(() => body)
    const results = await Promise.all(
      entries.map((entry) => checkStatus([entry], optionsFor(home, source))),
    )
    expect(results.flatMap(codesOf)).toEqual([])
    expect(asked.map(({ url }) => url)).toEqual([uri])
  })

  test.each([
    'http://registry.example/status/1',
    'http://localhost/status/1',
    'https://user@registry.example/status/1',
    'https://registry.example/status/1#94567',
    'file:///etc/hosts',
    'data:text/plain,x',
    'status/1',
    '',
  ])('refuses %s without asking anybody', async (address) => {
    const { asked, source } = host(() => 'list')
    await expect(source.get(address, {})).rejects.toMatchObject({ code: 'status.unavailable' })
    expect(asked).toEqual([])
  })

  test('takes plain http from this machine only, and only where that is switched on by name', async () => {
    const { source } = host(() => 'list', {}, { [allowInsecureLoopback]: true })
    for (const name of ['localhost', '127.0.0.1:8080', '[::1]:1']) {
      await expect(source.get(`http://${name}/1`, {})).resolves.toBeDefined()
    }
    for (const name of ['registry.example', 'localhost.example', '127.0.0.1.example', '10.0.0.1']) {
      await expect(source.get(`http://${name}/1`, {})).rejects.toThrow()
    }
  })

  test.each([
    [404, {}],
    [500, {}],
    [304, {}],
    [302, { location: 'https://elsewhere.example' }],
  ])('refuses an answer of status %i', async (status, headers) => {
    const source = httpStatusSource({
      fetch: async () => new Response(null, { status, headers }),
    })
    await expect(source.get(uri, {})).rejects.toMatchObject({ code: 'status.unavailable' })
  })

  test('refuses what came by a redirect, though the given fetch followed it', async () => {
    const response = new Response('list')
    Object.defineProperty(response, 'redirected', { value: true })
    const source = httpStatusSource({ fetch: async () => response })
    await expect(source.get(uri, {})).rejects.toMatchObject({ code: 'status.unavailable' })
  })

  test('stops reading at the limit', async () => {
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++
        controller.enqueue(new Uint8Array(1000))
      },
    })
    const source = httpStatusSource({ fetch: async () => new Response(endless), maxBytes: 10_000 })
    await expect(source.get(uri, {})).rejects.toMatchObject({ code: 'status.unavailable' })
    expect(sent).toBeLessThan(20)
  })

  test('says that the network failed, and tries again the next time', async () => {
    let works = false
    const source = httpStatusSource({
      fetch: async () => {
        if (!works) throw new TypeError('no route to 203.0.113.7')
        return new Response('list')
      },
    })
    await expect(source.get(uri, {})).rejects.toMatchObject({ code: 'network.failed' })
    works = true
    await expect(source.get(uri, {})).resolves.toBeDefined()
  })

  test('one that gives up does not end the fetch of the others', async () => {
    let answer: (response: Response) => void = () => undefined
    const source = httpStatusSource({
      fetch: () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    const gone = new AbortController()
    const first = source.get(uri, { signal: gone.signal })
    const second = source.get(uri, {})
    gone.abort()
    await expect(first).rejects.toMatchObject({ code: 'network.failed' })
    answer(new Response('list'))
    await expect(second).resolves.toBeDefined()
  })
})

describe('keeping a status list', () => {
  /** Seconds after which the host is asked again, by trying each. */
  async function keptFor(
    claims: object,
    headers: Readonly<Record<string, string>> = {},
    tries: readonly number[] = [29, 31, 59, 61, 299, 301, 3599, 3601, 43_199, 43_201],
  ): Promise<number> {
    const { asked, clock, source } = host(() => token(claims), headers)
    await source.get(uri, {})
    for (const seconds of tries) {
      clock.now = now.getTime() + seconds * 1000
      await source.get(uri, {})
      if (asked.length > 1) return seconds
    }
    return Number.POSITIVE_INFINITY
  }

  test('as long as its ttl says, whatever the header says', async () => {
    expect(await keptFor({ ttl: 300 })).toBe(301)
    expect(await keptFor({ ttl: 300 }, { 'cache-control': 'public, max-age=3600' })).toBe(301)
  })

  test('as long as the header says, where there is no ttl', async () => {
    expect(await keptFor({}, { 'cache-control': 'public, max-age=60' })).toBe(61)
    expect(await keptFor({}, { 'cache-control': 's-max-age=3600' })).toBe(31)
    expect(await keptFor({})).toBe(31)
  })

  test('never past its expiry', async () => {
    expect(await keptFor({ ttl: 3600, exp: inSeconds(59) })).toBe(59)
  })

  test('the ttl of a list credential is in milliseconds, its expiry a date', async () => {
    expect(await keptFor({ credentialSubject: { ttl: 300_000 } })).toBe(301)
    const validUntil = new Date(now.getTime() + 61_000).toISOString()
    expect(await keptFor({ credentialSubject: { ttl: 300_000 }, validUntil })).toBe(61)
  })

  test('no list makes itself asked for at every moment, or never again', async () => {
    expect(await keptFor({ ttl: 0.001 })).toBe(31)
    expect(await keptFor({ ttl: 60, exp: inSeconds(-10) })).toBe(61)
    expect(await keptFor({ ttl: 1e9 })).toBe(43_201)
  })

  test('gives nothing older than asked for', async () => {
    const { asked, pass, source } = host(() => token({ ttl: 3600 }))
    await source.get(uri, {})
    pass(100)
    await source.get(uri, { maxAge: 100 })
    expect(asked.length).toBe(1)
    await source.get(uri, { maxAge: 99 })
    expect(asked.length).toBe(2)
  })

  test('forgets the oldest where there are too many', async () => {
    const { asked, source } = host(() => token({ ttl: 3600 }), {}, { maxEntries: 2 })
    for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await source.get(uri + name, {})
    expect(asked.map(({ url }) => url.at(-1))).toEqual(['a', 'b', 'c', 'a'])
  })
})
