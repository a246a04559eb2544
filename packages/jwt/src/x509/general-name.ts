import { fromUtf8 } from '@asoba/core'
import { badDer, childrenOf, type Der, readDer, tags } from './der.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'
import type { Extension } from './fields.ts'

/** The forms of a GeneralName, as `subjectAltName` writes them. */
export const forms = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const

/** A GeneralName (RFC 5280 section 4.2.1.6), or what constrains names of its form. */
export interface GeneralName {
  /** Which form it is: its context tag. */
  readonly tag: number
  /** Of addresses, DNS names and URIs; absent where it is not printable ASCII. */
  readonly text?: string | undefined
  /** Of directory names. */
  readonly name?: DistinguishedName
  /** Of IP addresses; with the mask where it is a constraint. */
  readonly bytes?: Uint8Array
}

/** Reads a GeneralName; of a form that is not known its tag alone. */
export function generalNameOf({ tag, content }: Der): GeneralName {
  // [4] is EXPLICIT, for Name is a CHOICE.
  if (tag === forms.directory) return { tag, name: nameOf(readDer(content, tags.sequence)) }
  if (tag === forms.ip) return { tag, bytes: content }
  if (tag !== forms.dns && tag !== forms.uri && tag !== forms.email) return { tag }
  const text = fromUtf8(content)
  return { tag, text: text !== undefined && /^[\x20-\x7e]*$/.test(text) ? text : undefined }
}

/** The names in a `subjectAltName`. */
export function alternativesOf(extension: Extension | undefined): readonly GeneralName[] {
  return extension ? childrenOf(readDer(extension.value, tags.sequence)).map(generalNameOf) : []
}

/** 4.2.1.6: URIs, and DNS names as the origins they stand for; no wildcard names an issuer. */
export function namesOf(alternatives: readonly GeneralName[]): readonly string[] {
  return alternatives.flatMap(({ tag, text = '' }) => {
    if (tag !== forms.uri && tag !== forms.dns) return []
    if (!/^[\x21-\x7e]+$/.test(text)) throw badDer()
    if (tag === forms.uri) return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) ? [text] : []
    return /^[A-Za-z0-9.-]+$/.test(text) ? [`https://${text.toLowerCase()}`] : []
  })
}
