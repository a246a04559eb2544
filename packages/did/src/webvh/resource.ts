import type { Json, JsonObject } from '@asoba/core'
import { parseDidUrl } from '../did-syntax.ts'
import type { AnyDidResolver } from '../resolution.ts'
import { judged } from '../resolver.ts'
import { type FetchFile, fetchFile } from './fetch-file.ts'
import { isPublicUrl, type WebvhHostOptions } from './identifier.ts'
import { serviceOf, withImplicitServices } from './services.ts'

/** How {@link fetchWebvhResource} works. */
export interface WebvhResourceOptions extends WebvhHostOptions {
  readonly fetch: FetchFile
  /** Bytes at most; 1 MiB when left out. */
  readonly maxBytes?: number
  /** Milliseconds at most for the file; 5000 when left out. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** A dereferencing result, in the shape of DID Resolution. */
export interface WebvhResource {
  /** `error` is `invalidDidUrl`, `notFound`, or that of the resolution. */
  readonly dereferencingMetadata: { readonly contentType?: string; readonly error?: string }
  /** The bytes as served: nothing about them was verified. */
  readonly content: Uint8Array | null
  readonly contentMetadata: Readonly<Record<string, Json>>
}

/**
 * Fetches what a DID URL with a path stands for: `/whois`, the presentation that the
 * controller publishes about itself, or a file beside the log. A `whois` presentation is
 * as untrusted as any other: verify it.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#did-url-path-resolution
 */
export async function fetchWebvhResource(
  resolver: AnyDidResolver,
  didUrl: string,
  options: WebvhResourceOptions,
): Promise<WebvhResource> {
  const { fetch, maxBytes = 1_048_576, timeout = 5000, signal } = options
  const { method, did = '', path = '', query = '', fragment } = parseDidUrl(didUrl) ?? {}
  if (method !== 'webvh' || path === '' || fragment !== undefined) return nothing('invalidDidUrl')
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'))
  const versionId = parameters.get('versionId')
  const versionTime = parameters.get('versionTime')
  // 1: the document.
  const { didDocument, didResolutionMetadata } = await resolver
    .resolve(did, {
      ...(versionId !== null && { versionId }),
      ...(versionTime !== null && { versionTime }),
      ...(signal !== undefined && { signal }),
    })
    .then((result) => judged(did, result))
    .catch(() => judged(did, {}))
  if (didDocument === null) return nothing(didResolutionMetadata.error ?? 'notFound')
  // 2 and 3: the service, of the document or implied.
  const url = webvhResourceUrl(didDocument as JsonObject, path, options)
  if (url === undefined) return nothing('invalidDid')
  const timer = AbortSignal.timeout(timeout)
  const file = await fetchFile(url, {
    fetch,
    maxBytes,
    accept: path === '/whois' ? 'application/vp, */*' : '*/*',
    signal: signal === undefined ? timer : AbortSignal.any([signal, timer]),
  })
  if (file.outcome !== 'found') {
    return nothing(file.outcome === 'failed' ? 'internalError' : 'notFound')
  }
  const dereferencingMetadata = { contentType: file.mediaType }
  return { dereferencingMetadata, content: file.bytes, contentMetadata: {} }
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

function nothing(error: string): WebvhResource {
  return { dereferencingMetadata: { error }, content: null, contentMetadata: {} }
}
