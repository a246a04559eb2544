import { fromUtf8, type Jwk, problem, refused, type Verified } from '@asoba/core'
import { badDer, bitsOf, childrenOf, type Der, expect, Malformed, tags } from './der.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'
import { constraintsOf, purposesOf, readable, refuseUnknown, usageOf } from './extensions.ts'
import { type Extension, extensionIds, type Fields, fieldsOf } from './fields.ts'
import { alternativesOf, type GeneralName, namesOf } from './general-name.ts'
import { authorityKeyIdOf, subjectKeyIdOf } from './key-id.ts'
import { type NameConstraints, nameConstraintsOf } from './name-constraints.ts'
import { publicKeyOf } from './public-key.ts'
import { type CertificateSignature, signatureAlgorithmOf } from './signature-algorithm.ts'

/** An X.509 certificate as written; nothing of it is believed yet. */
export interface Certificate {
  readonly version: 1 | 2 | 3
  /** The bytes that the signature is over. */
  readonly signed: Uint8Array
  readonly signatureAlgorithm: CertificateSignature
  /** As the algorithm writes it; ECDSA as DER. */
  readonly signature: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
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
  /** OIDs of the extended key usage; `undefined` where the certificate has none. */
  readonly extendedKeyUsage: readonly string[] | undefined
  /** The names in `subjectAltName`, whatever their form. */
  readonly alternatives: readonly GeneralName[]
  readonly nameConstraints: NameConstraints | undefined
  readonly authorityKeyId: Uint8Array | undefined
  readonly subjectKeyId: Uint8Array | undefined
}

/** A trust anchor: a name and a key (RFC 5280 section 6.1.1 (d)), and what narrows them (RFC 5937). */
export type Anchor = Pick<
  Certificate,
  | 'subject'
  | 'publicJwk'
  | 'notBefore'
  | 'notAfter'
  | 'pathLength'
  | 'nameConstraints'
  | 'subjectKeyId'
>

/** Bits of {@link Certificate.keyUsage}. */
export const usage = {
  digitalSignature: 0x8000,
  contentCommitment: 0x4000,
  keyCertSign: 0x0400,
} as const

/**
 * Reads one certificate (DER), strictly. EC keys on P-256, P-384, P-521 and secp256k1, compressed or
 * not, Ed25519, RSA; version 1 to 3. Explicit curve parameters, signatures over SHA-1 and critical
 * extensions that are not processed are refused: the path of the problem is `/extensions/<OID>`.
 * Never throws, whatever the bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(der: Uint8Array): Verified<{ readonly certificate: Certificate }> {
  return attempt(() => ({ certificate: read(der) }))
}

/**
 * Reads a trust anchor (DER of a certificate, its own or one that somebody else signed). Neither its
 * signature nor its extensions are looked at, other than the two that narrow what lies below it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6.1.1
 * @see https://www.rfc-editor.org/rfc/rfc5937#section-3
 */
export function readAnchor(der: Uint8Array): Verified<{ readonly anchor: Anchor }> {
  return attempt(() => {
    const fields = fieldsOf(der)
    const { basicConstraints, nameConstraints, subjectKeyId } = extensionIds
    const { extensions } = fields
    const { subject, publicJwk, notBefore, notAfter } = bodyOf(fields)
    if (subject.parts.length === 0) {
      throw new Malformed('a trust anchor has a name (RFC 5280 section 6.1.1)')
    }
    return {
      anchor: {
        subject,
        publicJwk,
        notBefore,
        notAfter,
        pathLength: of(extensions, basicConstraints, constraintsOf).pathLength,
        nameConstraints: of(extensions, nameConstraints, namesAllowed),
        subjectKeyId: of(extensions, subjectKeyId, subjectKeyIdOf),
      },
    }
  })
}

function attempt<T>(make: () => T): Verified<T> {
  try {
    return { verified: true, checks: [], ...make() }
  } catch (error) {
    const { unsupported, message, path } = error instanceof Malformed ? error : badDer()
    return refused([problem(unsupported ? 'x509.unsupported' : 'x509.malformed', message, path)])
  }
}

function bodyOf({ body }: Fields) {
  const times = childrenOf(expect(body[3], tags.sequence))
  if (times.length !== 2) throw badDer()
  return {
    subject: nameOf(expect(body[4], tags.sequence)),
    notBefore: timeOf(times[0]),
    notAfter: timeOf(times[1]),
    publicJwk: publicKeyOf(expect(body[5], tags.sequence)),
  }
}

function read(der: Uint8Array): Certificate {
  const fields = fieldsOf(der)
  const { version, body, extensions, tbs, algorithm, signature } = fields
  // 4.1.1.2: the algorithm inside must be the one outside, which nobody signed.
  if (expect(body[1], tags.sequence).whole.join() !== algorithm.whole.join()) {
    throw new Malformed('the signature algorithm inside is not the one outside')
  }
  const issuer = nameOf(expect(body[2], tags.sequence))
  // 4.1.2.4
  if (issuer.parts.length === 0) throw new Malformed('the issuer of a certificate has a name')
  const ids = extensionIds
  refuseUnknown(extensions)
  const parts = bodyOf(fields)
  const alternatives = of(extensions, ids.subjectAltName, alternativesOf)
  return {
    version,
    signed: tbs.whole,
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    signature: bitsOf(signature),
    issuer,
    ...parts,
    subjects: [
      ...readable(ids.subjectAltName, () => namesOf(alternatives)),
      parts.subject.text,
    ].filter((name) => name !== ''),
    ...of(extensions, ids.basicConstraints, constraintsOf),
    keyUsage: of(extensions, ids.keyUsage, usageOf),
    extendedKeyUsage: of(extensions, ids.extendedKeyUsage, purposesOf),
    alternatives,
    nameConstraints: of(extensions, ids.nameConstraints, namesAllowed),
    authorityKeyId: of(extensions, ids.authorityKeyId, authorityKeyIdOf),
    subjectKeyId: of(extensions, ids.subjectKeyId, subjectKeyIdOf),
  }
}

function of<T>(
  extensions: ReadonlyMap<string, Extension>,
  oid: string,
  parse: (extension: Extension | undefined) => T,
): T {
  return readable(oid, () => parse(extensions.get(oid)))
}

function namesAllowed(extension: Extension | undefined): NameConstraints | undefined {
  return extension && nameConstraintsOf(extension.value)
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
