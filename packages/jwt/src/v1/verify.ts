import { type Json, type Problem, problem, refused, type Verified } from '@asoba/core'
import {
  type CredentialContext,
  idOf,
  type JudgedCredential,
  listOf,
  periodOf,
  stringsOf,
  type VerifiedPresentation,
} from '@asoba/core/judge'
import { validateCredentialV1 } from '@asoba/core/v1'
import { judgeCredential } from '../judge-credential.ts'
import { type ParsedJws, parseJws } from '../parse-jws.ts'
import { judgePresentation, type PresentationVerification } from '../verify-presentation.ts'
import { contextV1, decodeV1 } from './claims.ts'

/**
 * Judges one VC 1.1 JWT: form, issuer trust, signature, validity. The status entries are in the
 * result, still to be checked; so is the holder. Says every problem found; never throws.
 *
 * @see https://www.w3.org/TR/vc-data-model/#json-web-token
 */
export async function verifyCredentialV1(
  wire: unknown,
  context: CredentialContext,
): Promise<Verified<JudgedCredential>> {
  const jws = parseJws(wire, { backend: context.backend })
  if (!jws.verified) return jws
  if (jws.claims === undefined) {
    return refused([problem('credential.malformed', 'the payload is not one JSON object')])
  }
  const { document, problems } = decodeV1(jws.claims, 'vc')
  const { issuanceDate: from, expirationDate: until } = document
  const period = periodOf(jws.claims, { from, until }, context)
  const form = [...typeProblemsV1(jws), ...problems, ...validateCredentialV1(document)]
  // 6.3.1: kid may be left out. The keys are those of the trusted issuer, whatever it says.
  return judgeCredential(jws, document, period, form, context, 'optional')
}

/**
 * Judges a VP 1.1 JWT as `verifyPresentation` judges `vp+jwt`: holder, audience, nonce, age,
 * and every credential inside, which must be a VC 1.1 JWT. Never throws.
 *
 * @see https://www.w3.org/TR/vc-data-model/#json-web-token
 */
export async function verifyPresentationV1(
  wire: unknown,
  context: PresentationVerification,
): Promise<Verified<VerifiedPresentation>> {
  const jws = parseJws(wire)
  if (!jws.verified) return jws
  if (jws.claims === undefined) {
    return refused([problem('presentation.malformed', 'the payload is not one JSON object')])
  }
  const { document, problems } = decodeV1(jws.claims, 'vp')
  const form = [...typeProblemsV1(jws), ...problems]
  const contexts = stringsOf(document['@context'])
  if (
    contexts[0] !== contextV1 ||
    !stringsOf(document['type']).includes('VerifiablePresentation')
  ) {
    form.push(problem('presentation.malformed', 'it is no presentation of VC 1.1'))
  }
  const judge = (one: Json) =>
    typeof one === 'string'
      ? verifyCredentialV1(one, context)
      : refused([problem('presentation.malformed', 'expected one compact JWT')])
  const holder = idOf(document['holder'])
  const credentials = listOf(document['verifiableCredential'])
  return judgePresentation(
    { jws: withKeyName(jws, holder), holder, form, credentials, judge },
    context,
  )
}

/**
 * 6.3.1: `kid` is for who has several keys. The one key of a did:key or did:jwk is named by the DID;
 * any other holder has to name it.
 */
function withKeyName(jws: ParsedJws, holder: string | undefined): ParsedJws {
  const [, method, id] = /^did:(key|jwk):([\w-]+)$/.exec(holder ?? '') ?? []
  if (jws.header.kid !== undefined || id === undefined) return jws
  const kid = `${holder}#${method === 'key' ? id : '0'}`
  return { ...jws, header: { ...jws.header, kid } }
}

/** 6.3.1: `typ` is JWT where it is there. */
function typeProblemsV1({ header: { typ } }: ParsedJws): readonly Problem[] {
  return typ === undefined || typ.toUpperCase() === 'JWT'
    ? []
    : [problem('jws.type-mismatch', 'typ of a VC 1.1 JWT is JWT')]
}
