import {
  type Curve,
  type G1Point,
  type G2Point,
  type SecretCurve,
  typescriptCurve,
  verifyingCurve,
} from '../src/index.ts'

declare const bytes: Uint8Array
declare const secret: bigint

// A point cannot be written down: whoever has one has passed the subgroup check.
// @ts-expect-error: only a backend makes one
export const forged: G1Point = { x: 0n, y: 0n }
// @ts-expect-error: bytes are no point
verifyingCurve.sum([bytes], [1n])

// What came from outside may be none, and that must be looked at.
// @ts-expect-error: perhaps undefined
export const unchecked: G1Point = verifyingCurve.decodeG1(bytes)
// @ts-expect-error: perhaps undefined
export const uncheckedKey: G2Point = verifyingCurve.decodeG2(bytes)

// A point of G1 is none of G2, nor the other way round.
// @ts-expect-error: the two sides of a pairing are not the same
verifyingCurve.pairingsCancel([[verifyingCurve.g2, verifyingCurve.g1]])

// Who only verifies has nothing to give a secret to.
typescriptCurve.sumSecret([typescriptCurve.g1], [secret]) satisfies G1Point
// @ts-expect-error: no such function in the verifying half
verifyingCurve.sumSecret([verifyingCurve.g1], [secret])
typescriptCurve satisfies Curve
// @ts-expect-error: the verifying half is no curve for secrets
export const signs: SecretCurve = verifyingCurve
