import {
  AsobaError,
  fromBase64url,
  isJsonObject,
  parseJson,
  readBounded,
  type StatusSource,
} from '@asoba/core'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { StatusDocument } from './mechanism.ts'

/** Options of {@link httpStatusSource}. */
export interface HttpStatusSourceOptions {
  /** The only way to the network: `fetch`, or one that goes through a relay. */
  readonly fetch: typeof globalThis.fetch
  /** Bytes of an answer at most; 8 MiB when left out. */
  readonly maxBytes?: number
  /** Lists kept at most; 64 when left out. */
  readonly maxEntries?: number
  /** Seconds that a list is kept at least, whatever it says; 30 when left out. */
  readonly minAge?: number
  /** Seconds that a list is kept at most, whatever it says; 12 hours when left out. */
  readonly maxAge?: number
  /** Milliseconds for one answer; 10 s when left out. */
  readonly timeout?: number
  /** The clock; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine, for demos and tests. */
  readonly [allowInsecureLoopback]?: boolean
}

interface Kept {
  readonly document: StatusDocument
  /** Milliseconds. */
  readonly until: number
}

/**
 * Fetches whole status lists and keeps them. A request carries nothing of the credential, the
 * index least of all: no cookies, no referrer, one constant `Accept`; so the host of the list
 * learns that somebody looks, not at whom. Only https; redirects are refused; one fetch serves all
 * who wait for the same list. Kept as long as the list says (`ttl`, then the cache header), within
 * `minAge` and `maxAge`, and never past its expiry.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-13.7
 */
export function httpStatusSource(options: HttpStatusSourceOptions): StatusSource {
  const { maxEntries = 64, minAge = 30, maxAge: longest = 43_200, timeout = 10_000 } = options
  const { now = () => new Date() } = options
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<StatusDocument>>()

  async function load(uri: string): Promise<StatusDocument> {
    const response = await options.fetch(uri, {
      headers: { accept: 'application/statuslist+jwt, application/vc+jwt' },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    })
    if (response.status !== 200 || response.redirected) {
      await response.body?.cancel()
      throw new AsobaError('status.unavailable', 'the host did not answer with a status list')
    }
    const bytes = await readBounded(response.body, options.maxBytes ?? 8_388_608)
    if (bytes === undefined) {
      throw new AsobaError('status.unavailable', 'the status list is larger than the limit')
    }
    const fetchedAt = now()
    const mediaType = response.headers.get('content-type') ?? ''
    const document = { bytes, mediaType, fetchedAt }
    const says = lifetimeOf(bytes)
    const seconds = says.ttl ?? headerAge(response.headers.get('cache-control')) ?? minAge
    const start = fetchedAt.getTime()
    const until = start + Math.min(Math.max(seconds, minAge), longest) * 1000
    kept.delete(uri)
    // A list that was expired when it came is not asked for again at once either.
    const { expires = 0 } = says
    kept.set(uri, { document, until: expires > start ? Math.min(until, expires) : until })
    for (const oldest of kept.keys()) {
      if (kept.size <= maxEntries) break
      kept.delete(oldest)
    }
    return document
  }

  return {
    async get(uri, { signal, maxAge }) {
      checkAddress(uri, options[allowInsecureLoopback] === true)
      signal?.throwIfAborted()
      const at = now().getTime()
      const found = kept.get(uri)
      // Asked for nothing older than a moment ago, a list younger than `minAge` still serves.
      const oldest = maxAge === undefined ? undefined : Math.max(maxAge, minAge) * 1000
      if (
        found !== undefined &&
        at < found.until &&
        (oldest === undefined || at - found.document.fetchedAt.getTime() <= oldest)
      ) {
        return found.document
      }
      let loading = underWay.get(uri)
      if (loading === undefined) {
        loading = load(uri).finally(() => underWay.delete(uri))
        underWay.set(uri, loading)
      }
      try {
        return await (signal === undefined ? loading : orAborted(loading, signal))
      } catch (error) {
        if (error instanceof AsobaError) throw error
        throw new AsobaError('network.failed', 'the status list could not be fetched')
      }
    },
  }
}

function checkAddress(uri: string, insecureLoopback: boolean): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  const secure =
    url?.protocol === 'https:' || (insecureLoopback && loopback && url?.protocol === 'http:')
  // What follows `#` is never sent, and a user name in the address would be a name for somebody.
  if (!secure || uri.includes('#') || url?.username !== '' || url.password !== '') {
    throw new AsobaError('status.unavailable', 'the address of the status list is not https')
  }
}

/** One waiter gives up; the fetch goes on for the others. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new AsobaError('network.failed', 'the caller gave up'))
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/**
 * What the list says of its own lifetime, read before anything is verified: it only decides when
 * to fetch again, between the caller's bounds. A claim comes before a header (section 8.2).
 */
function lifetimeOf(bytes: Uint8Array): { readonly ttl?: number; readonly expires?: number } {
  const first = bytes.indexOf(0x2e)
  const part = bytes.subarray(first + 1, bytes.indexOf(0x2e, first + 1))
  const payload = fromBase64url(new TextDecoder().decode(part))
  const claims = payload && parseJson(payload, { maxLength: payload.length })
  if (!isJsonObject(claims)) return {}
  const { ttl, exp, validUntil, credentialSubject } = claims
  const expires = typeof exp === 'number' ? exp * 1000 : Date.parse(String(validUntil))
  // A bitstring status list counts its ttl in milliseconds.
  const milliseconds = isJsonObject(credentialSubject) ? credentialSubject['ttl'] : undefined
  const seconds = ttl ?? (typeof milliseconds === 'number' ? milliseconds / 1000 : undefined)
  return {
    ...(typeof seconds === 'number' && seconds > 0 && { ttl: seconds }),
    ...(expires > 0 && { expires }),
  }
}

function headerAge(cacheControl: string | null): number | undefined {
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/i.exec(cacheControl ?? '') ?? []
  return seconds === undefined ? undefined : Number(seconds)
}
