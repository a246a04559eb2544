import {
  encodeScalar,
  type G1Point,
  invertScalar,
  modOrder,
  order,
  randomScalar,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import { challenge } from './challenge.ts'
import { ownScalar } from './keys.ts'
import { assertKind, type Profile, type ProfileKind } from './profile.ts'
import { combined, scopeOf } from './scope.ts'
import { secretCurve } from './secret-curve.ts'
import { decodeSignature, startOfB } from './signature.ts'
import { ascendingBelow } from './statement.ts'
import { domainOf, type Interface, messageScalars, type SchemeOptions, settingOf } from './suite.ts'

/** What a holder proves from a plain signature. */
export interface PlainProofInput {
  /** 96 bytes, of the issuer. */
  readonly publicKey: Uint8Array
  /** 80 bytes; verify it once when it is received. */
  readonly signature: Uint8Array
  /** As it was signed. */
  readonly header: Uint8Array
  /** Bound to this proof alone: who it is for, and its freshness. */
  readonly presentationHeader: Uint8Array
  /** All messages, as they were signed. */
  readonly messages: readonly Uint8Array[]
  /** Indexes of the messages that the verifier will see, ascending. */
  readonly disclosed: readonly number[]
}

/** What a holder proves from a blind signature. */
export interface BlindProofInput extends PlainProofInput {
  /** The holder's own messages, as they were committed. */
  readonly committedMessages: readonly Uint8Array[]
  /** Indexes among the committed messages that the verifier will see, ascending. */
  readonly disclosedCommitted: readonly number[]
  /** The blinding factor of the commitment, 32 bytes. */
  readonly blind: Uint8Array
}

/** What a holder proves from a signature with nym secrets. */
export interface PseudonymProofInput extends BlindProofInput {
  /** N scalars of 32 bytes, with the issuer's entropy in the last: see `nymSecretsOf`. */
  readonly nymSecrets: readonly Uint8Array[]
  /** What the pseudonym is for: the context_id of the draft. */
  readonly scope: Uint8Array
}

/** What a proof is made from, by kind of profile. */
export interface ProofInputs {
  /** Plain BBS. */
  readonly plain: PlainProofInput
  /** Blind BBS. */
  readonly blind: BlindProofInput
  /** With pseudonym. */
  readonly pseudonym: PseudonymProofInput
}

/** A proof, and the pseudonym where the profile has nyms. */
export interface Proven<Kind extends ProfileKind> {
  /** 272 bytes and 32 for each message, blind and nym that is not disclosed. */
  readonly proof: Uint8Array
  /** 48 bytes, or `undefined` without nyms. */
  readonly pseudonym: Kind extends 'pseudonym' ? Uint8Array : undefined
}

/**
 * Proves that one has a signature, and discloses some of its messages. Two proofs of one
 * signature share nothing but what they disclose. A `TypeError` when a part of the
 * holder's own data has the wrong form; a signature that does not hold gives a proof that
 * does not either.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-proof-generation-proofgen
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-proof-generation-with-pseud
 */
export function prove<Kind extends ProfileKind>(
  profile: Profile<Kind>,
  input: ProofInputs[Kind],
  options?: SchemeOptions,
): Proven<Kind> {
  return proveWith(profile, input, options, randomScalars)
}

/** So many scalars that nobody can foresee. */
export type RandomScalars = (count: number) => readonly bigint[]

/** Those of the platform. */
export const randomScalars: RandomScalars = (count) => Array.from({ length: count }, randomScalar)

/**
 * The same with the random scalars of the caller. For the test vectors, and not exported
 * from the package: whoever can foresee one of them learns every secret.
 */
export function proveWith<Kind extends ProfileKind>(
  profile: Profile<Kind>,
  input: ProofInputs[Kind],
  options: SchemeOptions | undefined,
  random: RandomScalars,
): Proven<Kind> {
  assertKind(profile, 'plain', 'blind', 'pseudonym')
  const setting = settingOf(profile, secretCurve(options))
  const { curve, generators } = setting
  const scalars = witness(profile, input, setting.api)
  const { disclosed, disclosedCommitted } = indexesOf(input)
  if (
    !ascendingBelow(disclosed, profile.messages) ||
    !ascendingBelow(disclosedCommitted, profile.committed)
  ) {
    throw new TypeError('disclosed: ascending indexes of messages')
  }
  const shown = [...disclosed, ...disclosedCommitted.map((at) => at + profile.messages + 1)]
  const hidden = scalars.map((_, at) => at).filter((at) => !shown.includes(at))
  const signature = decodeSignature(setting, input.signature)
  if (signature === undefined) throw new TypeError('signature: not one')
  const { a, e } = signature
  const at = <T>(list: readonly T[], indexes: readonly number[]) =>
    indexes.map((index) => list[index] as T)

  // ProofInit. Of B only what the verifier will see is added up at varying speed.
  const domain = domainOf(setting, input.publicKey, input.header)
  const [r1, r2, eTilde, r1Tilde, r3Tilde, ...tildes] = random(5 + hidden.length) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    ...bigint[],
  ]
  const hiddenPoints = at(generators, hidden)
  const b = curve.add(
    curve.add(startOfB(setting, domain), curve.sum(at(generators, shown), at(scalars, shown))),
    curve.sumSecret(hiddenPoints, at(scalars, hidden)),
  )
  const d = curve.sumSecret([b], [r2])
  const aBar = curve.sumSecret([a], [modOrder(r1 * r2)])
  const bBar = curve.sumSecret([d, aBar], [r1, order - e])
  const t1 = curve.sumSecret([aBar, d], [eTilde, r1Tilde])
  const t2 = curve.sumSecret([d, ...hiddenPoints], [r3Tilde, ...tildes])

  let nym: readonly [G1Point, G1Point] | undefined
  let scope: Uint8Array | undefined
  if (profile.kind === 'pseudonym') {
    scope = (input as PseudonymProofInput).scope
    const { op, z } = scopeOf(curve, scope)
    // The nym secrets are the last of the messages, and none of them is ever disclosed.
    nym = [
      curve.sumSecret([op], [combined(scalars.slice(-profile.nyms), z)]),
      curve.sumSecret([op], [combined(tildes.slice(-profile.nyms), z)]),
    ]
  }

  const c = challenge(setting, {
    indexes: shown,
    scalars: at(scalars, shown),
    points: [aBar, bBar, d, t1, t2, ...(nym ?? [])],
    domain,
    presentationHeader: input.presentationHeader,
    scope,
  })
  // ProofFinalize.
  const r3 = invertScalar(r2)
  const responses = [
    eTilde + e * c,
    r1Tilde - r1 * c,
    r3Tilde - r3 * c,
    ...hidden.map((index, order) => (tildes[order] as bigint) + (scalars[index] as bigint) * c),
    c,
  ]
  const proof = concatBytes(
    ...[aBar, bBar, d].map((point) => curve.encodeG1(point)),
    ...responses.map((response) => encodeScalar(modOrder(response))),
  )
  const pseudonym = nym === undefined ? undefined : curve.encodeG1(nym[0])
  return { proof, pseudonym } as Proven<Kind>
}

/** Everything that is signed, as scalars in the order of the generators. */
export function witness(
  profile: Profile,
  input: Pick<PlainProofInput, 'messages'>,
  api: Interface,
): bigint[] {
  if (input.messages.length !== profile.messages) throw new TypeError('messages: another number')
  const scalars = messageScalars(api, input.messages)
  if (profile.kind === 'plain') return scalars
  const { blind, committedMessages } = input as BlindProofInput
  if (committedMessages.length !== profile.committed) {
    throw new TypeError('committedMessages: another number')
  }
  scalars.push(ownScalar(blind, 'blind'), ...messageScalars(api, committedMessages))
  if (profile.kind === 'blind') return scalars
  const { nymSecrets } = input as PseudonymProofInput
  if (nymSecrets.length !== profile.nyms) throw new TypeError('nymSecrets: another number')
  return [...scalars, ...nymSecrets.map((nym) => ownScalar(nym, 'nymSecrets'))]
}

function indexesOf(input: PlainProofInput & Partial<BlindProofInput>): {
  readonly disclosed: readonly number[]
  readonly disclosedCommitted: readonly number[]
} {
  return { disclosed: input.disclosed, disclosedCommitted: input.disclosedCommitted ?? [] }
}
