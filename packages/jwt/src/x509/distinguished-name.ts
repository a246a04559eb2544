import { fromUtf8, utf8 } from '@asoba/core'
import { badDer, childrenOf, type Der, expect, oidOf, tags } from './der.ts'

/** A name as X.500 writes it. */
export interface DistinguishedName {
  /** RFC 4514 text, most specific part first; `''` for the empty name. */
  readonly text: string
  /**
   * Its parts from the top, in the form in which RFC 5280 section 7.1 compares them: without case
   * and surplus spaces, whatever the type of string.
   */
  readonly parts: readonly string[]
  /** Attributes of type emailAddress, which name constraints apply to. */
  readonly emails: readonly string[]
}

const emailAddress = '1.2.840.113549.1.9.1'

// RFC 4514 section 3, then names of X.520, RFC 4519, RFC 2985, RFC 3739 and EN 319 412-1.
const keywords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'surname',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.41': 'name',
  '2.5.4.42': 'givenName',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  [emailAddress]: 'emailAddress',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionLocality',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionState',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionCountry',
}

/**
 * Reads a Name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.4
 */
export function nameOf(name: Der): DistinguishedName {
  const parts = childrenOf(expect(name, tags.sequence)).map((part) => {
    const attributes = childrenOf(expect(part, tags.set)).map(attributeOf)
    if (attributes.length === 0) throw badDer()
    return attributes
  })
  return {
    text: parts
      .map((part) => part.map(attributeText).join('+'))
      .reverse()
      .join(','),
    parts: parts.map((part) => JSON.stringify(part.map(comparable).sort())),
    emails: parts.flat().flatMap(({ oid, text }) => (oid === emailAddress && text) || []),
  }
}

/** Whether two names are the same: RFC 5280 section 7.1. The empty name is nobody's. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.parts.length > 0 && a.parts.length === b.parts.length && isWithin(a, b)
}

/** Whether a name is below another, or the same: RFC 5280 section 4.2.1.10. */
export function isWithin(name: DistinguishedName, above: DistinguishedName): boolean {
  return above.parts.every((part, at) => part === name.parts[at])
}

interface Attribute {
  readonly oid: string
  /** Where it is a string of a known type. */
  readonly text: string | undefined
  readonly value: Der
}

function attributeOf(attribute: Der): Attribute {
  const [type, value, ...rest] = childrenOf(expect(attribute, tags.sequence))
  if (value === undefined || rest.length > 0) throw badDer()
  return { oid: oidOf(type), text: stringOf(value), value }
}

/** Text of a DirectoryString (4.1.2.4), an IA5String or a VisibleString. */
function stringOf({ tag, content }: Der): string | undefined {
  switch (tag) {
    case tags.utf8String:
      return fromUtf8(content)
    case tags.printableString:
    case tags.ia5String:
    case tags.visibleString:
    // Teletex: what its octets above ASCII mean nobody agrees on.
    case tags.t61String:
      return content.every((octet) => octet < 0x80) ? fromUtf8(content) : undefined
    case tags.bmpString:
      return bmpText(content)
    default:
      return undefined
  }
}

/** UTF-16, big-endian, the basic plane alone. */
function bmpText(content: Uint8Array): string | undefined {
  if (content.length % 2 === 1) return undefined
  const units = Array.from({ length: content.length / 2 }, (_, at) => {
    return (content[2 * at] as number) * 256 + (content[2 * at + 1] as number)
  })
  const surrogate = units.some((unit) => unit >= 0xd800 && unit < 0xe000)
  return surrogate ? undefined : String.fromCharCode(...units)
}

/** 7.1, of ASCII alone: the same judgement on every platform, whatever Unicode it knows. */
function comparable({ oid, text, value }: Attribute): string {
  if (text === undefined) return `${oid}#${hexOf(value.whole)}`
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return `${oid}=${folded.replace(/[\t\n\v\f\r ]+/g, ' ').replace(/^ | $/g, '')}`
}

/** RFC 4514 section 2.4: what has no keyword or is no text is written as its DER. */
function attributeText({ oid, text, value }: Attribute): string {
  const keyword = keywords[oid]
  if (keyword === undefined || text === undefined) {
    return `${keyword ?? oid}=#${hexOf(value.whole)}`
  }
  return `${keyword}=${escaped(text)}`
}

// What is not seen, turns the direction of reading, or looks like a plain space.
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|(?<= ) /gu
const unusual = /[^\x21-\x7e ]|(?<= ) /gu

/**
 * RFC 4514 section 2.4, and more of it than must be: two names that differ must not look the same.
 * So control characters, invisible ones, second spaces, and everything that is not ASCII in a text
 * which is not in normal form are written as their octets.
 */
function escaped(text: string): string {
  return text
    .replace(/[\\"+,;<>]|^#/g, '\\$&')
    .replace(text.normalize('NFC') === text ? unseen : unusual, octets)
    .replace(/^ | $/g, '\\$&')
}

function octets(character: string): string {
  return hexOf(utf8(character)).replace(/../g, '\\$&')
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
