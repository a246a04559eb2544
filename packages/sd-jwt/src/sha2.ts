import type { HashName } from './hash.web.ts'

// FIPS 180-4. The constants are the fractional parts of roots of the first primes (4.2, 5.3), so
// they are computed, not listed: SHA-256 takes the upper half of what SHA-512 takes. Nothing
// hashed here is a secret of whoever hashes it.

const mask = 0xffff_ffff_ffff_ffffn

function primes(count: number): bigint[] {
  const found: bigint[] = []
  for (let n = 2n; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0n)) found.push(n)
  }
  return found
}

/** Fractional part of the root of a prime, 64 bits. */
function fraction(prime: bigint, degree: 2n | 3n): bigint {
  const target = prime << (64n * degree)
  let root = 0n
  for (let bit = 1n << 69n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= target) root += bit
  }
  return root & mask
}

interface Constants {
  /** Of SHA-256. */
  readonly round32: Int32Array
  readonly start32: Int32Array
  readonly round64: readonly bigint[]
  readonly start: Readonly<Record<'sha-384' | 'sha-512', readonly bigint[]>>
}
let cached: Constants | undefined

function constants(): Constants {
  if (cached) return cached
  const first = primes(80)
  const round64 = first.map((prime) => fraction(prime, 3n))
  const squares = first.slice(0, 16).map((prime) => fraction(prime, 2n))
  const upper = (all: readonly bigint[]) => Int32Array.from(all, (one) => Number(one >> 32n) | 0)
  cached = {
    round32: upper(round64.slice(0, 64)),
    start32: upper(squares.slice(0, 8)),
    round64,
    start: { 'sha-384': squares.slice(8), 'sha-512': squares.slice(0, 8) },
  }
  return cached
}

/** Message with its padding (5.1): 1 bit, zeros, length in bits; a whole number of blocks. */
function padded(bytes: Uint8Array, block: 64 | 128): DataView {
  const length = Math.ceil((bytes.length + 1 + block / 8) / block) * block
  const message = new Uint8Array(length)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n)
  return view
}

/** Digest of bytes by SHA-256, SHA-384 or SHA-512. */
export function sha2(algorithm: HashName, bytes: Uint8Array): Uint8Array {
  if (algorithm === 'sha-256') return sha256(bytes)
  return sha512(bytes, constants().start[algorithm]).slice(0, algorithm === 'sha-384' ? 48 : 64)
}

function sha256(bytes: Uint8Array): Uint8Array {
  const { round32, start32 } = constants()
  const message = padded(bytes, 64)
  const w = new Int32Array(64)
  const h = start32.slice()
  const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by))
  for (let at = 0; at < message.byteLength; at += 64) {
    // 6.2.2, step 1.
    for (let t = 0; t < 16; t++) w[t] = message.getInt32(at + t * 4)
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15] as number
      const y = w[t - 2] as number
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
      w[t] = (s1 + (w[t - 7] as number) + s0 + (w[t - 16] as number)) | 0
    }
    // Steps 2 and 3.
    let [a, b, c, d, e, f, g, i] = h as unknown as Eight<number>
    for (let t = 0; t < 64; t++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const one = (i + s1 + ((e & f) ^ (~e & g)) + (round32[t] as number) + (w[t] as number)) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      i = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    // Step 4.
    for (const [at, value] of [a, b, c, d, e, f, g, i].entries()) {
      h[at] = ((h[at] as number) + value) | 0
    }
  }
  const out = new DataView(new ArrayBuffer(32))
  for (const [at, word] of h.entries()) out.setInt32(at * 4, word)
  return new Uint8Array(out.buffer)
}

type Eight<T> = [T, T, T, T, T, T, T, T]

function sha512(bytes: Uint8Array, start: readonly bigint[]): Uint8Array {
  const { round64 } = constants()
  const message = padded(bytes, 128)
  const w = new BigUint64Array(80)
  const h = BigUint64Array.from(start)
  const rotate = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & mask
  for (let at = 0; at < message.byteLength; at += 128) {
    // 6.4.2, step 1.
    for (let t = 0; t < 16; t++) w[t] = message.getBigUint64(at + t * 8)
    for (let t = 16; t < 80; t++) {
      const x = w[t - 15] as bigint
      const y = w[t - 2] as bigint
      const s0 = rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n)
      const s1 = rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n)
      w[t] = s1 + (w[t - 7] as bigint) + s0 + (w[t - 16] as bigint)
    }
    // Steps 2 and 3.
    let [a, b, c, d, e, f, g, i] = h as unknown as Eight<bigint>
    for (let t = 0; t < 80; t++) {
      const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)
      const choice = (e & f) ^ (~e & mask & g)
      const one = i + s1 + choice + (round64[t] as bigint) + (w[t] as bigint)
      const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)
      const two = s0 + ((a & b) ^ (a & c) ^ (b & c))
      i = g
      g = f
      f = e
      e = (d + one) & mask
      d = c
      c = b
      b = a
      a = (one + two) & mask
    }
    // Step 4; a BigUint64Array keeps 64 bits.
    for (const [at, value] of [a, b, c, d, e, f, g, i].entries()) {
      h[at] = (h[at] as bigint) + value
    }
  }
  const out = new DataView(new ArrayBuffer(64))
  for (const [at, word] of h.entries()) out.setBigUint64(at * 8, word)
  return new Uint8Array(out.buffer)
}
