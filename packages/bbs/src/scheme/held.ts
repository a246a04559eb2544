import { decodeScalar, encodeScalar, modOrder } from '@asoba/bls12-381'
import { keyOf, ownScalar } from './keys.ts'
import { assertKind, type Profile } from './profile.ts'
import { type BlindProofInput, type PseudonymProofInput, witness } from './prove.ts'
import { combined, scopeOf } from './scope.ts'
import { secretCurve } from './secret-curve.ts'
import { decodeSignature, signatureHolds, startOfB } from './signature.ts'
import { domainOf, type SchemeOptions, settingOf } from './suite.ts'

/** A signature over what a holder committed to, with all of it. */
export interface HeldInputs {
  /** Blind BBS. */
  readonly blind: Omit<BlindProofInput, 'presentationHeader' | 'disclosed' | 'disclosedCommitted'>
  /** With nyms. */
  readonly pseudonym: Omit<
    PseudonymProofInput,
    'presentationHeader' | 'disclosed' | 'disclosedCommitted' | 'scope'
  >
}

/**
 * Whether the issuer signed what it said and what the holder committed to: to be asked
 * once, when a signature is received. False for a signature of any other bytes; a
 * `TypeError` when the holder's own secrets have the wrong form.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-blind-signatures-02.html#name-blind-signature-verificatio
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-per-verifier-linkability-03.html#name-verification-and-finalizati
 */
export function verifyBlindSignature<Kind extends 'blind' | 'pseudonym'>(
  profile: Profile<Kind>,
  input: HeldInputs[Kind],
  options?: SchemeOptions,
): boolean {
  assertKind(profile, 'blind', 'pseudonym')
  const setting = settingOf(profile, secretCurve(options))
  const { curve, api, generators } = setting
  // How many messages there are is what the issuer says, not what we have.
  if (input.messages.length !== profile.messages) return false
  const scalars = witness(profile, input, api)
  const key = keyOf(curve, input.publicKey)
  const signature = decodeSignature(setting, input.signature)
  if (key === undefined || signature === undefined) return false
  const domain = domainOf(setting, input.publicKey, input.header)
  const b = curve.add(startOfB(setting, domain), curve.sumSecret(generators, scalars))
  return signatureHolds(setting, key, signature, b)
}

/**
 * The nym secrets that were signed: the holder's nyms, with the issuer's entropy in the
 * last. `undefined` when the entropy that the issuer sent is not a scalar, or takes the
 * last one to 0; a `TypeError` when the nyms are not those of the profile.
 */
export function nymSecretsOf(
  profile: Profile<'pseudonym'>,
  input: { readonly nyms: readonly Uint8Array[]; readonly entropy: Uint8Array },
): readonly Uint8Array[] | undefined {
  assertKind(profile, 'pseudonym')
  const scalars = input.nyms.map((nym) => ownScalar(nym, 'nyms'))
  if (scalars.length !== profile.nyms) throw new TypeError('nyms: another number')
  const entropy = decodeScalar(input.entropy)
  if (entropy === undefined) return undefined
  const last = modOrder((scalars.pop() as bigint) + entropy)
  return last === 0n ? undefined : [...scalars, last].map(encodeScalar)
}

/**
 * The pseudonym of a scope, 48 bytes: the same each time, and without the nym secrets not
 * to be connected with that of any other scope. A `TypeError` for nym secrets that are not
 * those of the profile.
 */
export function pseudonymOf(
  profile: Profile<'pseudonym'>,
  input: { readonly nymSecrets: readonly Uint8Array[]; readonly scope: Uint8Array },
  options?: SchemeOptions,
): Uint8Array {
  assertKind(profile, 'pseudonym')
  const secrets = input.nymSecrets.map((nym) => ownScalar(nym, 'nymSecrets'))
  if (secrets.length !== profile.nyms) throw new TypeError('nymSecrets: another number')
  const { curve } = settingOf(profile, secretCurve(options))
  const { op, z } = scopeOf(curve, input.scope)
  return curve.encodeG1(curve.sumSecret([op], [combined(secrets, z)]))
}
