import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCertificate, readNames, verifyChain } from '../src/x509.ts'
import { at, der, type Made, make } from './certificates.ts'

// Certificates written byte by byte: forms that no generator of today writes, and names that are
// made to look like others.

const anchor = await make({ name: 'CN=Anchor,O=Nation', ca: true })
const utf8 = (text: string) => new TextEncoder().encode(text)
const oid = (...bytes: readonly number[]) => der(0x06, Uint8Array.from(bytes))
const cn = oid(0x55, 4, 3)
const organizationIdentifier = oid(0x55, 4, 97)
const sha256Ecdsa = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2))
const attribute = (type: Uint8Array, tag: number, value: Uint8Array | string) =>
  der(0x30, type, der(tag, value))
/** A name of attributes, each a part of its own. */
const nameOf = (...attributes: readonly Uint8Array[]) =>
  der(0x30, ...attributes.map((one) => der(0x31, one)))

interface Form {
  readonly version?: Uint8Array | 'none'
  readonly serial?: readonly number[]
  readonly subject?: Uint8Array
  readonly identifiers?: Uint8Array
  readonly extensions?: readonly Uint8Array[]
  readonly algorithm?: Uint8Array
}

const lastNames = new Map<Made, Uint8Array>()

async function write(form: Form, by: Made = anchor): Promise<Made> {
  const how = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await crypto.subtle.generateKey(how, true, ['sign', 'verify'])) as CryptoKeyPair
  const issuer =
    lastNames.get(by) ??
    nameOf(attribute(cn, 0x0c, 'Anchor'), attribute(oid(0x55, 4, 10), 0x0c, 'Nation'))
  const subject = form.subject ?? nameOf(attribute(cn, 0x0c, 'Leaf'))
  const { version = der(0xa0, der(0x02, Uint8Array.of(2))) } = form
  const tbs = der(
    0x30,
    version === 'none' ? new Uint8Array() : version,
    der(0x02, Uint8Array.from(form.serial ?? [1])),
    sha256Ecdsa,
    issuer,
    der(0x30, der(0x17, '250101000000Z'), der(0x17, '280101000000Z')),
    subject,
    new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)),
    form.identifiers ?? new Uint8Array(),
    form.extensions ? der(0xa3, der(0x30, ...form.extensions)) : new Uint8Array(),
  )
  const raw = new Uint8Array(await crypto.subtle.sign(how, by.keys.privateKey, tbs as BufferSource))
  const integer = (part: Uint8Array) => {
    const start = Math.min(
      part.findIndex((byte) => byte !== 0),
      part.length - 1,
    )
    const digits = part.subarray(start)
    return der(0x02, (digits[0] as number) > 0x7f ? Uint8Array.of(0) : new Uint8Array(), digits)
  }
  const signature = der(0x30, integer(raw.subarray(0, 32)), integer(raw.subarray(32)))
  const bytes = der(
    0x30,
    tbs,
    form.algorithm ?? sha256Ecdsa,
    der(0x03, Uint8Array.of(0), signature),
  )
  const base64 = btoa(String.fromCharCode(...bytes))
  const made: Made = { keys, kind: 'P-256', name: '', der: bytes, base64 }
  lastNames.set(made, subject)
  return made
}

async function judge(...path: readonly Made[]): Promise<readonly string[]> {
  const chain = path.map(({ base64 }) => base64)
  const result = await verifyChain({ chain, anchors: [anchor.der], at })
  return result.verified
    ? []
    : result.problems.map(({ path: where, detail }) => `${where}: ${detail}`)
}

const extension = (type: Uint8Array, ...rest: readonly Uint8Array[]) => der(0x30, type, ...rest)
const basicConstraints = oid(0x55, 0x1d, 19)
const no = der(0x01, Uint8Array.of(0))

describe('old forms', () => {
  test('version 1 is read as a leaf and as an anchor, not in between (6.1.4 k)', async () => {
    const leaf = await write({ version: 'none' })
    expect(await judge(leaf)).toEqual([])
    expect(readCertificate(leaf.der)).toMatchObject({ verified: true, certificate: { version: 1 } })
    const below = await write({}, leaf)
    expect(await judge(below, leaf)).toEqual([
      '/1: an issuer of version 1 or 2 cannot say that it is an authority: make it an anchor',
    ])
    const asAnchor = await verifyChain({ chain: [below.base64], anchors: [leaf.der], at })
    expect(asAnchor.verified).toBe(true)
  })

  test('version 2 with unique identifiers (4.1.2.8)', async () => {
    const version = der(0xa0, der(0x02, Uint8Array.of(1)))
    const identifiers = der(0x81, Uint8Array.of(0, 7))
    expect(await judge(await write({ version, identifiers }))).toEqual([])
  })

  test('serial numbers that are zero, negative or long (4.1.2.2)', async () => {
    for (const serial of [[0], [0x80], Array.from({ length: 30 }, () => 0x11)]) {
      expect(await judge(await write({ serial }))).toEqual([])
    }
  })

  test('FALSE that is written, in criticality and in basic constraints', async () => {
    const extensions = [extension(basicConstraints, no, der(0x04, der(0x30, no)))]
    const leaf = await write({ extensions })
    expect(await judge(leaf)).toEqual([])
    expect(await judge(await write({}, leaf), leaf)).toEqual([
      '/1: an issuer is no certificate authority',
    ])
  })
})

