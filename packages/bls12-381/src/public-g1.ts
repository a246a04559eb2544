// Arithmetic of G1 on public data: as fast as BigInt lets it be, its time depends on what
// it is given. Secret scalars have no business here.

/** The prime of the base field. */
export const prime =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn
// |x| squared, x being the parameter of the curve; r = x^4 - x^2 + 1.
const xSquared = 0xd201000000010000n ** 2n
// A cube root of 1 in Fp, the one for which x^2 * (X, Y) = (beta * X, -Y) in the subgroup.
const beta = 0x5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffen
const bits = 129
const ownWidth = 5
const keptWidth = 8

/** A point other than the identity, coordinates from 0 to p - 1. */
export interface Affine {
  readonly x: bigint
  readonly y: bigint
}

/** P, 3P, 5P, … and the same times x^2 (another abscissa, the ordinate negated). */
export interface OddMultiples {
  readonly width: number
  readonly xs: readonly bigint[]
  readonly ys: readonly bigint[]
  readonly endoXs: readonly bigint[]
}

/** A point in Jacobian coordinates that is being computed; the identity has z = 0. */
export class Accumulator {
  x = 1n
  y = 1n
  z = 0n

  copy(): Accumulator {
    const copy = new Accumulator()
    copy.x = this.x
    copy.y = this.y
    copy.z = this.z
    return copy
  }

  // dbl-2009-l, a = 0. Remainders may be negative: only a test for 0 and the way out care.
  double(): void {
    const { x, y } = this
    if (this.z === 0n) return
    const xx = (x * x) % prime
    const yy = (y * y) % prime
    const d = 4n * ((x * yy) % prime)
    const e = 3n * xx
    const x3 = (e * e - 2n * d) % prime
    this.z = (2n * y * this.z) % prime
    this.y = (e * (d - x3) - 8n * yy * yy) % prime
    this.x = x3
  }

  // madd-2007-bl without its factors of 2; complete, for others' points come here too.
  add(x2: bigint, y2: bigint): void {
    const { x, y, z } = this
    if (z === 0n) {
      this.x = x2
      this.y = y2
      this.z = 1n
      return
    }
    const zz = (z * z) % prime
    const h = (x2 * zz - x) % prime
    const s = (y2 * ((z * zz) % prime) - y) % prime
    if (h === 0n) {
      if (s === 0n) this.double()
      else this.z = 0n
      return
    }
    const hh = (h * h) % prime
    const hhh = (h * hh) % prime
    const v = (x * hh) % prime
    const x3 = (s * s - hhh - 2n * v) % prime
    this.y = (s * (v - x3) - y * hhh) % prime
    this.x = x3
    this.z = (z * h) % prime
  }
}

/** The point at the end of a computation: one inversion for a whole list. */
export function normalized(points: readonly Accumulator[]): (Affine | undefined)[] {
  const before: bigint[] = []
  let product = 1n
  for (const { z } of points) {
    before.push(product)
    if (z !== 0n) product = (product * z) % prime
  }
  let inverse = inverted(product)
  const result: (Affine | undefined)[] = new Array(points.length)
  for (let index = points.length - 1; index >= 0; index--) {
    const { x, y, z } = points[index] as Accumulator
    if (z === 0n) continue
    const zInverse = (inverse * (before[index] as bigint)) % prime
    inverse = (inverse * z) % prime
    const zz = (zInverse * zInverse) % prime
    result[index] = { x: positive(x * zz), y: positive(y * ((zz * zInverse) % prime)) }
  }
  return result
}

/** Tables of many points at once, none of them the identity. */
export function oddMultiples(points: readonly Affine[], width: number): OddMultiples[] {
  const doubles = normalized(
    points.map(({ x, y }) => {
      const double = new Accumulator()
      double.add(x, y)
      double.double()
      return double
    }),
  )
  const size = 1 << (width - 2)
  const all: Accumulator[] = []
  points.forEach(({ x, y }, index) => {
    const twice = doubles[index] as Affine
    let current = new Accumulator()
    current.add(x, y)
    all.push(current)
    for (let step = 1; step < size; step++) {
      const next = current.copy()
      next.add(twice.x, twice.y)
      all.push(next)
      current = next
    }
  })
  const flat = normalized(all) as Affine[]
  return points.map((_, index) => {
    const own = flat.slice(index * size, (index + 1) * size)
    return {
      width,
      xs: own.map(({ x }) => x),
      ys: own.map(({ y }) => y),
      endoXs: own.map(({ x }) => (x * beta) % prime),
    }
  })
}

/** The table of a point that is used again and again. */
export function keptMultiples(point: Affine): OddMultiples {
  return oddMultiples([point], keptWidth)[0] as OddMultiples
}

/**
 * The sum of scalars times points by interleaved signed windows (Straus), every scalar
 * split in two halves by the endomorphism. `undefined` is the identity.
 */
