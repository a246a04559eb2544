declare const sealed: unique symbol

/**
 * What a signature can do: `plain` BBS, `blind` (the holder commits to messages that the
 * issuer does not see), `pseudonym` (blind, with nym secrets).
 */
export type ProfileKind = 'plain' | 'blind' | 'pseudonym'

/**
 * The shape of a signature, fixed before anything is signed and never read from a message:
 * who verifies says by it how many messages there are, and of which sort. Made by
 * {@link plainProfile}, {@link blindProfile} and {@link pseudonymProfile} alone; without
 * these numbers a holder can pass the blinding factor off as a claim, or a nym as a message.
 *
 * @see spec/bbs-profile.md, section 3
 */
export interface Profile<Kind extends ProfileKind = ProfileKind> {
  /** Cannot be written down, only made. */
  readonly [sealed]: true
  /** Which of the three schemes. */
  readonly kind: Kind
  /** L: how many messages the issuer signs. */
  readonly messages: number
  /** M: how many messages the holder commits to. */
  readonly committed: number
  /** N: how many nym secrets the holder commits to. */
  readonly nyms: number
}

/** Messages of all sorts in one signature. */
const maxMessages = 1024
/** As many nyms as spec/pseudonyms.md allows. */
const maxNyms = 64

const made = new WeakSet<object>()

/** BBS as it is: the issuer signs `messages` messages. */
export function plainProfile(numbers: { readonly messages: number }): Profile<'plain'> {
  return seal({ kind: 'plain', messages: numbers.messages, committed: 0, nyms: 0 })
}

/**
 * Blind BBS: the issuer signs `messages` messages and, unseen, `committed` of the holder.
 * A `TypeError` when a number is out of bounds, here and in the other two.
 */
export function blindProfile(numbers: {
  readonly messages: number
  readonly committed: number
}): Profile<'blind'> {
  const { messages, committed } = numbers
  return seal({ kind: 'blind', messages, committed, nyms: 0 })
}

/** Blind BBS with `nyms` nym secrets (1 to 64), from which a pseudonym per scope is made. */
export function pseudonymProfile(numbers: {
  readonly messages: number
  readonly committed: number
  readonly nyms: number
}): Profile<'pseudonym'> {
  const { messages, committed, nyms } = numbers
  if (nyms === 0) throw new TypeError('nyms: 1 to 64')
  return seal({ kind: 'pseudonym', messages, committed, nyms })
}

/** Throws a `TypeError` unless the profile was made here and of these kinds, whatever its type claims. */
export function assertKind(profile: Profile, ...kinds: readonly ProfileKind[]): void {
  if (!made.has(profile)) throw new TypeError('profile: made by hand')
  if (!kinds.includes(profile.kind)) throw new TypeError('profile: of another kind')
}

function seal<Kind extends ProfileKind>(
  numbers: Omit<Profile<Kind>, typeof sealed>,
): Profile<Kind> {
  const { messages, committed, nyms } = numbers
  for (const count of [messages, committed, nyms]) {
    if (!Number.isInteger(count) || count < 0) throw new TypeError('profile: a count is wrong')
  }
  if (nyms > maxNyms) throw new TypeError('nyms: 1 to 64')
  if (messages + committed > maxMessages) throw new TypeError('profile: too many messages')
  const profile = Object.freeze({ ...numbers }) as Profile<Kind>
  made.add(profile)
  return profile
}
