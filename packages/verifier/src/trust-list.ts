/**
 * Signed trust lists: who may issue what, from a publisher that the reader trusts, for use online
 * and off. The normative text is `spec/trust-list.md`.
 *
 * @module
 */

export {
  type LoadedTrustList,
  type LoadTrustListOptions,
  loadTrustList,
  type TrustListMark,
} from './load-trust-list.ts'
export { type SignTrustListOptions, signTrustList } from './sign-trust-list.ts'
export type { TrustListContent } from './trust-list-content.ts'
