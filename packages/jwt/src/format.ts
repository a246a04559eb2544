import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  type JsonObject,
  refused,
  type SecureInput,
  type SignatureBackend,
  type Signer,
  type VerificationContext,
  type Verified,
  type VerifiedCredential,
} from '@asoba/core'
import {
  anyTime,
  bearer,
  bindsMore,
  boundToMore,
  dateTime,
  idOf,
  onlyPresent,
  periodOf,
  readsAlike,
  single,
  stringsOf,
  subjectsOf,
  writeStatus,
} from '@asoba/core/judge'
import { holderSigner, prepareHolderKey, proofOfSubject, subjectOfProof } from '@asoba/did'
import { tokenInEnvelope } from './envelope.ts'
import { parseJws } from './parse-jws.ts'
import { signCredential } from './sign-credential.ts'
import { presentationOf, signPresentation } from './sign-presentation.ts'
import { typeOf } from './type-of.ts'
import { verifyCredential } from './verify-credential.ts'
import { verifyPresentation } from './verify-presentation.ts'
import { authorityKeyIds } from './x509/key-ids.ts'

/** Options of {@link vcJwt}. */
export interface VcJwtOptions {
  /** Needed to issue; a wallet or a verifier has none. */
  readonly signer?: Signer
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/**
 * VC data model 2.0 secured as `vc+jwt`, presented as `vp+jwt` with exactly one credential. Every
 * claim is shown to every verifier: there is no selective disclosure. OpenID4VC has no name for it,
 * so a request for it uses our extension of DCQL.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/
 */
export function vcJwt(options: VcJwtOptions = {}): CredentialFormat<'vc+jwt'> {
  const { signer, backend } = options
  const withBackend = backend && { backend }
  return {
    id: 'vc+jwt',
    dcqlFormat: 'vc+jwt',
    countedBy: 'credential',
    recognises: (wire) => /^v[cp]\+jwt$/.test(typeOf(compactOf(wire)) ?? ''),
    async secure(input, holder) {
      if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
      return { format: 'vc+jwt', wire: await signCredential(credentialOf(input, holder), signer) }
    },
    view: ({ wire }) => viewOf(compactOf(wire)),
    prepareHolder: (secrets) => prepareHolderKey(secrets),
    async present({ wire }, _disclose, to, retained) {
      onlyPresent(to)
      const token = compactOf(wire)
      const [holder] = subjectsOf(readCredential(token).credential).map(idOf)
      const key = await holderSigner(retained, holder ?? '')
      const presentation = presentationOf(holder ?? '', [token])
      return { format: 'vc+jwt', wire: await signPresentation(presentation, to, key) }
    },
    verify: (presented, context) => verify(presented, { ...context, ...withBackend }),
  }
}

/** The compact token of a wire form; `''` where there is none. */
function compactOf(wire: unknown): string {
  if (typeof wire === 'string') return wire
  return tokenInEnvelope(wire, 'vc') ?? tokenInEnvelope(wire, 'vp') ?? ''
}

function credentialOf(input: SecureInput, holder: HolderProof): JsonObject {
  const { type, issuer, claims, validFrom, validUntil, status } = input
  const id = subjectOfProof(holder)
  return {
    '@context': type.contexts,
    type: type.types,
    issuer,
    validFrom: dateTime(validFrom),
    validUntil: dateTime(validUntil),
    credentialSubject: { ...(id !== undefined && { id }), type: type.subjectTypes, ...claims },
    ...(status && writeStatus(status)),
  }
}

function readCredential(token: string): {
  readonly credential: JsonObject
  readonly x5c: readonly string[]
} {
  const jws = parseJws(token)
  if (!jws.verified || jws.claims === undefined || !readsAlike(jws.claims)) {
    throw new AsobaError('credential.malformed', 'it is no credential secured as vc+jwt')
  }
  return { credential: jws.claims, x5c: jws.header.x5c ?? [] }
}

function viewOf(token: string): CredentialView {
  const { credential, x5c } = readCredential(token)
  const { validFrom: from, validUntil: until } = credential
  const { validFrom, validUntil } = periodOf(credential, { from, until }, anyTime)
  const [subject] = subjectsOf(credential)
  return {
    dcqlFormat: 'vc+jwt',
    vcts: [],
    types: stringsOf(credential['type']),
    issuer: idOf(credential['issuer']) ?? '',
    claims: credential,
    disclosable: [],
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    authorityKeyIds: authorityKeyIds(x5c),
    holder: proofOfSubject(idOf(subject)),
  }
}

async function verify(
  presented: unknown,
  context: VerificationContext & { readonly backend?: SignatureBackend },
): Promise<Verified<VerifiedCredential>> {
  if (bindsMore(context)) return refused([boundToMore])
  const token = compactOf(presented)
  if (typeOf(token) === 'vc+jwt') {
    return bearer(await verifyCredential(token, context), context, 'vc+jwt')
  }
  const presentation = await verifyPresentation(token, context)
  if (!presentation.verified) return presentation
  return single(presentation, 'vc+jwt')
}
