import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { type Client, clientOf } from './client.ts'
import type { PresentationServerOptions } from './types.ts'

/** The options of a server, looked at. */
export interface Settings {
  readonly options: PresentationServerOptions
  /** Without a slash at its end. */
  readonly url: string
  readonly walletUrl: string
  readonly haip: boolean
  readonly lifetime: number
  readonly now: () => Date
  /** Read once; what is wrong with it is thrown by the first to ask. */
  client(): Promise<Client>
}

const required = ['verifier', 'url', 'clientId', 'seal', 'responses', 'returnTo'] as const

/** @throws TypeError where an option is missing or makes no sense */
export function settingsOf(options: PresentationServerOptions): Settings {
  for (const name of required) {
    if (options[name] === undefined) throw new TypeError(`a presentation server needs ${name}`)
  }
  const { url, returnTo, clientId, origins = [], lifetime = 600 } = options
  const haip = options.haip === true
  const insecure = options[allowInsecureLoopback] === true
  for (const each of [url, returnTo]) {
    if (!isWebUrl(each, insecure)) throw new TypeError('url and returnTo are https URLs')
  }
  if (/[?#]/.test(url)) throw new TypeError('url has no query and no fragment')
  if (!origins.every((origin) => isCallerOrigin(origin, insecure))) {
    throw new TypeError(
      'origins are https origins (scheme, host and port alone), or those of apps as the platform says them',
    )
  }
  if (!(lifetime > 0 && lifetime <= 86_400))
    throw new TypeError('lifetime is in seconds, a day at most')
  if (clientId.prefix !== 'redirect_uri' && typeof clientId.signer?.sign !== 'function') {
    throw new TypeError('this client identifier needs a signer')
  }
  if (haip && (clientId.prefix !== 'x509_hash' || clientId.signer.algorithm !== 'ES256')) {
    throw new TypeError('HAIP signs requests by ES256 as x509_hash')
  }
  const { host } = new URL(url)
  let client: Promise<Client> | undefined
  return {
    options,
    url: url.replace(/\/+$/, ''),
    walletUrl: options.walletUrl ?? (haip ? 'haip-vp://' : 'openid4vp://'),
    haip,
    lifetime,
    now: options.now ?? (() => new Date()),
    client: () => {
      client ??= clientOf(clientId, { host: host.replace(/:\d+$/, '') })
      return client
    },
  }
}

/** Whether it is an https URL; with the weakening also a plain one to this machine. */
export function isWebUrl(text: unknown, insecure: boolean): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (insecure && protocol === 'http:' && loopback)
}

/** Schemes of what is no page and no app: plain or no transport, scripts, files, other schemes in disguise. */
const never: ReadonlySet<string> = new Set(
  'about blob content data file filesystem ftp http intent javascript origin vbscript view-source ws wss'
    .split(' ')
    .map((scheme) => `${scheme}:`),
)

/**
 * Whether a text is the origin of a page (https), or of an app in the words of its platform
 * (`android:apk-key-hash:…`), which is opaque: compared as it is, and never taken apart.
 *
 * @see OpenID4VP 1.0 section 2 (Origin) and appendix A.2
 */
export function isCallerOrigin(text: unknown, insecure: boolean): text is string {
  if (typeof text !== 'string' || !/^[a-z][a-z\d+.-]*:[\x21-\x7e]{1,1980}$/.test(text)) return false
  if (/^https?:/.test(text)) return isWebUrl(text, insecure) && new URL(text).origin === text
  return !never.has(text.slice(0, text.indexOf(':') + 1))
}

/** Whether an address leads to an app by a scheme of its own, as far as that is no danger by itself. */
export function isAppUri(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > 8192 || !URL.canParse(text)) return false
  const { protocol } = new URL(text)
  return protocol !== 'https:' && !never.has(protocol)
}
