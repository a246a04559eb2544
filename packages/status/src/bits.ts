/** Packed status values: `bits` bits per entry. */
export interface PackedStatuses {
  /** Bits per entry. */
  readonly bits: number
  readonly bytes: Uint8Array
}

/**
 * One entry of a token status list, counted from the least significant bit of each byte;
 * `undefined` beyond the end. Reads one byte, whatever the length of the list.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-4.1
 */
export function statusAt(list: PackedStatuses, index: number): number | undefined {
  const { bits, bytes } = list
  if (!isIndex(index)) return undefined
  const bit = index * bits
  const byte = bytes[Math.floor(bit / 8)]
  return byte === undefined ? undefined : (byte >> (bit % 8)) & ((1 << bits) - 1)
}

/** Writes one entry of a token status list into `bytes`, in place. */
export function putStatus(list: PackedStatuses, index: number, value: number): void {
  const { bits, bytes } = list
  const bit = index * bits
  const at = Math.floor(bit / 8)
  const mask = ((1 << bits) - 1) << (bit % 8)
  bytes[at] = ((bytes[at] as number) & ~mask) | (value << (bit % 8))
}

/**
 * One entry of a bitstring status list, counted from the most significant bit; entries may cross
 * bytes. `undefined` beyond the end.
 *
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm
 */
export function bitstringAt(list: PackedStatuses, index: number): number | undefined {
  const { bits, bytes } = list
  if (!isIndex(index) || (index + 1) * bits > bytes.length * 8) return undefined
  let value = 0
  for (let bit = index * bits; bit < (index + 1) * bits; bit++) {
    value = value * 2 + (((bytes[Math.floor(bit / 8)] as number) >> (7 - (bit % 8))) & 1)
  }
  return value
}

/** Writes one entry of a bitstring status list into `bytes`, in place. */
export function putBitstring(list: PackedStatuses, index: number, value: number): void {
  const { bits, bytes } = list
  for (let offset = 0; offset < bits; offset++) {
    const bit = index * bits + offset
    const at = Math.floor(bit / 8)
    const mask = 0x80 >> (bit % 8)
    const set = (value >> (bits - 1 - offset)) & 1
    bytes[at] = set === 1 ? (bytes[at] as number) | mask : (bytes[at] as number) & ~mask
  }
}

/** Whether a number from outside can be an index. */
export function isIndex(index: number): boolean {
  return Number.isSafeInteger(index) && index >= 0
}
