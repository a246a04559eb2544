import type { PresentationContext, VerificationContext, VerifiedCredential } from './format.ts'
import type { JudgedCredential } from './judged-credential.ts'
import { subjectsOf } from './parts.ts'
import { type Check, type Problem, problem, refused, type Verified } from './problem.ts'

/** A presentation that was accepted whole. */
export interface VerifiedPresentation {
  /** Who presents: controller of the key that signed. */
  readonly holder: string
  readonly credentials: readonly (JudgedCredential & {
    /** Whether the holder is the subject of this credential; `false` only where bearers are allowed. */
    readonly holderIsSubject: boolean
  })[]
}

/** @throws TypeError where more is to be bound than audience and nonce */
export function onlyPresent(
  to: Pick<PresentationContext, 'purpose' | 'payloadHash' | 'scope'>,
): void {
  if (to.purpose !== 'present' || to.payloadHash !== undefined || to.scope !== undefined) {
    throw new TypeError('such a presentation is bound to audience and nonce, to nothing else')
  }
}

/** Whether the verifier asks for a binding beyond audience and nonce. */
export function bindsMore(context: VerificationContext): boolean {
  return (
    context.purpose !== 'present' ||
    context.payloadHash !== undefined ||
    context.scope !== undefined
  )
}

/** The problem where it does. */
export const boundToMore: Problem = problem(
  'presentation.malformed',
  'such a presentation is bound to audience and nonce, to nothing else',
)

/** A credential without a presentation: accepted only where the policy allows bearers. */
export function bearer(
  judged: Verified<JudgedCredential>,
  context: VerificationContext,
  format: string,
): Verified<VerifiedCredential> {
  if (!judged.verified) return judged
  if (context.holderBinding(judged.type) !== 'bearer') {
    const missing = problem('holder.binding-missing', 'a bare credential proves no holder')
    const failed = { check: 'holder-binding', path: '', outcome: 'failed' } as const
    return refused([missing], [...judged.checks, failed])
  }
  const passed = { check: 'holder-binding', path: '', outcome: 'not-applicable' } as const
  return withSubject(judged, false, format, [...judged.checks, passed])
}

/** The one credential of a presentation; two are two presentations. */
export function single(
  presentation: VerifiedPresentation & { readonly checks: readonly Check[] },
  format: string,
): Verified<VerifiedCredential> {
  const [only, ...others] = presentation.credentials
  if (only === undefined || others.length > 0) {
    const detail = 'a presentation holds exactly one credential'
    return refused([problem('presentation.malformed', detail)], presentation.checks)
  }
  return withSubject(only, only.holderIsSubject, format, presentation.checks)
}

function withSubject(
  judged: JudgedCredential,
  proven: boolean,
  format: string,
  checks: readonly Check[],
): Verified<VerifiedCredential> {
  const [subject, ...others] = subjectsOf(judged.credential)
  if (subject === undefined || others.length > 0) {
    const detail = 'a credential speaks of exactly one subject here'
    return refused([problem('credential.malformed', detail, '/credentialSubject')], checks)
  }
  const { id: _id, type: _type, ...claims } = subject
  const { credential, type, issuer, mechanism, certificate, validFrom, validUntil, status } = judged
  const { issuedMark } = judged
  return {
    verified: true,
    checks,
    format,
    type,
    issuer,
    mechanism,
    ...(certificate && { certificate }),
    claims: credential,
    subject: claims,
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    status,
    issuedMark,
    holder: { kind: proven ? 'subject' : 'none', proven },
  }
}
