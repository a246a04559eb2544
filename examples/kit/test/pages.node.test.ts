import jsqr from 'jsqr'
import { describe, expect, test } from 'vitest'
import { html } from '../src/html.ts'
import { cookie, formOf, languageOf, page } from '../src/page.ts'
import { qrCode } from '../src/qr.ts'

const make = (url: string, headers: Record<string, string> = {}): Request =>
  new Request(url, { headers })
const shown = (request: Request, inside: string): Response =>
  page(request, {
    service: { be: 'Служба', en: 'Service' },
    title: { be: 'Назва', en: 'Title' },
    main: (say) => html`<p>${say({ be: 'Так', en: 'Yes' })} ${inside}</p>`,
    cookies: ['a=1', 'b=2'],
  })

describe('pages', () => {
  test('escape whatever is put into them', async () => {
    const text = await shown(make('https://a.example/'), `"><script>alert('1')</script>&`).text()
    expect(text).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;')
    expect(text).not.toContain('<script>alert')
  })

  test('speak the language that is chosen, was chosen, or is asked for', () => {
    expect(languageOf(make('https://a.example/'))).toBe('be')
    expect(languageOf(make('https://a.example/', { 'accept-language': 'fr, en-GB;q=0.8' }))).toBe(
      'en',
    )
    expect(languageOf(make('https://a.example/', { cookie: 'x=1; lang=en' }))).toBe('en')
    expect(languageOf(make('https://a.example/?lang=be', { cookie: 'lang=en' }))).toBe('be')
    expect(languageOf(make('https://a.example/?lang=xx'))).toBe('be')
  })

  test('run no script but our own, sit in no frame, and are kept by no cache', async () => {
    const answer = shown(make('https://a.example/?lang=en'), '')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.getSetCookie()).toHaveLength(3)
    const text = await answer.text()
    expect(text).toContain('<html lang="en">')
    expect(text).not.toMatch(/ style="| on[a-z]+="/)
  })

  test('cookies are secure where the origin is', () => {
    const options = { maxAge: 60, sameSite: 'Strict' } as const
    expect(cookie('a', 'b', { origin: 'https://a.example', ...options })).toBe(
      'a=b; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure',
    )
    expect(cookie('a', 'b', { origin: 'http://127.0.0.1:1', ...options })).not.toContain('Secure')
  })

  test('forms of other sites are not read', async () => {
    const post = (headers: Record<string, string>): Request =>
      new Request('https://a.example/', {
        method: 'POST',
        body: new URLSearchParams({ a: '1' }),
        headers,
      })
    const read = async (headers: Record<string, string>): Promise<string | null | undefined> =>
      (await formOf(post(headers), 'https://a.example'))?.get('a')
    expect(await read({ origin: 'https://a.example' })).toBe('1')
    expect(await read({})).toBe('1')
    expect(await read({ origin: 'https://b.example' })).toBe(undefined)
    expect(await read({ origin: 'null' })).toBe(undefined)
    expect(await read({ 'sec-fetch-site': 'cross-site' })).toBe(undefined)
    expect(await read({ 'content-type': 'text/plain' })).toBe(undefined)
  })
})

test('a QR code is read by another library', () => {
  const text = `openid4vp://?client_id=decentralized_identifier%3Adid%3Aweb%3Aa.example&request_uri=${'x'.repeat(80)}`
  const svg = qrCode(text, 'Код').html
  expect(svg).toContain('role="img" aria-label="Код"')
  expect(svg).not.toContain('style=')
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1])
  const scale = 4
  const width = size * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y] of modules(svg)) {
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < scale; dx++) {
        pixels.fill(
          0,
          ((y * scale + dy) * width + x * scale + dx) * 4,
          ((y * scale + dy) * width + x * scale + dx) * 4 + 3,
        )
      }
    }
  }
  expect(jsqr.default(pixels, width, width)?.data).toBe(text)
})

/** The dark modules of the path, each `h1v1H…` or `h1v1h-1`. */
function modules(svg: string): readonly (readonly [string, number, number])[] {
  const path = / d="([^"]+)"/.exec(svg)?.[1] ?? ''
  let x = 0
  let y = 0
  return [...path.matchAll(/([Mm])(-?[\d.]+)[ ,]?(-?[\d.]+)h1v1(?:h-1|H[\d.]+)Z/g)].map(
    ([whole, command, a, b]) => {
      x = command === 'M' ? Number(a) : x + Number(a)
      y = command === 'M' ? Number(b) : y + Number(b)
      return [whole, x, y] as const
    },
  )
}
