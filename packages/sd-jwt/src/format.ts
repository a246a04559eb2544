import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  type JsonObject,
  type Jwk,
  type SecureInput,
  type Signer,
} from '@asoba/core'
import { prepareHolderKey } from '@asoba/jwt'
import { authorityKeyIds, leafSubjects } from '@asoba/jwt/x509'
import type { HashName } from './hash-algorithm.ts'
import { holderSigner } from './holder-key.ts'
import { issueSdJwt } from './issue.ts'
import { confirmationKey } from './key-binding.ts'
import type { OpenedSdJwt } from './parse.ts'
import { openIssued, presentOpened } from './present.ts'
import { numericDate } from './times.ts'
import { valueAt } from './value-at.ts'
import { isCredentialClaim, vcProblems } from './vc-rules.ts'
import { type SdJwtVcVerifyingOptions, sdJwtVcVerifying } from './verifying.ts'

/** Options of {@link sdJwtVc}. */
export interface SdJwtVcOptions extends SdJwtVcVerifyingOptions {
  /** Needed to issue; a wallet or a verifier has none. */
  readonly signer?: Signer
  /** Hash of the disclosures; `sha-256` when left out. */
  readonly hash?: HashName
  /** Decoy digests for every object and array that hides something; none when left out. */
  readonly decoys?: number
}

/**
 * SD-JWT VC (`dc+sd-jwt`), compact: every claim that its type calls disclosable is a disclosure of
 * its own, the holder's key is in `cnf`, and whoever presents signs audience, nonce and exactly
 * what is sent.
 *
 * It is issued with the `typ` `dc+sd-jwt` and nothing else; `vc+sd-jwt`, its older name, is read
 * where `vct` says that it is an SD-JWT VC and no `@context` that it is one of the data model.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/
 */
export function sdJwtVc(options: SdJwtVcOptions = {}): CredentialFormat<'dc+sd-jwt'> {
  return {
    ...sdJwtVcVerifying(options),
    secure: async (input, holder) => ({
      format: 'dc+sd-jwt',
      wire: await secure(input, holder, options),
    }),
    view: ({ wire }) => viewOf(openIssued(wire)),
    prepareHolder: (secrets) => prepareHolderKey(secrets),
    async present({ wire }, disclose, to, retained) {
      if (to.purpose !== 'present' || to.payloadHash !== undefined || to.scope !== undefined) {
        throw new TypeError('a key binding is bound to audience and nonce, to nothing else')
      }
      if (typeof wire !== 'string') throw malformed()
      const opened = openIssued(wire)
      const { cnf } = opened.claims
      const holderKey = confirmationKey(cnf)
      if (cnf !== undefined && holderKey === undefined) throw malformed()
      const { audience, nonce, now: issuedAt, transactionHashes = [] } = to
      const keyBinding = holderKey
        ? {
            ...{ audience, nonce, issuedAt, transactionHashes },
            signer: await holderSigner(retained, holderKey),
          }
        : 'none'
      return { format: 'dc+sd-jwt', wire: await presentOpened(opened, { disclose, keyBinding }) }
    },
  }
}

async function secure(
  { type, issuer, claims, validFrom, validUntil, status }: SecureInput,
  holder: HolderProof,
  { signer, hash, decoys }: SdJwtVcOptions,
): Promise<string> {
  if (signer === undefined) throw new AsobaError('signer.missing', 'the format has no signer')
  if (holder.kind === 'bbs-commitment') throw new TypeError('this format binds to a JWK or to none')
  if (status?.kind === 'bitstring-status-list') {
    throw new TypeError('an SD-JWT VC has its status in a token status list')
  }
  if (Object.keys(claims).some(isCredentialClaim)) {
    throw new TypeError('a claim of the subject has the name of a claim of the credential')
  }
  const { verificationMethod: kid, x5c } = signer
  const payload: JsonObject = {
    iss: issuer,
    // Whole days, for one-time copies shown to two verifiers must have nothing in common.
    iat: day(validFrom),
    nbf: day(validFrom),
    exp: expiry(validFrom, validUntil),
    vct: type.vct,
    'vct#integrity': type.vctIntegrity,
    ...(holder.kind === 'jwk' && { cnf: { jwk: bareKey(holder.publicJwk) } }),
    ...(status && { status: { status_list: { idx: status.index, uri: status.uri } } }),
    ...claims,
  }
  return issueSdJwt(payload, {
    signer,
    typ: 'dc+sd-jwt',
    header: { ...(kid !== '' && { kid }), ...(x5c && { x5c }) },
    disclosable: type.claims.filter((one) => one.disclosable === 'always').map(({ path }) => path),
    ...(hash && { hash }),
    ...(decoys !== undefined && { decoys }),
  })
}

/** Only what makes the key: a `kid` or `alg` of the holder's would tie copies together. */
function bareKey({ kty, crv = '', x = '', y }: Jwk): JsonObject {
  return { kty, crv, x, ...(y !== undefined && { y }) }
}

const secondsOfDay = 86_400

function day(date: Date): number {
  return Math.floor(date.getTime() / 1000 / secondsOfDay) * secondsOfDay
}

/** The start of the last day, never later than asked for; exact where it lasts less than a day. */
function expiry(from: Date, until: Date): number {
  return day(until) > from.getTime() / 1000 ? day(until) : Math.floor(until.getTime() / 1000)
}

function viewOf(opened: OpenedSdJwt): CredentialView {
  const { claims, disclosed, jws } = opened
  const { iss, vct, nbf, exp } = claims
  if (vcProblems(opened).length > 0) throw malformed()
  const { x5c = [] } = jws.header
  const publicJwk = confirmationKey(claims['cnf'])
  return {
    dcqlFormat: 'dc+sd-jwt',
    vcts: typeof vct === 'string' ? [vct] : [],
    types: [],
    issuer: typeof iss === 'string' ? iss : (leafSubjects(x5c)[0] ?? ''),
    claims,
    disclosable: disclosed.map(({ path }) => ({ path, value: valueAt(claims, path) })),
    ...(nbf !== undefined && { validFrom: new Date(numericDate(nbf)) }),
    ...(exp !== undefined && { validUntil: new Date(numericDate(exp)) }),
    authorityKeyIds: authorityKeyIds(x5c),
    holder: publicJwk ? { kind: 'jwk', publicJwk } : { kind: 'bearer' },
  }
}

function malformed(): AsobaError {
  return new AsobaError('credential.malformed', 'it is no SD-JWT VC as an issuer hands it out')
}
