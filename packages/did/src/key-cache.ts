import type { Jwk } from '@asoba/core'
import { validatePublicJwk } from './jwk.ts'

// Importing a key costs as much as a verification. The cache is small, because
// what matters are the few issuers that sign everything; holders' one-time keys
// pass through it and are soon forgotten.
const limit = 64

/**
 * A bounded memory of imported public keys, by their `crv`, `x` and `y`; the least
 * recently used goes first. What a key is valid for is checked once, before import.
 */
export function keyCache<Key>(load: (jwk: Jwk) => Key): (jwk: Jwk) => Key | undefined {
  const keys = new Map<string, Key>()
  return (jwk) => {
    const id = `${jwk.crv} ${jwk.x} ${jwk.y}`
    let key = keys.get(id)
    if (key === undefined) {
      const valid = validatePublicJwk(jwk)
      if (valid === undefined) return undefined
      key = load(valid)
    } else keys.delete(id)
    keys.set(id, key)
    if (keys.size > limit) keys.delete(keys.keys().next().value as string)
    return key
  }
}
