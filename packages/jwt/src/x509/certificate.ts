import {
  fromUtf8,
  type Jwk,
  problem,
  refused,
  type SignatureAlgorithm,
  toBase64url,
  type Verified,
} from '@asoba/core'
import {
  badDer,
  bitsOf,
  childrenOf,
  type Der,
  expect,
  Malformed,
  oidOf,
  readDer,
  tags,
  trueOf,
  unsigned,
} from './der.ts'
import { nameText } from './distinguished-name.ts'
import {
  authorityKeyIdOf,
  type Extension,
  extensionIds,
  extensionsOf,
  partsOf,
  subjectKeyIdOf,
} from './extensions.ts'

/** An X.509 v3 certificate as written; nothing of it is believed yet. */
export interface Certificate {
  /** The bytes that the signature is over. */
  readonly signed: Uint8Array
  readonly algorithm: SignatureAlgorithm
  /** ECDSA as raw r‖s. */
  readonly signature: Uint8Array
  /** DER of the names: they are compared byte by byte. */
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicJwk: Jwk
  /** URI names, DNS names as `https://` origins, and the distinguished name (RFC 4514). */
  readonly subjects: readonly string[]
  readonly isAuthority: boolean
  /** Intermediates allowed below; `undefined` for no limit. */
  readonly pathLength: number | undefined
  /** Key usage bits, the first is `digitalSignature`; `undefined` where there are none. */
  readonly keyUsage: number | undefined
  readonly authorityKeyId: Uint8Array | undefined
  readonly subjectKeyId: Uint8Array | undefined
}

/** `digitalSignature` and `keyCertSign` in {@link Certificate.keyUsage}. */
export const usage = { digitalSignature: 0x8000, keyCertSign: 0x0400 } as const

/**
 * Reads one certificate (DER), strictly. EC keys on P-256, P-384, P-521 and Ed25519; RSA, explicit
 * curve parameters, name constraints and critical extensions that we do not process are refused.
 * Never throws, whatever the bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(der: Uint8Array): Verified<{ readonly certificate: Certificate }> {
  try {
    return { verified: true, checks: [], certificate: read(der) }
  } catch (error) {
    const { unsupported, message } = error instanceof Malformed ? error : badDer()
    return refused([problem(unsupported ? 'x509.unsupported' : 'x509.malformed', message)])
  }
}

function read(der: Uint8Array): Certificate {
  const { tbs, fields, algorithm, signature } = partsOf(der)
  // RFC 5280 4.1.2.1: version 3, which alone has extensions.
  const version = unsigned(childrenOf(expect(fields[0], 0xa0))[0])
  if (version.length !== 1 || version[0] !== 2) throw badDer()
  // 4.1.2.2: a serial number of 20 octets at most.
  if (unsigned(fields[1]).length > 20) throw badDer()
  // 4.1.2.3: the algorithm inside must be the one outside.
  const inner = expect(fields[2], tags.sequence).whole
  if (inner.join() !== algorithm.whole.join()) throw badDer()
  const issuer = expect(fields[3], tags.sequence)
  const times = childrenOf(expect(fields[4], tags.sequence))
  const subject = expect(fields[5], tags.sequence)
  const publicJwk = keyOf(expect(fields[6], tags.sequence))
  // 4.1.2.8: unique identifiers must not be used; only the extensions may follow.
  if (times.length !== 2 || fields.length > 8) throw badDer()
  const extensions = extensionsOf(fields[7])
  for (const [oid, { critical }] of extensions) {
    if ((critical && !understood.has(oid)) || oid === extensionIds.nameConstraints) {
      throw new Malformed('a critical extension or name constraints are not supported', true)
    }
  }
  const { isAuthority, pathLength } = constraintsOf(extensions.get(extensionIds.basicConstraints))
  const signatureAlgorithm = algorithmOf(algorithm)
  return {
    signed: tbs.whole,
    algorithm: signatureAlgorithm,
    signature: rawSignature(bitsOf(signature), signatureAlgorithm),
    issuer: issuer.whole,
    subject: subject.whole,
    notBefore: timeOf(times[0]),
    notAfter: timeOf(times[1]),
    publicJwk,
    subjects: [...namesOf(extensions.get(extensionIds.subjectAltName)), nameText(subject)].filter(
      (name) => name !== '',
    ),
    isAuthority,
    pathLength,
    keyUsage: usageOf(extensions.get(extensionIds.keyUsage)),
    authorityKeyId: authorityKeyIdOf(extensions.get(extensionIds.authorityKeyId)),
    subjectKeyId: subjectKeyIdOf(extensions.get(extensionIds.subjectKeyId)),
  }
}

const understood: ReadonlySet<string> = new Set(Object.values(extensionIds))

const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.10045.4.3.2': 'ES256',
  '1.2.840.10045.4.3.3': 'ES384',
  '1.2.840.10045.4.3.4': 'ES512',
  '1.3.101.112': 'EdDSA',
}

// Ed25519 by its own OID; the curves of id-ecPublicKey by theirs.
const curves: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  '1.2.840.10045.3.1.7': { crv: 'P-256', size: 32 },
  '1.3.132.0.34': { crv: 'P-384', size: 48 },
  '1.3.132.0.35': { crv: 'P-521', size: 66 },
}

/** RFC 5758 3.2, RFC 8410 3: the parameters are absent. */
function algorithmOf(der: Der): SignatureAlgorithm {
  const [oid, ...parameters] = childrenOf(der)
  const name = oidOf(oid)
  const algorithm = signatureAlgorithms[name]
  if (algorithm === undefined) throw unsupportedKey(name)
  if (parameters.length > 0) throw badDer()
  return algorithm
}

