/**
 * The holder role: keep, match, consent, present, erase.
 *
 * @module
 */

export {
  createWallet,
  type HeldCredential,
  type Wallet,
  type WalletOptions,
} from './create-wallet.ts'
export type { Answer, DisclosedClaim, Match, WithheldClaim } from './match.ts'
export type { RequestOptions } from './read-request.ts'
export type { Reuse } from './reuse.ts'
