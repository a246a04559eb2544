import type { Jwk } from '@asoba/core'
import { multikeyToJwk } from '../multikey.ts'

// Every Ed25519 Multikey begins so and is of this length.
const ed25519Multikey = /^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/
const didKeyUrl = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)#(z[1-9A-HJ-NP-Za-km-z]+)$/

/** Public key of an Ed25519 Multikey, the only kind that eddsa-jcs-2022 knows; else `undefined`. */
export function ed25519OfMultikey(multikey: string): Jwk | undefined {
  if (!ed25519Multikey.test(multikey)) return undefined
  try {
    const jwk = multikeyToJwk(multikey)
    return jwk.crv === 'Ed25519' ? jwk : undefined
  } catch {
    return undefined
  }
}

/** Public key of a did:key of an Ed25519 key; `undefined` for all else. */
export function ed25519OfDidKey(did: string): Jwk | undefined {
  return did.startsWith('did:key:') ? ed25519OfMultikey(did.slice(8)) : undefined
}

/**
 * The Multikey of a verification method `did:key:<multikey>#<multikey>`; `undefined`
 * for another form, and where the two differ: the body says whose key it is.
 *
 * @see https://identity.foundation/didwebvh/v1.0/#witness-dids-and-reputation
 */
export function multikeyOfMethod(verificationMethod: unknown): string | undefined {
  if (typeof verificationMethod !== 'string' || verificationMethod.length > 512) return undefined
  const [, body, fragment] = didKeyUrl.exec(verificationMethod) ?? []
  return body === fragment ? body : undefined
}
