import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** AES-256-GCM under a fresh key by HKDF for each text, as ours; nothing checked. */
export function bareSeal(secret: Uint8Array = randomBytes(32)) {
  const keyOf = (salt: Uint8Array): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, 'bare', 32))
  return {
    seal: (value: unknown): string => {
      const [salt, iv] = [randomBytes(16), randomBytes(12)]
      const cipher = createCipheriv('aes-256-gcm', keyOf(salt), iv)
      const sealed = [cipher.update(JSON.stringify(value)), cipher.final()]
      return Buffer.concat([salt, iv, ...sealed, cipher.getAuthTag()]).toString('base64url')
    },
    unseal: (text: string): unknown => {
      const bytes = Buffer.from(text, 'base64url')
      const key = keyOf(bytes.subarray(0, 16))
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(16, 28))
      decipher.setAuthTag(bytes.subarray(-16))
      const opened = [decipher.update(bytes.subarray(28, -16)), decipher.final()]
      return JSON.parse(Buffer.concat(opened).toString())
    },
  }
}
