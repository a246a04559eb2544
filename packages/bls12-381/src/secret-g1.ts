// The one way in which G1 is multiplied by secrets. noble's multiply is not used for it: on a
// curve with a cofactor it does not blind, and leading zeros of a scalar can be seen from
// outside (it takes a fifth of the time for 3; bench/src/constant-time.ts). Here a random multiple of r is added first, no
// digit is ever 0, and so every scalar takes the same steps on points that look random.
import { Accumulator, type Affine, normalized, prime } from './public-g1.ts'
import { integerOf, order } from './scalar.ts'

const width = 5
const size = 1 << (width - 1)
// 64 random bits, the highest of them 1, times r: 319 bits at most, and one more to be odd.
const windows = 64

/** For one window after the other: odd multiples of 2^(5 i) P, 1 to 31. About 0.2 MB. */
export type Comb = readonly (readonly Affine[])[]

/** The tables of a point that is multiplied often. */
export function combOf(point: Affine): Comb {
  const bases: Accumulator[] = []
  const base = new Accumulator()
  base.add(point.x, point.y)
  for (let window = 0; window < windows; window++) {
    bases.push(base.copy())
    for (let bit = 0; bit < width; bit++) base.double()
  }
  return rowsOf(normalized(bases) as Affine[])
}

/** scalar * P, scalar from 1 to r - 1, before it is normalized. */
export function multiplySecret(point: Affine, scalar: bigint, comb: Comb | undefined): Accumulator {
  const digits = oddDigits(scalar)
  const sum = new Accumulator()
  const add = (row: readonly Affine[], digit: number): void => {
    const sign = digit >> 31
    const { x, y } = row[((digit ^ sign) - sign) >> 1] as Affine
    sum.add(x, [y, prime - y][sign & 1] as bigint)
  }
  if (comb !== undefined) {
    // Lowest first: from the other end what is left of a tiny scalar is the identity at times.
    comb.forEach((row, window) => {
      add(row, digits[window] as number)
    })
    return sum
  }
  const [row] = rowsOf([point]) as [Affine[]]
  for (let window = windows - 1; window >= 0; window--) {
    for (let bit = 0; bit < width; bit++) sum.double()
    add(row, digits[window] as number)
  }
  return sum
}

/** P, 3 P, … 31 P of each point. */
function rowsOf(points: readonly Affine[]): Affine[][] {
  const doubles = points.map(({ x, y }) => {
    const double = new Accumulator()
    double.add(x, y)
    double.double()
    return double
  })
  const twice = normalized(doubles) as Affine[]
  const all = points.flatMap(({ x, y }, at) => {
    const current = new Accumulator()
    current.add(x, y)
    const { x: dx, y: dy } = twice[at] as Affine
    return Array.from({ length: size }, (_, step) => {
      if (step > 0) current.add(dx, dy)
      return current.copy()
    })
  })
  const flat = normalized(all) as Affine[]
  return points.map((_, at) => flat.slice(at * size, (at + 1) * size))
}

/** Digits from -31 to 31, all odd, of a random integer that is the scalar modulo r. */
function oddDigits(scalar: bigint): Int32Array {
  const random = crypto.getRandomValues(new Uint8Array(8))
  random[0] = (random[0] as number) | 0x80
  let blinded = scalar + integerOf(random) * order
  // r is odd; whether the sum is, is random.
  blinded += [order, 0n][Number(blinded & 1n)] as bigint
  const digits = new Int32Array(windows)
  // (k mod 64) - 32 is odd, and so is what remains of k after it and a shift.
  for (let window = 0; window < windows - 1; window++) {
    const digit = Number(blinded & 63n) - 32
    digits[window] = digit
    blinded = (blinded - BigInt(digit)) >> 5n
  }
  digits[windows - 1] = Number(blinded)
  return digits
}
