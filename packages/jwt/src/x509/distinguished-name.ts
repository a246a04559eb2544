import { fromUtf8 } from '@asoba/core'
import { badDer, childrenOf, type Der, expect, oidOf, tags } from './der.ts'

const keywords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}

/**
 * Text of a distinguished name, most specific part first: `CN=Registry,O=Nation`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4514#section-2
 */
export function nameText(name: Der): string {
  return childrenOf(name)
    .map((part) =>
      childrenOf(expect(part, tags.set))
        .map((attribute) => attributeText(expect(attribute, tags.sequence)))
        .join('+'),
    )
    .reverse()
    .join(',')
}

function attributeText(attribute: Der): string {
  const [type, value, ...rest] = childrenOf(attribute)
  if (value === undefined || rest.length > 0) throw badDer()
  const oid = oidOf(type)
  const keyword = keywords[oid]
  const plain = [tags.utf8String, tags.printableString, tags.ia5String] as readonly number[]
  const text = plain.includes(value.tag) ? fromUtf8(value.content) : undefined
  // RFC 4514 2.4: what has no keyword or no plain text is written as its DER.
  if (keyword === undefined || text === undefined) {
    const hex = Array.from(value.whole, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return `${keyword ?? oid}=#${hex}`
  }
  const escaped = text.replace(/[\\"+,;<>]|^[ #]| $/g, '\\$&').replaceAll('\0', '\\00')
  return `${keyword}=${escaped}`
}
