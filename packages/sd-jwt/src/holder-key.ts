import {
  AsobaError,
  isJsonObject,
  type Jwk,
  type PrivateJwk,
  parseJson,
  type Signer,
} from '@asoba/core'
import { jwkSigner, publicJwkOf, sameKey } from '@asoba/did'

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
