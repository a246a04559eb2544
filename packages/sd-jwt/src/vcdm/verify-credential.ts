import {
  type HolderBinding,
  type JsonObject,
  type Problem,
  problem,
  refused,
  type Verified,
  validateCredential,
} from '@asoba/core'
import { mediaTypeOf } from '@asoba/core/judge'
import {
  type CredentialContext,
  check,
  idOf,
  type JudgedCredential,
  judgeCredential,
  noWrapper,
  periodOf,
  sameAs,
  subjectsOf,
} from '@asoba/jwt/judge'
import { judgeHolder } from '../holder.ts'
import type { KeyBindingExpectation } from '../key-binding.ts'
import { holdsDigests, type OpenedSdJwt, openToVerify } from '../parse.ts'
import { tokenOf } from './envelope.ts'
import { neverDisclosable } from './issue.ts'

/** What a verifier fixes of a `vc+sd-jwt` that is presented on its own. */
export interface VcSdJwtContext
  extends CredentialContext,
    Pick<KeyBindingExpectation, 'audience' | 'nonce' | 'maxProofAge'> {
  /** By policy name of the type, once the issuer is known. */
  readonly holderBinding: (type: string) => 'required' | 'bearer'
}

/**
 * Judges a `vc+sd-jwt` (compact, or in its envelope) presented with a key binding: form, validity,
 * issuer, signature, disclosures and holder. The status entries are in the result, still to be
 * checked. Says every problem found; never throws, whatever the input.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export async function verifyVcSdJwt(
  wire: unknown,
  context: VcSdJwtContext,
): Promise<Verified<JudgedCredential & { readonly holder: HolderBinding }>> {
  const opened = await openToVerify(tokenOf(wire, 'vc'), context.backend)
  if (!opened.verified) return opened
  const judged = await judgeOpened(opened, context)
  const policy = judged.verified ? context.holderBinding(judged.type) : undefined
  const { holder, problems } = await judgeHolder(opened, policy, context)
  const checks = [...judged.checks, check('holder-binding', problems)]
  if (!judged.verified) return refused([...judged.problems, ...problems], checks)
  return problems.length > 0 ? refused(problems, checks) : { ...judged, checks, holder }
}

/** Everything but the holder. */
export async function judgeOpened(
  opened: OpenedSdJwt,
  context: CredentialContext,
): Promise<Verified<JudgedCredential>> {
  const { jws, claims: credential, payload, disclosed } = opened
  const { validFrom: from, validUntil: until } = credential
  const issuer = idOf(credential['issuer'])
  const form: Problem[] = [
    ...typeProblems(opened, 'vc'),
    ...noWrapper(credential),
    ...validateCredential(credential),
    // https://www.w3.org/TR/vc-jose-cose/#iss: it MUST match, in the header too.
    ...sameAs(jws.header['iss'], issuer, 'iss of the header differs from issuer'),
    ...sameAs(credential['iss'], issuer, 'iss differs from issuer'),
    ...sameAs(credential['jti'], idOf(credential), 'jti differs from id'),
    ...subjectProblems(credential),
  ]
  for (const name of neverDisclosable) {
    if (holdsDigests(payload[name]) || disclosed.some(({ path }) => path[0] === name)) {
      form.push(problem('disclosure.forbidden', 'what is needed to judge may not be withheld'))
      break
    }
  }
  return judgeCredential(
    jws,
    credential,
    periodOf(credential, { from, until }, context),
    form,
    context,
  )
}

/** The id of a subject may be withheld; where it is shown, `sub` names the same. */
function subjectProblems(credential: JsonObject): readonly Problem[] {
  const ids = subjectsOf(credential).map(idOf)
  return ids.length === 1 && ids[0] === undefined
    ? []
    : sameAs(
        credential['sub'],
        ids.length === 1 ? ids[0] : undefined,
        'sub differs from the subject',
      )
}

/** `typ` says what it is, `cty`, where present, what is inside. */
export function typeProblems({ jws }: OpenedSdJwt, kind: 'vc' | 'vp'): readonly Problem[] {
  const { typ, cty } = jws.header
  const right =
    mediaTypeOf(typ) === `${kind}+sd-jwt` && (cty === undefined || mediaTypeOf(cty) === kind)
  return right ? [] : [problem('jws.type-mismatch', `typ or cty is not that of ${kind}+sd-jwt`)]
}

/** The one subject of a credential without what names it; `undefined` where there are more. */
export function onlySubject(credential: JsonObject): JsonObject | undefined {
  const { credentialSubject: subject } = credential
  const one = Array.isArray(subject) && subject.length === 1 ? subject[0] : subject
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return undefined
  const { id: _id, type: _type, ...claims } = one as JsonObject
  return claims
}
