import { isJsonObject, parseJson } from '@asoba/core'
import { parseDid } from './did-syntax.ts'
import { type DidMethod, failed } from './resolution.ts'
import { allowInsecureLoopback } from './unsafe.ts'
import { type FetchFile, fetchFile } from './webvh/fetch-file.ts'

/** How {@link webMethod} reaches the web. */
export interface WebMethodOptions {
  /** The platform's `fetch`, or one with the caller's own network rules. */
  readonly fetch: FetchFile
  /** Milliseconds at most; 5000 when left out. */
  readonly timeout?: number
  /** Bytes of a document at most; 256 KiB when left out. */
  readonly maxBytes?: number
  /** Also allow `localhost` and `127.0.0.1`, by plain http: for demos and tests on one machine. */
  readonly [allowInsecureLoopback]?: true
}

const mediaTypes = /^application\/(?:did|json|did\+json|ld\+json|did\+ld\+json) *(?:;|$)/i
const accept = 'application/did+ld+json, application/did+json, application/json;q=0.9'

/**
 * did:web: a document on a web host. Only https, only DNS names of two labels or more
 * in lower case, never an address; no redirects, no cookies, no referrer. A host
 * learns that somebody asks, so a verifier should resolve issuers only, and cache.
 *
 * @see https://w3c-ccg.github.io/did-method-web/
 */
export function webMethod(options: WebMethodOptions): DidMethod {
  const { fetch, timeout = 5000, maxBytes = 262_144 } = options
  return {
    name: 'web',
    async resolve({ did }, { signal, versionId, versionTime }) {
      if (versionId !== undefined || versionTime !== undefined) return failed('featureNotSupported')
      const url = didWebUrl(did, options)
      if (url === undefined) return failed('invalidDid')
      const timer = AbortSignal.timeout(timeout)
      const file = await fetchFile(url, {
        fetch,
        maxBytes,
        accept,
        signal: signal === undefined ? timer : AbortSignal.any([signal, timer]),
      })
      if (file.outcome !== 'found') {
        return failed(file.outcome === 'failed' ? 'internalError' : 'notFound')
      }
      if (!mediaTypes.test(file.mediaType)) return failed('representationNotSupported')
      const document = parseJson(file.bytes)
      if (!isJsonObject(document) || document['id'] !== did) return failed('invalidDidDocument')
      return { didDocument: document, didDocumentMetadata: {}, didResolutionMetadata: {} }
    },
  }
}

/** did:web by the platform's `fetch`. */
export const web: DidMethod = /* @__PURE__ */ webMethod({
  fetch: (url, init) => globalThis.fetch(url, init),
})

const label = '(?!-)[a-z0-9-]{1,63}(?<!-)'
// The last label has a letter: an URL parser takes a numeric one for an IPv4 address.
const hostSyntax = new RegExp(`^(?:${label}\\.)+(?=[a-z0-9-]*[a-z])(?!0x)(?!localhost$)${label}$`)
const loopback = /^(?:localhost|127\.0\.0\.1)$/

/**
 * Where the document of a did:web DID lies; `undefined` where it is none, or breaks a
 * rule for hosts or paths. An upper-case host is refused: two spellings of one
 * issuer would be two issuers in a trust policy.
 *
 * @see https://w3c-ccg.github.io/did-method-web/#read-resolve
 */
export function didWebUrl(
  did: string,
  options: { readonly [allowInsecureLoopback]?: true } = {},
): string | undefined {
  const { method, id = '' } = parseDid(did) ?? {}
  if (method !== 'web') return undefined
  // Read 1 to 3: colons become slashes, the port's colon is decoded.
  const [authority = '', ...path] = id.split(':')
  const [, host = '', portText] =
    /^([a-z0-9.-]+)(?:%3[Aa]([1-9][0-9]{0,4}))?$/.exec(authority) ?? []
  const insecure = options[allowInsecureLoopback] === true && loopback.test(host)
  if (!insecure && (host.length > 253 || !hostSyntax.test(host))) return undefined
  if (portText !== undefined && Number(portText) > 65_535) return undefined
  for (const segment of path) {
    let decoded: string
    try {
      decoded = decodeURIComponent(segment)
    } catch {
      return undefined
    }
    // Whoever serves the path may decode it: nothing may lead out of its folder.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are refused
    if (/^\.{0,2}$|[/\\?#%\x00-\x20\x7f]/.test(decoded)) return undefined
  }
  const port = portText === undefined ? '' : `:${portText}`
  // Read 4 to 6.
  const folder = path.length === 0 ? '.well-known' : path.join('/')
  return `${insecure ? 'http' : 'https'}://${host}${port}/${folder}/did.json`
}
