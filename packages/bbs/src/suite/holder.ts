import { blindProfile, commit } from '../scheme.ts'

/** What an anonymously bound proof is bound to; kept by the holder alone. */
export interface AnonymousHolder {
  /** Random bytes, 32 or more: who does not know them cannot derive a proof. */
  readonly secret: Uint8Array
  /** The blinding factor of the commitment, 32 bytes: `createScalar` of `@asoba/bbs/scheme`. */
  readonly blind: Uint8Array
}

/**
 * commitment_with_proof of a holder's secret, which the issuer signs unseen; 144 bytes. The proof in
 * it is new every time.
 *
 * @throws TypeError where the blinding factor is none
 * @see https://www.w3.org/TR/vc-di-bbs/#anonymous-holder-binding
 */
export function commitToSecret({ secret, blind }: AnonymousHolder): Uint8Array {
  const profile = blindProfile({ messages: 0, committed: 1 })
  return commit(profile, { blind, committedMessages: [secret], nyms: [] })
}