describe('what DER and RFC 5280 forbid', () => {
  const cases: Readonly<Record<string, Form>> = {
    'a version 1 that is written': { version: der(0xa0, der(0x02, Uint8Array.of(0))) },
    'a version 4': { version: der(0xa0, der(0x02, Uint8Array.of(3))) },
    'extensions in version 1': {
      version: 'none',
      extensions: [extension(basicConstraints, der(0x04, der(0x30)))],
    },
    'unique identifiers in version 1': {
      version: 'none',
      identifiers: der(0x81, Uint8Array.of(0, 7)),
    },
    'an empty list of extensions': { extensions: [] },
    'a part of a name without attributes': { subject: der(0x30, der(0x31)) },
    'another algorithm outside than inside': {
      algorithm: der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3)),
    },
    'parameters of ECDSA': {
      algorithm: der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2), der(0x05)),
    },
    'a TRUE that is not FF': {
      extensions: [extension(basicConstraints, der(0x01, Uint8Array.of(1)), der(0x04, der(0x30)))],
    },
  }
  for (const [what, form] of Object.entries(cases)) {
    test(what, async () => {
      const { der: bytes } = await write(form)
      expect(readCertificate(bytes)).toMatchObject({
        verified: false,
        problems: [{ code: 'x509.malformed' }],
      })
    })
  }
})

describe('names', () => {
  const text = async (...attributes: readonly Uint8Array[]) =>
    readNames((await write({ subject: nameOf(...attributes) })).der)?.subject.text

  test('are readable, whatever the type of string', async () => {
    const bmp = Uint8Array.from(
      [...'Ён'].flatMap((one) => [one.charCodeAt(0) >> 8, one.charCodeAt(0) & 255]),
    )
    expect(
      await text(
        attribute(oid(0x55, 4, 6), 0x13, 'EU'),
        attribute(organizationIdentifier, 0x0c, 'VATEU-123'),
        attribute(oid(0x55, 4, 5), 0x13, '0042'),
        attribute(oid(0x55, 4, 42), 0x0c, 'Алеся'),
        attribute(oid(0x55, 4, 4), 0x1e, bmp),
        attribute(cn, 0x0c, 'A, B+C'),
      ),
    ).toBe(
      'CN=A\\, B\\+C,surname=Ён,givenName=Алеся,serialNumber=0042,organizationIdentifier=VATEU-123,C=EU',
    )
    expect(await text(attribute(oid(0x2a, 3, 4), 0x0c, 'x'))).toBe('1.2.3.4=#0c0178')
    expect(await text(attribute(cn, 0x04, 'x'))).toBe('CN=#040178')
  })

  test('do not look like others: what is not seen is written as octets', async () => {
    const cases = {
      'Registry\u200b': 'Registry\\e2\\80\\8b',
      '\u202eyrtsigeR': '\\e2\\80\\aeyrtsigeR',
      'A\u00a0B': 'A\\c2\\a0B',
      'A  B': 'A \\20B',
      ' A ': '\\ A\\ ',
      '#0c01': '\\#0c01',
      'E\u0301': 'E\\cc\\81',
      É: 'É',
      'A\0': 'A\\00',
    }
    for (const [name, expected] of Object.entries(cases)) {
      expect(await text(attribute(cn, 0x0c, name))).toBe(`CN=${expected}`)
    }
  })

  test('that differ have texts that differ', async () => {
    const one = async (values: readonly string[]) =>
      text(...values.map((v) => attribute(cn, 0x0c, utf8(v))))
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: fc.constantFrom(...'a,+=\\# "<CN\u200b\u00a0é'), maxLength: 5 }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.array(
          fc.string({ unit: fc.constantFrom(...'a,+=\\# "<CN\u200b\u00a0é'), maxLength: 5 }),
          { minLength: 1, maxLength: 3 },
        ),
        async (a, b) => {
          const same = JSON.stringify(a) === JSON.stringify(b)
          expect((await one(a)) === (await one(b))).toBe(same)
        },
      ),
      { numRuns: 60 },
    )
  })
})
