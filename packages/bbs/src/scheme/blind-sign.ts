import type { G1Point } from '@asoba/bls12-381'
import { openCommitment } from './commit.ts'
import { ownScalar, publicKeyOf } from './keys.ts'
import { assertKind, type Profile } from './profile.ts'
import { secretCurve } from './secret-curve.ts'
import type { SignInput } from './sign.ts'
import { finishSignature, startOfB } from './signature.ts'
import { challengeOf, domainOf, messageScalars, type SchemeOptions, settingOf } from './suite.ts'

/** What an issuer signs together with what the holder committed to. */
export interface BlindSignInput extends SignInput {
  /** commitment_with_proof, as it was received. */
  readonly commitment: Uint8Array
}

/** The same where there are nyms. */
export interface PseudonymSignInput extends BlindSignInput {
  /**
   * signer_nym_entropy, a scalar of 32 bytes that the holder gets with the signature:
   * random (`createScalar`), or the same again where the same nyms are issued again.
   */
  readonly entropy: Uint8Array
}

/** What is signed blindly, by kind of profile. */
export interface BlindSignInputs {
  /** Blind BBS. */
  readonly blind: BlindSignInput
  /** With nyms. */
  readonly pseudonym: PseudonymSignInput
}

/**
 * Signs the issuer's messages and, unseen, the holder's: 80 bytes; `undefined` when the
 * commitment is not a good one for this profile, whatever its bytes. A `TypeError` when
 * the issuer's own input has the wrong form.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-blind-signatures-02.html#name-blind-signature-generation
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-blind-issuance
 */
export function blindSign<Kind extends 'blind' | 'pseudonym'>(
  profile: Profile<Kind>,
  input: BlindSignInputs[Kind],
  options?: SchemeOptions,
): Uint8Array | undefined {
  assertKind(profile, 'blind', 'pseudonym')
  const committed = openCommitment(settingOf(profile, secretCurve(options)), input.commitment)
  return committed === undefined ? undefined : signCommitted(profile, input, committed, options)
}

/**
 * The same for a commitment whose proof was verified. Not exported from the package, for
 * nothing here looks whether the holder knows what is in it.
 */
export function signCommitted(
  profile: Profile<'blind' | 'pseudonym'>,
  input: SignInput & { readonly entropy?: Uint8Array },
  committed: G1Point,
  options?: SchemeOptions,
): Uint8Array {
  const setting = settingOf(profile, secretCurve(options))
  const { curve, api, generators } = setting
  const secretKey = ownScalar(input.secretKey, 'secretKey')
  const publicKey = input.publicKey ?? publicKeyOf(input.secretKey, options)
  if (input.messages.length !== profile.messages) throw new TypeError('messages: another number')
  const points = generators.slice(0, profile.messages)
  const scalars = messageScalars(api, input.messages)
  if (profile.kind === 'pseudonym') {
    // To the last nym secret alone.
    points.push(generators.at(-1) as G1Point)
    scalars.push(ownScalar(input.entropy ?? new Uint8Array(0), 'entropy'))
  }
  const domain = domainOf(setting, publicKey, input.header)
  // B_calculate.
  const b = curve.add(
    curve.add(startOfB(setting, domain), curve.sumSecret(points, scalars)),
    committed,
  )
  // FinalizeBlindSign 2. to 4. The text hashes the domain as well; the vectors do not.
  const e = challengeOf(api, input.secretKey, curve.encodeG1(b))
  return finishSignature(setting, secretKey, b, e)
}
