/**
 * State that a server hands out instead of keeping it: encrypted, authenticated,
 * expiring, and bound to the purpose it was made for.
 *
 * @module
 */

import { fromBase64url, toBase64url } from '#platform'
import { sealCipher } from '#seal-cipher'
import { concatBytes, utf8 } from './bytes.ts'
import { AsobaError } from './errors.ts'
import { isJsonObject, type Json } from './json.ts'
import { parseJson } from './parse-json.ts'

/** Seals JSON for its own later use. */
export interface Seal {
  /**
   * Opaque base64url text that only this key opens, for this purpose, before `expires`
   * (whole seconds).
   *
   * @throws TypeError where the value is too large (32 KiB) or the date is no date
   */
  seal(value: Json, options: { readonly expires: Date; readonly purpose: string }): Promise<string>
  /**
   * The value that was sealed.
   *
   * @throws AsobaError `seal.invalid` where it is not ours, was changed, or is for another
   * purpose; `seal.expired`
   */
  unseal(text: string, options: { readonly now: Date; readonly purpose: string }): Promise<Json>
}

const version = 1
const saltLength = 32
const maxPlain = 32_768
/** Version, salt, ciphertext with tag, in base64url. */
const maxText = Math.ceil(((1 + saltLength + maxPlain + 16) * 4) / 3)

/**
 * A seal on a 32-byte secret, shared by all replicas of a server. AES-256-GCM with a
 * key and nonce of its own for each message: HKDF-SHA-256 over 32 random bytes, so
 * that any number of messages is safe under one secret.
 *
 * @throws TypeError where the key is not 32 bytes
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function createSeal(key: Uint8Array): Seal {
  if (key.length !== 32) throw new TypeError('a seal needs a key of 32 bytes')
  const cipher = sealCipher(key)
  const infoOf = (purpose: string): Uint8Array => utf8(`asoba/seal/v${version}|${purpose}`)

  return {
    async seal(value, { expires, purpose }) {
      const exp = Math.floor(expires.getTime() / 1000)
      if (!Number.isFinite(exp)) throw new TypeError('expires is no date')
      const plain = utf8(JSON.stringify({ exp, value }))
      if (plain.length > maxPlain) throw new TypeError('the value is too large to be sealed')
      const salt = crypto.getRandomValues(new Uint8Array(saltLength))
      const sealed = await cipher.encrypt(salt, infoOf(purpose), plain)
      return toBase64url(concatBytes(Uint8Array.of(version), salt, sealed))
    },
    async unseal(text, { now, purpose }) {
      const bytes =
        typeof text === 'string' && text.length <= maxText ? fromBase64url(text) : undefined
      if (bytes === undefined || bytes[0] !== version || bytes.length < 1 + saltLength + 16) {
        throw invalid()
      }
      const salt = bytes.subarray(1, 1 + saltLength)
      const plain = await cipher.decrypt(salt, infoOf(purpose), bytes.subarray(1 + saltLength))
      const content = plain && parseJson(plain, { maxLength: maxPlain })
      if (!isJsonObject(content) || typeof content['exp'] !== 'number') throw invalid()
      // Written so that a date that is no date counts as too late.
      if (!(now.getTime() < content['exp'] * 1000)) {
        throw new AsobaError('seal.expired', 'the sealed text has expired')
      }
      return content['value'] as Json
    },
  }
}

function invalid(): AsobaError {
  return new AsobaError('seal.invalid', 'the text was not sealed with this key for this purpose')
}
