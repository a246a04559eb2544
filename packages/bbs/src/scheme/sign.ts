import { encodeScalar } from '@asoba/bls12-381'
import { keyOf, ownScalar, publicKeyOf } from './keys.ts'
import { assertKind, type Profile } from './profile.ts'
import { secretCurve } from './secret-curve.ts'
import { decodeSignature, finishSignature, signatureHolds, startOfB } from './signature.ts'
import { challengeOf, domainOf, messageScalars, type SchemeOptions, settingOf } from './suite.ts'

/** What an issuer signs. */
export interface SignInput {
  /** 32 bytes. */
  readonly secretKey: Uint8Array
  /** 96 bytes, that of the secret key; computed when absent, which takes a while. */
  readonly publicKey?: Uint8Array
  /** Bound to the signature and shown with every proof; may be empty. */
  readonly header: Uint8Array
  /** Any bytes, at the indexes by which they are disclosed later. */
  readonly messages: readonly Uint8Array[]
}

/** A signature with everything that it signs. */
export interface SignedMessages {
  /** 96 bytes. */
  readonly publicKey: Uint8Array
  /** 80 bytes. */
  readonly signature: Uint8Array
  /** As it was signed. */
  readonly header: Uint8Array
  /** All of them, as they were signed. */
  readonly messages: readonly Uint8Array[]
}

/**
 * Signs messages: 80 bytes, the same for the same input. A `TypeError` when the secret key
 * is none or there are not as many messages as the profile says.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-signature-generation-sign
 */
export function sign(
  profile: Profile<'plain'>,
  input: SignInput,
  options?: SchemeOptions,
): Uint8Array {
  assertKind(profile, 'plain')
  const setting = settingOf(profile, secretCurve(options))
  const { curve, api, generators } = setting
  const secretKey = ownScalar(input.secretKey, 'secretKey')
  const publicKey = input.publicKey ?? publicKeyOf(input.secretKey, options)
  if (input.messages.length !== profile.messages) throw new TypeError('messages: another number')
  const scalars = messageScalars(api, input.messages)
  // CoreSign 1. to 5.
  const domain = domainOf(setting, publicKey, input.header)
  const e = challengeOf(api, input.secretKey, ...scalars.map(encodeScalar), encodeScalar(domain))
  const b = curve.add(startOfB(setting, domain), curve.sumSecret(generators, scalars))
  return finishSignature(setting, secretKey, b, e)
}

/**
 * Whether a signature is that of the key over exactly these messages; false for anything
 * else, whatever the bytes.
 *
 * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-bbs-signatures-10.html#name-signature-verification-veri
 */
export function verify(
  profile: Profile<'plain'>,
  input: SignedMessages,
  options?: SchemeOptions,
): boolean {
  assertKind(profile, 'plain')
  if (input.messages.length !== profile.messages) return false
  const setting = settingOf(profile, secretCurve(options))
  const { curve, api, generators } = setting
  const key = keyOf(curve, input.publicKey)
  const signature = decodeSignature(setting, input.signature)
  if (key === undefined || signature === undefined) return false
  // CoreVerify 1. to 3.
  const domain = domainOf(setting, input.publicKey, input.header)
  const b = curve.add(
    startOfB(setting, domain),
    curve.sumSecret(generators, messageScalars(api, input.messages)),
  )
  return signatureHolds(setting, key, signature, b)
}