export function straus(
  terms: readonly {
    readonly point: Affine
    readonly kept?: OddMultiples
    readonly scalar: bigint
  }[],
): Affine | undefined {
  const own = terms.filter(({ kept }) => kept === undefined)
  const made = oddMultiples(
    own.map(({ point }) => point),
    ownWidth,
  )
  let next = 0
  const xs: (readonly bigint[])[] = []
  const ys: (readonly bigint[])[] = []
  const flips: boolean[] = []
  const digits: Int16Array[] = []
  for (const { kept, scalar } of terms) {
    const table = kept ?? (made[next++] as OddMultiples)
    const high = scalar / xSquared
    xs.push(table.xs, table.endoXs)
    ys.push(table.ys, table.ys)
    flips.push(false, true)
    digits.push(
      signedDigits(scalar - high * xSquared, table.width),
      signedDigits(high, table.width),
    )
  }
  const sum = new Accumulator()
  for (let bit = bits - 1; bit >= 0; bit--) {
    sum.double()
    for (let row = 0; row < digits.length; row++) {
      const digit = (digits[row] as Int16Array)[bit] as number
      if (digit === 0) continue
      const at = (digit < 0 ? -digit : digit) >> 1
      const y = (ys[row] as readonly bigint[])[at] as bigint
      sum.add((xs[row] as readonly bigint[])[at] as bigint, digit < 0 === flips[row] ? y : -y)
    }
  }
  return normalized([sum])[0]
}

/** Whether a point of the curve is in the subgroup: there, and only there, x^2 P = (beta X, -Y). */
export function inSubgroup({ x, y }: Affine): boolean {
  const multiple = new Accumulator()
  for (let bit = bits - 1; bit >= 0; bit--) {
    multiple.double()
    const digit = xSquaredDigits[bit]
    if (digit !== 0) multiple.add(x, digit === 1 ? y : -y)
  }
  const { z } = multiple
  if (z === 0n) return false
  const zz = (z * z) % prime
  return (
    (multiple.x - ((x * beta) % prime) * zz) % prime === 0n &&
    (multiple.y + y * ((z * zz) % prime)) % prime === 0n
  )
}

/** A point of the curve times 1 - x, which is in the subgroup; `undefined` is the identity. */
export function timesCofactor(point: Affine | undefined): Affine | undefined {
  if (point === undefined) return undefined
  const multiple = new Accumulator()
  for (const bit of 0xd201000000010001n.toString(2)) {
    multiple.double()
    if (bit === '1') multiple.add(point.x, point.y)
  }
  return normalized([multiple])[0]
}

/** Adds two points; `undefined` is the identity. */
export function added(left: Affine | undefined, right: Affine | undefined): Affine | undefined {
  if (left === undefined) return right
  if (right === undefined) return left
  const sum = new Accumulator()
  sum.add(left.x, left.y)
  sum.add(right.x, right.y)
  return normalized([sum])[0]
}

/**
 * Signed digits, odd or 0 and less than 2^(width-1) in size, of an integer less than 2^128:
 * on average one in width + 1 is not 0.
 */
function signedDigits(value: bigint, width: number): Int16Array {
  const words = new Uint32Array(6)
  for (let index = 0, rest = value; index < 4; index++, rest >>= 32n) {
    words[index] = Number(rest & 0xffffffffn)
  }
  const digits = new Int16Array(bits)
  const mask = (1 << width) - 1
  let carry = 0
  for (let bit = 0; bit < bits; ) {
    const word = bit >>> 5
    const shift = bit & 31
    let window = (words[word] as number) >>> shift
    if (shift + width > 32) window |= (words[word + 1] as number) << (32 - shift)
    if ((window & 1) === carry) {
      bit++
      continue
    }
    window = (window & mask) + carry
    carry = window >> (width - 1)
    digits[bit] = window - (carry << width)
    bit += width
  }
  return digits
}

const xSquaredDigits = signedDigits(xSquared, 2)

/** Square root of a residue, p being 3 mod 4; `undefined` when there is none. */
export function squareRoot(value: bigint): bigint | undefined {
  const powers = [1n, value]
  for (let index = 2; index < 16; index++) {
    powers.push(((powers[index - 1] as bigint) * value) % prime)
  }
  let root = 1n
  for (const digit of rootExponent) {
    root = (root * root) % prime
    root = (root * root) % prime
    root = (root * root) % prime
    root = (root * root) % prime
    if (digit !== 0) root = (root * (powers[digit] as bigint)) % prime
  }
  return (root * root - value) % prime === 0n ? root : undefined
}

const rootExponent: readonly number[] = [...((prime + 1n) / 4n).toString(16)].map((digit) =>
  Number.parseInt(digit, 16),
)

/** The remainder from 0 to p - 1. */
export function positive(value: bigint): bigint {
  const rest = value % prime
  return rest < 0n ? rest + prime : rest
}

/** The inverse in Fp of anything but a multiple of p. */
export function inverted(value: bigint): bigint {
  let [low, high, a, b] = [positive(value), prime, 1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[low, high, a, b] = [high - quotient * low, low, b - quotient * a, a]
  }
  return a
}
