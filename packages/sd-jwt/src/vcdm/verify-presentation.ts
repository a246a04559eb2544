import { type Json, problem, refused, type Verified, validatePresentation } from '@asoba/core'
import { tokenInEnvelope, verifyCredential } from '@asoba/jwt'
import {
  idOf,
  type JudgedCredential,
  judgePresentation,
  listOf,
  noWrapper,
  type PresentationVerification,
  sameAs,
  type VerifiedPresentation,
} from '@asoba/jwt/judge'
import { openToVerify } from '../parse.ts'
import { tokenOf } from './envelope.ts'
import { judgeOpened, typeProblems } from './verify-credential.ts'

/**
 * Judges a presentation secured as `vp+sd-jwt` (compact, or in its envelope): the holder's
 * signature, audience, nonce and age, and every enveloped credential (`vc+sd-jwt` or `vc+jwt`)
 * inside like a lone one. Says every problem found; never throws, whatever the input.
 *
 * The W3C's inputs disclose `type` and `holder` of a presentation selectively, which the text
 * advises against (SHOULD), so that is accepted here where they are disclosed.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export async function verifyVpSdJwt(
  wire: unknown,
  context: PresentationVerification,
): Promise<Verified<VerifiedPresentation>> {
  const opened = await openToVerify(tokenOf(wire, 'vp'))
  if (!opened.verified) return opened
  const { jws, claims: presentation } = opened
  const form = [
    ...typeProblems(opened, 'vp'),
    ...noWrapper(presentation),
    ...validatePresentation(presentation),
    ...sameAs(presentation['iss'], idOf(presentation['holder']), 'iss differs from holder'),
    ...sameAs(presentation['jti'], idOf(presentation), 'jti differs from id'),
  ]
  if (opened.keyBinding !== undefined) {
    form.push(problem('presentation.malformed', 'a presentation is signed by its holder already'))
  }
  return judgePresentation(
    {
      // Address and time are judged as disclosed, not as signed.
      jws: { ...jws, claims: presentation },
      holder: idOf(presentation['holder']),
      form,
      credentials: listOf(presentation['verifiableCredential']),
      judge: (one) => judgeEnveloped(one, context),
    },
    context,
  )
}

async function judgeEnveloped(
  envelope: Json,
  context: PresentationVerification,
): Promise<Verified<JudgedCredential>> {
  if (tokenInEnvelope(envelope, 'vc') !== undefined) return verifyCredential(envelope, context)
  const token = typeof envelope === 'string' ? undefined : tokenOf(envelope, 'vc')
  if (token === undefined) {
    return refused([problem('presentation.malformed', 'expected one enveloped credential')])
  }
  const opened = await openToVerify(token, context.backend)
  if (!opened.verified) return opened
  const { cnf } = opened.claims
  // A credential that names a key is presented with that key: by key binding, on its own.
  if (cnf !== undefined || opened.keyBinding !== undefined) {
    const detail = 'a credential bound by cnf is presented by a key binding, not in an envelope'
    return refused([problem('holder.binding-missing', detail)])
  }
  return judgeOpened(opened, context)
}
