import { type IssuerClaim, type TrustEntry, toBase64url } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  authorityKeyIds,
  leafSubjects,
  readCertificate,
  subjectKeyId,
  verifyChain,
  x509Keys,
} from '../src/x509.ts'
import { at, type KeyKind, type Made, make, makeChain, type Wish, x509 } from './certificates.ts'
import { codes } from './fixtures.ts'

const { anchor, middle, leaf, chain } = await makeChain()
const anchors = [anchor.der]
const judge = (...made: readonly Made[]) =>
  verifyChain({ chain: made.map(({ base64 }) => base64), anchors, at })
const details = async (...made: readonly Made[]) => {
  const result = await judge(...made)
  return result.verified ? [] : result.problems.map(({ path, detail }) => `${path}: ${detail}`)
}
const leafLike = (wish: Partial<Wish>) => make({ name: 'CN=Leaf', by: middle, ...wish })

describe('verifyChain accepts', () => {
  for (const kind of ['P-256', 'P-384', 'P-521', 'Ed25519'] as const satisfies KeyKind[]) {
    test(`a chain of ${kind} keys, and names key and subjects of the leaf`, async () => {
      const own = await makeChain(kind)
      const result = await verifyChain({ chain: own.chain, anchors: [own.anchor.der], at })
      if (!result.verified) throw new Error(JSON.stringify(result.problems))
      const jwk = await crypto.subtle.exportKey('jwk', own.leaf.keys.publicKey)
      expect(result.publicJwk).toMatchObject({ kty: jwk.kty, crv: jwk.crv, x: jwk.x })
      expect(result.subjects).toEqual([
        'https://registry.example/issuer',
        'https://registry.example',
        'O=Nation,CN=Registry',
      ])
    })
  }

  test('a leaf directly below the anchor, and the right one of several anchors', async () => {
    const direct = await make({ name: 'CN=Leaf', by: anchor })
    expect(codes(await judge(direct))).toEqual([])
    const others = [(await make({ name: anchor.name, ca: true })).der, middle.der, anchor.der]
    expect(codes(await verifyChain({ chain: [direct.base64], anchors: others, at }))).toEqual([])
  })

  test('certificates without key identifiers and without key usage', async () => {
    const plain = { withoutKeyIds: true, usages: 'none' } as const
    const ca = await make({ name: 'CN=CA', by: anchor, ca: true, ...plain })
    // The generator writes an empty list where there are no extensions at all, so one is named.
    const names = [{ type: 'dns', value: 'a.example' }] as const
    const end = await make({ name: 'CN=Leaf', by: ca, ...plain, names: [...names] })
    expect(codes(await judge(end, ca))).toEqual([])
  })
})

