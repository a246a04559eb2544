import { AsobaError, type Json, type JsonObject, type Signer } from '@asoba/core'
import { idOf, seconds, subjectsOf } from '@asoba/core/judge'
import { validateCredentialV1 } from '@asoba/core/v1'
import { checkController, keyHeader } from '../sign-credential.ts'
import { signJws } from '../sign-jws.ts'
import type { PresentationAddress } from '../sign-presentation.ts'
import { contextV1 } from './claims.ts'

/**
 * Secures a credential of the VC data model 1.1 as JWT, the registered claims in addition to the
 * properties. `claims` are further JWT claims (a token status list's `status`).
 *
 * @throws AsobaError `credential.malformed` where the data model refuses it
 * @throws TypeError where the signer's key is of another DID than the issuer
 * @see https://www.w3.org/TR/vc-data-model/#jwt-encoding
 */
export async function signCredentialV1(
  credential: JsonObject,
  signer: Signer,
  claims: JsonObject = {},
): Promise<string> {
  const [first] = validateCredentialV1(credential)
  if (first !== undefined) {
    throw new AsobaError(
      'credential.malformed',
      'the VC data model 1.1 refuses the credential',
      first.path === undefined ? {} : { path: first.path },
    )
  }
  const iss = idOf(credential['issuer'])
  checkController(iss, signer)
  const [subject, ...others] = subjectsOf(credential)
  const payload = withoutUndefined({
    ...claims,
    iss,
    sub: others.length === 0 ? idOf(subject) : undefined,
    jti: idOf(credential),
    nbf: numeric(credential['issuanceDate']),
    exp: numeric(credential['expirationDate']),
    vc: credential,
  })
  return signJws({ typ: 'JWT', ...keyHeader(signer) }, payload, signer)
}

/**
 * Secures a presentation of VC 1.1 JWTs for one audience and nonce.
 *
 * @throws TypeError where the signer's key is of another DID than the holder
 * @see https://www.w3.org/TR/vc-data-model/#jwt-encoding
 */
export async function signPresentationV1(
  holder: string,
  tokens: readonly string[],
  to: PresentationAddress,
  signer: Signer,
): Promise<string> {
  checkController(holder, signer)
  const payload = {
    iss: holder,
    aud: to.audience,
    nonce: to.nonce,
    iat: seconds(to.now),
    vp: {
      '@context': [contextV1],
      type: ['VerifiablePresentation'],
      verifiableCredential: tokens,
    },
  }
  return signJws({ typ: 'JWT', ...keyHeader(signer) }, payload, signer)
}

function numeric(date: Json | undefined): number | undefined {
  return typeof date === 'string' ? seconds(new Date(date)) : undefined
}

function withoutUndefined(claims: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(claims).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  )
}
