import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { describe, expect, test } from 'vitest'
import { type IssuerMetadataOptions, issuerMetadata } from '../src/index.ts'
import { codes, issuerKey } from './fixtures.ts'

interface Answer {
  readonly body?: unknown
  readonly text?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A web of constant answers, and the addresses that were asked for. */
function web(answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = []
  const requests: (RequestInit | undefined)[] = []
  const fetch: typeof globalThis.fetch = async (address, init) => {
    asked.push(String(address))
    requests.push(init)
    const answer = answers[String(address)]
    if (answer === undefined) throw new TypeError('fetch failed')
    return new Response(answer.text ?? JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json', ...answer.headers },
    })
  }
  return { fetch, asked, requests }
}

const jwks = { keys: [{ ...issuerKey.publicJwk, kid: 'key-1' }] }
const issuer = 'https://registry.example'
const address = `${issuer}/.well-known/jwt-vc-issuer`

async function find(
  answers: Readonly<Record<string, Answer>>,
  named = issuer,
  options: Partial<IssuerMetadataOptions> = {},
) {
  return issuerMetadata({ fetch: web(answers).fetch, ...options })(named)
}

describe('issuer metadata', () => {
  test('are found between host and path, and the keys in them', async () => {
    for (const [named, where] of [
      [issuer, address],
      ['https://registry.example/tenant/1234', `${address}/tenant/1234`],
      ['https://registry.example/tenant/1234/', `${address}/tenant/1234`],
      [
        'https://registry.example:8443/x',
        'https://registry.example:8443/.well-known/jwt-vc-issuer/x',
      ],
    ] as const) {
      expect(await find({ [where]: { body: { issuer: named, jwks } } }, named)).toMatchObject({
        verified: true,
        keys: [{ kid: 'key-1', x: issuerKey.publicJwk.x }],
      })
    }
  })

  test('may name a key set elsewhere', async () => {
    const uri = 'https://keys.example/set?v=1'
    const first = { body: { issuer, jwks_uri: uri } }
    for (const type of ['application/json', 'application/jwk-set+json; charset=utf-8']) {
      const set = { body: jwks, headers: { 'content-type': type } }
      expect((await find({ [address]: first, [uri]: set })).verified).toBe(true)
    }
    expect((await find({ [address]: first })).verified).toBe(false)
  })

  test('are asked for without cookies, referrer or redirects', async () => {
    const { fetch, requests } = web({ [address]: { body: { issuer, jwks } } })
    await issuerMetadata({ fetch })(issuer)
    expect(requests[0]).toMatchObject({
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
  })

  const bad: readonly [string, Answer, string][] = [
    [
      'of another issuer',
      { body: { issuer: 'https://other.example', jwks } },
      'issuer.metadata-invalid',
    ],
    [
      'of the issuer written otherwise',
      { body: { issuer: `${issuer}/`, jwks } },
      'issuer.metadata-invalid',
    ],
    ['without an issuer', { body: { jwks } }, 'issuer.metadata-invalid'],
    [
      'with jwks and jwks_uri',
      { body: { issuer, jwks, jwks_uri: 'https://k.example' } },
      'issuer.metadata-invalid',
    ],
    ['with neither', { body: { issuer } }, 'issuer.metadata-invalid'],
    [
      'with jwks_uri over http',
      { body: { issuer, jwks_uri: 'http://k.example' } },
      'issuer.metadata-invalid',
    ],
    ['with jwks_uri that is none', { body: { issuer, jwks_uri: 1 } }, 'issuer.metadata-invalid'],
    ['with a key set that is none', { body: { issuer, jwks: [] } }, 'issuer.metadata-invalid'],
    [
      'with too many keys',
      { body: { issuer, jwks: { keys: new Array(65).fill({}) } } },
      'issuer.metadata-invalid',
    ],
    [
      'with keys of unknown kinds',
      { body: { issuer, jwks: { keys: [{ kty: 'RSA' }] } } },
      'issuer.key-not-found',
    ],
    [
      'with a private key',
      { body: { issuer, jwks: { keys: [issuerKey.privateJwk] } } },
      'issuer.key-not-found',
    ],
    ['that are an error', { status: 404, body: { issuer, jwks } }, 'issuer.key-not-found'],
    [
      'that are a redirect',
      { status: 302, text: '', headers: { location: address } },
      'issuer.key-not-found',
    ],
    [
      'of another media type',
      { body: { issuer, jwks }, headers: { 'content-type': 'text/html' } },
      'issuer.key-not-found',
    ],
    ['that are no JSON', { text: '{' }, 'issuer.key-not-found'],
    [
      'that are too large',
      { body: { issuer, jwks, x: 'x'.repeat(70_000) } },
      'issuer.key-not-found',
    ],
  ]
  test.each(bad)('%s are refused', async (_what, answer, code) => {
    expect(codes(await find({ [address]: answer }))).toEqual([code])
  })

  test.each([
    'http://registry.example',
    'http://localhost:8080',
    'https://registry.example?x',
    'https://registry.example#x',
    'https://user:secret@registry.example',
    'https://REGISTRY.example',
    'https://registry.example:443',
    'https://registry.example/a/../b',
    'https://registry.example/%2e%2e/b',
    'did:web:registry.example',
    'registry.example',
    '',
  ])('nobody is asked about %j', async (named) => {
    const { fetch, asked } = web({})
    expect(codes(await issuerMetadata({ fetch })(named))).toEqual(['issuer.metadata-invalid'])
    expect(asked).toEqual([])
  })

  test('may come over plain http from this machine, where that is allowed by name', async () => {
    const named = 'http://localhost:8080'
    const answers = { [`${named}/.well-known/jwt-vc-issuer`]: { body: { issuer: named, jwks } } }
    expect((await find(answers, named)).verified).toBe(false)
    expect((await find(answers, named, { [allowInsecureLoopback]: true })).verified).toBe(true)
    const other = await find(answers, 'http://registry.example', { [allowInsecureLoopback]: true })
    expect(other.verified).toBe(false)
  })

  test('are kept as long as they may be, and no failure is', async () => {
    let at = 0
    const now = () => new Date(at)
    const answers: Record<string, Answer> = {}
    const { fetch, asked } = web(answers)
    const look = issuerMetadata({ fetch, now, maxAge: 100 })
    expect((await look(issuer)).verified).toBe(false)
    answers[address] = {
      body: { issuer, jwks },
      headers: { 'cache-control': 'public, max-age=5000' },
    }
    expect((await look(issuer)).verified).toBe(true)
    at = 99_999
    await look(issuer)
    expect(asked).toHaveLength(2)
    at = 100_000
    await look(issuer)
    expect(asked).toHaveLength(3)
  })

  test('are not kept where they say so, nor more of them than told', async () => {
    const named = (n: number) => `https://r${n}.example`
    const answers = Object.fromEntries(
      [0, 1, 2].map((n) => [
        `${named(n)}/.well-known/jwt-vc-issuer`,
        {
          body: { issuer: named(n), jwks },
          headers: n === 2 ? { 'cache-control': 'no-store' } : {},
        },
      ]),
    )
    const { fetch, asked } = web(answers)
    const look = issuerMetadata({ fetch, maxEntries: 1 })
    for (const n of [2, 2, 0, 1, 1, 0]) await look(named(n))
    expect(asked).toHaveLength(5)
  })

  test('are given up when the caller gives up', async () => {
    const fetch: typeof globalThis.fetch = (_address, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      })
    const controller = new AbortController()
    const looking = issuerMetadata({ fetch })(issuer, { signal: controller.signal })
    controller.abort()
    expect(codes(await looking)).toEqual(['issuer.key-not-found'])
    expect(codes(await issuerMetadata({ fetch, timeout: 5 })(issuer))).toEqual([
      'issuer.key-not-found',
    ])
  })
})