describe('verifyChain refuses', () => {
  test('an empty chain, one that is too long, and no anchors', async () => {
    expect(codes(await verifyChain({ chain: [], anchors, at }))).toEqual(['x509.chain-invalid'])
    const long = Array.from({ length: 7 }, () => leaf.base64)
    expect(codes(await verifyChain({ chain: long, anchors, at }))).toEqual(['x509.chain-invalid'])
    expect(codes(await verifyChain({ chain, anchors: [], at }))).toEqual(['x509.chain-invalid'])
    const broken = [new Uint8Array(3)]
    expect(codes(await verifyChain({ chain, anchors: broken, at }))).toHaveLength(1)
  })

  test('the wrong order, a gap, and a chain to somebody else’s anchor', async () => {
    expect((await judge(middle, leaf)).verified).toBe(false)
    expect(await details(leaf)).toEqual(['/0: the issuer is not next in the chain'])
    const stranger = await make({ name: anchor.name, ca: true })
    const foreign = await verifyChain({ chain, anchors: [stranger.der], at })
    expect(codes(foreign)).toEqual(['x509.chain-invalid'])
  })

  test('a certificate signed by another key of the same name', async () => {
    const impostor = await make({ name: middle.name, ca: true })
    const forged = await leafLike({ by: impostor, authority: middle })
    expect(await details(forged, middle)).toEqual(['/0: the signature is not that of the issuer'])
  })

  test('a subject that is not the issuer named below', async () => {
    const odd = await leafLike({ issuerName: 'CN=Somebody Else' })
    expect(await details(odd, middle)).toEqual(['/0: the issuer is not next in the chain'])
  })

  test('an authority key identifier that is not the issuer’s', async () => {
    const odd = await leafLike({ authority: leaf })
    expect(await details(odd, middle)).toEqual(['/0: the key identifier is not that of the issuer'])
  })

  test('what has expired or is not valid yet: leaf, authority or anchor', async () => {
    const past = { notAfter: new Date('2026-03-01T11:59:59Z') }
    const future = { notBefore: new Date('2026-03-01T12:00:01Z') }
    for (const wish of [past, future]) {
      expect(codes(await judge(await leafLike(wish), middle))).toEqual(['x509.expired'])
      const ca = await make({ name: 'CN=CA', by: anchor, ca: true, ...wish })
      expect(codes(await judge(await make({ name: 'CN=Leaf', by: ca }), ca))).toEqual([
        'x509.expired',
      ])
      const root = await make({ name: 'CN=Root', ca: true, ...wish })
      const below = await make({ name: 'CN=Leaf', by: root })
      const result = await verifyChain({ chain: [below.base64], anchors: [root.der], at })
      expect(codes(result)).toContain('x509.expired')
    }
    const never = await verifyChain({ chain, anchors, at: new Date(Number.NaN) })
    expect(codes(never)).toContain('x509.expired')
  })

  test('an issuer that is no authority, or may not sign certificates', async () => {
    for (const ca of [false, undefined]) {
      const wish = { name: 'CN=No CA', by: anchor, ...(ca === undefined ? {} : { ca }) }
      const no = await make({ ...wish, usages: x509.KeyUsageFlags.keyCertSign })
      expect(await details(await make({ name: 'CN=Leaf', by: no }), no)).toEqual([
        '/1: an issuer is no certificate authority',
      ])
    }
    const usages = x509.KeyUsageFlags.digitalSignature
    const no = await make({ name: 'CN=No CA', by: anchor, ca: true, usages })
    expect(await details(await make({ name: 'CN=Leaf', by: no }), no)).toEqual([
      '/1: an issuer may not sign certificates',
    ])
  })

  test('a leaf that may not make signatures', async () => {
    const usages = x509.KeyUsageFlags.keyAgreement
    expect(await details(await leafLike({ usages }), middle)).toEqual([
      '/0: the leaf may not make signatures',
    ])
  })

  test('a path longer than an authority or the anchor allows', async () => {
    const top = await make({ name: 'CN=Top', by: anchor, ca: true, pathLength: 0 })
    const low = await make({ name: 'CN=Low', by: top, ca: true })
    const end = await make({ name: 'CN=Leaf', by: low })
    expect(await details(end, low, top)).toEqual(['/2: the path is longer than an issuer allows'])
    const root = await make({ name: 'CN=Root', ca: true, pathLength: 0 })
    const ca = await make({ name: 'CN=CA', by: root, ca: true })
    const last = await make({ name: 'CN=Leaf', by: ca })
    const input = { chain: [last.base64, ca.base64], anchors: [root.der], at }
    expect((await verifyChain(input)).verified).toBe(false)
    const direct = await make({ name: 'CN=Leaf', by: root })
    expect((await verifyChain({ ...input, chain: [direct.base64] })).verified).toBe(true)
  })

  test('a leaf that is an anchor, and a self-signed one that is none', async () => {
    const own = await make({ name: 'CN=Own', ca: true })
    const input = { chain: [own.base64], anchors: [own.der], at }
    const result = await verifyChain(input)
    expect(result.verified ? [] : result.problems.map(({ detail }) => detail)).toContain(
      'the leaf is itself a trust anchor: pin its key instead',
    )
    expect(await details(await make({ name: 'CN=Self' }))).toEqual([
      '/0: the issuer is not next in the chain',
    ])
  })

  test('unknown critical extensions, but not unknown ones that are not critical', async () => {
    const value = new Uint8Array([0x05, 0x00])
    const odd = (critical: boolean) => [new x509.Extension('1.2.3.4', critical, value)]
    const refusedOne = await leafLike({ extensions: odd(true) })
    expect(codes(await judge(refusedOne, middle))).toEqual(['x509.unsupported'])
    expect(codes(await judge(await leafLike({ extensions: odd(false) }), middle))).toEqual([])
  })

  test('an extension that is there twice', async () => {
    const one = new x509.Extension('1.2.3.4', false, new Uint8Array([0x05, 0x00]))
    expect(codes(await judge(await leafLike({ extensions: [one, one] }), middle))).toEqual([
      'x509.malformed',
    ])
  })

  test('explicit curve parameters', async () => {
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', leaf.keys.publicKey))
    // SEQUENCE { SEQUENCE { OID, OID prime256v1 }, BIT STRING }: the second OID becomes a SEQUENCE.
    const explicit = spki.slice()
    expect(explicit[13]).toBe(0x06)
    explicit[13] = 0x30
    explicit.set([0x04, 0x06, 0, 0, 0, 0, 0, 0], 15)
    const result = readCertificate((await leafLike({ publicKey: explicit })).der)
    expect(result.verified ? [] : result.problems.map(({ detail }) => detail)).toEqual([
      'explicit curve parameters are forbidden (RFC 5480 section 2.1.1)',
    ])
  })

  test('x5c entries that are not canonical base64, or have bytes after the certificate', async () => {
    const bad = [
      `${leaf.base64}\n`,
      leaf.base64.replace(/[+/]/g, '-'),
      `${leaf.base64}AAAA`,
      btoa(`${atob(leaf.base64)}\0`),
      '',
    ].filter((entry) => entry !== leaf.base64)
    for (const entry of bad) {
      const result = await verifyChain({ chain: [entry, middle.base64], anchors, at })
      expect(codes(result)).toEqual(['x509.malformed'])
    }
  })
})

