import { withRsa } from '@asoba/did/rsa'
import { describe, expect, test } from 'vitest'
import { type ChainInput, readAnchor, verifyChain } from '../src/x509.ts'
import {
  at,
  der,
  type KeyKind,
  type Made,
  make,
  nameConstraints,
  nameDer,
  type Wish,
  x509,
} from './certificates.ts'

// Each feature that the certificates of the EU's wallet, its partners, Switzerland and the web's
// authorities have and that was once refused here.

const pid = '1.3.130.2.0.0.1.7'
const mdocReader = '1.0.18013.5.1.6'
const anchor = await make({ name: 'CN=Anchor,O=Nation', ca: true })
const middle = await make({ name: 'CN=CA,O=Nation', ca: true, by: anchor })
const backend = withRsa()

async function judge(
  path: readonly Made[],
  anchors: readonly Made[] = [anchor],
  rules: Partial<ChainInput> = {},
): Promise<readonly string[]> {
  const chain = path.map(({ base64 }) => base64)
  const input = { chain, anchors: anchors.map((one) => one.der), at, ...rules }
  const result = await verifyChain(input)
  return result.verified ? [] : result.problems.map((p) => `${p.code} ${p.path}: ${p.detail}`)
}

const leafOf = (by: Made, wish: Partial<Wish> = {}) => make({ name: 'CN=Leaf', by, ...wish })

describe('hash and curve (RFC 5758 section 3.2)', () => {
  for (const kind of ['P-256', 'P-384', 'P-521'] as const) {
    for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
      test(`a key of ${kind} that signs certificates over ${hash}`, async () => {
        const root = await make({ name: 'CN=Root', ca: true, kind, signing: { hash } })
        const end = await leafOf(root, { signing: { hash } })
        expect(await judge([end], [root])).toEqual([])
        const other = await leafOf(await make({ name: 'CN=Root', ca: true, kind }), {
          authority: root,
          signing: { hash },
        })
        expect(await judge([other], [root])).toHaveLength(1)
      })
    }
  }

  test('SHA-1 is refused, and the reason is the attack', async () => {
    const end = await leafOf(anchor, { signing: { hash: 'SHA-1' } })
    expect(await judge([end])).toEqual([
      'x509.unsupported /0: signatures over MD5 or SHA-1 can be moved to another certificate (collisions)',
    ])
  })
})

describe('RSA, where it is given', () => {
  const kinds = ['RSA', 'RSA-PSS'] as const satisfies KeyKind[]
  for (const kind of kinds) {
    for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
      test(`${kind} over ${hash}: root, authority and leaf`, async () => {
        const rsa = { hash, saltLength: Number(hash.slice(4)) / 8 }
        const root = await make({ name: 'CN=Root', ca: true, kind, rsa })
        const ca = await make({ name: 'CN=CA', ca: true, kind, rsa, by: root })
        const end = await leafOf(ca, { kind, rsa })
        expect(await judge([end, ca], [root], { backend })).toEqual([])
        const stranger = await make({ name: 'CN=Root', ca: true, kind, rsa })
        const forged = await leafOf(stranger, { authority: root, rsa })
        expect(await judge([forged], [root], { backend })).toHaveLength(1)
      })
    }
  }

  test('a salt of another length than the hash', async () => {
    const root = await make({ name: 'CN=Root', ca: true, kind: 'RSA-PSS' })
    const end = await leafOf(root, { signing: { saltLength: 20 } })
    expect(await judge([end], [root], { backend })).toEqual([])
  })

  test('without it the reason says what to give, for issuers and for the leaf', async () => {
    const root = await make({ name: 'CN=Root', ca: true, kind: 'RSA' })
    expect(await judge([await leafOf(root)], [root])).toEqual([
      'x509.unsupported /0: the issuer signs by RSA: give withRsa() of @asoba/did/rsa as backend',
    ])
    expect(await judge([await leafOf(anchor, { kind: 'RSA' })])).toEqual([
      'x509.unsupported /0: the key of the leaf is RSA: give withRsa() of @asoba/did/rsa as backend',
    ])
  })

  test('keys under 2048 bits and small exponents are refused', async () => {
    for (const rsa of [{ modulusLength: 1024 }, { publicExponent: new Uint8Array([3]) }]) {
      const root = await make({ name: 'CN=Root', ca: true, kind: 'RSA', rsa })
      const [fault, ...more] = await judge([await leafOf(root, { rsa })], [root], { backend })
      expect(fault).toMatch(/^x509.chain-invalid \/anchors\/0/)
      expect(more).toEqual([])
      const below = await make({ name: 'CN=CA', ca: true, kind: 'RSA', rsa, by: anchor })
      const [reason] = await judge([await leafOf(below, { rsa }), below], [anchor], { backend })
      expect(reason).toContain('2048 bits or more')
    }
  })

  test('SHA-1 is refused in PSS and in PKCS #1 v1.5', async () => {
    for (const kind of kinds) {
      const rsa = { hash: 'SHA-1', saltLength: 20 } as const
      const root = await make({ name: 'CN=Root', ca: true, kind, rsa })
      const [fault] = await judge([await leafOf(root, { rsa })], [root], { backend })
      expect(fault).toMatch(/^x509.unsupported \/0: .*(SHA-1|one SHA-2)/)
    }
  })
})

