/**
 * DIDs: key, jwk, web and webvh; keys as JWK and Multikey; resolution.
 *
 * @module
 */

export {
  hashForJcsProof,
  type SignJcsProofOptions,
  signJcsProof,
  type VerifyJcsProofOptions,
  verifyJcsProof,
} from './jcs-proof.ts'
export { createKey, type KeyPair, keyFromSeed } from './create-key.ts'
export {
  algorithmOfJwk,
  jwkThumbprint,
  publicJwkOf,
  sameKey,
  validatePublicJwk,
} from './jwk.ts'
export { jwkToMultikey, multikeyToJwk } from './multikey.ts'
export { deriveSharedSecret } from './shared-secret.ts'
export { type JwkSignerOptions, jwkSigner } from './signer.ts'
export { platformSignatures, verifySignature } from './verify-signature.ts'
