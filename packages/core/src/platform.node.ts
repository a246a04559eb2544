import { hash } from 'node:crypto'
import { endsCanonically } from './base64url-syntax.ts'
import type { DigestAlgorithm } from './platform.web.ts'

const names = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const

// WebCrypto hops to a thread for every call; node:crypto answers at once.
export function digest(algorithm: DigestAlgorithm, data: Uint8Array): Uint8Array {
  return new Uint8Array(hash(names[algorithm], data, 'buffer'))
}

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

// Searching a long text with a regular expression takes five times as long as decoding it. Node
// passes over what is no base64, so the bytes of such a text are fewer than its length says; it
// reads `+` and `/` too, and of a character beyond ASCII it takes the low byte.
export function fromBase64url(text: string): Uint8Array | undefined {
  const { length } = text
  const size = (length * 3) >> 2
  // V8 keeps what is small in its heap, where it costs less than an allocation; all else is not
  // taken from Node's pool: what leaves here lies in memory of its own.
  const small = size <= 64
  const bytes = small ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size)
  return bytes.write(text, 'base64url') === size && isCanonical(text)
    ? new Uint8Array(small ? bytes : bytes.buffer)
    : undefined
}

// Bytes that only become a text need no memory of their own, which costs more than decoding them.
const scratch = Buffer.allocUnsafeSlow(4096)

export function textOfBase64urlBy(
  decode: (bytes: Uint8Array) => string | undefined,
  text: string,
): string | undefined {
  const size = (text.length * 3) >> 2
  if (size > scratch.length) {
    const bytes = fromBase64url(text)
    return bytes && decode(bytes)
  }
  return scratch.write(text, 'base64url') === size && isCanonical(text)
    ? decode(scratch.subarray(0, size))
    : undefined
}

function isCanonical(text: string): boolean {
  return (
    Buffer.byteLength(text) === text.length &&
    !text.includes('+') &&
    !text.includes('/') &&
    endsCanonically(text)
  )
}
