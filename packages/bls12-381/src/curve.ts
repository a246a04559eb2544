declare const g1: unique symbol
declare const g2: unique symbol

/**
 * A point of the subgroup of order r of E(Fp): opaque, of the backend that made it.
 * Every such value has passed the subgroup check or was computed from points that had.
 */
export interface G1Point {
  /** Only a backend makes one. */
  readonly [g1]: true
}

/** A point of the subgroup of order r of E'(Fp2): opaque, of the backend that made it. */
export interface G2Point {
  /** Only a backend makes one. */
  readonly [g2]: true
}

/**
 * What the verification of a scheme over BLS12-381 needs of the curve, and no more. Scalars are integers
 * from 0 to r - 1 (a `RangeError` otherwise); points are those of the same backend.
 *
 * Everything here takes as long as the data make it take, and is for PUBLIC data only; what
 * may see a secret scalar is in {@link SecretCurve}.
 */
export interface Curve {
  /** Name of the backend, for benchmarks and reports. */
  readonly name: string
  /** The identity of G1; the same value in all curves whose points are of one sort. */
  readonly zero: G1Point
  /** The generator of G1 (BP1). */
  readonly g1: G1Point
  /** The generator of G2 (BP2). */
  readonly g2: G2Point
  /**
   * Reads 48 bytes (compressed form). `undefined`: not that form, not canonical, not on
   * the curve, not in the subgroup, or the identity.
   *
   * @see https://www.ietf.org/archive/id/draft-irtf-cfrg-pairing-friendly-curves-11.html#appendix-C
   */
  decodeG1(bytes: Uint8Array): G1Point | undefined
  /** Reads 96 bytes (compressed form); `undefined` as in {@link Curve.decodeG1}. */
  decodeG2(bytes: Uint8Array): G2Point | undefined
  /** Compressed form, 48 bytes; the identity is `c0 00 … 00`. */
  encodeG1(point: G1Point): Uint8Array
  /** Compressed form, 96 bytes. */
  encodeG2(point: G2Point): Uint8Array
  /**
   * `hash_to_curve` of the suite BLS12381G1_XMD:SHA-256_SSWU_RO_ with a domain separation
   * tag of one's own (1 to 255 bytes; a `RangeError` otherwise).
   *
   * @see https://www.rfc-editor.org/rfc/rfc9380.html#section-8.8.1
   */
  hashToG1(message: Uint8Array, dst: Uint8Array): G1Point
  /**
   * The same point, remembered as one that will be multiplied often: tables are made at
   * the first use that pays for them and live as long as the value that is returned.
   */
  prepare(point: G1Point): G1Point
  /** Whether two points are the same one. */
  equal(left: G1Point, right: G1Point): boolean
  /** The point that gives the identity when added. */
  negate(point: G1Point): G1Point
  /** Adds two points. */
  add(left: G1Point, right: G1Point): G1Point
  /**
   * The sum of `scalars[i] * points[i]`. PUBLIC data only: time depends on the scalars.
   * A `RangeError` when the two lists differ in length.
   */
  sum(points: readonly G1Point[], scalars: readonly bigint[]): G1Point
  /**
   * Whether the product of the pairings e(a, b) over all terms is 1. What depends on a G2
   * point alone is computed once and kept with it. A term with the identity contributes 1.
   */
  pairingsCancel(terms: readonly (readonly [G1Point, G2Point])[]): boolean
}

/** A curve that also computes with secrets: who signs, commits or proves needs one. */
export interface SecretCurve extends Curve {
  /**
   * The same sum for SECRET scalars: the sequence of operations does not depend on them.
   * The one function that may see a secret scalar, slower than {@link Curve.sum}.
   */
  sumSecret(points: readonly G1Point[], scalars: readonly bigint[]): G1Point
  /** `scalar * BP2` for a secret scalar other than 0: how a public key is made. */
  publicKey(scalar: bigint): G2Point
}
