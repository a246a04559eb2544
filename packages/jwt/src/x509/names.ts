import { expect, tags } from './der.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'
import { extensionIds, fieldsOf } from './fields.ts'
import { alternativesOf, namesOf } from './general-name.ts'

/** Whom a certificate is about, and who made it: unverified. */
export interface CertificateNames {
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** URI names, DNS names as `https://` origins, and the distinguished name (RFC 4514). */
  readonly subjects: readonly string[]
}

/**
 * The names in a certificate (DER), UNVERIFIED and nothing else of it looked at; `undefined` where
 * they cannot be read. Never throws.
 */
export function readNames(der: Uint8Array): CertificateNames | undefined {
  try {
    const { body, extensions } = fieldsOf(der)
    const issuer = nameOf(expect(body[2], tags.sequence))
    const subject = nameOf(expect(body[4], tags.sequence))
    const others = namesOf(alternativesOf(extensions.get(extensionIds.subjectAltName)))
    return { issuer, subject, subjects: [...others, subject.text].filter((name) => name !== '') }
  } catch {
    return undefined
  }
}
