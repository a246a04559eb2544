import {
  type HolderBinding,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type Verified,
} from '@asoba/core'
import { check, mediaTypeOf } from '@asoba/core/judge'
import { type JwsHeader, verifyJwsWith } from '@asoba/jwt'
import { judgeHolder } from './holder.ts'
import type { KeyBindingExpectation } from './key-binding.ts'
import { type OpenedSdJwt, openToVerify } from './parse.ts'
import { type Clock, validityProblems } from './times.ts'
import { namedBy } from './typ.ts'
import type { Disclosed } from './unpack.ts'

/** What a verifier (or a holder, of what an issuer hands out) fixes beforehand. */
export interface VerifySdJwtOptions extends Clock {
  /** Expected `typ` of the header; `dc+sd-jwt` takes `vc+sd-jwt` with `vct` as well. */
  readonly typ: string
  /** The keys of the issuer, by a mechanism that the policy allows; never from the token. */
  readonly findKeys: (token: {
    readonly header: JwsHeader
    readonly claims: JsonObject
  }) => Promise<Verified<{ readonly keys: readonly Jwk[] }>>
  /**
   * `'as-issued'` for a holder: a key binding is refused. For a verifier what the presentation must
   * be bound to, and whether a credential that names no key is accepted.
   */
  readonly keyBinding:
    | 'as-issued'
    | (Pick<KeyBindingExpectation, 'audience' | 'nonce' | 'maxProofAge'> & {
        readonly withoutKey: 'refused' | 'accepted'
      })
  readonly backend?: SignatureBackend
}

/** An SD-JWT whose signature, disclosures, times and key binding were checked. */
export interface VerifiedSdJwt {
  readonly header: JwsHeader
  /** The processed payload. */
  readonly claims: JsonObject
  /** Where each disclosure lies in the claims. */
  readonly disclosed: readonly Disclosed[]
  readonly holder: HolderBinding
}

/**
 * Verifies an SD-JWT or SD-JWT+KB, compact or in JSON serialisation, by all the rules of RFC 9901.
 * For credentials use a format (`sdJwtVc`): it knows which claims have to be there. Says every
 * problem found; never throws, whatever the input.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-7
 */
export async function verifySdJwt(
  wire: unknown,
  options: VerifySdJwtOptions,
): Promise<Verified<VerifiedSdJwt>> {
  const opened = await openToVerify(wire, options.backend)
  if (!opened.verified) return opened
  const { jws, claims, disclosed } = opened
  const { findKeys, keyBinding } = options
  const form = typProblems(opened, options.typ)
  const validity = validityProblems(claims, options)
  const [judged, found] = await Promise.all([
    keyBinding === 'as-issued'
      ? issuedOnly(opened)
      : judgeHolder(opened, keyBinding.withoutKey === 'accepted' ? 'bearer' : 'required', {
          ...options,
          ...keyBinding,
        }),
    findKeys({ header: jws.header, claims }),
  ])
  const signature = found.verified
    ? await signatureProblems(opened, found.keys, options.backend)
    : found.problems
  const problems = [...form, ...validity, ...signature, ...judged.problems]
  const checks = [
    check('form', form),
    check('validity', validity),
    check('signature', signature),
    check('holder-binding', judged.problems),
  ]
  if (problems.length > 0) return refused(problems, checks)
  return { verified: true, checks, header: jws.header, claims, disclosed, holder: judged.holder }
}

/**
 * What `typ` must say; a type that is missing is a wrong one (RFC 9901 10.11). `dc+sd-jwt` may have
 * its older name.
 */
export function typProblems({ jws, payload }: OpenedSdJwt, typ: string): readonly Problem[] {
  const said = jws.header.typ
  return mediaTypeOf(said) === typ || namedBy(said, () => payload) === typ
    ? []
    : [problem('jws.type-mismatch', 'typ is not the one that is due')]
}

/** Step 2.2 of section 7.1. */
export async function signatureProblems(
  { jws }: OpenedSdJwt,
  keys: readonly Jwk[],
  backend: SignatureBackend | undefined,
): Promise<readonly Problem[]> {
  return (await verifyJwsWith(jws, keys, backend && { backend }))
    ? []
    : [problem('jws.signature-invalid', 'the signature is not of the trusted issuer')]
}

function issuedOnly({ keyBinding }: OpenedSdJwt): Awaited<ReturnType<typeof judgeHolder>> {
  const detail = 'a holder is handed an SD-JWT, not a presentation'
  return {
    holder: { kind: 'none', proven: false },
    problems: keyBinding === undefined ? [] : [problem('presentation.malformed', detail)],
    authorised: [],
  }
}