describe('extended key usage (RFC 5280 section 4.2.1.12)', () => {
  test('critical and unknown to us it is read, and reported', async () => {
    const end = await leafOf(middle, { purposes: [pid, mdocReader] })
    const result = await verifyChain({
      chain: [end.base64, middle.base64],
      anchors: [anchor.der],
      at,
    })
    expect(result.verified && result.usages).toEqual([pid, mdocReader])
    expect(result.checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      'certificate-chain passed',
      'certificate-usage not-applicable',
    ])
  })

  test('a demanded usage must be that of the leaf, by its own OID', async () => {
    const rules = { usage: pid }
    expect(
      await judge([await leafOf(middle, { purposes: [pid] }), middle], undefined, rules),
    ).toEqual([])
    for (const purposes of [undefined, [mdocReader], ['2.5.29.37.0']]) {
      const end = await leafOf(middle, purposes ? { purposes } : {})
      expect(await judge([end, middle], undefined, rules)).toEqual([
        'x509.chain-invalid /0/extensions/2.5.29.37: the leaf has not the usage that the policy demands (extKeyUsage)',
      ])
    }
    const either = { usage: [mdocReader, pid] }
    expect(
      await judge([await leafOf(middle, { purposes: [pid] }), middle], undefined, either),
    ).toEqual([])
  })

  test('an authority for servers makes no issuers of credentials', async () => {
    const server = '1.3.6.1.5.5.7.3.1'
    for (const [purposes, right] of [
      [[server], false],
      [[server, pid], true],
      [['2.5.29.37.0'], true],
    ] as const) {
      const ca = await make({ name: 'CN=Web CA', by: anchor, ca: true, purposes })
      const faults = await judge([await leafOf(ca, { purposes: [pid] }), ca], undefined, {
        usage: pid,
      })
      expect(faults.length === 0).toBe(right)
    }
  })
})

