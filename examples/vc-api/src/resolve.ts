import {
  type DidMethod,
  type DidResolver,
  dereference,
  didResolver,
  keyMethod,
  parseDid,
  parseDidUrl,
  resolutionProblem,
} from '@asoba/did'
import { json } from './answer.ts'

/** What is asked at `/1.0/identifiers/{did}`. */
export interface ResolutionRequest {
  /** A DID or a DID URL, as it stood in the path. */
  readonly identifier: string
  readonly query: URLSearchParams
  readonly accept: string
}

const contexts = {
  old: 'https://w3id.org/did-resolution/v1',
  new: 'https://www.w3.org/ns/did-resolution/v1',
} as const

/**
 * Resolves a DID or dereferences a DID URL. Which dialect the errors are in is up to `Accept`:
 * `application/did-resolution` and `application/did-url-dereferencing` get the problem objects of
 * DID Resolution 0.3, everybody else the words of DID Core 1.0 (`notFound`).
 *
 * @see https://www.w3.org/TR/did-resolution/#bindings-https
 */
export async function resolve(
  request: ResolutionRequest,
  resolver: DidResolver,
): Promise<Response> {
  const { identifier, accept } = request
  if (!acceptable.test(accept)) return answer(request, { error: 'representationNotSupported' })
  const isDid = parseDid(identifier) !== undefined
  const looksLikeUrl = /[/?#]/.test(identifier)
  const format = formatProblem(request, looksLikeUrl)
  if (!looksLikeUrl || isDid) {
    if (format !== undefined) return answer(request, { error: format })
    const named = request.query.get('publicKeyFormat')
    const from = named === 'JsonWebKey' ? inJsonWebKeys(resolver) : resolver
    const { didDocument, didDocumentMetadata, didResolutionMetadata } = await from.resolve(
      identifier,
      versionOf(request.query),
    )
    const { error } = didResolutionMetadata
    return answer(request, { content: didDocument, metadata: didDocumentMetadata, error })
  }
  if (parseDidUrl(identifier) === undefined) {
    return answer(request, { error: 'invalidDidUrl', url: true })
  }
  if (format !== undefined) return answer(request, { error: format, url: true })
  const found = await dereference(resolver, identifier)
  const { error, contentType } = found.dereferencingMetadata
  return answer(request, {
    content: found.content,
    metadata: found.contentMetadata,
    error,
    url: true,
    ...(contentType?.startsWith('application/did') === false && { contentType }),
  })
}

const acceptable =
  /(?:^|[,\s])(?:\*\/\*|application\/(?:\*|json|ld\+json|did|did\+json|did\+ld\+json|did-resolution|did-url-dereferencing))\s*(?:[;,]|$)/i

function versionOf(query: URLSearchParams) {
  const versionId = query.get('versionId')
  const versionTime = query.get('versionTime')
  return {
    ...(versionId !== null && { versionId }),
    ...(versionTime !== null && { versionTime }),
  }
}

/** Forms of keys that did:key knows of; the first two are those written here. */
const formats = ['Multikey', 'JsonWebKey', 'JsonWebKey2020', 'Ed25519VerificationKey2020']

function formatProblem({ query }: ResolutionRequest, ofKey: boolean): string | undefined {
  const format = query.get('publicKeyFormat')
  if (format === null || (formats.slice(0, 2).includes(format) && !ofKey)) return undefined
  if (ofKey) return format === 'Multikey' ? undefined : 'invalidPublicKeyType'
  return 'unsupportedPublicKeyType'
}

const keysAsJwk: DidMethod = keyMethod({ publicKeyFormat: 'JsonWebKey' })

/** did:key with its keys as JWK; the others are as their documents have them. */
function inJsonWebKeys(resolver: DidResolver): Pick<DidResolver, 'resolve'> {
  const own = didResolver({ methods: [keysAsJwk], cache: false })
  return {
    resolve: (did, options) => (did.startsWith('did:key:') ? own : resolver).resolve(did, options),
  }
}

interface Found {
  readonly content?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly error?: string | undefined
  /** Whether a DID URL was dereferenced. */
  readonly url?: boolean
  /** Media type of the content; that of DID documents where left out. */
  readonly contentType?: string
}

function answer({ accept }: ResolutionRequest, found: Found): Response {
  const { content = null, metadata = {}, error, url = false } = found
  const { contentType = 'application/did' } = found
  const current = /application\/did-(?:resolution|url-dereferencing)\b/.test(accept)
  const status =
    error === undefined ? (metadata['deactivated'] === true ? 410 : 200) : statusOf(error)
  if (error === undefined && /^application\/did(?:\+(?:ld\+)?json)?(?:[;,]|$)/.test(accept)) {
    return json(content, status, contentType)
  }
  const written = current && error !== undefined ? problemOf(error) : error
  const about = written === undefined ? { contentType } : { error: written }
  if (current && url) {
    const body = { dereferencingMetadata: about, content, contentMetadata: metadata }
    return json(body, status, 'application/did-url-dereferencing')
  }
  // DID Core 1.0 has an unsuccessful resolution's document «empty», and some read that as `{}`.
  const didDocument = content ?? (current ? null : {})
  const body = {
    '@context': contexts[current ? 'new' : 'old'],
    didDocument,
    didDocumentMetadata: metadata,
    [url ? 'didDereferencingMetadata' : 'didResolutionMetadata']: about,
  }
  return json(body, status, current ? 'application/did-resolution' : 'application/json')
}

/** Errors of did:key's draft that DID Resolution has not are the nearest that it has. */
function problemOf(error: string) {
  return resolutionProblem(error === 'invalidPublicKeyType' ? 'unsupportedPublicKeyType' : error)
}

const statuses: Readonly<Record<string, number>> = {
  notFound: 404,
  representationNotSupported: 406,
  methodNotSupported: 501,
  featureNotSupported: 501,
  internalError: 500,
}

function statusOf(error: string): number {
  return statuses[error] ?? 400
}