function keyOf(der: Der): Jwk {
  const [algorithm, key, ...rest] = childrenOf(der)
  const [oid, curveOid, ...others] = childrenOf(expect(algorithm, tags.sequence))
  const name = oidOf(oid)
  const bits = bitsOf(key)
  if (rest.length > 0 || others.length > 0) throw badDer()
  if (name === '1.3.101.112') {
    if (curveOid !== undefined || bits.length !== 32) throw badDer()
    return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bits) }
  }
  if (name !== '1.2.840.10045.2.1') throw unsupportedKey(name)
  // RFC 5480 2.1.1: a named curve; explicit parameters let anybody choose the generator.
  if (curveOid?.tag !== tags.oid) {
    throw new Malformed('explicit curve parameters are not supported', true)
  }
  const curve = curves[oidOf(curveOid)]
  if (curve === undefined) throw new Malformed('the curve of the key is not supported', true)
  const { crv, size } = curve
  if (bits.length !== 1 + 2 * size || bits[0] !== 4) {
    throw new Malformed('the point of the key is not uncompressed', true)
  }
  const x = toBase64url(bits.subarray(1, 1 + size))
  return { kty: 'EC', crv, x, y: toBase64url(bits.subarray(1 + size)) }
}

function unsupportedKey(oid: string): Malformed {
  const rsa = oid.startsWith('1.2.840.113549.1.1.')
  return new Malformed(rsa ? 'RSA is not supported' : 'the algorithm is not supported', true)
}

/** ECDSA: SEQUENCE of r and s to r‖s. */
function rawSignature(bits: Uint8Array, algorithm: SignatureAlgorithm): Uint8Array {
  if (algorithm === 'EdDSA') {
    if (bits.length !== 64) throw badDer()
    return bits
  }
  const size = { ES256: 32, ES384: 48, ES512: 66, ES256K: 32 }[algorithm]
  const parts = childrenOf(readDer(bits, tags.sequence))
  if (parts.length !== 2) throw badDer()
  const raw = new Uint8Array(2 * size)
  for (const [at, part] of parts.entries()) {
    const number = unsigned(part)
    if (number.length > size) throw badDer()
    raw.set(number, (at + 1) * size - number.length)
  }
  return raw
}

/** 4.1.2.5: to the second and in UTC. */
function timeOf(der: Der | undefined): Date {
  const text = fromUtf8(der?.content ?? new Uint8Array()) ?? ''
  const utc = der?.tag === tags.utcTime
  if (!(utc ? /^\d{12}Z$/ : /^\d{14}Z$/).test(text)) throw badDer()
  if (!utc && der?.tag !== tags.generalizedTime) throw badDer()
  // 4.1.2.5.1: two digits of a year are 1950 to 2049.
  const full = utc ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const date = new Date(full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(date.getTime())) throw badDer()
  return date
}

/** 4.2.1.9 */
function constraintsOf(extension: Extension | undefined): {
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
} {
  if (extension === undefined) return { isAuthority: false, pathLength: undefined }
  const members = childrenOf(readDer(extension.value, tags.sequence))
  const isAuthority = members[0]?.tag === tags.boolean && trueOf(members[0])
  const [limit, ...rest] = isAuthority ? members.slice(1) : members
  if (rest.length > 0 || (limit !== undefined && !isAuthority)) throw badDer()
  if (limit === undefined) return { isAuthority, pathLength: undefined }
  const length = unsigned(limit)
  if (length.length !== 1) throw badDer()
  return { isAuthority, pathLength: length[0] }
}

/** 4.2.1.3 */
function usageOf(extension: Extension | undefined): number | undefined {
  if (extension === undefined) return undefined
  const [unused = 8, first = 0, second = 0, ...rest] = readDer(
    extension.value,
    tags.bitString,
  ).content
  if (unused > 7 || rest.length > 0) throw badDer()
  return first * 256 + second
}

/** 4.2.1.6: URIs, and DNS names as the origins they stand for; no wildcard names an issuer. */
function namesOf(extension: Extension | undefined): readonly string[] {
  if (extension === undefined) return []
  return childrenOf(readDer(extension.value, tags.sequence)).flatMap(({ tag, content }) => {
    if (tag !== 0x86 && tag !== 0x82) return []
    const text = fromUtf8(content) ?? ''
    if (!/^[\x21-\x7e]+$/.test(text)) throw badDer()
    if (tag === 0x86) return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) ? [text] : []
    return /^[A-Za-z0-9.-]+$/.test(text) ? [`https://${text.toLowerCase()}`] : []
  })
}
