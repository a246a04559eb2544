import { AsobaError } from '@asoba/core'
import { didJwkOf } from '@asoba/did'
import type { AbstractIdentifierProvider } from '@veramo/did-manager'
import { jwkOfManagedKey } from './key-forms.ts'

/** What a DID provider falls back to. */
export interface DidProviderOptions {
  /** Name of the key management system where a call names none. */
  readonly defaultKms: string
}

/**
 * did:jwk for `DIDManager`: the DID is one key, and never changes. `options.keyType` is `Ed25519`
 * where left out, or `Secp256r1`, `Secp256k1`, `Bls12381G2`; `options.keyRef` names a key that is there.
 */
export function didJwkProvider({ defaultKms }: DidProviderOptions): AbstractIdentifierProvider {
  return {
    async createIdentifier({ kms = defaultKms, options }, { agent }) {
      const { keyRef, keyType = 'Ed25519' } = (options ?? {}) as {
        readonly keyRef?: string
        readonly keyType?: string
      }
      const key =
        keyRef === undefined
          ? await agent.keyManagerCreate({ kms, type: keyType })
          : await agent.keyManagerGet({ kid: keyRef })
      const jwk = jwkOfManagedKey(key)
      if (jwk === undefined) throw new AsobaError('key.unsupported', 'no did:jwk of such a key')
      return { did: didJwkOf(jwk), controllerKeyId: key.kid, keys: [key], services: [] }
    },
    deleteIdentifier: deleteKeys,
    updateIdentifier: unchangeable,
    addKey: unchangeable,
    removeKey: unchangeable,
    addService: unchangeable,
    removeService: unchangeable,
    matchPrefix: (text) => text.startsWith('did:jwk'),
  }
}

/** Deletes the keys of a DID that is given up. */
export const deleteKeys: AbstractIdentifierProvider['deleteIdentifier'] = async (
  { keys },
  { agent },
) => {
  for (const { kid } of keys) await agent.keyManagerDelete({ kid })
  return true
}

async function unchangeable(): Promise<never> {
  throw new AsobaError('did.method-unsupported', 'a did:jwk does not change: create another')
}
