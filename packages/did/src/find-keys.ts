import {
  concatBytes,
  type FindHolderKey,
  fromBase58,
  isJsonObject,
  type Jwk,
  type Problem,
  problem,
  refused,
  toBase58,
  type Verified,
} from '@asoba/core'
import { keyKinds } from './curve.ts'
import { absolute, parseDid, parseDidUrl } from './did-syntax.ts'
import { validatePublicJwk } from './jwk.ts'
import { multikeyToJwk } from './multikey.ts'
import { type AnyDidResolver, failed } from './resolution.ts'
import { judged } from './resolver.ts'

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
  /**
   * Only this key: an absolute DID URL, or `#fragment`; or the DID, where it has one key alone for
   * the purpose. Every key when left out.
   */
  readonly kid?: string
}

/**
 * The keys that a DID lets be used for a purpose. A key counts only if the document
 * lists it under the relationship, its id and controller are the DID itself, it is
 * neither revoked nor expired, and it is written in one of the forms that are deployed: `Multikey`,
 * `JsonWebKey` and the types before them. Two forms in one method must agree. Never throws.
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
  // The DID itself names its key where it has one alone.
  const any = kid === undefined || kid === did
  const wanted = any ? undefined : parseDidUrl(absolute(kid, did))
  if (parseDid(did) === undefined || !(any || isKeyOf(wanted, did))) {
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
  const methods = new Map<string, Method>()
  const twice = new Set<string>()
  const add = (method: unknown): string | undefined => {
    if (!isJsonObject(method)) return undefined
    const id = absolute(String(method['id']), did)
    if (methods.has(id)) twice.add(id)
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
    const publicJwk = twice.has(id) ? 'two keys have one name' : usable(method, id, did, at)
    if (typeof publicJwk === 'string') problems.push(notFound(relationship, publicJwk))
    else keys.push({ id, controller: did, publicJwk })
  }
  if (keys.length > 0 && (kid !== did || keys.length === 1)) {
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

type Method = Readonly<Record<string, unknown>>

/** The key of a verification method, or why it must not be used. */
function usable(method: Method, id: string, did: string, at: Date): Jwk | string {
  const { type, controller, revoked, expires } = method
  if (controller !== did || parseDidUrl(id)?.did !== did)
    return 'the key is controlled by another DID'
  // Whoever reads the document could sign with it.
  if (Object.keys(method).some((name) => /^(?:secret|private)Key/.test(name))) {
    return 'a private key is published'
  }
  for (const end of [revoked, expires]) {
    if (end != null && !(Date.parse(String(end)) > at.getTime())) {
      return 'the key is revoked or expired'
    }
  }
  const curve = Object.hasOwn(methodTypes, String(type)) ? methodTypes[String(type)] : undefined
  if (curve === undefined) return 'the key is written in a form that is not used here'
  const keys = formsOf(method, curve)
  const [key] = keys
  if (!keys.every((one) => one !== undefined && one.x === key?.x && one.y === key?.y)) {
    return 'the key is broken, or written in two forms that differ'
  }
  if (key === undefined || (curve !== '' && key.crv !== curve)) {
    return 'the key is broken or of a kind that is not used here'
  }
  return key
}

/** Every form in which a method has its key; undefined for one that is broken. */
function formsOf(
  { publicKeyJwk, publicKeyMultibase, publicKeyBase58, publicKeyHex }: Method,
  curve: string,
): readonly (Jwk | undefined)[] {
  const keys: (Jwk | undefined)[] = []
  if (publicKeyJwk !== undefined) keys.push(validatePublicJwk(publicKeyJwk))
  if (publicKeyMultibase !== undefined) keys.push(multikey(publicKeyMultibase))
  if (publicKeyBase58 !== undefined) {
    keys.push(rawKey(curve, fromBase58(String(publicKeyBase58).slice(0, 200))))
  }
  if (publicKeyHex !== undefined) {
    const digits = /^(?:[\da-f]{2}){1,99}$/i.test(String(publicKeyHex)) ? String(publicKeyHex) : ''
    const pairs = digits.match(/../g) ?? []
    keys.push(
      rawKey(
        curve,
        Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)),
      ),
    )
  }
  return keys
}

/** A key without a code: its type says which kind it is. */
function rawKey(curve: string, bytes: Uint8Array | undefined): Jwk | undefined {
  const code = keyKinds[curve]?.code
  if (bytes === undefined || code === undefined) return undefined
  return multikey(
    `z${toBase58(concatBytes(Uint8Array.of((code & 0x7f) | 0x80, code >> 7), bytes))}`,
  )
}

function multikey(text: unknown): Jwk | undefined {
  try {
    return multikeyToJwk(String(text))
  } catch {
    // Unsupported or broken: either way no key.
    return undefined
  }
}

/**
 * Types of verification methods that are read, each with the curve that it is for; any where it is
 * empty. Written are `Multikey` and `JsonWebKey`; of the others is most of what is deployed.
 *
 * @see docs/decisions/0031-keys-that-are-read.md
 */
const methodTypes: Readonly<Record<string, string>> = {
  JsonWebKey: '',
  JsonWebKey2020: '',
  JwsVerificationKey2020: '',
  Multikey: '',
  Ed25519VerificationKey2018: 'Ed25519',
  Ed25519VerificationKey2020: 'Ed25519',
  EcdsaSecp256k1VerificationKey2019: 'secp256k1',
  EcdsaSecp256r1VerificationKey2019: 'P-256',
  P256Key2021: 'P-256',
  P384Key2021: 'P-384',
  P521Key2021: 'P-521',
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
    const { did = '', fragment } = parseDidUrl(verificationMethod) ?? {}
    if (fragment === undefined) return refused([notFound('authentication', 'it names no key')])
    const query = { did, relationship: 'authentication', kid: verificationMethod } as const
    const found = await findVerificationKeys(resolver, query)
    const [first] = found.verified ? found.keys : []
    if (!found.verified) return found
    if (first === undefined) return refused([notFound('authentication', 'there is no such key')])
    const { publicJwk, controller } = first
    return { verified: true, checks: found.checks, publicJwk, controller }
  }
}
