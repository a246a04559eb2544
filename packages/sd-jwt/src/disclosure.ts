import { type Json, textOfBase64url } from '@asoba/core'
import { parseExact } from '@asoba/core/judge'
import { encodeText } from '#hash'

/**
 * A disclosure: salt, name and value of an object property, or salt and value of an array element.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-4.2
 */
export interface Disclosure {
  /** As it travels: base64url of a JSON array. The digest is over exactly this text. */
  readonly encoded: string
  readonly salt: string
  /** Name of the property; absent for an array element. */
  readonly name?: string
  readonly value: Json
}

/** Names that no claim may have: they carry digests (RFC 9901 4.1, rule 7). */
export function isReserved(name: string): boolean {
  return name === '_sd' || name === '...'
}

/**
 * Reads a disclosure; `undefined` where it is none: not canonical base64url of a JSON array of two
 * or three that every parser reads alike, a salt or name that is no string, a reserved name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-4.2
 */
export function parseDisclosure(encoded: string): Disclosure | undefined {
  const parts = parseExact(textOfBase64url(encoded) ?? '')
  if (!Array.isArray(parts)) return undefined
  const [salt, second, third] = parts as readonly Json[]
  if (typeof salt !== 'string') return undefined
  if (parts.length === 2) return { encoded, salt, value: second as Json }
  // 7.1 step 3.3.2.2; `__proto__` would not become a member but the prototype of what we build.
  if (parts.length !== 3 || typeof second !== 'string' || isReserved(second)) return undefined
  if (second === '__proto__') return undefined
  return { encoded, salt, name: second, value: third as Json }
}

/** Text of a new disclosure; `name` is left out for an array element. */
export function encodeDisclosure(salt: string, name: string | undefined, value: Json): string {
  return encodeText(JSON.stringify(name === undefined ? [salt, value] : [salt, name, value]))
}
