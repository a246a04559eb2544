import type { JsonObject } from '@asoba/core'
import { type FetchFile, fetchFile } from './fetch-file.ts'
import { isPublicUrl, type WebvhHostOptions } from './identifier.ts'
import type { WebvhResolution, WebvhVersionQuery } from './resolve-log.ts'
import { serviceOf, withImplicitServices } from './services.ts'

/** How {@link fetchWebvhResource} works. */
export interface WebvhResourceOptions extends WebvhHostOptions {
  /** Resolves the DID in the URL: the `resolve` of a DID resolver. */
  readonly resolve: (did: string, query: WebvhVersionQuery) => Promise<WebvhResolution>
  readonly fetch: FetchFile
  /** Bytes at most; 1 MiB when left out. */
  readonly maxBytes?: number
  /** Seconds; 30 when left out. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** A dereferencing result, in the shape of DID Resolution. */
export interface WebvhResource {
  /** `error` is `invalidDidUrl`, `notFound`, or that of the resolution. */
  readonly dereferencingMetadata: JsonObject
  /** The bytes as served: nothing about them was verified. */
  readonly content: Uint8Array | null
  readonly contentMetadata: JsonObject
}

// A DID, a path of RFC 3986 segments, and perhaps a query; no fragment.
const pathUrl =
  /^(did:webvh:[A-Za-z0-9._:%-]+)((?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+)(?:\?([^#]*))?$/

/**
 * Fetches what a DID URL with a path stands for: `/whois`, the presentation that the
 * controller publishes about itself, or a file beside the log. A `whois` presentation is
 * as untrusted as any other: verify it.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#did-url-path-resolution
 */
export async function fetchWebvhResource(
  didUrl: string,
  options: WebvhResourceOptions,
): Promise<WebvhResource> {
  const [, did, path, query] = (didUrl.length <= 4096 && pathUrl.exec(didUrl)) || []
  if (did === undefined || path === undefined || climbs(path)) return nothing('invalidDidUrl')
  // 1: the document.
  const resolution = await options.resolve(did, versionOf(query ?? ''))
  const { didDocument, didResolutionMetadata } = resolution
  if (didDocument === null) return nothing(String(didResolutionMetadata['error'] ?? 'notFound'))
  // 2 and 3: the service, of the document or implied.
  const url = webvhResourceUrl(didDocument, path, options)
  if (url === undefined) return nothing('invalidDid')
  const deadline = AbortSignal.timeout((options.timeout ?? 30) * 1000)
  const file = await fetchFile(url, {
    fetch: options.fetch,
    maxBytes: options.maxBytes ?? 1024 * 1024,
    signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]),
    accept: path === '/whois' ? 'application/vp, */*' : '*/*',
  })
  if (file.outcome !== 'found') return nothing('notFound')
  return {
    dereferencingMetadata: { contentType: file.mediaType },
    content: file.bytes,
    contentMetadata: {},
  }
}

/**
 * Where a DID URL path leads by the services of a document; `undefined` where that is no
 * https URL with a host name.
 */
export function webvhResourceUrl(
  document: JsonObject,
  path: string,
  options: WebvhHostOptions = {},
): string | undefined {
  const complete = withImplicitServices(document, options)
  const whois = path === '/whois'
  const endpoint = serviceOf(complete, whois ? 'whois' : 'files')?.['serviceEndpoint']
  if (typeof endpoint !== 'string' || climbs(path)) return undefined
  const url = whois ? endpoint : `${endpoint.replace(/\/$/, '')}${path}`
  return isPublicUrl(url, options) ? url : undefined
}

/** Whether a segment, decoded, would lead out of the folder. */
function climbs(path: string): boolean {
  return path.split('/').some((segment) => {
    try {
      const decoded = decodeURIComponent(segment)
      return decoded === '.' || decoded === '..' || /[/\\\0]/.test(decoded)
    } catch {
      return true
    }
  })
}

function versionOf(query: string): WebvhVersionQuery {
  const given = new URLSearchParams(query)
  const versionId = given.get('versionId')
  const versionTime = given.get('versionTime')
  const number = given.get('versionNumber')
  return {
    ...(versionId === null ? {} : { versionId }),
    ...(versionTime === null ? {} : { versionTime }),
    ...(number === null ? {} : { versionNumber: /^\d{1,9}$/.test(number) ? Number(number) : 0 }),
  }
}

function nothing(error: string): WebvhResource {
  return { dereferencingMetadata: { error }, content: null, contentMetadata: {} }
}
