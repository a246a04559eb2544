import { fromBase64url, textOfBase64urlBy } from '#platform'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  // ASCII, as most texts here are, fits; into memory that is there it is twice as fast.
  const bytes = new Uint8Array(text.length)
  return encoder.encodeInto(text, bytes).read === text.length ? bytes : encoder.encode(text)
}

/** Text of UTF-8 bytes; `undefined` where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Text whose UTF-8 bytes are written in base64url; `undefined` unless both are right, the second in
 * its canonical form without padding.
 */
export function textOfBase64url(text: string): string | undefined {
  return textOfBase64urlBy(fromUtf8, text)
}

/** The bytes of all parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Whether two byte strings are equal, in time that does not depend on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= (a[at] as number) ^ (b[at] as number)
  return difference === 0
}

/** Bytes of base64url text that is known to be right, e.g. written by ourselves. @throws TypeError */
export function bytesOfBase64url(text: string): Uint8Array {
  const bytes = fromBase64url(text)
  if (bytes === undefined) throw new TypeError('expected canonical base64url without padding')
  return bytes
}
