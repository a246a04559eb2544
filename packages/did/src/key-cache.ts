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
  // By `x` alone, so that no text is put together for each look-up; of two keys that share it one
  // is remembered.
  const keys = new Map<string | undefined, { readonly jwk: Jwk; readonly key: Key }>()
  return (jwk) => {
    const { crv, x, y } = jwk
    let known = keys.get(x)
    if (known === undefined || known.jwk.crv !== crv || known.jwk.y !== y) {
      const valid = validatePublicJwk(jwk)
      if (valid === undefined) return undefined
      known = { jwk: valid, key: load(valid) }
    }
    keys.delete(x)
    keys.set(x, known)
    if (keys.size > limit) keys.delete(keys.keys().next().value)
    return known.key
  }
}