describe('name constraints (RFC 5280 section 4.2.1.10)', () => {
  const under = async (constraint: x509.Extension, wish: Partial<Wish>) => {
    const ca = await make({
      name: 'CN=CA,O=Nation',
      by: anchor,
      ca: true,
      extensions: [constraint],
    })
    return judge([await leafOf(ca, wish), ca])
  }
  const dns = (value: string) => ({ names: [{ type: 'dns' as const, value }] })
  const url = (value: string) => ({ names: [{ type: 'url' as const, value }] })
  const email = (value: string) => ({ names: [{ type: 'email' as const, value }] })
  const ip = (value: string) => ({ names: [{ type: 'ip' as const, value }] })
  const cases: readonly (readonly [string, x509.Extension, Partial<Wish>, boolean])[] = [
    ['a host below', nameConstraints([[0x82, 'nation.example']]), dns('a.Nation.example'), true],
    ['the host itself', nameConstraints([[0x82, 'nation.example']]), dns('nation.example'), true],
    ['another host', nameConstraints([[0x82, 'nation.example']]), dns('evilnation.example'), false],
    [
      'an excluded host',
      nameConstraints([], [[0x82, 'nation.example']]),
      dns('a.nation.example'),
      false,
    ],
    [
      'a host that is not excluded',
      nameConstraints([], [[0x82, 'b.example']]),
      dns('a.example'),
      true,
    ],
    [
      'a form that is not constrained',
      nameConstraints([[0x82, 'nation.example']]),
      email('a@b.example'),
      true,
    ],
    [
      'the host of a URI',
      nameConstraints([[0x86, 'a.example']]),
      url('https://u@A.example:8443/x'),
      true,
    ],
    [
      'a host below, of a URI',
      nameConstraints([[0x86, 'a.example']]),
      url('https://b.a.example/'),
      false,
    ],
    [
      'a domain of URIs',
      nameConstraints([[0x86, '.a.example']]),
      url('https://b.a.example/'),
      true,
    ],
    [
      'a host behind a user',
      nameConstraints([[0x86, 'a.example']]),
      url('https://a.example@b.example/'),
      false,
    ],
    ['a URI without a host', nameConstraints([[0x86, 'a.example']]), url('urn:a.example'), false],
    [
      'a URI without a host, excluding',
      nameConstraints([], [[0x86, 'a.example']]),
      url('urn:x:y'),
      false,
    ],
    [
      'an address by its host',
      nameConstraints([[0x81, 'a.example']]),
      email('who@A.example'),
      true,
    ],
    ['an address below', nameConstraints([[0x81, 'a.example']]), email('who@b.a.example'), false],
    [
      'an address of a domain',
      nameConstraints([[0x81, '.a.example']]),
      email('who@b.a.example'),
      true,
    ],
    ['one address', nameConstraints([[0x81, 'who@a.example']]), email('Who@a.example'), false],
    [
      'an address in the subject',
      nameConstraints([[0x81, 'a.example']]),
      { name: 'CN=L,E=a@b.example' },
      false,
    ],
    [
      'a network',
      nameConstraints([[0x87, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0)]]),
      ip('10.1.2.3'),
      true,
    ],
    [
      'another network',
      nameConstraints([[0x87, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0)]]),
      ip('11.1.2.3'),
      false,
    ],
    [
      'a subject below',
      nameConstraints([[0xa4, nameDer('O=Nation')]]),
      { name: 'O=nation,CN=L' },
      true,
    ],
    [
      'a subject beside',
      nameConstraints([[0xa4, nameDer('O=Nation')]]),
      { name: 'O=Other,CN=L' },
      false,
    ],
    [
      'an excluded subject',
      nameConstraints([], [[0xa4, nameDer('O=Nation')]]),
      { name: 'O=Nation,CN=L' },
      false,
    ],
    ['an unknown form, absent', nameConstraints([[0x88, Uint8Array.of(0x2a, 3)]]), {}, true],
    [
      'not critical',
      nameConstraints([[0x82, 'nation.example']], [], false),
      dns('other.example'),
      false,
    ],
  ]
  for (const [what, constraint, wish, right] of cases) {
    test(`${what}: ${right ? 'accepted' : 'refused'}`, async () => {
      expect(await under(constraint, wish)).toEqual(
        right
          ? []
          : [
              'x509.chain-invalid /0: an authority above does not allow a name of the certificate (nameConstraints)',
            ],
      )
    })
  }

  test('a form that is not known is refused only where such a name is there', async () => {
    const constraint = nameConstraints([[0x88, Uint8Array.of(0x2a, 3)]])
    const value = der(0x30, der(0x88, Uint8Array.of(0x2a, 3)))
    const extensions = [new x509.Extension('2.5.29.17', false, value as Uint8Array<ArrayBuffer>)]
    const [fault] = await under(constraint, { extensions })
    expect(fault).toContain('constrains a form of names')
  })

  test('those of the anchor and of every authority hold, for authorities too', async () => {
    const extensions = [nameConstraints([[0xa4, nameDer('O=Nation')]])]
    const root = await make({ name: 'CN=Bound', ca: true, extensions })
    const ca = await make({ name: 'O=Nation,CN=CA', ca: true, by: root })
    expect(await judge([await leafOf(ca, { name: 'O=Nation,CN=L' }), ca], [root])).toEqual([])
    expect(await judge([await leafOf(ca, { name: 'O=Other' }), ca], [root])).toHaveLength(1)
    const odd = await make({ name: 'O=Other,CN=CA', ca: true, by: root })
    const [fault] = await judge([await leafOf(odd, { name: 'O=Nation,CN=L' }), odd], [root])
    expect(fault).toMatch(/\/1: an authority above/)
  })

  test('so many names that comparing them would keep a verifier busy', async () => {
    const names = Array.from({ length: 700 }, () => der(0x82, 'a.b'))
    const extensions = [
      new x509.Extension('2.5.29.17', false, der(0x30, ...names) as Uint8Array<ArrayBuffer>),
    ]
    const many = Array.from({ length: 500 }, () => [0x82, 'c.d'] as const)
    const [fault] = await under(nameConstraints([], many), { extensions })
    expect(fault).toContain('too many names')
  })
})

