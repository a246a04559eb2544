import { type AsobaError, isJsonObject } from '@asoba/core'
import type { DidDocument } from './did-document.ts'
import type { ParsedDid } from './did-syntax.ts'

/** What a resolution can be asked, beside the DID. @see https://www.w3.org/TR/did-resolution/#did-resolution-options */
export interface ResolutionOptions {
  /** Media type wanted; any JSON one when left out. */
  readonly accept?: string
  readonly versionId?: string
  /** ISO 8601 UTC time. */
  readonly versionTime?: string
  readonly signal?: AbortSignal
}

/** Result of a resolution, in the shape of DID Core and of `did-resolver`. */
export interface DidResolution {
  /** `null` where there is none. */
  readonly didDocument: DidDocument | null
  readonly didDocumentMetadata: {
    readonly deactivated?: boolean
    readonly versionId?: string
    readonly created?: string
    readonly updated?: string
    readonly [name: string]: unknown
  }
  readonly didResolutionMetadata: {
    readonly contentType?: string
    /** {@link ResolutionErrorCode}, or one of a foreign resolver. */
    readonly error?: string
    readonly [name: string]: unknown
  }
}

/** Resolves every DID of one method. */
export interface DidMethod {
  /** Method name: `web`. */
  readonly name: string
  /** Errors are in the result. What is returned is checked by the resolver, so any shape may come. */
  resolve(did: ParsedDid, options: ResolutionOptions): Promise<AnyResolution>
}

/** A resolution by somebody else's resolver, e.g. `did-resolver`: nothing is believed of it. */
export interface AnyResolution {
  readonly didDocument?: object | null
  readonly didDocumentMetadata?: object
  readonly didResolutionMetadata?: object
}

/** Anything that resolves DIDs: ours, or a `Resolver` of `did-resolver`. */
export interface AnyDidResolver {
  /** Resolves a DID; what failed is said in the metadata. */
  resolve(did: string, options?: ResolutionOptions): Promise<AnyResolution>
}

/** What went wrong in a resolution, as DID Core spells it. */
export type ResolutionErrorCode =
  | 'invalidDid'
  | 'invalidDidDocument'
  | 'invalidDidUrl'
  | 'invalidOptions'
  | 'notFound'
  | 'representationNotSupported'
  | 'methodNotSupported'
  | 'featureNotSupported'
  | 'internalError'
  | 'invalidPublicKey'
  | 'invalidPublicKeyLength'
  | 'unsupportedPublicKeyType'
  | 'invalidRelationshipForVerificationMethod'

const codes: readonly ResolutionErrorCode[] = [
  'invalidDid',
  'invalidDidDocument',
  'invalidDidUrl',
  'invalidOptions',
  'notFound',
  'representationNotSupported',
  'methodNotSupported',
  'featureNotSupported',
  'internalError',
  'invalidPublicKey',
  'invalidPublicKeyLength',
  'unsupportedPublicKeyType',
  'invalidRelationshipForVerificationMethod',
]

// Apart, so that only who writes problem objects bundles the sentences.
const titles: Readonly<Record<ResolutionErrorCode, string>> = {
  invalidDid: 'The DID is not valid.',
  invalidDidDocument: 'The DID document is not valid.',
  invalidDidUrl: 'The DID URL is not valid.',
  invalidOptions: 'The options are not valid.',
  notFound: 'There is no such DID or resource.',
  representationNotSupported: 'The representation is not supported.',
  methodNotSupported: 'The DID method is not supported.',
  featureNotSupported: 'The DID method has not this feature.',
  internalError: 'The resolution failed.',
  invalidPublicKey: 'The public key is not valid.',
  invalidPublicKeyLength: 'The public key has another length than its kind.',
  unsupportedPublicKeyType: 'Keys of this kind are not used here.',
  invalidRelationshipForVerificationMethod: 'The key is not for this purpose.',
}

const screaming = (name: string): string => name.replace(/[A-Z]/g, '_$&').toUpperCase()

/** An error as DID Resolution 0.3 writes it: a problem object of RFC 9457. */
export interface ResolutionProblem {
  /** `https://www.w3.org/ns/did#NOT_FOUND` and the like. */
  readonly type: string
  readonly title: string
}

/**
 * An error of DID Core (`notFound`) as the problem object of DID Resolution 0.3;
 * what is unknown becomes the internal error.
 *
 * @see https://www.w3.org/TR/did-resolution/#errors
 */
export function resolutionProblem(error: string): ResolutionProblem {
  const name = resolutionErrorCode(error)
  // What Controlled Identifiers defines has its own namespace.
  const base = /Key|Method$/.test(name)
    ? 'https://w3id.org/security#'
    : 'https://www.w3.org/ns/did#'
  return { type: `${base}${screaming(name)}`, title: titles[name] }
}

/**
 * The error of DID Core for what a resolver wrote: such an error, its older
 * spelling, a problem object of DID Resolution 0.3 or its type alone. What is
 * unknown is `internalError`.
 */
export function resolutionErrorCode(error: unknown): ResolutionErrorCode {
  const written = isJsonObject(error) ? error['type'] : error
  if (written === 'unsupportedDidMethod') return 'methodNotSupported'
  const name = typeof written === 'string' ? written.replace(/^.*#/, '') : ''
  return codes.find((code) => code === name || screaming(code) === name) ?? 'internalError'
}

/** A resolution that failed. */
export function failed(error: ResolutionErrorCode): DidResolution {
  return { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: { error } }
}

/** A resolution that succeeded. */
export function resolved(didDocument: DidDocument): DidResolution {
  return { didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} }
}

/** The error of a key that could not be read. */
export function failedKey(error: unknown): DidResolution {
  const { code, cause } = error as AsobaError
  if (cause === 'length') return failed('invalidPublicKeyLength')
  return failed(code === 'key.unsupported' ? 'unsupportedPublicKeyType' : 'invalidDid')
}
