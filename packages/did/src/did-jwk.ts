import {
  AsobaError,
  fromBase64url,
  isJsonObject,
  type Jwk,
  parseJson,
  toBase64url,
  utf8,
} from '@asoba/core'
import { keyKind } from './curve.ts'
import type { DidDocument } from './did-document.ts'
import { validatePublicJwk } from './jwk.ts'
import { type DidMethod, failed, resolved } from './resolution.ts'

/**
 * did:jwk: the DID is a JSON Web Key. `use` decides what it may be used for. Keys of
 * other kinds than {@link validatePublicJwk} knows are `unsupportedPublicKeyType`.
 *
 * @see https://github.com/quartzjer/did-jwk/blob/main/spec.md
 */
export const jwk: DidMethod = {
  name: 'jwk',
  async resolve({ did, id }, { versionId }) {
    if (versionId !== undefined) return failed('featureNotSupported')
    const bytes = fromBase64url(id)
    const value = bytes === undefined ? undefined : parseJson(bytes, { maxDepth: 4 })
    if (!isJsonObject(value) || Object.hasOwn(value, 'd')) return failed('invalidDid')
    const known = keyKind(value['crv'])?.kty === value['kty']
    const publicJwk = validatePublicJwk(value)
    if (publicJwk === undefined) return failed(known ? 'invalidDid' : 'unsupportedPublicKeyType')
    return resolved(documentOf(did, publicJwk))
  },
}

/**
 * The did:jwk of a public key, `use` and `alg` included where they are there.
 *
 * @throws AsobaError `key.invalid`
 */
export function didJwkOf(publicJwk: Jwk): string {
  const valid = validatePublicJwk(publicJwk)
  if (valid === undefined)
    throw new AsobaError('key.invalid', 'not a public key of a kind used here')
  return `did:jwk:${toBase64url(utf8(JSON.stringify(valid)))}`
}

function documentOf(did: string, publicJwk: Jwk): DidDocument {
  const id = `${did}#0`
  const { use, crv } = publicJwk
  // A key that cannot do a thing is not listed for it, whatever `use` says.
  const signs = use !== 'enc' && crv !== 'X25519'
  const agrees = use !== 'sig' && crv !== 'Ed25519' && crv !== 'Bls12381G2'
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [
      { id, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk as never },
    ],
    ...(signs && {
      authentication: [id],
      assertionMethod: [id],
      capabilityInvocation: [id],
      capabilityDelegation: [id],
    }),
    ...(agrees && { keyAgreement: [id] }),
  }
}
