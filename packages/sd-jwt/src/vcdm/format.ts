import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  type JsonObject,
  problem,
  refused,
  type SecureInput,
  type SignatureBackend,
  type Signer,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
} from '@asoba/core'
import { prepareHolderKey } from '@asoba/jwt'
import {
  bindsMore,
  boundToMore,
  idOf,
  onlyPresent,
  periodOf,
  single,
  stringsOf,
  wholeDays,
  writeStatus,
} from '@asoba/jwt/judge'
import { authorityKeyIds } from '@asoba/jwt/x509'
import type { HashName } from '../hash-algorithm.ts'
import { holderSigner } from '../holder-key.ts'
import { confirmationKey } from '../key-binding.ts'
import type { OpenedSdJwt } from '../parse.ts'
import { openIssued, presentOpened } from '../present.ts'
import { typOf } from '../typ.ts'
import { valueAt } from '../value-at.ts'
import { tokenOf } from './envelope.ts'
import { issueVcSdJwt } from './issue.ts'
import { onlySubject, verifyVcSdJwt } from './verify-credential.ts'
import { verifyVpSdJwt } from './verify-presentation.ts'

/** Options of {@link vcSdJwt}. */
export interface VcSdJwtOptions {
  /** Needed to issue; a wallet or a verifier has none. */
  readonly signer?: Signer
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
  /** Hash of the disclosures; `sha-256` when left out. */
  readonly hash?: HashName
  /** Decoy digests for every object and array that hides something; none when left out. */
  readonly decoys?: number
}

/**
 * VC data model 2.0 secured as `vc+sd-jwt`: the subject's claims are disclosures of their own, the
 * holder's key is in `cnf`, presented with a key binding. A `vp+sd-jwt` with one credential is read
 * as well. OpenID4VC has no name for it, so a request for it uses our extension of DCQL.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export function vcSdJwt(options: VcSdJwtOptions = {}): CredentialFormat<'vc+sd-jwt'> {
  return {
    id: 'vc+sd-jwt',
    dcqlFormat: 'vc+sd-jwt',
    countedBy: 'credential',
    recognises: (wire) =>
      typOf(tokenOf(wire, 'vc')) === 'vc+sd-jwt' || typOf(tokenOf(wire, 'vp')) === 'vp+sd-jwt',
    secure: async (input, holder) => ({
      format: 'vc+sd-jwt',
      wire: await secure(input, holder, options),
    }),
    view: ({ wire }) => viewOf(openIssued(tokenOf(wire, 'vc'))),
    prepareHolder: (secrets) => prepareHolderKey(secrets),
    async present({ wire }, disclose, to, retained) {
      onlyPresent(to)
      const token = tokenOf(wire, 'vc') ?? ''
      const opened = openIssued(token)
      const { cnf } = opened.claims
      const holderKey = confirmationKey(cnf)
      if (cnf !== undefined && holderKey === undefined) throw malformed()
      const { audience, nonce, now: issuedAt } = to
      const keyBinding = holderKey
        ? { audience, nonce, issuedAt, signer: await holderSigner(retained, holderKey) }
        : 'none'
      return { format: 'vc+sd-jwt', wire: await presentOpened(opened, { disclose, keyBinding }) }
    },
    verify: (presented, context) =>
      verify(presented, {
        ...context,
        ...(options.backend && { backend: options.backend }),
      }),
  }
}

async function secure(
  { type, issuer, claims, validFrom, validUntil, status }: SecureInput,
  holder: HolderProof,
  { signer, hash, decoys }: VcSdJwtOptions,
): Promise<string> {
  if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
  if (holder.kind === 'bbs-commitment') throw new TypeError('this format binds to a JWK or to none')
  const disclosable = type.claims.filter((one) => one.disclosable === 'always')
  const credential: JsonObject = {
    '@context': type.contexts,
    type: type.types,
    issuer,
    ...wholeDays(validFrom, validUntil),
    credentialSubject: { type: type.subjectTypes, ...claims },
    ...(holder.kind === 'jwk' && { cnf: { jwk: keyOf(holder) } }),
    ...(status && writeStatus(status)),
  }
  return issueVcSdJwt(credential, {
    signer,
    disclosable: disclosable.map(({ path }) => ['credentialSubject', ...path]),
    ...(hash && { hash }),
    ...(decoys !== undefined && { decoys }),
  })
}

function keyOf({ publicJwk }: HolderProof & { readonly kind: 'jwk' }): JsonObject {
  const { kty, crv = '', x = '', y } = publicJwk
  return { kty, crv, x, ...(y !== undefined && { y }) }
}

function viewOf(opened: OpenedSdJwt): CredentialView {
  const { claims, disclosed, jws } = opened
  const { validFrom: from, validUntil: until, type } = claims
  const anyTime = { now: new Date(0), clockTolerance: 0 }
  const { validFrom, validUntil } = periodOf(claims, { from, until }, anyTime)
  const publicJwk = confirmationKey(claims['cnf'])
  return {
    dcqlFormat: 'vc+sd-jwt',
    vcts: [],
    types: stringsOf(type),
    issuer: idOf(claims['issuer']) ?? '',
    claims,
    disclosable: disclosed.map(({ path }) => ({ path, value: valueAt(claims, path) })),
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    authorityKeyIds: authorityKeyIds(jws.header.x5c ?? []),
    holder: publicJwk ? { kind: 'jwk', publicJwk } : { kind: 'bearer' },
  }
}

async function verify(
  presented: unknown,
  context: VerificationContext & { readonly backend?: SignatureBackend },
): Promise<Verified<VerifiedCredential>> {
  if (bindsMore(context)) return refused([boundToMore])
  if (typOf(tokenOf(presented, 'vp')) === 'vp+sd-jwt') {
    const presentation = await verifyVpSdJwt(presented, context)
    return presentation.verified ? single(presentation, 'vc+sd-jwt') : presentation
  }
  const judged = await verifyVcSdJwt(presented, context)
  if (!judged.verified) return judged
  const { credential: claims, ...rest } = judged
  const subject = onlySubject(claims)
  if (subject === undefined) {
    const detail = 'a credential speaks of exactly one subject here'
    return refused([problem('credential.malformed', detail, '/credentialSubject')], judged.checks)
  }
  return { ...rest, format: 'vc+sd-jwt', claims, subject }
}

function malformed(): AsobaError {
  return new AsobaError('credential.malformed', 'cnf names no key by value')
}
