import type { DidDocument, DidMethod, DidResolver } from '../src/index.ts'
import { findVerificationKeys, holderKeys } from '../src/index.ts'

// The shape of `did-resolver` 6 (4 and 5 are narrower in `@context` alone), written
// down here so that the package needs no such dependency; interop compiles against
// the real ones. The `any` of their types is got without writing it.
type Any = ReturnType<typeof JSON.parse>
type Extensible = Record<string, Any>
interface TheirKey extends Extensible {
  alg?: string
  crv?: string
  e?: string
  ext?: boolean
  key_ops?: string[]
  kid?: string
  kty: string
  n?: string
  use?: string
  x?: string
  y?: string
}
interface TheirMethod {
  id: string
  type: string
  controller: string
  publicKeyJwk?: TheirKey
  publicKeyMultibase?: string
  publicKeyBase58?: string
  threshold?: number
  conditionOr?: TheirMethod[]
}
interface TheirService {
  id: string
  type: string
  serviceEndpoint: string | Extensible | (string | Extensible)[]
  [x: string]: Any
}
type TheirDocument<Context> = {
  '@context'?: Context
  id: string
  alsoKnownAs?: string[]
  controller?: string | string[]
  verificationMethod?: TheirMethod[]
  service?: TheirService[]
  publicKey?: TheirMethod[]
} & {
  [x in
    | 'authentication'
    | 'assertionMethod'
    | 'keyAgreement'
    | 'capabilityInvocation'
    | 'capabilityDelegation']?: (string | TheirMethod)[]
}
interface TheirResult<Context> {
  '@context'?: Context
  didResolutionMetadata: Extensible & { contentType?: string; error?: string }
  didDocument: TheirDocument<Context> | null
  didDocumentMetadata: Extensible & {
    deactivated?: boolean
    equivalentId?: string
    created?: string
  }
}
interface Theirs<Context> {
  resolve: (
    didUrl: string,
    options?: Extensible & { accept?: string },
  ) => Promise<TheirResult<Context>>
}
type Narrow = Theirs<'https://www.w3.org/ns/did/v1' | string | string[]>
type Wide = Theirs<string | Extensible | (string | Extensible)[]>

declare const ours: DidResolver
declare const narrow: Narrow
declare const wide: Wide

// Ours fits wherever one of theirs is wanted.
export const asNarrow: Narrow = ours
export const asWide: Wide = ours

// Theirs fits wherever we resolve, and as a method of ours.
export const keys: unknown = [
  findVerificationKeys(narrow, { did: 'did:a:b', relationship: 'authentication' }),
  holderKeys(wide),
]
export const asMethod: DidMethod = {
  name: 'ethr',
  resolve: ({ did }) => wide.resolve(did),
}

// What a document says beyond the known members is unknown, never any.
declare const document: DidDocument
export const context: unknown = document['@context']
// @ts-expect-error nothing is known of it
export const wrong: string = document['@context']

// A purpose is always named.
// @ts-expect-error no relationship
export const forgotten: unknown = findVerificationKeys(ours, { did: 'did:a:b' })
