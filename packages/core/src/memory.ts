import { utf8 } from './bytes.ts'
import type { Vault } from './format.ts'
import type { SecretSource } from './keys.ts'

/** A vault in memory: for tests, and for a wallet that shall leave nothing behind. */
export function memoryVault(): Vault {
  const records = new Map<string, Uint8Array>()
  const forget = (id: string): void => {
    records.get(id)?.fill(0)
    records.delete(id)
  }
  return {
    get: async (id) => records.get(id)?.slice(),
    set: async (id, value) => {
      forget(id)
      records.set(id, value.slice())
    },
    delete: async (id) => forget(id),
    list: async () => [...records.keys()],
    erase: async () => {
      for (const id of [...records.keys()]) forget(id)
    },
  }
}

/**
 * Secrets that live as long as the process: for one label and length always the same
 * bytes, and nothing of them can be had again afterwards.
 */
export function randomSecrets(): SecretSource {
  const root = crypto.subtle.importKey(
    'raw',
    crypto.getRandomValues(new Uint8Array(32)),
    'HKDF',
    false,
    ['deriveBits'],
  )
  return {
    derive: async (label, length) => {
      const info = utf8(`asoba/random/v1|${length}|${label}`)
      const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info } as HkdfParams
      return new Uint8Array(await crypto.subtle.deriveBits(params, await root, length * 8))
    },
  }
}
