/**
 * did:webvh 1.0: a DID on a web host whose whole history can be verified. Resolving,
 * judging, creating and updating logs; the functions that make them have no network.
 *
 * @module
 */

export type { WebvhLog, WebvhSettings, WebvhSigning } from './webvh/append.ts'
export { type CreateWebvhOptions, createWebvh } from './webvh/create.ts'
export { toDidWeb } from './webvh/did-web.ts'
export type { FetchFile } from './webvh/fetch-file.ts'
export {
  parseWebvhDid,
  type WebvhHostOptions,
  type WebvhIdentifier,
  type WebvhPlace,
} from './webvh/identifier.ts'
export type { WebvhLimits } from './webvh/log-entry.ts'
export {
  type WebvhMethod,
  type WebvhMethodOptions,
  type WebvhRequest,
  webvhMethod,
} from './webvh/method.ts'
export type { WebvhParameters, WebvhWitness } from './webvh/parameters.ts'
export {
  type ResolveWebvhOptions,
  resolveWebvhLog,
  type WebvhResolution,
  type WebvhVersionQuery,
} from './webvh/resolve-log.ts'
export {
  fetchWebvhResource,
  type WebvhResource,
  type WebvhResourceOptions,
  webvhResourceUrl,
} from './webvh/resource.ts'
export { deactivateWebvh, type UpdateWebvhOptions, updateWebvh } from './webvh/update.ts'
export type { WebvhVersion } from './webvh/verify-entry.ts'
export { type VerifyWebvhOptions, verifyWebvhLog } from './webvh/verify-log.ts'
export {
  addWitnessProof,
  type WitnessApproval,
  type WitnessProofOptions,
  witnessProof,
} from './webvh/witness-proof.ts'
