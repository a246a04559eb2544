import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  authorityKeyIds,
  leafSubjects,
  readCertificate,
  subjectKeyId,
  verifyChain,
  x509Keys,
} from '../src/x509.ts'
import { anchor, anchors, at, bytesOf, chain, leaf } from './chain.ts'
import { codes } from './fixtures.ts'

const bytes = (array: Uint8Array) => btoa(String.fromCharCode(...array))

test('accepts a chain to an anchor, and finds the key of the issuer that the leaf names', async () => {
  const result = await verifyChain({ chain, anchors, at })
  expect(result.verified && result.publicJwk).toMatchObject({ kty: 'EC', crv: 'P-256' })
  expect(leafSubjects(chain)).toEqual([
    'https://registry.example/issuer',
    'https://registry.example',
    'O=Nation,CN=Registry',
  ])
  const issuer = 'https://registry.example'
  const entry = { issuer, types: ['citizenship'], mechanism: 'x509', anchors } as const
  const claim = {
    issuer,
    types: [],
    algorithm: 'ES256',
    x5c: chain,
    purpose: 'credential',
  } as const
  const found = await x509Keys()(entry, claim, at)
  expect(found.verified && found.keys).toEqual(result.verified ? [result.publicJwk] : [])
  expect(authorityKeyIds(chain)[1]).toBe(subjectKeyId(bytesOf(anchor)))
})

test('refuses the chain at another time, without its middle, and to no anchor', async () => {
  const late = new Date('2050-01-01T00:00:00Z')
  expect(codes(await verifyChain({ chain, anchors, at: late }))).toContain('x509.expired')
  expect(codes(await verifyChain({ chain: [leaf], anchors, at }))).toEqual(['x509.chain-invalid'])
  expect(codes(await verifyChain({ chain, anchors: [], at }))).toEqual(['x509.chain-invalid'])
})

test('never accepts a certificate with a changed byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (where, change) => {
      const changed = bytesOf(leaf)
      const index = where % changed.length
      changed[index] = (changed[index] as number) ^ change
      const result = await verifyChain({ chain: [bytes(changed), ...chain.slice(1)], anchors, at })
      expect(result.verified).toBe(false)
    }),
    { numRuns: 150 },
  )
})

test('no bytes make the reader throw, and none of them are a chain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (der) => {
      expect(readCertificate(der).verified).toBe(false)
      expect(leafSubjects([bytes(der)])).toEqual([])
      expect(authorityKeyIds([bytes(der)])).toEqual([])
      const result = await verifyChain({ chain: [bytes(der)], anchors: [der, ...anchors], at })
      expect(result.verified).toBe(false)
    }),
    { numRuns: 200 },
  )
})

test('no change, cut or insertion in a certificate makes the reader throw', async () => {
  const whole = bytesOf(leaf)
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.nat(20),
      fc.uint8Array({ maxLength: 20 }),
      (start, cut, insert) => {
        const changed = [...whole]
        changed.splice(start, cut, ...insert)
        const result = readCertificate(Uint8Array.from(changed))
        if (!result.verified) expect(result.problems[0].code).toMatch(/^x509\./)
      },
    ),
    { numRuns: 200 },
  )
})

test('no text in x5c makes the path validation throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { maxLength: 4 }), async (texts) => {
      const result = await verifyChain({ chain: [...texts, ...chain], anchors, at })
      expect(result.verified).toBe(texts.length === 0)
    }),
    { numRuns: 100 },
  )
})
