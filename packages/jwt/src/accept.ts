import {
  type Check,
  fromBase64url,
  isJsonObject,
  type PresentationContext,
  type Problem,
  parseJson,
  problem,
  refused,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
} from '@asoba/core'
import { type JudgedCredential, subjectsOf } from '@asoba/core/judge'
import type { VerifiedPresentation } from './verify-presentation.ts'

const compact = /^[\w-]{1,65536}\.[\w-]+\.[\w-]+$/

/** `typ` of a compact JWS, `undefined` where it is none; reads no more than the header. */
export function typeOf(token: string): string | undefined {
  const header = compact.test(token) && fromBase64url(token.slice(0, token.indexOf('.')))
  const parsed = header ? parseJson(header) : undefined
  if (!isJsonObject(parsed)) return undefined
  const { typ } = parsed
  // RFC 7515 4.1.9: no case, `application/` may be left out; VC 1.1 may leave out all of it.
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}

/** @throws TypeError where more is to be bound than a JWT presentation binds */
export function onlyPresent(
  to: Pick<PresentationContext, 'purpose' | 'payloadHash' | 'scope'>,
): void {
  if (to.purpose !== 'present' || to.payloadHash !== undefined || to.scope !== undefined) {
    throw new TypeError('a JWT presentation is bound to audience and nonce, to nothing else')
  }
}

/** Whether the verifier asks for a binding that a JWT presentation cannot give. */
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
  'a JWT presentation is bound to audience and nonce, to nothing else',
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
  const { credential, type, issuer, mechanism, validFrom, validUntil, status } = judged
  return {
    verified: true,
    checks,
    format,
    type,
    issuer,
    mechanism,
    claims: credential,
    subject: claims,
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    status,
    holder: { kind: proven ? 'subject' : 'none', proven },
  }
}
