import { readBounded } from '@asoba/core'

/** The part of `fetch` that is used: the platform's, or one of the caller's with its own network rules. */
export type FetchFile = (url: string, init: RequestInit) => Promise<Response>

/** What came of fetching a file. */
export type FetchedFile =
  | { readonly outcome: 'found'; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly outcome: 'not-found' | 'failed' }

/**
 * Fetches one file: no redirects, no cookies, no referrer, no more bytes than allowed
 * whatever the server announces. Never throws.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#resolver-transport-hardening-ssrf-and-network-boundary
 */
export async function fetchFile(
  url: string,
  options: {
    readonly fetch: FetchFile
    readonly maxBytes: number
    readonly signal: AbortSignal
    readonly accept: string
  },
): Promise<FetchedFile> {
  const { fetch, maxBytes, signal, accept } = options
  try {
    const response = await fetch(url, {
      headers: { accept },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal,
    })
    if (response.status === 404 || response.status === 410) return { outcome: 'not-found' }
    if (!response.ok || response.redirected) return { outcome: 'failed' }
    const announced = Number(response.headers.get('content-length') ?? 0)
    const bytes = announced > maxBytes ? undefined : await readBounded(response.body, maxBytes)
    if (bytes === undefined) {
      await response.body?.cancel()
      return { outcome: 'failed' }
    }
    return { outcome: 'found', bytes, mediaType: response.headers.get('content-type') ?? '' }
  } catch {
    return { outcome: 'failed' }
  }
}
