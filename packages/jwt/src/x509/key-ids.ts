import { fromBase64url, toBase64url } from '@asoba/core'
import { extensionIds, fieldsOf } from './fields.ts'
import { authorityKeyIdOf, subjectKeyIdOf } from './key-id.ts'

/** Bytes of an `x5c` entry: base64 with padding, canonical (RFC 7515 section 4.1.6). */
export function bytesOfX5c(entry: string): Uint8Array | undefined {
  if (entry.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(entry)) return undefined
  const text = entry.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return fromBase64url(text)
}

/**
 * Authority key identifiers in a certificate chain, base64url, UNVERIFIED: for DCQL
 * `trusted_authorities` of type `aki`. What cannot be read has none.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html section 6.1.1.1
 */
export function authorityKeyIds(x5c: readonly string[]): readonly string[] {
  return x5c.flatMap((entry) => {
    const der = bytesOfX5c(entry)
    const id = der && keyId(der, 'authorityKeyId')
    return id === undefined ? [] : [toBase64url(id)]
  })
}

/** Subject key identifier of a trust anchor (DER), base64url; `undefined` where it has none. */
export function subjectKeyId(anchor: Uint8Array): string | undefined {
  const id = keyId(anchor, 'subjectKeyId')
  return id && toBase64url(id)
}

function keyId(der: Uint8Array, which: 'authorityKeyId' | 'subjectKeyId'): Uint8Array | undefined {
  try {
    const { extensions } = fieldsOf(der)
    const extension = extensions.get(extensionIds[which])
    return which === 'subjectKeyId' ? subjectKeyIdOf(extension) : authorityKeyIdOf(extension)
  } catch {
    return undefined
  }
}
