import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  fromBase64url,
  type HolderProof,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  refused,
  type SecureInput,
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
import type { VcJwtOptions } from '../format.ts'
import { parseJws } from '../parse-jws.ts'
import { typeOf } from '../type-of.ts'
import { authorityKeyIds } from '../x509/key-ids.ts'
import { contextV1, decodeV1 } from './claims.ts'
import { signCredentialV1, signPresentationV1 } from './sign.ts'
import { verifyCredentialV1, verifyPresentationV1 } from './verify.ts'

/** Options of {@link jwtVcV1}. */
export type JwtVcV1Options = VcJwtOptions

/**
 * VC data model 1.1 as JWT, presented as a VP JWT with exactly one credential: for partners who
 * have not moved on. There is no selective disclosure.
 *
 * @see https://www.w3.org/TR/vc-data-model/#json-web-token
 */
export function jwtVcV1(options: JwtVcV1Options = {}): CredentialFormat<'jwt_vc_json'> {
  const { signer, backend } = options
  const withBackend = backend && { backend }
  return {
    id: 'jwt_vc_json',
    dcqlFormat: 'jwt_vc_json',
    countedBy: 'credential',
    recognises: (wire) => wrapperOf(wire) !== undefined,
    async secure(input, holder) {
      if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
      const { credential, claims } = credentialOf(input, holder)
      return { format: 'jwt_vc_json', wire: await signCredentialV1(credential, signer, claims) }
    },
    view: ({ wire }) => viewOf(wire),
    prepareHolder: (secrets) => prepareHolderKey(secrets),
    async present({ wire }, _disclose, to, retained) {
      onlyPresent(to)
      const holder = idOf(subjectsOf(readCredential(wire).credential)[0]) ?? ''
      const key = await holderSigner(retained, holder)
      const token = await signPresentationV1(holder, [wire as string], to, key)
      return { format: 'jwt_vc_json', wire: token }
    },
    async verify(presented, given) {
      const context = { ...given, ...withBackend }
      if (bindsMore(context)) return refused([boundToMore])
      if (wrapperOf(presented) === 'vc') {
        return bearer(await verifyCredentialV1(presented, context), context, 'jwt_vc_json')
      }
      const presentation = await verifyPresentationV1(presented, context)
      return presentation.verified ? single(presentation, 'jwt_vc_json') : presentation
    },
  }
}

/** `vc` or `vp` where the wire form is a JWT with that claim and the `typ` of VC 1.1. */
function wrapperOf(wire: unknown): 'vc' | 'vp' | undefined {
  if (typeof wire !== 'string' || wire.length > 1_048_576) return undefined
  const type = typeOf(wire)
  if (type !== 'jwt' && type !== '') return undefined
  const [, payload = ''] = wire.split('.', 2)
  const claims = parseJson(fromBase64url(payload) ?? '')
  if (!isJsonObject(claims)) return undefined
  return isJsonObject(claims['vc']) ? 'vc' : isJsonObject(claims['vp']) ? 'vp' : undefined
}

function credentialOf(
  input: SecureInput,
  holder: HolderProof,
): { readonly credential: JsonObject; readonly claims: JsonObject } {
  const { type, issuer, claims, validFrom, validUntil, status } = input
  const id = subjectOfProof(holder)
  const written = status ? writeStatus(status) : {}
  const { credentialStatus, ...jwtClaims } = written
  // 1.1 has its own base context; of the type's contexts it keeps those that follow the base.
  const contexts: readonly Json[] = [contextV1, ...type.contexts.slice(1)]
  const credential: JsonObject = {
    '@context': contexts,
    type: type.types,
    issuer,
    issuanceDate: dateTime(validFrom),
    expirationDate: dateTime(validUntil),
    credentialSubject: { ...(id !== undefined && { id }), type: type.subjectTypes, ...claims },
    ...(isJsonObject(credentialStatus) && {
      // 1.1 wants an id of every status; it says what the entry says.
      credentialStatus: { id: statusId(credentialStatus), ...credentialStatus },
    }),
  }
  return { credential, claims: jwtClaims }
}

function statusId(entry: JsonObject): string {
  return `${String(entry['statusListCredential'])}#${String(entry['statusListIndex'])}`
}

function readCredential(wire: unknown): {
  readonly credential: JsonObject
  readonly claims: JsonObject
  readonly x5c: readonly string[]
} {
  const jws = parseJws(wire)
  const claims = jws.verified ? jws.claims : undefined
  if (!jws.verified || claims === undefined || !isJsonObject(claims['vc'])) {
    throw new AsobaError('credential.malformed', 'it is no VC 1.1 JWT')
  }
  const { document, problems } = decodeV1(claims, 'vc')
  if (problems.length > 0 || !readsAlike(claims)) {
    throw new AsobaError('credential.malformed', 'its claims are not read by all alike')
  }
  return { credential: document, claims, x5c: jws.header.x5c ?? [] }
}

/** Claims of the JWT that no property of the credential says: they are sent as well, so a holder sees them. */
function besides({ vc: _vc, ...claims }: JsonObject): { readonly besides?: JsonObject } {
  const { iss: _iss, sub: _sub, jti: _jti, nbf: _nbf, exp: _exp, ...others } = claims
  return Object.keys(others).length > 0 ? { besides: others } : {}
}

function viewOf(wire: unknown): CredentialView {
  const { credential, claims, x5c } = readCredential(wire)
  const { issuanceDate: from, expirationDate: until } = credential
  const { validFrom, validUntil } = periodOf(claims, { from, until }, anyTime)
  return {
    dcqlFormat: 'jwt_vc_json',
    vcts: [],
    types: stringsOf(credential['type']),
    issuer: idOf(credential['issuer']) ?? '',
    claims: credential,
    ...besides(claims),
    disclosable: [],
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    authorityKeyIds: authorityKeyIds(x5c),
    holder: proofOfSubject(idOf(subjectsOf(credential)[0])),
  }
}
