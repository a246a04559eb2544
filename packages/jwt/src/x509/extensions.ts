import { badDer, childrenOf, type Der, expect, oidOf, readDer, tags, trueOf } from './der.ts'

/** One extension: whether it must be understood, and its value's DER. */
export interface Extension {
  readonly critical: boolean
  readonly value: Uint8Array
}

/** Longest certificate that is read, in bytes. */
const maxLength = 16_384

/** The three parts of a certificate, and the fields of its first. */
export function partsOf(der: Uint8Array): {
  readonly tbs: Der
  readonly fields: readonly Der[]
  readonly algorithm: Der
  readonly signature: Der
} {
  if (der.length > maxLength) throw badDer()
  const parts = childrenOf(readDer(der, tags.sequence))
  if (parts.length !== 3) throw badDer()
  const tbs = expect(parts[0], tags.sequence)
  const algorithm = expect(parts[1], tags.sequence)
  return { tbs, fields: childrenOf(tbs), algorithm, signature: expect(parts[2], tags.bitString) }
}

/**
 * The extensions by OID; none may be there twice.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2
 */
export function extensionsOf(field: Der | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>()
  if (field === undefined) return found
  // 4.1.2.9: [3] EXPLICIT SEQUENCE SIZE (1..MAX)
  const list = childrenOf(readDer(expect(field, 0xa3).content, tags.sequence))
  if (list.length === 0) throw badDer()
  for (const one of list) {
    const members = childrenOf(expect(one, tags.sequence))
    const oid = oidOf(members[0])
    const critical = members.length === 3 && trueOf(members[1] as Der)
    if (members.length < 2 || members.length > 3 || found.has(oid)) throw badDer()
    found.set(oid, { critical, value: expect(members.at(-1), tags.octetString).content })
  }
  return found
}

/** Key identifier of an authority key identifier extension, where it has one. */
export function authorityKeyIdOf(extension: Extension | undefined): Uint8Array | undefined {
  if (extension === undefined) return undefined
  const members = childrenOf(readDer(extension.value, tags.sequence))
  return members.find(({ tag }) => tag === 0x80)?.content
}

/** Key identifier of a subject key identifier extension. */
export function subjectKeyIdOf(extension: Extension | undefined): Uint8Array | undefined {
  return extension && readDer(extension.value, tags.octetString).content
}

/** OIDs of the extensions that we understand. */
export const extensionIds = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
} as const
