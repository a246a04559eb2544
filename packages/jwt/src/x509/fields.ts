import {
  badDer,
  booleanOf,
  childrenOf,
  type Der,
  expect,
  Malformed,
  oidOf,
  readDer,
  tags,
  unsigned,
} from './der.ts'

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
    const critical = members.length === 3 && booleanOf(members[1] as Der)
    if (members.length < 2 || members.length > 3) throw badDer()
    if (found.has(oid)) {
      throw new Malformed('an extension is there twice (RFC 5280 section 4.2)', false, pathOf(oid))
    }
    found.set(oid, { critical, value: expect(members.at(-1), tags.octetString).content })
  }
  return found
}

/** What a certificate is made of. */
export interface Fields {
  readonly version: 1 | 2 | 3
  /** From the serial number to the key. */
  readonly body: readonly Der[]
  readonly extensions: ReadonlyMap<string, Extension>
}

/** The fields of a certificate, none of them read yet but the version. */
export function fieldsOf(der: Uint8Array): Fields & ReturnType<typeof partsOf> {
  const parts = partsOf(der)
  const [first, ...others] = parts.fields
  // 4.1.2.1: version 1 is the default and left out.
  const number = first?.tag === 0xa0 ? unsigned(childrenOf(first)[0]) : Uint8Array.of(0)
  const version = ([1, 2, 3] as const)[number[0] as number]
  const explicit = first?.tag === 0xa0
  if (number.length !== 1 || version === undefined || (explicit && version === 1)) throw badDer()
  const all = explicit ? others : parts.fields
  // 4.1.2.8: unique identifiers are read over in versions 2 and 3; 4.1.2.9: extensions are of 3.
  const rest = all.slice(6)
  const last = rest.at(-1)
  const extensions = last?.tag === 0xa3 ? last : undefined
  const identifiers = extensions ? rest.slice(0, -1) : rest
  if (identifiers.some(({ tag }, at) => (tag !== 0x81 || at > 0) && tag !== 0x82)) throw badDer()
  if (identifiers.length > 2 || (identifiers.length > 0 && version === 1)) throw badDer()
  if (extensions !== undefined && version !== 3) throw badDer()
  // 4.1.2.2: serial numbers of others are negative, zero or long.
  expect(all[0], tags.integer)
  return { ...parts, version, body: all.slice(0, 6), extensions: extensionsOf(extensions) }
}

/** JSON pointer to an extension. */
export function pathOf(oid: string): string {
  return `/extensions/${oid.slice(0, 100)}`
}

/** OIDs of the extensions that are read. */
export const extensionIds = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const
