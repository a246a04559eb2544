import { isJsonObject, type JsonObject } from '@asoba/core'
import { type DidDocument, verificationRelationships } from './did-document.ts'
import { parseDid } from './did-syntax.ts'
import {
  type AnyResolution,
  type DidMethod,
  type DidResolution,
  failed,
  type ResolutionOptions,
  resolutionErrorCode,
} from './resolution.ts'

/** Resolves DIDs. Fits wherever a `Resolvable` of `did-resolver` is wanted. */
export interface DidResolver {
  /** Never throws: what went wrong is in `didResolutionMetadata.error`. */
  resolve(did: string, options?: ResolutionOptions): Promise<DidResolution>
}

/** What {@link didResolver} is made of. */
export interface DidResolverOptions {
  readonly methods: readonly DidMethod[]
  /** Documents are kept in memory, failures never; `false`: nothing is kept. */
  readonly cache?: false | { readonly maxEntries?: number; readonly maxAge?: number }
}

const jsonTypes = ['application/did+ld+json', 'application/did+json', 'application/did']

/**
 * A resolver of the given methods, and of no others. Every document must be of the DID asked
 * for, whatever the method returned; what is in it is judged by who uses it. Resolutions of one DID
 * under way are shared. Cached are at most `maxEntries` (100) documents for `maxAge`
 * (300) seconds.
 *
 * @throws TypeError where two methods have one name
 * @see https://www.w3.org/TR/did-resolution/#resolving
 */
export function didResolver(options: DidResolverOptions): DidResolver {
  const { methods, cache = {} } = options
  const { maxEntries = 100, maxAge = 300 } = cache === false ? { maxEntries: 0 } : cache
  const byName = new Map(methods.map((method) => [method.name, method]))
  if (byName.size !== methods.length) throw new TypeError('two DID methods have the same name')
  const kept = new Map<string, { readonly result: DidResolution; readonly until: number }>()
  const underWay = new Map<string, Promise<DidResolution>>()

  const look = async (did: string, asked: ResolutionOptions): Promise<DidResolution> => {
    // Resolving 4.1: validate the DID.
    const parsed = parseDid(did)
    if (parsed === undefined) return failed('invalidDid')
    // 4.2: the method.
    const method = byName.get(parsed.method)
    if (method === undefined) return failed('methodNotSupported')
    try {
      return judged(did, await method.resolve(parsed, asked))
    } catch {
      return failed('internalError')
    }
  }

  const share = (did: string, asked: ResolutionOptions): Promise<DidResolution> => {
    const id = JSON.stringify([did, asked.versionId, asked.versionTime])
    const hit = kept.get(id)
    if (hit !== undefined && hit.until > Date.now()) return Promise.resolve(hit.result)
    const running = underWay.get(id)
    if (running !== undefined) return running
    // Without the signal: whoever gives up must not stop the others who wait.
    const { signal: _, ...rest } = asked
    const started = look(did, rest).then((result) => {
      underWay.delete(id)
      if (maxEntries > 0 && result.didResolutionMetadata.error === undefined) {
        kept.delete(id)
        kept.set(id, { result, until: Date.now() + maxAge * 1000 })
        if (kept.size > maxEntries) kept.delete(kept.keys().next().value as string)
      }
      return result
    })
    underWay.set(id, started)
    return started
  }

  return {
    async resolve(did, asked = {}) {
      const contentType = chosenType(asked.accept)
      if (contentType === undefined) return failed('representationNotSupported')
      const { signal } = asked
      if (signal?.aborted === true) return failed('internalError')
      const result = await unlessAborted(share(did, asked), signal)
      const { error } = result.didResolutionMetadata
      if (error !== undefined) return result
      return { ...result, didResolutionMetadata: { ...result.didResolutionMetadata, contentType } }
    },
  }
}

/** What a method returned, believed only as far as it can be checked. */
export function judged(did: string, result: AnyResolution): DidResolution {
  const { didDocument, didDocumentMetadata = {}, didResolutionMetadata = {} } = result
  const error = Reflect.get(didResolutionMetadata, 'error') as unknown
  if (error !== undefined && error !== null) {
    const { didResolutionMetadata: mine } = failed(resolutionErrorCode(error))
    return {
      didDocument: null,
      didDocumentMetadata: { ...didDocumentMetadata },
      didResolutionMetadata: { ...didResolutionMetadata, ...mine },
    }
  }
  const deactivated = Reflect.get(didDocumentMetadata, 'deactivated') === true
  if (!isJsonObject(didDocument)) {
    // DID Resolution: a deactivated DID may have no document left.
    if (!deactivated) return failed('notFound')
  } else if (!isReadable(didDocument, did)) return failed('invalidDidDocument')
  return {
    didDocument: (didDocument ?? null) as DidDocument | null,
    didDocumentMetadata: { ...didDocumentMetadata },
    didResolutionMetadata: { ...didResolutionMetadata },
  }
}

/**
 * Whether a document is of the DID, and its lists are lists. What is in them is judged by who uses it
 * (`findVerificationKeys`, `dereferenceDidUrl`), so that one service or method of another kind that is
 * malformed makes no key unusable; `validateDidDocument` says all that is wrong.
 */
function isReadable(document: JsonObject, did: string): boolean {
  return (
    document['id'] === did &&
    ['verificationMethod', 'service', ...verificationRelationships].every((name) => {
      const list = document[name] ?? []
      return Array.isArray(list) && list.length <= 1000
    })
  )
}

/** The media type to answer with: JSON is all there is, so any JSON type will do. */
function chosenType(accept: string | undefined): string | undefined {
  if (accept === undefined || /(?:^|[ ,])(?:\*|application)\/\*/.test(accept)) return jsonTypes[0]
  const wanted = accept.split(',').map((part) => part.split(';')[0]?.trim())
  return wanted.find((type) => jsonTypes.includes(type ?? '') || type === 'application/json')
}

/** The result, or a failure as soon as the caller gives up. */
async function unlessAborted(
  result: Promise<DidResolution>,
  signal: AbortSignal | undefined,
): Promise<DidResolution> {
  if (signal === undefined) return result
  const { promise, resolve } = Promise.withResolvers<DidResolution>()
  const stop = (): void => resolve(failed('internalError'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([result, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
