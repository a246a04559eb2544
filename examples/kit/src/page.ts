import { type Html, html } from './html.ts'

/** Languages of the pages; the first is the one when nothing is known of the reader. */
export type Language = 'be' | 'en'

/** A text in both languages. */
export interface Text {
  readonly be: string
  readonly en: string
}

/** What a page is made of. */
export interface PageOptions {
  readonly service: Text
  readonly title: Text
  /** The page in the language of the reader. */
  readonly main: (say: (text: Text) => string) => Html
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Cookies to set, whole. */
  readonly cookies?: readonly string[]
  /** Scripts of our own, by path. */
  readonly scripts?: readonly string[]
  /** Where the links to the other language lead; to the page itself when left out. */
  readonly path?: string
  /** Whether the header names the languages; not on pages that a form led to and that go once. */
  readonly languages?: boolean
}

/** The reader's language: what was chosen, what was chosen before, what the browser asks for. */
export function languageOf(request: Request): Language {
  const asked = new URL(request.url).searchParams.get('lang')
  const known = (value: string | null | undefined): value is Language =>
    value === 'be' || value === 'en'
  if (known(asked)) return asked
  const cookie = cookieOf(request, 'lang')
  if (known(cookie)) return cookie
  for (const part of (request.headers.get('accept-language') ?? '').split(',')) {
    const language = part.trim().slice(0, 2).toLowerCase()
    if (known(language)) return language
  }
  return 'be'
}

/** A cookie of the request. */
export function cookieOf(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/**
 * A cookie to set: for this host alone, not for scripts. `Lax` comes along when a wallet sends
 * the browser back by a link; `Strict` does not.
 */
export function cookie(
  name: string,
  value: string,
  options: {
    readonly origin: string
    readonly maxAge: number
    readonly sameSite: 'Lax' | 'Strict'
  },
): string {
  const secure = options.origin.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${options.sameSite}; Max-Age=${options.maxAge}${secure}`
}

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Headers of everything that people see. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

/** A whole page, in the reader's language. */
export function page(request: Request, options: PageOptions): Response {
  const language = languageOf(request)
  const say = (text: Text): string => text[language]
  const { service, title, main, scripts = [], languages = true } = options
  const url = new URL(request.url)
  const path = options.path ?? url.pathname
  const link = (to: Language, name: string): Html =>
    to === language
      ? html`<li><span aria-current="true">${name}</span></li>`
      : html`<li><a href="${path}?lang=${to}" lang="${to}" hreflang="${to}">${name}</a></li>`
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say(title)} · ${say(service)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/style.css">
${scripts.map((src) => html`<script type="module" src="${src}"></script>`)}
</head>
<body>
<a class="skip" href="#main">${say({ be: 'Да зместу', en: 'Skip to content' })}</a>
<header>
<a class="name" href="/">${say(service)}</a>
${languages && html`<nav aria-label="${say({ be: 'Мова', en: 'Language' })}"><ul>${link('be', 'Беларуская')}${link('en', 'English')}</ul></nav>`}
</header>
<main id="main" tabindex="-1">
<h1>${say(title)}</h1>
${main(say)}
</main>
</body>
</html>
`
  const headers = new Headers({ ...pageHeaders, ...options.headers, 'content-language': language })
  for (const each of options.cookies ?? []) headers.append('set-cookie', each)
  if (url.searchParams.get('lang') !== null) {
    const { origin } = url
    headers.append(
      'set-cookie',
      cookie('lang', language, { origin, maxAge: 31_536_000, sameSite: 'Lax' }),
    )
  }
  return new Response(document.html, { status: options.status ?? 200, headers })
}

/** To another page, which the browser then gets by GET. */
export function seeOther(to: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: to, 'cache-control': 'no-store' })
  for (const each of cookies) headers.append('set-cookie', each)
  return new Response(null, { status: 303, headers })
}

/** The fields of a form that a page of ours sent; `undefined` where another site did. */
export async function formOf(
  request: Request,
  origin: string,
): Promise<URLSearchParams | undefined> {
  const from = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (
    from !== null
      ? from !== origin && !(from === 'null' && site === 'same-origin')
      : site !== null && site !== 'same-origin'
  ) {
    return undefined
  }
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return undefined
  return new URLSearchParams(await request.text())
}

/** JSON for machines. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}

/** Files that pages load, with their types. */
export function asset(body: string, contentType: string): Response {
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    },
  })
}
