import {
  isJsonObject,
  type Json,
  type Jwk,
  parseJson,
  problem,
  readBounded,
  refused,
  type Verified,
} from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'

/** Options of {@link issuerMetadata}. */
export interface IssuerMetadataOptions {
  /** The only way to the network. It decides which hosts may be reached at all. */
  readonly fetch: typeof globalThis.fetch
  /** Bytes of a document at most; 64 KiB when left out. */
  readonly maxBytes?: number
  /** Issuers kept at most; 64 when left out. */
  readonly maxEntries?: number
  /** Seconds that keys are kept at most, whatever the issuer says; one hour when left out. */
  readonly maxAge?: number
  /** Milliseconds for one answer; 10 s when left out. */
  readonly timeout?: number
  /** The clock of the cache; the system's when left out. */
  readonly now?: () => Date
  /** Plain http to this machine, for demos and tests. */
  readonly [allowInsecureLoopback]?: boolean
}

type Keys = Verified<{ readonly keys: readonly Jwk[] }>

const maxKeys = 64

/**
 * Finds the keys of an https issuer by its JWT VC issuer metadata: `/.well-known/jwt-vc-issuer`
 * between host and path, `issuer` exactly the same, keys in it or at `jwks_uri`. Only https, no
 * redirects, bounded in size, time and number; kept as long as the answer allows and no longer
 * than `maxAge`. Keys of kinds that we do not know are left out. Never throws but where `signal` or
 * an option is a programmer's mistake.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/ section 3
 */
export function issuerMetadata(
  options: IssuerMetadataOptions,
): (
  issuer: string,
  call?: { readonly signal?: AbortSignal },
) => Promise<Verified<{ readonly keys: readonly Jwk[] }>> {
  const { maxEntries = 64, maxAge = 3600, now = () => new Date() } = options
  const kept = new Map<string, { readonly keys: Keys; readonly until: number }>()
  return async (issuer, { signal } = {}) => {
    const found = kept.get(issuer)
    const at = now().getTime()
    if (found !== undefined && at < found.until) return found.keys
    kept.delete(issuer)
    const { keys, age } = await load(issuer, options, signal)
    const seconds = Math.min(age, maxAge)
    if (keys.verified && seconds > 0) {
      kept.set(issuer, { keys, until: at + seconds * 1000 })
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries) break
        kept.delete(oldest)
      }
    }
    return keys
  }
}

/** Seconds for which an answer serves that says nothing of it. */
const defaultAge = 300

async function load(
  issuer: string,
  options: IssuerMetadataOptions,
  signal: AbortSignal | undefined,
): Promise<{ readonly keys: Keys; readonly age: number }> {
  const address = metadataUrl(issuer, options)
  if (address === undefined) return invalid('the issuer is no https URL of plain host and path')
  const answer = await get(address, ['application/json'], options, signal)
  if (typeof answer === 'string') return unavailable(answer)
  const { issuer: named, jwks, jwks_uri: uri } = answer.document
  // Section 3.3: what another issuer says of itself is of no use here.
  if (named !== issuer) return invalid('the metadata are of another issuer')
  if ((jwks === undefined) === (uri === undefined)) {
    return invalid('the metadata have both jwks and jwks_uri, or neither')
  }
  if (uri === undefined) return { keys: keysOf(jwks), age: answer.age }
  if (typeof uri !== 'string' || !isSecure(uri, options)) return invalid('jwks_uri is no https URL')
  const types = ['application/json', 'application/jwk-set+json']
  const set = await get(uri, types, options, signal)
  if (typeof set === 'string') return unavailable(set)
  return { keys: keysOf(set.document), age: Math.min(set.age, answer.age) }
}

/** Section 3: the well-known part goes between host and path, a final `/` goes. */
function metadataUrl(issuer: string, options: IssuerMetadataOptions): string | undefined {
  if (!isSecure(issuer, options) || issuer.includes('?')) return undefined
  const { origin, pathname, href } = new URL(issuer)
  // A URL that is written otherwise than it is read could name one issuer and reach another.
  if (href !== issuer && href !== `${issuer}/`) return undefined
  return `${origin}/.well-known/jwt-vc-issuer${pathname.replace(/\/$/, '')}`
}

function isSecure(address: string, options: IssuerMetadataOptions): boolean {
  if (!URL.canParse(address) || address.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return (
    protocol === 'https:' ||
    (options[allowInsecureLoopback] === true && loopback && protocol === 'http:')
  )
}

async function get(
  address: string,
  types: readonly string[],
  { fetch, maxBytes = 65_536, timeout = 10_000 }: IssuerMetadataOptions,
  signal: AbortSignal | undefined,
): Promise<
  { readonly document: { readonly [name: string]: Json }; readonly age: number } | string
> {
  const limit = AbortSignal.timeout(timeout)
  let bytes: Uint8Array | undefined
  let response: Response
  try {
    response = await fetch(address, {
      headers: { accept: types.join(', ') },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    if (response.status !== 200 || response.redirected) {
      await response.body?.cancel()
      return 'the issuer did not answer with its metadata'
    }
    bytes = await readBounded(response.body, maxBytes)
  } catch {
    // What fetch says may quote the address.
    return 'the issuer could not be reached'
  }
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (!types.includes(mediaType ?? '')) return 'the answer is of another media type'
  const document = bytes && parseJson(bytes)
  if (!isJsonObject(document)) return 'the answer is no JSON object, or too large'
  return { document, age: ageOf(response.headers.get('cache-control')) }
}

function ageOf(cacheControl: string | null): number {
  if (cacheControl === null) return defaultAge
  if (/(?:^|[\s,])no-(?:store|cache)(?:[\s,=]|$)/i.test(cacheControl)) return 0
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/i.exec(cacheControl) ?? []
  return seconds === undefined ? defaultAge : Number(seconds)
}

function keysOf(jwks: Json | undefined): Keys {
  const keys = isJsonObject(jwks) ? jwks['keys'] : undefined
  if (!Array.isArray(keys) || keys.length > maxKeys) {
    return refused([problem('issuer.metadata-invalid', 'the key set is malformed or too large')])
  }
  const known = keys.map(validatePublicJwk).filter((key) => key !== undefined)
  if (known.length === 0) {
    return refused([problem('issuer.key-not-found', 'the key set has no key of a known kind')])
  }
  return { verified: true, checks: [], keys: known }
}

function invalid(detail: string): { readonly keys: Keys; readonly age: number } {
  return { keys: refused([problem('issuer.metadata-invalid', detail)]), age: 0 }
}

function unavailable(detail: string): { readonly keys: Keys; readonly age: number } {
  return { keys: refused([problem('issuer.key-not-found', detail)]), age: 0 }
}
