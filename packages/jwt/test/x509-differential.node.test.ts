import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCertificate, verifyChain } from '../src/x509.ts'
import { at, type KeyKind, type Made, make, makeChain } from './certificates.ts'

/** What node:crypto says of a leaf below an authority below an anchor. */
function nodeAccepts(leaf: Uint8Array, middle: Uint8Array, anchor: Uint8Array): boolean {
  try {
    const path = [leaf, middle, anchor].map((der) => new X509Certificate(der))
    return path.every((one, index) => {
      const issuer = path[index + 1]
      const valid = new Date(one.validFrom) <= at && at <= new Date(one.validTo)
      const issued =
        issuer === undefined ||
        (one.checkIssued(issuer) && one.verify(issuer.publicKey) && issuer.ca)
      return valid && issued
    })
  } catch {
    return false
  }
}

const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64')
const weAccept = async (leaf: Uint8Array, middle: Uint8Array, anchor: Uint8Array) =>
  (await verifyChain({ chain: [leaf, middle].map(base64), anchors: [anchor], at })).verified

const { anchor, middle, leaf } = await makeChain()

for (const kind of ['P-256', 'P-384', 'P-521', 'Ed25519'] as const satisfies KeyKind[]) {
  test(`reads the same as node:crypto in certificates with ${kind} keys`, async () => {
    for (const made of Object.values(await makeChain(kind)).filter((one) => 'der' in one)) {
      const { der } = made as Made
      const ours = readCertificate(der)
      const theirs = new X509Certificate(der)
      if (!ours.verified) throw new Error('expected it to be read')
      const { certificate } = ours
      expect(certificate.publicJwk).toEqual(theirs.publicKey.export({ format: 'jwk' }))
      expect(certificate.notBefore).toEqual(new Date(theirs.validFrom))
      expect(certificate.notAfter).toEqual(new Date(theirs.validTo))
      expect(certificate.isAuthority).toBe(theirs.ca)
      expect(certificate.subjects.at(-1)?.split(',').reverse()).toEqual(theirs.subject.split('\n'))
    }
  })
}

test('agrees with node:crypto on good and bad chains', async () => {
  const stranger = await make({ name: anchor.name, ca: true })
  const impostor = await make({ name: middle.name, ca: true, by: anchor })
  const noCa = await make({ name: 'CN=No CA', by: anchor, ca: false })
  const expired = { notAfter: new Date('2026-01-01T00:00:00Z') }
  const old = await make({ name: 'CN=Old', by: anchor, ca: true, ...expired })
  const cases: readonly (readonly [Made, Made, Made, boolean])[] = [
    [leaf, middle, anchor, true],
    [leaf, middle, stranger, false],
    [leaf, impostor, anchor, false],
    [await make({ name: 'CN=Leaf', by: middle, ...expired }), middle, anchor, false],
    [await make({ name: 'CN=Leaf', by: old }), old, anchor, false],
    [await make({ name: 'CN=Leaf', by: noCa }), noCa, anchor, false],
    [await make({ name: 'CN=Leaf', by: middle, issuerName: 'CN=Other' }), middle, anchor, false],
  ]
  for (const [one, two, three, accepted] of cases) {
    expect(nodeAccepts(one.der, two.der, three.der)).toBe(accepted)
    expect(await weAccept(one.der, two.der, three.der)).toBe(accepted)
  }
})

test('never accepts a chain with a changed byte, whatever node:crypto thinks of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(leaf.der, middle.der),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (der, where, change) => {
        const changed = der.slice()
        const index = where % der.length
        changed[index] = (changed[index] as number) ^ change
        const [one, two] = der === leaf.der ? [changed, middle.der] : [leaf.der, changed]
        expect(await weAccept(one, two, anchor.der)).toBe(false)
      },
    ),
    { numRuns: 200 },
  )
})