describe('old and rare forms', () => {
  test('a compressed point (RFC 5480 section 2.2), and no hybrid one', async () => {
    const { keys } = await make({ name: 'CN=Keys' })
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))
    const point = spki.subarray(-65)
    const odd = 2 | ((point[64] as number) & 1)
    const form = (first: number, length: number) => {
      const bits = der(0x03, Uint8Array.of(0, first), point.subarray(1, length))
      return der(0x30, spki.subarray(2, spki.length - 68), bits) as Uint8Array<ArrayBuffer>
    }
    const compressed = await leafOf(anchor, { publicKey: form(odd, 33) })
    const result = await verifyChain({ chain: [compressed.base64], anchors: [anchor.der], at })
    const { x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
    expect(result.verified && result.publicJwk).toMatchObject({ x, y })
    const hybrid = await leafOf(anchor, { publicKey: form(odd | 4, 65) })
    expect(await judge([hybrid])).toHaveLength(1)
  })

  test('key usage contentCommitment alone, as qualified seals have it', async () => {
    const usages = x509.KeyUsageFlags.nonRepudiation
    expect(await judge([await leafOf(middle, { usages }), middle])).toEqual([])
  })

  test('names that differ in case, spaces or type of string are the same (section 7.1)', async () => {
    const end = await leafOf(middle, { issuerName: 'CN=ca ,O=NATION' })
    expect(await judge([end, middle])).toEqual([])
  })

  test('policies are read where none is demanded', async () => {
    const policies = new x509.CertificatePolicyExtension(['1.2.3.4'], true)
    const inhibit = new x509.Extension('2.5.29.54', true, new Uint8Array([2, 1, 0]))
    const end = await leafOf(middle, { extensions: [policies, inhibit] })
    expect(await judge([end, middle])).toEqual([])
    const demand = new x509.Extension('2.5.29.36', true, new Uint8Array([0x30, 3, 0x80, 1, 0]))
    const strict = await leafOf(middle, { extensions: [demand] })
    expect(await judge([strict, middle])).toEqual([
      'x509.unsupported /0/extensions/2.5.29.36: policyConstraints demands a policy: not processed here',
    ])
  })

  test('an unprocessed critical extension is named, by OID and name', async () => {
    const value = new Uint8Array([0x30, 0])
    const crl = await leafOf(middle, { extensions: [new x509.Extension('2.5.29.31', true, value)] })
    expect(await judge([crl, middle])).toEqual([
      'x509.unsupported /0/extensions/2.5.29.31: cRLDistributionPoints is critical and not processed here: the certificate must be refused (RFC 5280 section 4.2)',
    ])
    const odd = await make({
      name: 'CN=Odd',
      by: anchor,
      ca: true,
      extensions: [new x509.Extension('1.2.3.4', true, value)],
    })
    const [fault] = await judge([await leafOf(odd), odd])
    expect(fault).toMatch(/^x509.unsupported \/1\/extensions\/1\.2\.3\.4: an unknown extension/)
  })
})

