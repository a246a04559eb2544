/**
 * DIDs: key, jwk, web and webvh; keys as JWK and Multikey; resolution.
 *
 * @module
 */

export { createKey, type KeyPair, keyFromSeed } from './create-key.ts'
export { type Dereferenced, type DereferenceOptions, dereference } from './dereference.ts'
export type {
  DidDocument,
  DidService,
  VerificationMethod,
  VerificationRelationship,
} from './did-document.ts'
export { didJwkOf, jwk } from './did-jwk.ts'
export { didKeyOf, type KeyMethodOptions, key, keyMethod } from './did-key.ts'
export { type ParsedDid, type ParsedDidUrl, parseDid, parseDidUrl } from './did-syntax.ts'
export { didWebUrl, type WebMethodOptions, web, webMethod } from './did-web.ts'
export {
  type FindKeysQuery,
  type FoundKey,
  findVerificationKeys,
  holderKeys,
} from './find-keys.ts'
export * from './holder-key.ts'
export * from './jcs-proof.ts'
export { algorithmOfJwk, jwkThumbprint, publicJwkOf, sameKey, validatePublicJwk } from './jwk.ts'
export { jwkToMultikey, multikeyToJwk } from './multikey.ts'
export { pointToJwk } from './point-to-jwk.ts'
export type * from './resolution.ts'
export { resolutionErrorCode, resolutionProblem } from './resolution.ts'
export { type DidResolver, type DidResolverOptions, didResolver } from './resolver.ts'
export { deriveSharedSecret } from './shared-secret.ts'
export { type JwkSignerOptions, jwkSigner } from './signer.ts'
export { validateDidDocument } from './validate-document.ts'
export { platformSignatures, verifySignature } from './verify-signature.ts'
export type { FetchFile } from './webvh/fetch-file.ts'
