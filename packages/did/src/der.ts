// The signatures of JOSE are r‖s (RFC 7518 section 3.4), those of node:crypto are
// DER. Converting here is 20 times cheaper than asking node:crypto for P1363.

/** r‖s as DER; `undefined` where the length is not twice `size`. */
export function rawToDer(raw: Uint8Array, size: number): Uint8Array | undefined {
  if (raw.length !== size * 2) return undefined
  const lengthOfR = lengthOf(raw, 0, size)
  const length = 4 + lengthOfR + lengthOf(raw, size, size * 2)
  const long = length < 0x80 ? 0 : 1
  const der = new Uint8Array(2 + long + length)
  der[0] = 0x30
  if (long) der[1] = 0x81
  der[1 + long] = length
  put(raw, 0, size, der, 2 + long)
  put(raw, size, size * 2, der, 4 + long + lengthOfR)
  return der
}

/** Bytes of a non-negative integer, without leading zeros, with one where the first bit is set. */
function lengthOf(raw: Uint8Array, from: number, to: number): number {
  let start = from
  while (start < to - 1 && raw[start] === 0) start++
  return to - start + ((raw[start] as number) >> 7)
}

function put(raw: Uint8Array, from: number, to: number, der: Uint8Array, at: number): void {
  const length = lengthOf(raw, from, to)
  der[at] = 2
  der[at + 1] = length
  // Byte by byte: a view to copy from takes longer than copying. What lies before `from` is the zero.
  for (let back = 0; back < length && back < to - from; back++) {
    der[at + 1 + length - back] = raw[to - 1 - back] as number
  }
}

/**
 * DER as r‖s with `size` bytes each; `undefined` unless it is canonical DER of two
 * non-negative integers that fit, with nothing before, between or after.
 */
export function derToRaw(der: Uint8Array, size: number): Uint8Array | undefined {
  const long = der[1] === 0x81 && (der[2] as number) >= 0x80
  const start = long ? 3 : 2
  const length = long ? der[2] : der[1]
  if (der[0] !== 0x30 || length === undefined || (!long && length >= 0x80)) return undefined
  if (der.length !== start + length) return undefined
  const raw = new Uint8Array(size * 2)
  let at = start
  for (const end of [size, size * 2]) {
    const count = der[at + 1]
    if (der[at] !== 2 || count === undefined || count === 0 || count >= 0x80) return undefined
    const from = at + 2
    at = from + count
    if (at > der.length) return undefined
    const [first = 0, second = 0] = der.subarray(from, at)
    if (first >= 0x80 || (count > 1 && first === 0 && second < 0x80)) return undefined
    const digits = der.subarray(first === 0 ? from + 1 : from, at)
    if (digits.length > size) return undefined
    raw.set(digits, end - digits.length)
  }
  return at === der.length ? raw : undefined
}
