/** The order r of G1, G2 and of the scalars. */
export const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n as const

/** The integer that bytes spell, most significant byte first (OS2IP). */
export function integerOf(bytes: Uint8Array): bigint {
  let hex = '0x0'
  for (const byte of bytes) hex += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16)
  return BigInt(hex)
}

/**
 * An integer from 0 up as so many bytes, most significant first (I2OSP). A `RangeError`
 * when it does not fit.
 */
export function bytesOf(value: bigint | number, length: number): Uint8Array {
  const hex = value.toString(16).padStart(2 * length, '0')
  if (value < 0 || hex.length > 2 * length) throw new RangeError('the integer does not fit')
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index++) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
  }
  return bytes
}

/** A scalar of 32 bytes; `undefined` when the length is another, or it is 0 or not less than r. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== 32) return undefined
  const value = integerOf(bytes)
  return value > 0n && value < order ? value : undefined
}

/** A scalar as 32 bytes. A `RangeError` when it is not from 0 to r - 1. */
export function encodeScalar(scalar: bigint): Uint8Array {
  if (scalar < 0n || scalar >= order) throw new RangeError('not a scalar')
  return bytesOf(scalar, 32)
}

/** The scalar congruent to any integer. */
export function modOrder(value: bigint): bigint {
  const rest = value % order
  return rest < 0n ? rest + order : rest
}

/**
 * The inverse of a scalar that may be secret, as a power (Fermat): the steps taken depend
 * on r alone. A `RangeError` for 0.
 */
export function invertScalar(scalar: bigint): bigint {
  const base = modOrder(scalar)
  if (base === 0n) throw new RangeError('0 has no inverse')
  let result = 1n
  for (const bit of (order - 2n).toString(2)) {
    result = (result * result) % order
    if (bit === '1') result = (result * base) % order
  }
  return result
}

/** A random scalar from 1 to r - 1, from the platform's generator. */
export function randomScalar(): bigint {
  for (;;) {
    const scalar = integerOf(crypto.getRandomValues(new Uint8Array(48))) % order
    if (scalar !== 0n) return scalar
  }
}
