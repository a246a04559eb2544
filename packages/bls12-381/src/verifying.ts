import type { Curve, G1Point, G2Point } from './curve.ts'
import { decodeG2, encodeG2 } from './g2.ts'
import { hashToG1 } from './hash-to-g1.ts'
import { type Affine2, type Lines, linesOf, pairingsCancel } from './pairing.ts'
import {
  type Affine,
  added,
  inSubgroup,
  keptMultiples,
  type OddMultiples,
  prime,
  squareRoot,
  straus,
} from './public-g1.ts'
import { bytesOf, integerOf, order } from './scalar.ts'

/** A point of G1 and what is remembered of it. */
export class Point {
  readonly affine: Affine | undefined
  readonly isPrepared: boolean
  kept: OddMultiples | undefined

  constructor(affine: Affine | undefined, isPrepared: boolean) {
    this.affine = affine
    this.isPrepared = isPrepared
  }
}

/** A point of G2, and the lines of the Miller loop that depend on it alone. */
class Point2 {
  readonly affine: Affine2
  #lines: Lines | undefined

  constructor(affine: Affine2, lines?: Lines) {
    this.affine = affine
    this.#lines = lines
  }

  get lines(): Lines {
    this.#lines ??= linesOf(this.affine)
    if (this.#lines === undefined) throw new TypeError('not in the subgroup')
    return this.#lines
  }
}

const zero = out(undefined)

/**
 * The curve for those who only verify, in pure TypeScript: nothing in it knows how to keep
 * a secret, and what does (`typescriptCurve`) is not bundled with it.
 */
export const verifyingCurve: Curve = {
  name: 'typescript, verifying',
  zero,
  g1: out({
    x: 0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
    y: 0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
  }),
  g2: outG2({
    x: [
      0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
      0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
    ],
    y: [
      0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
      0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
    ],
  }),
  decodeG1,
  decodeG2(bytes) {
    const point = decodeG2(bytes)
    return point && (new Point2(point.affine, point.lines) as unknown as G2Point)
  },
  encodeG1,
  encodeG2: (point) => encodeG2(ownG2(point).affine),
  hashToG1(message, dst) {
    if (dst.length === 0 || dst.length > 255) throw new RangeError('dst: 1 to 255 bytes')
    return out(hashToG1(message, dst))
  },
  prepare(point) {
    const { affine, isPrepared } = own(point)
    return isPrepared ? point : (new Point(affine, true) as unknown as G1Point)
  },
  equal(left, right) {
    const [a, b] = [own(left).affine, own(right).affine]
    return a?.x === b?.x && a?.y === b?.y
  },
  negate(point) {
    const { affine } = own(point)
    return affine === undefined ? zero : out({ x: affine.x, y: prime - affine.y })
  },
  add: (left, right) => out(added(own(left).affine, own(right).affine)),
  sum,
  pairingsCancel: (terms) =>
    pairingsCancel(
      terms.flatMap(([left, right]): [Affine, Lines][] => {
        const { affine } = own(left)
        return affine === undefined ? [] : [[affine, ownG2(right).lines]]
      }),
    ),
}

// pairing-friendly-curves-11 appendix C.2.
function decodeG1(bytes: Uint8Array): G1Point | undefined {
  if (bytes.length !== 48) return undefined
  const flags = (bytes[0] as number) >> 5
  // Compressed; not the identity, which nothing that we read may be.
  if ((flags & 0b110) !== 0b100) return undefined
  const body = Uint8Array.from(bytes)
  body[0] = (body[0] as number) & 0x1f
  const x = integerOf(body)
  if (x >= prime) return undefined
  const root = squareRoot((x * x * x + 4n) % prime)
  if (root === undefined) return undefined
  const isLarger = 2n * root > prime
  const affine = { x, y: isLarger === ((flags & 1) === 1) ? root : prime - root }
  return inSubgroup(affine) ? out(affine) : undefined
}

function encodeG1(point: G1Point): Uint8Array {
  const { affine } = own(point)
  const bytes = bytesOf(affine?.x ?? 0n, 48)
  const isLarger = affine !== undefined && 2n * affine.y > prime
  bytes[0] = (bytes[0] as number) | (affine === undefined ? 0xc0 : isLarger ? 0xa0 : 0x80)
  return bytes
}

function sum(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (points.length !== scalars.length) throw new RangeError('as many scalars as points')
  const terms = points.flatMap((given, index) => {
    const point = own(given)
    const scalar = scalars[index] as bigint
    assertScalar(scalar)
    if (scalar === 0n || point.affine === undefined) return []
    if (point.isPrepared) point.kept ??= keptMultiples(point.affine)
    const { affine, kept } = point
    return [{ point: affine, scalar, ...(kept === undefined ? {} : { kept }) }]
  })
  return terms.length === 0 ? zero : out(straus(terms))
}

/** A point for others. */
export function out(affine: Affine | undefined): G1Point {
  return new Point(affine, false) as unknown as G1Point
}

/** A point of G2 for others; whoever gives it knows that it is in the subgroup. */
export function outG2(affine: Affine2): G2Point {
  return new Point2(affine) as unknown as G2Point
}

/** A point of ours. */
export function own(point: G1Point): Point {
  if (point instanceof Point) return point
  throw new TypeError('a point of another backend')
}

function ownG2(point: G2Point): Point2 {
  if (point instanceof Point2) return point
  throw new TypeError('a point of another backend')
}

/** A `RangeError` for what is no scalar. */
export function assertScalar(scalar: bigint): void {
  if (scalar < 0n || scalar >= order) throw new RangeError('not a scalar')
}
