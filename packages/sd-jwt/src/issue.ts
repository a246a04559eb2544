import type { ClaimsPath, JsonObject, Signer } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import type { HashName } from './hash-algorithm.ts'
import { pack } from './pack.ts'

/** How an SD-JWT is issued. */
export interface IssueSdJwtOptions {
  readonly signer: Signer
  /** `typ` of the header. An SD-JWT without a type is taken for something else one day. */
  readonly typ: string
  /** Other members of the header: `kid`, `x5c`, `cty`. */
  readonly header?: JsonObject
  /**
   * What becomes a disclosure of its own: paths into the claims, `null` for every element of an
   * array. A path below another makes a recursive disclosure; paths that lead nowhere do nothing.
   */
  readonly disclosable: readonly ClaimsPath[]
  /** `sha-256` when left out. */
  readonly hash?: HashName
  /** Decoy digests for every object and array that hides something; none when left out. */
  readonly decoys?: number
}

/**
 * Issues an SD-JWT in compact form with all its disclosures. Salts are 132 random bits, new for
 * every disclosure of every call. The claims are not written to.
 *
 * @throws TypeError where a claim has a name that is reserved (`_sd`, `...`, `_sd_alg`)
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-4
 */
export async function issueSdJwt(claims: JsonObject, options: IssueSdJwtOptions): Promise<string> {
  const { signer, typ, header = {}, disclosable, hash = 'sha-256', decoys = 0 } = options
  const { payload, disclosures } = pack(claims, disclosable, { hash, decoys })
  const jwt = await signJws({ typ, ...header }, payload, signer)
  return `${[jwt, ...disclosures].join('~')}~`
}
