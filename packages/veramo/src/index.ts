/**
 * Asoba for agents of Veramo 7.
 *
 * @module
 */

export { type DidProviderOptions, didJwkProvider } from './did-jwk-provider.ts'
export {
  type DidWebvhProviderOptions,
  didWebvhProvider,
  type WebvhLogs,
} from './did-webvh-provider.ts'
export { type AsobaKms, type AsobaKmsOptions, asobaKms, type OutsideKey } from './kms.ts'
