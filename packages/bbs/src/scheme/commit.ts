import {
  bytesOf,
  decodeScalar,
  encodeScalar,
  type G1Point,
  modOrder,
  order,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import { ownScalar } from './keys.ts'
import { assertKind, type Profile } from './profile.ts'
import { type RandomScalars, randomScalars } from './prove.ts'
import { secretCurve } from './secret-curve.ts'
import {
  challengeOf,
  messageScalars,
  publicCurve,
  type SchemeOptions,
  type Setting,
  settingOf,
  type VerifyOptions,
} from './suite.ts'

/** What a holder commits to. */
export interface CommitInput {
  /** M messages of the holder's own. */
  readonly committedMessages: readonly Uint8Array[]
  /** N scalars of 32 bytes (`createScalar`, `scalarFrom`): the holder's part of the nym secrets. */
  readonly nyms: readonly Uint8Array[]
  /**
   * The blinding factor, a scalar of 32 bytes. May be derived, so that the commitment is
   * the same on every device; what must never repeat is drawn inside.
   */
  readonly blind: Uint8Array
}

/** Holder and issuer of a profile that has commitments. */
export type CommittedProfile = Profile<'blind'> | Profile<'pseudonym'>

/**
 * Commits to messages and nyms without showing them: commitment_with_proof, 112 bytes and
 * 32 for each message and nym. A `TypeError` when the numbers are not those of the profile.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-blind-signatures-02.html#name-commitment-computation
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-commitment
 */
export function commit(
  profile: CommittedProfile,
  input: CommitInput,
  options?: SchemeOptions,
): Uint8Array {
  return commitWith(profile, input, options, randomScalars)
}

/** The same with the random scalars of the caller: for the vectors, as `proveWith` is. */
export function commitWith(
  profile: CommittedProfile,
  input: CommitInput,
  options: SchemeOptions | undefined,
  random: RandomScalars,
): Uint8Array {
  assertKind(profile, 'blind', 'pseudonym')
  const setting = settingOf(profile, secretCurve(options))
  const { curve, api, blind } = setting
  const { committedMessages, nyms } = input
  if (committedMessages.length !== profile.committed) {
    throw new TypeError('committedMessages: another number')
  }
  if (nyms.length !== profile.nyms) throw new TypeError('nyms: another number')
  const secrets = [
    ownScalar(input.blind, 'blind'),
    ...messageScalars(api, committedMessages),
    ...nyms.map((nym) => ownScalar(nym, 'nyms')),
  ]
  // CoreCommit 1. to 6.; the blinding factor is the caller's.
  const tildes = random(secrets.length)
  const c = curve.sumSecret(blind.points, secrets)
  const cBar = curve.sumSecret(blind.points, tildes)
  const challenge = commitChallenge(setting, c, cBar)
  return concatBytes(
    curve.encodeG1(c),
    ...secrets.map((secret, at) =>
      encodeScalar(modOrder((tildes[at] as bigint) + secret * challenge)),
    ),
    encodeScalar(challenge),
  )
}

/**
 * Whether a holder knows what is in a commitment, and it is for exactly this profile;
 * false for anything else, whatever the bytes.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-blind-signatures-02.html#name-core-commitment-verification
 */
export function verifyCommitment(
  profile: CommittedProfile,
  commitment: Uint8Array,
  options?: VerifyOptions,
): boolean {
  assertKind(profile, 'blind', 'pseudonym')
  return openCommitment(settingOf(profile, publicCurve(options)), commitment) !== undefined
}

/** The point of a commitment whose proof holds. */
export function openCommitment(setting: Setting, commitment: Uint8Array): G1Point | undefined {
  const { curve, blind } = setting
  // Another length is another M or N.
  if (commitment.length !== 80 + 32 * blind.points.length) return undefined
  const c = curve.decodeG1(commitment.subarray(0, 48))
  if (c === undefined) return undefined
  const scalars: bigint[] = []
  for (let at = 48; at < commitment.length; at += 32) {
    const scalar = decodeScalar(commitment.subarray(at, at + 32))
    if (scalar === undefined) return undefined
    scalars.push(scalar)
  }
  const challenge = scalars.pop() as bigint
  // CoreCommitVerify 1. to 3.
  const cBar = curve.sum([...blind.points, c], [...scalars, order - challenge])
  return commitChallenge(setting, c, cBar) === challenge ? c : undefined
}

// calculate_blind_challenge of draft -02: -03 lost the section, the vectors have it.
function commitChallenge(setting: Setting, c: G1Point, cBar: G1Point): bigint {
  const { curve, api, blind } = setting
  return challengeOf(
    api,
    bytesOf(blind.points.length - 1, 8),
    blind.bytes,
    curve.encodeG1(c),
    curve.encodeG1(cBar),
  )
}
