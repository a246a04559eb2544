import { bytesOfBase64url, type Jwk, toBase64url } from '@asoba/core'
import { keyKind } from './curve.ts'
import type { DidDocument, VerificationMethod } from './did-document.ts'
import { jwkToMultikey, multikeyToJwk } from './multikey.ts'
import { edwardsToMontgomery } from './point.ts'
import { type DidMethod, failed, failedKey, resolved } from './resolution.ts'

/** How {@link keyMethod} writes keys into the document. */
export interface KeyMethodOptions {
  /** `Multikey` when left out. */
  readonly publicKeyFormat?: 'Multikey' | 'JsonWebKey'
}

/**
 * did:key: the DID is the key. Ed25519 (with the X25519 key derived from it for key
 * agreement), X25519, P-256, P-384, P-521, secp256k1 and BLS12-381 G2; other kinds
 * are `unsupportedPublicKeyType`, of another length than their kind `invalidPublicKeyLength`.
 *
 * @see https://w3c-ccg.github.io/did-key-spec/
 */
export function keyMethod(options: KeyMethodOptions = {}): DidMethod {
  const { publicKeyFormat = 'Multikey' } = options
  return {
    name: 'key',
    async resolve({ did, id }, { versionId }) {
      if (versionId !== undefined) return failed('featureNotSupported')
      try {
        return resolved(documentOf(did, id, multikeyToJwk(id), publicKeyFormat))
      } catch (error) {
        return failedKey(error)
      }
    },
  }
}

/** did:key with keys written as Multikey. */
export const key: DidMethod = /* @__PURE__ */ keyMethod()

/**
 * The did:key of a public key.
 *
 * @throws AsobaError `key.invalid`
 */
export function didKeyOf(publicJwk: Jwk): string {
  return `did:key:${jwkToMultikey(publicJwk)}`
}

const contexts = {
  Multikey: 'https://w3id.org/security/multikey/v1',
  JsonWebKey: 'https://w3id.org/security/jwk/v1',
} as const

function documentOf(
  did: string,
  multikey: string,
  jwk: Jwk,
  type: 'Multikey' | 'JsonWebKey',
): DidDocument {
  const method = (publicKeyMultibase: string, { kty, ...rest }: Jwk): VerificationMethod => ({
    id: `${did}#${publicKeyMultibase}`,
    type,
    controller: did,
    ...(type === 'Multikey' ? { publicKeyMultibase } : { publicKeyJwk: { kty, ...rest } as never }),
  })
  const own = method(multikey, jwk)
  const agreement = agreementKey(jwk)
  const agrees = agreement === undefined ? undefined : method(jwkToMultikey(agreement), agreement)
  const signs = jwk.crv !== 'X25519'
  return {
    '@context': ['https://www.w3.org/ns/did/v1', contexts[type]],
    id: did,
    verificationMethod: agrees === undefined || agrees.id === own.id ? [own] : [own, agrees],
    ...(signs && {
      authentication: [own.id],
      assertionMethod: [own.id],
      capabilityInvocation: [own.id],
      capabilityDelegation: [own.id],
    }),
    ...(agrees !== undefined && { keyAgreement: [agrees.id] }),
  }
}

/** The key others encrypt to: derived for Ed25519, the key itself otherwise, none for BLS12-381. */
function agreementKey(jwk: Jwk): Jwk | undefined {
  const kind = keyKind(jwk.crv)
  if (jwk.crv === 'Bls12381G2' || kind === undefined) return undefined
  if (jwk.crv !== 'Ed25519') return jwk
  const u = edwardsToMontgomery(kind, bytesOfBase64url(jwk.x as string))
  return { kty: 'OKP', crv: 'X25519', x: toBase64url(u) }
}
