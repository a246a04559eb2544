import { AsobaError, type JsonObject, type Signer, validatePresentation } from '@asoba/core'
import { seconds } from '@asoba/core/judge'
import { contextV2, envelopeCredential } from './envelope.ts'
import { checkController, keyHeader } from './sign-credential.ts'
import { signJws } from './sign-jws.ts'

/** For whom a presentation is signed; nothing of it can be left out. */
export interface PresentationAddress {
  /** The verifier's identifier, as the verifier itself names it. */
  readonly audience: string
  /** The verifier's fresh nonce. */
  readonly nonce: string
  readonly now: Date
}

/**
 * A presentation of `vc+jwt` credentials by their holder, ready to sign.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations
 */
export function presentationOf(holder: string, tokens: readonly string[]): JsonObject {
  return {
    '@context': [contextV2],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: tokens.map(envelopeCredential),
  }
}

/**
 * Secures a presentation of the VC data model 2.0 as `vp+jwt` for one audience and nonce. The
 * caller's object is not touched.
 *
 * @throws AsobaError `credential.malformed` where the data model refuses it
 * @throws TypeError where it brings JWT claims of its own, or the key is of another DID than the holder
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-jose
 */
export async function signPresentation(
  presentation: JsonObject,
  to: PresentationAddress,
  signer: Signer,
): Promise<string> {
  const [first] = validatePresentation(presentation)
  if (first !== undefined) {
    throw new AsobaError(
      'credential.malformed',
      'the VC data model 2.0 refuses the presentation',
      first.path === undefined ? {} : { path: first.path },
    )
  }
  for (const name of ['aud', 'nonce', 'iat', 'vc', 'vp']) {
    if (Object.hasOwn(presentation, name)) {
      throw new TypeError('aud, nonce, iat, vc and vp are not for the caller to set')
    }
  }
  const { holder } = presentation
  checkController(typeof holder === 'object' ? (holder as JsonObject)['id'] : holder, signer)
  const claims = { ...presentation, aud: to.audience, nonce: to.nonce, iat: seconds(to.now) }
  return signJws({ typ: 'vp+jwt', cty: 'vp', ...keyHeader(signer) }, claims, signer)
}
