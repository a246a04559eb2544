/** One DER element: its tag byte, its content, and the whole of it as it was signed. */
export interface Der {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** Tags that certificates are made of; constructed and context tags with their flag bits. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  nullValue: 0x05,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** Thrown by the readers of this folder, and never let out of it. */
export class Malformed extends Error {
  /** Whether it is well-formed but not in the part of X.509 that we take. */
  readonly unsupported: boolean
  /** JSON pointer within the certificate: the extension meant, by its OID. */
  readonly path: string | undefined
  constructor(detail: string, unsupported = false, path?: string) {
    super(detail)
    this.unsupported = unsupported
    this.path = path
  }
}

/**
 * Reads one element at an offset: definite, minimal length, one tag byte.
 *
 * @see X.690 sections 8.1 and 10.1
 */
function readAt(bytes: Uint8Array, at: number): Der {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw badDer()
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const octets = first & 0x7f
    // Two octets of length are 64 KiB: more than any certificate we read. 0x80 is indefinite.
    if (octets === 0 || octets > 2 || start + octets > bytes.length) throw badDer()
    length = 0
    for (let n = 0; n < octets; n++) length = length * 256 + (bytes[start + n] as number)
    if (length < (octets === 1 ? 0x80 : 0x100)) throw badDer()
    start += octets
  }
  const end = start + length
  if (end > bytes.length) throw badDer()
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}

/** Reads bytes that are exactly one element with the tag. */
export function readDer(bytes: Uint8Array, tag: number): Der {
  const der = readAt(bytes, 0)
  if (der.tag !== tag || der.whole.length !== bytes.length) throw badDer()
  return der
}

/** The elements inside of a constructed element. */
export function childrenOf({ content }: Pick<Der, 'content'>): readonly Der[] {
  const children: Der[] = []
  let at = 0
  while (at < content.length) {
    const child = readAt(content, at)
    at += child.whole.length
    children.push(child)
  }
  return children
}

/** The element, if it is there and has the tag. */
export function expect(der: Der | undefined, tag: number): Der {
  if (der?.tag !== tag) throw badDer()
  return der
}

/** Content of a BIT STRING without unused bits. */
export function bitsOf(der: Der | undefined): Uint8Array {
  const { content } = expect(der, tags.bitString)
  if (content[0] !== 0) throw badDer()
  return content.subarray(1)
}

/** Magnitude of an INTEGER that is not negative and minimally encoded. */
export function unsigned(der: Der | undefined): Uint8Array {
  const { content } = expect(der, tags.integer)
  const [first, second] = content
  if (first === undefined || first >= 0x80) throw badDer()
  if (first !== 0 || content.length === 1) return content
  if (second === undefined || second < 0x80) throw badDer()
  return content.subarray(1)
}

/**
 * A BOOLEAN with DEFAULT FALSE. DER writes TRUE as FF (X.690 11.1) and leaves FALSE out (11.5); a
 * FALSE that is written all the same is met in old certificates and means nothing else.
 */
export function booleanOf(der: Der): boolean {
  const [value] = der.content
  const right = der.tag === tags.boolean && der.content.length === 1
  if (!right || (value !== 0xff && value !== 0)) throw badDer()
  return value === 0xff
}

/** Dotted text of an OBJECT IDENTIFIER. */
export function oidOf(der: Der | undefined): string {
  const { content } = expect(der, tags.oid)
  const arcs: number[] = []
  let value = 0
  for (const [at, octet] of content.entries()) {
    if ((value === 0 && octet === 0x80) || value > 0x1_0000_0000) throw badDer()
    value = value * 128 + (octet & 0x7f)
    if (octet >= 0x80) {
      if (at === content.length - 1) throw badDer()
      continue
    }
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(value / 40))
      arcs.push(root, value - root * 40)
    } else arcs.push(value)
    value = 0
  }
  if (arcs.length === 0) throw badDer()
  return arcs.join('.')
}

/** The problem of bytes that are no DER, or not of this form. */
export function badDer(): Malformed {
  return new Malformed('the certificate is not well-formed DER (X.690, RFC 5280 section 4.1)')
}

/** Something well-formed that is not taken. */
export function unsupported(detail: string, path?: string): Malformed {
  return new Malformed(detail, true, path)
}
