import {
  type FindHolderKey,
  isJsonObject,
  type Jwk,
  type Problem,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { parseDid, parseDidUrl } from './did-syntax.ts'
import { validatePublicJwk } from './jwk.ts'
import { multikeyToJwk } from './multikey.ts'
import { type AnyDidResolver, failed } from './resolution.ts'
import { judged } from './resolver.ts'
import { absolute } from './validate-document.ts'

/** A key of a DID document that may be used for what was asked. */
export interface FoundKey {
  /** Absolute DID URL of the verification method. */
  readonly id: string
  readonly controller: string
  readonly publicJwk: Jwk
}

/** Which keys {@link findVerificationKeys} looks for. */
export interface FindKeysQuery {
  readonly did: string
  /** For credentials `assertionMethod`, for presentations `authentication`. */
  readonly relationship: 'assertionMethod' | 'authentication'
  /** Only this key: an absolute DID URL, or `#fragment`. Every key when left out. */
  readonly kid?: string
}

/**
 * The keys that a DID lets be used for a purpose. A key counts only if the document
 * lists it under the relationship, its id and controller are the DID itself, it is
 * neither revoked nor expired, and it is written as `Multikey` or `JsonWebKey` of a
 * kind used here. Never throws.
 *
 * @param options `at`: when the key is used, now when left out
 * @see https://www.w3.org/TR/cid-1.0/#retrieve-verification-method
 */
export async function findVerificationKeys(
  resolver: AnyDidResolver,
  query: FindKeysQuery,
  options: { readonly signal?: AbortSignal; readonly at?: Date } = {},
): Promise<Verified<{ readonly keys: readonly FoundKey[] }>> {
  const { did, relationship, kid } = query
  const { signal, at = new Date() } = options
  const refuse = (...problems: readonly Problem[]): ReturnType<typeof refused> =>
    refused(problems, [{ check: 'key-discovery', path: '', outcome: 'failed' }])
  // CID retrieve 1 to 4: the identifier of the key must lead into the document asked for.
  const wanted = kid === undefined ? undefined : parseDidUrl(absolute(kid, did))
  if (parseDid(did) === undefined || (kid !== undefined && !isKeyOf(wanted, did))) {
    return refuse(problem('did.invalid', 'the key identifier does not name a key of the DID'))
  }
  const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolver
    .resolve(did, signal === undefined ? {} : { signal })
    .then((result) => judged(did, result))
    .catch(() => failed('internalError'))
  if (didDocumentMetadata.deactivated === true) {
    return refuse(problem('did.deactivated', 'the DID is deactivated'))
  }
  const { error } = didResolutionMetadata
  if (didDocument === null || error !== undefined) return refuse(ofError(error))
  const methods = new Map<string, Readonly<Record<string, unknown>>>()
  const add = (method: unknown): string | undefined => {
    if (!isJsonObject(method)) return undefined
    const id = absolute(String(method['id']), did)
    methods.set(id, method)
    return id
  }
  didDocument.verificationMethod?.forEach(add)
  const listed = new Set(
    didDocument[relationship]?.map((entry) =>
      typeof entry === 'string' ? absolute(entry, did) : add(entry),
    ),
  )
  const problems: Problem[] = []
  const keys: FoundKey[] = []
  for (const [id, method] of methods) {
    if ((wanted !== undefined && wanted.didUrl !== id) || !listed.has(id)) continue
    const publicJwk = usable(method, id, did, at)
    if (typeof publicJwk === 'string') problems.push(notFound(relationship, publicJwk))
    else keys.push({ id, controller: did, publicJwk })
  }
  if (keys.length > 0) {
    const checks = [{ check: 'key-discovery', path: '', outcome: 'passed' } as const]
    return { verified: true, checks, keys }
  }
  if (problems.length > 0) return refuse(...problems)
  return refuse(notFound(relationship, 'the DID lists no such key for this purpose'))
}

function isKeyOf(wanted: ReturnType<typeof parseDidUrl>, did: string): boolean {
  const { path, query, fragment } = wanted ?? {}
  return wanted?.did === did && fragment !== undefined && (path ?? query) === undefined
}

/** The key of a verification method, or why it must not be used. */
function usable(
  method: Readonly<Record<string, unknown>>,
  id: string,
  did: string,
  at: Date,
): Jwk | string {
  const { type, controller, publicKeyMultibase, publicKeyJwk, revoked, expires } = method
  if (controller !== did || parseDidUrl(id)?.did !== did)
    return 'the key is controlled by another DID'
  for (const end of [revoked, expires]) {
    if (end !== undefined && !(Date.parse(String(end)) > at.getTime())) {
      return 'the key is revoked or expired'
    }
  }
  let jwk: Jwk | undefined
  if (type === 'JsonWebKey') jwk = validatePublicJwk(publicKeyJwk)
  else if (type === 'Multikey' && typeof publicKeyMultibase === 'string') {
    try {
      jwk = multikeyToJwk(publicKeyMultibase)
    } catch {
      // Unsupported or broken: either way no key.
    }
  } else return 'the key is written in a form that is not used here'
  return jwk ?? 'the key is broken or of a kind that is not used here'
}

function notFound(relationship: FindKeysQuery['relationship'], detail: string): Problem {
  return problem(
    relationship === 'assertionMethod' ? 'issuer.key-not-found' : 'did.key-not-found',
    detail,
  )
}

function ofError(error = ''): Problem {
  if (error === 'methodNotSupported') {
    return problem('did.method-unsupported', 'the DID method is not supported')
  }
  if (error === 'unsupportedPublicKeyType') {
    return problem('did.invalid', 'the DID has a key of a kind that is not used here')
  }
  return error.startsWith('invalid')
    ? problem('did.invalid', 'the DID or its document is not valid')
    : problem('did.not-found', 'the DID could not be resolved')
}

/**
 * Finds the holder's key for a proof: the verification method must be a DID URL with
 * a fragment, listed for authentication.
 */
export function holderKeys(resolver: AnyDidResolver): FindHolderKey {
  return async (verificationMethod) => {
    const did = parseDidUrl(verificationMethod)?.did ?? ''
    const query = { did, relationship: 'authentication', kid: verificationMethod } as const
    const found = await findVerificationKeys(resolver, query)
    const [first] = found.verified ? found.keys : []
    if (!found.verified) return found
    if (first === undefined) return refused([notFound('authentication', 'there is no such key')])
    const { publicJwk, controller } = first
    return { verified: true, checks: found.checks, publicJwk, controller }
  }
}
