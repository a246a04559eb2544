import {
  type IssuerClaim,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
  type VerifyingFormat,
} from '@asoba/core'
import { check, markOf } from '@asoba/core/judge'
import { judgeHolder } from './holder.ts'
import { type OpenedSdJwt, openText } from './parse.ts'
import { numericDate, validityProblems } from './times.ts'
import { typOf } from './typ.ts'
import { statusOf, subjectOf, vcProblems } from './vc-rules.ts'
import { signatureProblems, typProblems } from './verify.ts'

/** Options of {@link sdJwtVcVerifying}. */
export interface SdJwtVcVerifyingOptions {
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
  /** Rules of type metadata to hold credentials to: `typeMetadataRules(…)`. */
  readonly typeMetadata?: (opened: OpenedSdJwt) => readonly Problem[]
}

/**
 * The verifier's half of `sdJwtVc`: a page that only verifies bundles this and
 * nothing of issuing, holding and certificates.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/
 */
export function sdJwtVcVerifying(
  options: SdJwtVcVerifyingOptions = {},
): VerifyingFormat<'dc+sd-jwt'> {
  return {
    id: 'dc+sd-jwt',
    dcqlFormat: 'dc+sd-jwt',
    countedBy: 'credential',
    recognises: (wire) => typOf(wire) === 'dc+sd-jwt',
    verify: (presented, context) => verify(presented, context, options),
  }
}

async function verify(
  presented: unknown,
  context: VerificationContext,
  { backend, typeMetadata }: SdJwtVcVerifyingOptions,
): Promise<Verified<VerifiedCredential>> {
  if (
    context.purpose !== 'present' ||
    context.payloadHash !== undefined ||
    context.scope !== undefined
  ) {
    const detail = 'a key binding is bound to audience and nonce, to nothing else'
    return refused([problem('presentation.malformed', detail)])
  }
  if (typeof presented !== 'string') {
    return refused([problem('presentation.malformed', 'a presentation is a compact SD-JWT')])
  }
  const opened = await openText(presented, backend)
  if (!opened.verified) return { ...opened, checks: [check('form', opened.problems)] }
  const { claims } = opened
  const form = [...typProblems(opened, 'dc+sd-jwt'), ...vcProblems(opened)]
  if (form.length === 0 && typeMetadata) form.push(...typeMetadata(opened))
  const validity = validityProblems(claims, context)
  const trusted = await context.findIssuer(issuerClaim(opened))
  const signature = trusted.verified ? await signatureProblems(opened, trusted.keys, backend) : []
  const policy = trusted.verified ? context.holderBinding(trusted.type) : undefined
  const expected = backend ? { ...context, backend } : context
  const judged = await judgeHolder(opened, policy, expected)
  const { holder, problems: binding, authorised } = judged
  const trust = trusted.verified ? [] : trusted.problems
  const problems = [...form, ...validity, ...trust, ...signature, ...binding]
  const checks = [
    check('form', form),
    check('validity', validity),
    check('issuer-trust', trust),
    ...(trusted.verified ? [check('signature', signature)] : []),
    check('holder-binding', binding),
  ]
  if (!trusted.verified || problems.length > 0) return refused(problems, checks)
  const status = statusOf(claims)
  const { nbf, exp } = claims
  return {
    verified: true,
    checks,
    format: 'dc+sd-jwt',
    type: trusted.type,
    issuer: trusted.issuer,
    mechanism: trusted.mechanism,
    ...(trusted.certificate && { certificate: trusted.certificate }),
    claims,
    subject: subjectOf(claims),
    ...(nbf !== undefined && { validFrom: new Date(numericDate(nbf)) }),
    ...(exp !== undefined && { validUntil: new Date(numericDate(exp)) }),
    status: status ? [status] : [],
    issuedMark: await markOf(opened.jws.signingInput),
    holder,
    ...(authorised.length > 0 && { transactionHashes: authorised }),
  }
}

function issuerClaim({ jws, claims }: OpenedSdJwt): IssuerClaim {
  const { iss, vct } = claims
  const { alg, kid, x5c } = jws.header
  return {
    ...(typeof iss === 'string' && { issuer: iss }),
    // `aka_vcts` is left out on purpose: only `vct` says what a policy can trust an issuer with.
    types: typeof vct === 'string' ? [vct] : [],
    algorithm: alg,
    ...(kid !== undefined && { kid }),
    // 2.5 of draft 19: the issuer is the subject of the leaf.
    ...(x5c && { x5c, byCertificate: true }),
    purpose: 'credential',
  }
}
