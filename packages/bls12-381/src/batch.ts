import type { Curve, G1Point, G2Point } from './curve.ts'
import { integerOf } from './scalar.ts'

/** Two points of which e(left, W) = e(right, V) is claimed. */
export interface PairingClaim {
  /** What is paired with the key W. */
  readonly left: G1Point
  /** What is paired with V. */
  readonly right: G1Point
}

/** More at once spare nothing; it bounds the memory, and the platform's randomness comes in small draws. */
const maxTogether = 512

/**
 * Which of many claims e(left, W) = e(right, V) are false: their indexes, ascending.
 * All are checked at once by a random linear combination with 128 bits each; when that
 * fails, both halves are, and so on. A false claim passes with probability 2^-128.
 */
export function falseClaims(
  curve: Curve,
  claims: readonly PairingClaim[],
  w: G2Point,
  v: G2Point,
): number[] {
  const search = (start: number, end: number): number[] => {
    if (start === end || holds(curve, claims.slice(start, end), w, v)) return []
    if (end - start === 1) return [start]
    const middle = (start + end) >> 1
    return [...search(start, middle), ...search(middle, end)]
  }
  const bad: number[] = []
  for (let start = 0; start < claims.length; start += maxTogether) {
    bad.push(...search(start, Math.min(start + maxTogether, claims.length)))
  }
  return bad
}

function holds(curve: Curve, claims: readonly PairingClaim[], w: G2Point, v: G2Point): boolean {
  let { left, right } = claims[0] as PairingClaim
  if (claims.length > 1) {
    const random = crypto.getRandomValues(new Uint8Array(16 * claims.length))
    // Never 0: a claim without weight would not be checked.
    const weights = claims.map(
      (_, index) => integerOf(random.subarray(16 * index, 16 * index + 16)) || 1n,
    )
    left = curve.sum(
      claims.map((claim) => claim.left),
      weights,
    )
    right = curve.sum(
      claims.map((claim) => claim.right),
      weights,
    )
  }
  return curve.pairingsCancel([
    [left, w],
    [curve.negate(right), v],
  ])
}