describe('x509Keys', () => {
  const entry = (issuer: string): TrustEntry => ({
    issuer,
    types: ['citizenship'],
    mechanism: 'x509',
    anchors,
  })
  const claim: IssuerClaim = { types: [], algorithm: 'ES256', x5c: chain, purpose: 'credential' }
  const find = x509Keys()

  test('finds the key where the leaf names the issuer by URI, DNS name or DN', async () => {
    for (const name of leafSubjects(chain)) {
      const found = await find(entry(name), claim, at)
      expect(found.verified && found.keys).toHaveLength(1)
    }
    expect(leafSubjects(chain)).toHaveLength(3)
  })

  test('refuses a leaf that names somebody else, or another issuer than the credential', async () => {
    const other = await find(entry('https://other.example'), claim, at)
    expect(codes(other)).toEqual(['x509.subject-mismatch'])
    const wild = await find(entry('https://www.registry.example'), claim, at)
    expect(codes(wild)).toEqual(['x509.subject-mismatch'])
    const issuer = 'https://other.example'
    const mixed = await find(entry('https://registry.example'), { ...claim, issuer }, at)
    expect(codes(mixed)).toEqual(['x509.subject-mismatch'])
  })

  test('refuses a claim without a chain, and an entry without anchors', async () => {
    const { x5c: _x5c, ...without } = claim
    expect(codes(await find(entry('https://registry.example'), without, at))).toEqual([
      'issuer.key-not-found',
    ])
    const { anchors: _anchors, ...bare } = entry('https://registry.example')
    expect(codes(await find(bare, claim, at))).toEqual(['x509.chain-invalid'])
  })
})

describe('key identifiers', () => {
  test('authorityKeyIds of a chain lead to subjectKeyId of its anchor', () => {
    const ids = authorityKeyIds(chain)
    expect(ids).toHaveLength(2)
    expect(ids[1]).toBe(subjectKeyId(anchor.der))
    expect(ids[0]).toBe(subjectKeyId(middle.der))
  })

  test('are absent, not an error, where nothing can be read', () => {
    expect(authorityKeyIds(['!', 'AAAA'])).toEqual([])
    expect(subjectKeyId(new Uint8Array([1, 2, 3]))).toBeUndefined()
    expect(leafSubjects([])).toEqual([])
    expect(toBase64url(leaf.der)).not.toBe('')
  })
})
