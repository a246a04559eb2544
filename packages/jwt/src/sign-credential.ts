import { AsobaError, type JsonObject, type Signer, validateCredential } from '@asoba/core'
import { signJws } from './sign-jws.ts'

/**
 * Secures a credential of the VC data model 2.0 as `vc+jwt`. The credential is signed as it is:
 * no context, claim or date is added, and the caller's object is not touched.
 *
 * @throws AsobaError `credential.malformed` where the data model refuses it
 * @throws TypeError where it brings `vc` or `vp`, or the signer's key is of another DID than the issuer
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-jose
 */
export async function signCredential(credential: JsonObject, signer: Signer): Promise<string> {
  const [first] = validateCredential(credential)
  if (first !== undefined) {
    throw new AsobaError(
      'credential.malformed',
      'the VC data model 2.0 refuses the credential',
      first.path === undefined ? {} : { path: first.path },
    )
  }
  if (credential['vc'] !== undefined || credential['vp'] !== undefined) {
    throw new TypeError('vc and vp claims belong to VC 1.1')
  }
  const { issuer } = credential
  checkController(typeof issuer === 'string' ? issuer : (issuer as JsonObject)['id'], signer)
  return signJws({ typ: 'vc+jwt', cty: 'vc', ...keyHeader(signer) }, credential, signer)
}

/** `kid` and `x5c` as the signer names its key. */
export function keyHeader(signer: Signer): JsonObject {
  const { verificationMethod, x5c } = signer
  return {
    ...(verificationMethod !== '' && { kid: verificationMethod }),
    ...(x5c !== undefined && { x5c }),
  }
}

/** The key of a DID is named by a DID URL of that DID. @throws TypeError */
export function checkController(id: unknown, { verificationMethod, x5c }: Signer): void {
  if (typeof id !== 'string' || !id.startsWith('did:')) return
  const unnamed = verificationMethod === '' && x5c !== undefined
  if (!unnamed && !verificationMethod.startsWith(`${id}#`)) {
    throw new TypeError('the verification method of the signer is not of the DID it signs for')
  }
}
