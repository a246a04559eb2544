/**
 * The curve BLS12-381 behind one narrow interface, hashing to its scalars, and the batch
 * check of pairings.
 *
 * @module
 */

export { falseClaims, type PairingClaim } from './batch.ts'
export type * from './curve.ts'
export { expandMessage, hashToScalar } from './hash.ts'
export * from './scalar.ts'
export { typescriptCurve } from './typescript.ts'
export { verifyingCurve } from './verifying.ts'
