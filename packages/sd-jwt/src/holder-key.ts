import {
  AsobaError,
  type HolderProof,
  isJsonObject,
  type Jwk,
  type PrivateJwk,
  parseJson,
  type SecretSource,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { jwkSigner, keyFromSeed, publicJwkOf, sameKey } from '@asoba/did'

/**
 * A fresh ES256 key for one copy of a credential. The label is random, so that no two copies share
 * a key; what is retained is the private key as JSON.
 */
export async function prepareHolderKey(
  secrets: SecretSource,
): Promise<{ readonly proof: HolderProof; readonly retained: Uint8Array }> {
  const label = `holder-key/${toBase64url(crypto.getRandomValues(new Uint8Array(16)))}`
  const { publicJwk, privateJwk } = await keyFromSeed('ES256', await secrets.derive(label, 32))
  return { proof: { kind: 'jwk', publicJwk }, retained: utf8(JSON.stringify(privateJwk)) }
}

/**
 * Signs with the retained key, if it is the one that the credential names.
 *
 * @throws AsobaError `wallet.credential-not-ours` where it is not
 */
export async function holderSigner(retained: Uint8Array, expected: Jwk): Promise<Signer> {
  const parsed = parseJson(retained)
  const key = parsed as unknown as PrivateJwk
  if (!isJsonObject(parsed) || typeof key.d !== 'string' || !sameKey(publicJwkOf(key), expected)) {
    throw new AsobaError(
      'wallet.credential-not-ours',
      'the retained key is not the one the credential is bound to',
    )
  }
  return jwkSigner({ privateJwk: key, verificationMethod: '' })
}
