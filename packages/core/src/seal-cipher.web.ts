/** Ciphers under one secret, with a key and nonce of its own for each salt and use. */
export interface SealCipher {
  /** Ciphertext with its tag at the end. */
  encrypt(salt: Uint8Array, info: Uint8Array, plain: Uint8Array): Promise<Uint8Array> | Uint8Array
  /** `undefined` where it was not made with this key, salt and info. */
  decrypt(
    salt: Uint8Array,
    info: Uint8Array,
    sealed: Uint8Array,
  ): Promise<Uint8Array | undefined> | Uint8Array | undefined
}

/** Bytes that HKDF gives: 32 for the key, 12 for the nonce. */
const derived = 44

/** AES-256-GCM under keys from HKDF-SHA-256; `info` is authenticated too. */
export function sealCipher(secret: Uint8Array): SealCipher {
  const root = crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveBits'])
  const cipherFor = async (salt: Uint8Array, info: Uint8Array, use: 'encrypt' | 'decrypt') => {
    const from = { name: 'HKDF', hash: 'SHA-256', salt, info } as HkdfParams
    const bits = new Uint8Array(await crypto.subtle.deriveBits(from, await root, derived * 8))
    const key = bits.subarray(0, 32)
    return {
      key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]),
      params: {
        name: 'AES-GCM',
        iv: bits.subarray(32),
        additionalData: info as BufferSource,
      },
    }
  }
  return {
    async encrypt(salt, info, plain) {
      const { key, params } = await cipherFor(salt, info, 'encrypt')
      return new Uint8Array(await crypto.subtle.encrypt(params, key, plain as BufferSource))
    },
    async decrypt(salt, info, sealed) {
      const { key, params } = await cipherFor(salt, info, 'decrypt')
      try {
        return new Uint8Array(await crypto.subtle.decrypt(params, key, sealed as BufferSource))
      } catch {
        return undefined
      }
    },
  }
}
