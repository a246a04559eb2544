/**
 * The verifier's side of OpenID4VP 1.0.
 *
 * @module
 */

export { memoryResponses, type ResponseStore } from './presentation/stores.ts'
