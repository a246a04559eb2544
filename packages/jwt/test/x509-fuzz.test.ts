import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authorityKeyIds, leafSubjects, readCertificate, verifyChain } from '../src/x509.ts'
import { at, makeChain } from './certificates.ts'

const { anchor, chain, leaf } = await makeChain()
const bytes = (array: Uint8Array) => btoa(String.fromCharCode(...array))

test('no bytes make the reader throw, and none of them are a chain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (der) => {
      expect(readCertificate(der).verified).toBe(false)
      expect(leafSubjects([bytes(der)])).toEqual([])
      authorityKeyIds([bytes(der)])
      const result = await verifyChain({ chain: [bytes(der)], anchors: [der, anchor.der], at })
      expect(result.verified).toBe(false)
    }),
    { numRuns: 200 },
  )
})

test('no change, cut or insertion in a certificate makes the reader throw', async () => {
  await fc.assert(
    fc.property(
      fc.nat(leaf.der.length),
      fc.nat(20),
      fc.uint8Array({ maxLength: 20 }),
      (start, cut, insert) => {
        const changed = [...leaf.der]
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
      const result = await verifyChain({ chain: [...texts, ...chain], anchors: [anchor.der], at })
      expect(result.verified).toBe(texts.length === 0)
    }),
    { numRuns: 100 },
  )
})
