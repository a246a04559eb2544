import { type CredentialTypeName, fromUtf8, type Signer } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import {
  readContent,
  type TrustListContent,
  trustListType,
  writeContent,
} from './trust-list-content.ts'

/** With what a trust list is signed. */
export interface SignTrustListOptions {
  /** Holds a key of the publisher; its verification method becomes the `kid`. */
  readonly signer: Signer
  /** The types that entries name by their short names; the list names them by `vct`. */
  readonly types: readonly CredentialTypeName[]
}

/**
 * A trust list as a compact JWS, to be published or carried along as it is. Times are cut to whole
 * seconds.
 *
 * @throws TypeError where readers would refuse the list, or an entry names a type that is not given
 * @see `spec/trust-list.md`
 */
export async function signTrustList(
  list: TrustListContent,
  options: SignTrustListOptions,
): Promise<string> {
  const { signer, types } = options
  const payload = writeContent(
    list,
    (name) => {
      const vct = types.find((type) => type.name === name)?.vct
      if (vct === undefined) throw new TypeError('an entry names a type that was not given')
      return vct
    },
    (bytes) => fromUtf8(bytes) ?? '',
  )
  const read = readContent(payload, types)
  if (!read.verified) throw new TypeError(read.problems[0].detail)
  const { verificationMethod: kid } = signer
  return signJws({ typ: trustListType, ...(kid !== '' && { kid }) }, payload, signer)
}
