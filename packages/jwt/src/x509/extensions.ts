import {
  badDer,
  booleanOf,
  childrenOf,
  Malformed,
  oidOf,
  readDer,
  tags,
  unsigned,
  unsupported,
} from './der.ts'
import { type Extension, extensionIds, pathOf } from './fields.ts'

/** 4.2.1.9 */
export function constraintsOf(extension: Extension | undefined): {
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
} {
  if (extension === undefined) return { isAuthority: false, pathLength: undefined }
  const members = childrenOf(readDer(extension.value, tags.sequence))
  const [first] = members
  const isAuthority = first?.tag === tags.boolean && booleanOf(first)
  const [limit, ...rest] = first?.tag === tags.boolean ? members.slice(1) : members
  if (rest.length > 0 || (limit !== undefined && !isAuthority)) throw badDer()
  if (limit === undefined) return { isAuthority, pathLength: undefined }
  const length = unsigned(limit)
  if (length.length !== 1) throw badDer()
  return { isAuthority, pathLength: length[0] }
}

/** 4.2.1.3 */
export function usageOf(extension: Extension | undefined): number | undefined {
  if (extension === undefined) return undefined
  const [unused = 8, first = 0, second = 0, ...rest] = readDer(
    extension.value,
    tags.bitString,
  ).content
  if (unused > 7 || rest.length > 0) throw badDer()
  return first * 256 + second
}

/** 4.2.1.12: at least one purpose. */
export function purposesOf(extension: Extension | undefined): readonly string[] | undefined {
  if (extension === undefined) return undefined
  const purposes = childrenOf(readDer(extension.value, tags.sequence)).map(oidOf)
  if (purposes.length === 0) throw badDer()
  return purposes
}

/** 4.2.1.11: whether a path must be valid for some policy, which takes a tree of them. */
function demandsPolicy({ value }: Extension): boolean {
  return childrenOf(readDer(value, tags.sequence)).some(({ tag }) => tag === 0x80)
}

/**
 * Refuses extensions that must be understood and are not. Of policies all are acceptable here and
 * none is demanded (6.1.1 (c) to (g)): then certificatePolicies and inhibitAnyPolicy exclude
 * nothing, and policyConstraints only where it demands one by itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2
 */
export function refuseUnknown(extensions: ReadonlyMap<string, Extension>): void {
  for (const [oid, extension] of extensions) {
    const name = names[oid]
    if (name === 'policyConstraints' && readable(oid, () => demandsPolicy(extension))) {
      throw unsupported('policyConstraints demands a policy: not processed here', pathOf(oid))
    }
    if (!extension.critical || processed.has(oid)) continue
    throw unsupported(
      name === undefined
        ? 'an unknown extension is critical: the certificate must be refused (RFC 5280 section 4.2)'
        : `${name} is critical and not processed here: the certificate must be refused (RFC 5280 section 4.2)`,
      pathOf(oid),
    )
  }
}

/** What is wrong inside of an extension is said of that extension. */
export function readable<T>(oid: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { message, unsupported: known } = error instanceof Malformed ? error : badDer()
    throw known
      ? new Malformed(message, true, pathOf(oid))
      : new Malformed(`${names[oid] ?? 'an extension'} is malformed`, false, pathOf(oid))
  }
}

/** RFC 5280 section 4.2, RFC 6960, RFC 3739, RFC 7633, RFC 6962. */
const names: Readonly<Record<string, string>> = {
  '2.5.29.9': 'subjectDirectoryAttributes',
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.15': 'keyUsage',
  '2.5.29.16': 'privateKeyUsagePeriod',
  '2.5.29.17': 'subjectAltName',
  '2.5.29.18': 'issuerAltName',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.30': 'nameConstraints',
  '2.5.29.31': 'cRLDistributionPoints',
  '2.5.29.32': 'certificatePolicies',
  '2.5.29.33': 'policyMappings',
  '2.5.29.35': 'authorityKeyIdentifier',
  '2.5.29.36': 'policyConstraints',
  '2.5.29.37': 'extKeyUsage',
  '2.5.29.46': 'freshestCRL',
  '2.5.29.54': 'inhibitAnyPolicy',
  '1.3.6.1.5.5.7.1.1': 'authorityInfoAccess',
  '1.3.6.1.5.5.7.1.3': 'qcStatements',
  '1.3.6.1.5.5.7.1.11': 'subjectInfoAccess',
  '1.3.6.1.5.5.7.1.24': 'tlsFeature',
  '1.3.6.1.5.5.7.48.1.5': 'ocspNoCheck',
  '1.3.6.1.4.1.11129.2.4.2': 'signedCertificateTimestamps',
  '1.3.6.1.4.1.11129.2.4.3': 'precertificatePoison',
}

/** issuerAltName names somebody, and nothing is decided by it. */
const processed: ReadonlySet<string> = new Set([
  ...Object.values(extensionIds),
  '2.5.29.18',
  '2.5.29.32',
  '2.5.29.36',
  '2.5.29.54',
])
