import { isJsonObject, type Json } from '@asoba/core'
import { type VerificationRelationship, verificationRelationships } from './did-document.ts'
import { absolute, parseDidUrl } from './did-syntax.ts'
import { type AnyDidResolver, failed, type ResolutionErrorCode } from './resolution.ts'
import { judged } from './resolver.ts'

/** Result of a dereferencing, in the shape of DID Resolution. */
export interface Dereferenced {
  readonly dereferencingMetadata: { readonly contentType?: string; readonly error?: string }
  /** The document, a part of it, or the URL of a service; `null` where there is none. */
  readonly content: Json
  readonly contentMetadata: Readonly<Record<string, unknown>>
}

/** What {@link dereference} is asked. */
export interface DereferenceOptions {
  /** The verification method must be listed for this purpose. */
  readonly verificationRelationship?: VerificationRelationship
  readonly signal?: AbortSignal
}

/**
 * What a DID URL leads to: the document; with a fragment the verification method or
 * service of that id; with `?service=` the URL of its endpoint, `relativeRef` applied.
 * `versionId` and `versionTime` are passed to the method. Never throws.
 *
 * @see https://www.w3.org/TR/did-resolution/#dereferencing
 */
export async function dereference(
  resolver: AnyDidResolver,
  didUrl: string,
  options: DereferenceOptions = {},
): Promise<Dereferenced> {
  const { signal, verificationRelationship } = options
  // 1: validate the DID URL.
  const parsed = parseDidUrl(didUrl)
  if (parsed === undefined) return none('invalidDidUrl')
  const { did, path, query = '', fragment } = parsed
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'))
  if (new Set(parameters.keys()).size !== parameters.size) return none('invalidDidUrl')
  const versionId = parameters.get('versionId')
  const versionTime = parameters.get('versionTime')
  // 2 and 3: resolve the DID.
  const resolution = await resolver
    .resolve(did, {
      ...(versionId !== null && { versionId }),
      ...(versionTime !== null && { versionTime }),
      ...(signal !== undefined && { signal }),
    })
    .then((result) => judged(did, result))
    .catch(() => failed('internalError'))
  const { didDocument, didDocumentMetadata: contentMetadata, didResolutionMetadata } = resolution
  if (didDocument === null) {
    return none((didResolutionMetadata.error ?? 'notFound') as ResolutionErrorCode)
  }
  const found = (content: unknown, contentType = 'application/did+ld+json'): Dereferenced => ({
    dereferencingMetadata: { contentType },
    content: content as Json,
    contentMetadata,
  })
  // 4: the primary resource.
  const service = parameters.get('service')
  if (service !== null) {
    const url = serviceUrl(didDocument.service, `${did}#${service}`, did, parameters)
    if (typeof url === 'object') return none(url.error)
    return found(fragment === undefined ? url : `${url}#${fragment}`, 'text/uri-list')
  }
  if (path !== undefined) return none('notFound')
  if (fragment === undefined) return found(didDocument)
  // 5: the secondary resource.
  const id = `${did}#${fragment}`
  const isIt = (entry: unknown): boolean =>
    isJsonObject(entry) && absolute(String(entry['id']), did) === id
  const relationships = verificationRelationships.filter((name) =>
    didDocument[name]?.some((entry) =>
      typeof entry === 'string' ? absolute(entry, did) === id : isIt(entry),
    ),
  )
  const method =
    didDocument.verificationMethod?.find(isIt) ??
    verificationRelationships.flatMap((name) => didDocument[name] ?? []).find(isIt)
  // A part of a document is none: it has no context, and no media type of its own.
  const part = 'application/json'
  if (verificationRelationship !== undefined) {
    if (method === undefined) return none('notFound')
    return relationships.includes(verificationRelationship)
      ? found(method, part)
      : none('invalidRelationshipForVerificationMethod')
  }
  const content = method ?? didDocument.service?.find(isIt)
  return content === undefined ? none('notFound') : found(content, part)
}

function serviceUrl(
  services: unknown,
  id: string,
  did: string,
  parameters: URLSearchParams,
): string | { readonly error: ResolutionErrorCode } {
  const service = (Array.isArray(services) ? services : []).find(
    (one: unknown) => isJsonObject(one) && absolute(String(one['id']), did) === id,
  ) as { readonly serviceEndpoint: unknown } | undefined
  const endpoint = service?.serviceEndpoint
  if (typeof endpoint !== 'string') return { error: 'notFound' }
  const relative = parameters.get('relativeRef')
  if (relative === null) return endpoint
  try {
    const url = new URL(relative, endpoint)
    // A reference that leaves the endpoint's origin is no relative one.
    const { origin } = new URL(endpoint)
    if (origin !== 'null' && url.origin === origin) return url.href
  } catch {
    // Not a URL to apply it to.
  }
  return { error: 'invalidDidUrl' }
}

function none(error: ResolutionErrorCode): Dereferenced {
  return { dereferencingMetadata: { error }, content: null, contentMetadata: {} }
}
