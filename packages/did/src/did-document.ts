// Property types are those of `did-resolver` (versions 4 to 6), so that its
// users can pass our resolver where theirs is wanted; that is why arrays are
// not readonly here. They are never written to.

/** What a key may be used for. @see https://www.w3.org/TR/did-1.0/#verification-relationships */
export type VerificationRelationship =
  | 'authentication'
  | 'assertionMethod'
  | 'keyAgreement'
  | 'capabilityInvocation'
  | 'capabilityDelegation'

/** A key in a DID document. @see https://www.w3.org/TR/did-1.0/#verification-methods */
export interface VerificationMethod {
  /** A DID URL, or `#fragment` below the document's DID. */
  readonly id: string
  /** `Multikey` and `JsonWebKey` are used here; others can be read. */
  readonly type: string
  /** The DID that controls it. */
  readonly controller: string
  readonly publicKeyJwk?: {
    readonly kty: string
    readonly crv?: string
    readonly x?: string
    readonly y?: string
    readonly n?: string
    readonly e?: string
    readonly kid?: string
    readonly alg?: string
    readonly use?: string
    readonly key_ops?: string[]
  }
  readonly publicKeyMultibase?: string
}

/** A way to reach or use the subject. @see https://www.w3.org/TR/did-1.0/#services */
export interface DidService {
  readonly id: string
  readonly type: string
  readonly serviceEndpoint: string | Record<string, unknown> | (string | Record<string, unknown>)[]
}

/** A DID document; `@context` and every other member is `unknown`. @see https://www.w3.org/TR/did-1.0/#core-properties */
export interface DidDocument {
  readonly id: string
  readonly alsoKnownAs?: string[]
  readonly controller?: string | string[]
  readonly verificationMethod?: VerificationMethod[]
  readonly authentication?: (string | VerificationMethod)[]
  readonly assertionMethod?: (string | VerificationMethod)[]
  readonly keyAgreement?: (string | VerificationMethod)[]
  readonly capabilityInvocation?: (string | VerificationMethod)[]
  readonly capabilityDelegation?: (string | VerificationMethod)[]
  readonly service?: DidService[]
  readonly [name: string]: unknown
}

/** The relationships in the order of DID Core. */
export const verificationRelationships: readonly VerificationRelationship[] = [
  'authentication',
  'assertionMethod',
  'keyAgreement',
  'capabilityInvocation',
  'capabilityDelegation',
]
