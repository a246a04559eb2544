// A prover that does not keep to the rules, and a verifier that keeps to the drafts and no
// more: together they show that the forgeries are real, and not merely malformed.
import {
  decodeScalar,
  encodeScalar,
  type G1Point,
  integerOf,
  invertScalar,
  modOrder,
  order,
  typescriptCurve,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import { challenge } from '../../src/scheme/challenge.ts'
import { keyOf } from '../../src/scheme/keys.ts'
import type { Profile } from '../../src/scheme/profile.ts'
import { type RandomScalars, randomScalars } from '../../src/scheme/prove.ts'
import { combined, scopeOf } from '../../src/scheme/scope.ts'
import { startOfB } from '../../src/scheme/signature.ts'
import { domainOf, messageScalars, settingOf } from '../../src/scheme/suite.ts'
import type { DisclosedMessage } from '../../src/scheme.ts'

/** What a credential and its presentation are, to holder and verifier. */
export interface Common {
  readonly publicKey: Uint8Array
  readonly header: Uint8Array
  readonly presentationHeader: Uint8Array
  readonly scope?: Uint8Array
}

/**
 * Proves with any slots shown, also the blinding factor and nyms, and takes the last N
 * hidden slots, whatever they are, for the nym secrets: what a verifier does as well.
 */
export function forge(
  profile: Profile,
  common: Common,
  signature: Uint8Array,
  scalars: readonly bigint[],
  shown: readonly number[],
  random: RandomScalars = randomScalars,
): { readonly proof: Uint8Array; readonly pseudonym: Uint8Array } {
  const setting = settingOf(profile, typescriptCurve)
  const { curve, generators } = setting
  const hidden = scalars.map((_, at) => at).filter((at) => !shown.includes(at))
  const a = curve.decodeG1(signature.subarray(0, 48)) as G1Point
  const e = integerOf(signature.subarray(48))
  const domain = domainOf(setting, common.publicKey, common.header)
  const [r1 = 0n, r2 = 0n, eTilde = 0n, r1Tilde = 0n, r3Tilde = 0n, ...tildes] = random(
    5 + hidden.length,
  )
  const b = curve.add(startOfB(setting, domain), curve.sum(generators, scalars))
  const d = curve.sum([b], [r2])
  const aBar = curve.sum([a], [modOrder(r1 * r2)])
  const bBar = curve.sum([d, aBar], [r1, order - e])
  const t1 = curve.sum([aBar, d], [eTilde, r1Tilde])
  const t2 = curve.sum([d, ...hidden.map((at) => generators[at] as G1Point)], [r3Tilde, ...tildes])
  const nym: G1Point[] = []
  if (common.scope !== undefined) {
    const { op, z } = scopeOf(curve, common.scope)
    const last = hidden.slice(-profile.nyms).map((at) => scalars[at] as bigint)
    nym.push(
      curve.sum([op], [combined(last, z)]),
      curve.sum([op], [combined(tildes.slice(-profile.nyms), z)]),
    )
  }
  const c = challenge(setting, {
    indexes: shown,
    scalars: shown.map((at) => scalars[at] as bigint),
    points: [aBar, bBar, d, t1, t2, ...nym],
    domain,
    presentationHeader: common.presentationHeader,
    scope: common.scope,
  })
  const responses = [
    eTilde + e * c,
    r1Tilde - r1 * c,
    r3Tilde - invertScalar(r2) * c,
    ...hidden.map((at, place) => (tildes[place] as bigint) + (scalars[at] as bigint) * c),
    c,
  ]
  return {
    proof: concatBytes(
      ...[aBar, bBar, d].map((point) => curve.encodeG1(point)),
      ...responses.map((response) => encodeScalar(modOrder(response))),
    ),
    pseudonym: nym[0] === undefined ? new Uint8Array(0) : curve.encodeG1(nym[0]),
  }
}

/**
 * The verification as the text of the drafts has it: no bound on the indexes, and the
 * number of committed messages from what was sent.
 */
export function acceptedByTheDraft(
  profile: Profile,
  statement: Common & {
    readonly disclosed: readonly DisclosedMessage[]
    readonly disclosedCommitted: readonly DisclosedMessage[]
    readonly proof: Uint8Array
    readonly pseudonym?: Uint8Array
  },
): boolean {
  const setting = settingOf(profile, typescriptCurve)
  const { curve, api, generators, p1, q1 } = setting
  const { proof, disclosed, disclosedCommitted } = statement
  const [aBar, bBar, d] = [0, 48, 96].map((at) => curve.decodeG1(proof.subarray(at, at + 48))) as [
    G1Point,
    G1Point,
    G1Point,
  ]
  const responses: bigint[] = []
  for (let at = 144; at < proof.length; at += 32) {
    responses.push(decodeScalar(proof.subarray(at, at + 32)) as bigint)
  }
  const [eHat = 0n, r1Hat = 0n, r3Hat = 0n, ...rest] = responses
  const c = rest.pop() as bigint
  const shown = [
    ...disclosed.map(({ index }) => index),
    ...disclosedCommitted.map(({ index }) => index + profile.messages + 1),
  ]
  const scalars = messageScalars(
    api,
    [...disclosed, ...disclosedCommitted].map(({ message }) => message),
  )
  const hidden = generators.map((_, at) => at).filter((at) => !shown.includes(at))
  const domain = domainOf(setting, statement.publicKey, statement.header)
  const at = (indexes: readonly number[]) => indexes.map((index) => generators[index] as G1Point)
  const t1 = curve.sum([bBar, aBar, d], [c, eHat, r1Hat])
  const bv = curve.sum([p1, q1, ...at(shown)], [1n, domain, ...scalars])
  const t2 = curve.sum([bv, d, ...at(hidden)], [c, r3Hat, ...rest])
  const nym: G1Point[] = []
  if (statement.scope !== undefined) {
    const { op, z } = scopeOf(curve, statement.scope)
    const point = curve.decodeG1(statement.pseudonym as Uint8Array) as G1Point
    const u = curve.sum([op, point], [combined(rest.slice(-profile.nyms), z), order - c])
    nym.push(point, u)
  }
  const expected = challenge(setting, {
    indexes: shown,
    scalars,
    points: [aBar, bBar, d, t1, t2, ...nym],
    domain,
    presentationHeader: statement.presentationHeader,
    scope: statement.scope,
  })
  const key = keyOf(curve, statement.publicKey)
  return (
    expected === c &&
    key !== undefined &&
    curve.pairingsCancel([
      [aBar, key],
      [curve.negate(bBar), curve.g2],
    ])
  )
}

/** The scalar that a message becomes, as 32 bytes, for use as a secret. */
export function asSecret(profile: Profile, message: Uint8Array): Uint8Array {
  return encodeScalar(
    messageScalars(settingOf(profile, typescriptCurve).api, [message])[0] as bigint,
  )
}
