import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto'
import type { SealCipher } from './seal-cipher.web.ts'

const tagLength = 16

// WebCrypto hops to a thread four times for what takes microseconds here.
export function sealCipher(secret: Uint8Array): SealCipher {
  const root = createSecretKey(secret)
  const derive = (salt: Uint8Array, info: Uint8Array): readonly [Uint8Array, Uint8Array] => {
    const bits = new Uint8Array(hkdfSync('sha256', root, salt, info, 44))
    return [bits.subarray(0, 32), bits.subarray(32)]
  }
  return {
    encrypt(salt, info, plain) {
      const [key, iv] = derive(salt, info)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(info)
      const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
      return new Uint8Array(Buffer.concat(parts))
    },
    decrypt(salt, info, sealed) {
      const [key, iv] = derive(salt, info)
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
      decipher.setAAD(info)
      decipher.setAuthTag(sealed.subarray(-tagLength))
      const opened = decipher.update(sealed.subarray(0, -tagLength))
      try {
        return new Uint8Array(Buffer.concat([opened, decipher.final()]))
      } catch {
        return undefined
      }
    },
  }
}
