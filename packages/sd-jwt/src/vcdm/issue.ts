import {
  AsobaError,
  type ClaimsPath,
  type JsonObject,
  type Problem,
  type Signer,
  validateCredential,
  validatePresentation,
} from '@asoba/core'
import type { HashName } from '../hash-algorithm.ts'
import { issueSdJwt } from '../issue.ts'

/** How a credential or presentation of the data model is secured. */
export interface IssueVcdmOptions {
  readonly signer: Signer
  /** Paths from the root of the document; each becomes a disclosure of its own. */
  readonly disclosable: readonly ClaimsPath[]
  /** `sha-256` when left out. */
  readonly hash?: HashName
  /** Decoy digests for every object and array that hides something; none when left out. */
  readonly decoys?: number
}

/**
 * What a verifier needs to judge a credential, and so may never be withheld: what VC-JOSE-COSE
 * names, and what validity, issuer and holder hang on.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export const neverDisclosable: readonly string[] = [
  ...['@context', 'type', 'credentialStatus', 'credentialSchema', 'relatedResource'],
  ...['issuer', 'validFrom', 'validUntil', 'cnf', 'status', 'iss', 'nbf', 'exp'],
]

/**
 * Secures a credential of the VC data model 2.0 as `vc+sd-jwt`. The document is signed as it is,
 * nothing is added; bind it to a holder by a `cnf` claim in it.
 *
 * @throws AsobaError `credential.malformed` where the data model refuses it
 * @throws TypeError where it brings `vc` or `vp`, or hides what a verifier needs
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export async function issueVcSdJwt(
  credential: JsonObject,
  options: IssueVcdmOptions,
): Promise<string> {
  if (options.disclosable.some(([first]) => neverDisclosable.includes(first as string))) {
    throw new TypeError('what a verifier needs to judge a credential is not disclosable')
  }
  return secure(credential, validateCredential(credential), 'vc', options)
}

/** For whom a `vp+sd-jwt` is made; nothing of it can be left out. */
export interface VpSdJwtAddress {
  readonly audience: string
  readonly nonce: string
  readonly now: Date
}

/**
 * Secures a presentation of the VC data model 2.0 as `vp+sd-jwt` for one audience and nonce.
 *
 * @throws AsobaError `credential.malformed` where the data model refuses it
 * @throws TypeError where it brings JWT claims of its own
 * @see https://www.w3.org/TR/vc-jose-cose/#secure-with-sd-jwt
 */
export async function issueVpSdJwt(
  presentation: JsonObject,
  to: VpSdJwtAddress,
  options: IssueVcdmOptions,
): Promise<string> {
  if (['aud', 'nonce', 'iat'].some((name) => Object.hasOwn(presentation, name))) {
    throw new TypeError('aud, nonce and iat are not for the caller to set')
  }
  const { audience: aud, nonce, now } = to
  const claims = { ...presentation, aud, nonce, iat: Math.floor(now.getTime() / 1000) }
  return secure(claims, validatePresentation(presentation), 'vp', options)
}

async function secure(
  document: JsonObject,
  [first]: readonly Problem[],
  kind: 'vc' | 'vp',
  { signer, ...options }: IssueVcdmOptions,
): Promise<string> {
  if (first !== undefined) {
    throw new AsobaError(
      'credential.malformed',
      'the VC data model 2.0 refuses the document',
      first.path === undefined ? {} : { path: first.path },
    )
  }
  if (document['vc'] !== undefined || document['vp'] !== undefined) {
    throw new TypeError('vc and vp claims belong to VC 1.1')
  }
  const { verificationMethod: kid, x5c } = signer
  const header = { cty: kind, ...(kid !== '' && { kid }), ...(x5c && { x5c }) }
  return issueSdJwt(document, { ...options, signer, typ: `${kind}+sd-jwt`, header })
}
