import {
  decodeScalar,
  encodeScalar,
  type G1Point,
  type G2Point,
  invertScalar,
  modOrder,
  order,
  type SecretCurve,
} from '@asoba/bls12-381'
import { concatBytes } from '@asoba/core'
import type { Setting } from './suite.ts'

/** A signature in parts. */
export interface Signature {
  readonly a: G1Point
  readonly e: bigint
}

/** `octets_to_signature`; `undefined` when the bytes are none. */
export function decodeSignature(setting: Setting, bytes: Uint8Array): Signature | undefined {
  if (bytes.length !== 80) return undefined
  const a = setting.curve.decodeG1(bytes.subarray(0, 48))
  const e = decodeScalar(bytes.subarray(48))
  return a === undefined || e === undefined ? undefined : { a, e }
}

/** A = B * (1 / (SK + e)), and both as 80 bytes. */
export function finishSignature(
  { curve }: Setting<SecretCurve>,
  secretKey: bigint,
  b: G1Point,
  e: bigint,
): Uint8Array {
  const a = curve.sumSecret([b], [invertScalar(modOrder(secretKey + e))])
  return concatBytes(curve.encodeG1(a), encodeScalar(e))
}

/** P1 + Q1 * domain, where every B begins. */
export function startOfB({ curve, p1, q1 }: Setting, domain: bigint): G1Point {
  return curve.sum([p1, q1], [1n, domain])
}

/** Whether e(A, W + BP2 * e) = e(B, BP2). */
export function signatureHolds(
  { curve }: Setting<SecretCurve>,
  key: G2Point,
  { a, e }: Signature,
  b: G1Point,
): boolean {
  const right = curve.add(curve.sumSecret([a], [modOrder(order - e)]), b)
  return curve.pairingsCancel([
    [a, key],
    [curve.negate(right), curve.g2],
  ])
}