describe('anchors are a name and a key (RFC 5280 section 6.1.1 d)', () => {
  test('an authority that RSA signed, or with a critical usage, is an anchor all the same', async () => {
    const root = await make({ name: 'CN=RSA Root', ca: true, kind: 'RSA' })
    const value = new Uint8Array([0x30, 0])
    const odd = new x509.Extension('1.2.3.4', true, value)
    const ca = await make({
      name: 'CN=EC CA',
      ca: true,
      by: root,
      purposes: [pid],
      extensions: [odd],
    })
    expect(await judge([await leafOf(ca)], [ca])).toEqual([])
    const sha1 = await make({ name: 'CN=Old', ca: true, signing: { hash: 'SHA-1' } })
    expect(await judge([await leafOf(sha1)], [sha1])).toEqual([])
  })

  test('an intermediate among the anchors cuts the chain', async () => {
    const end = await leafOf(middle)
    expect(await judge([end, middle], [middle, anchor])).toEqual([])
    expect(await judge([end, middle], [middle])).toEqual([])
    expect(await judge([end, middle], [anchor])).toEqual([])
    expect(await judge([end], [middle])).toEqual([])
  })

  test('a root inside of x5c is read, and what comes after the anchor is not looked at', async () => {
    const end = await leafOf(middle)
    expect(await judge([end, middle, anchor])).toEqual([])
    const rsa = await make({ name: 'CN=RSA', ca: true, kind: 'RSA' })
    expect(await judge([end, middle, anchor, rsa])).toEqual([])
    expect(await judge([end, middle, rsa], [middle])).toEqual([])
  })

  test('a root inside of x5c that is no anchor proves nothing', async () => {
    const own = await make({ name: 'CN=Own Root', ca: true })
    const faults = await judge([await leafOf(own), own])
    expect(faults).toEqual(['x509.chain-invalid /1: the issuer is not next in the chain'])
    const twin = await make({ name: anchor.name, ca: true })
    expect(await judge([await leafOf(twin), twin])).toEqual([
      'x509.chain-invalid /anchors/0: the anchor has the name of the issuer and another key',
    ])
  })

  test('HAIP 6.1.1 forbids the anchor in x5c and a self-signed leaf, and nothing else', async () => {
    const haip = { haip: true }
    const end = await leafOf(middle)
    expect(await judge([end, middle], [middle, anchor], haip)).toEqual([])
    expect(await judge([end, middle], [anchor], haip)).toEqual([])
    for (const [path, anchors] of [
      [[end, middle, anchor], [anchor]],
      [[end, middle], [middle]],
    ] as const) {
      const faults = await judge(path, anchors, haip)
      expect(faults).toEqual([
        `x509.chain-invalid /${path.length - 1}: the trust anchor has no place in x5c (HAIP 1.0 section 6.1.1)`,
      ])
    }
    const self = await make({ name: 'CN=Self' })
    expect(await judge([self], [anchor], haip)).toContain(
      'x509.chain-invalid /0: the leaf is self-signed (HAIP 1.0 section 6.1.1)',
    )
  })

  test('another anchor of the same name does better than one that has expired', async () => {
    const old = await make({ name: 'CN=R', ca: true, notAfter: new Date('2026-01-01T00:00:00Z') })
    const root = await make({ name: 'CN=R', ca: true })
    expect(await judge([await leafOf(root)], [old, root])).toEqual([])
    expect(await judge([await leafOf(old)], [root, old])).toEqual([
      'x509.expired /anchors/1: the certificate is not valid at the time',
    ])
  })

  test('an anchor that cannot be read is said, with its index, where no other does', async () => {
    const broken = { ...anchor, der: new Uint8Array(3) }
    expect(await judge([await leafOf(anchor)], [broken, anchor])).toEqual([])
    const faults = await judge([await leafOf(anchor)], [broken, middle])
    expect(faults[1]).toMatch(/^x509.malformed \/anchors\/0: /)
    expect(readAnchor(broken.der).verified).toBe(false)
  })
})
