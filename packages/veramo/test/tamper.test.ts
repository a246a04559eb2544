import { asobaCredentials, type IAsobaCredentials } from '@asoba/veramo'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  agentWith,
  allProviders,
  anyDid,
  challenge,
  domain,
  membership,
  twoDids,
} from './agents.ts'

const agentOf = () =>
  agentWith<IAsobaCredentials>(asobaCredentials({ providers: allProviders(), policy: anyDid }))

describe('whatever comes', () => {
  it('is judged, and nothing throws', async () => {
    const agent = agentOf()
    const document = fc.oneof(
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.string(),
      fc.record({
        '@context': fc.constantFrom('https://www.w3.org/ns/credentials/v2', 7),
        type: fc.constantFrom('EnvelopedVerifiableCredential', ['VerifiableCredential']),
        id: fc.string().map((text) => `data:application/vc+jwt,${text}`),
        proof: fc.record({ cryptosuite: fc.constantFrom('eddsa-jcs-2022', 'bbs-2023') }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(document, async (credential) => {
        const asked = { domain, challenge }
        expect((await agent.verifyCredential({ credential: credential as never })).verified).toBe(
          false,
        )
        const presentation = credential as never
        expect((await agent.verifyPresentation({ presentation, ...asked })).verified).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  it('is refused where it is cyclic, too deep or too large', async () => {
    const agent = agentOf()
    const base = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      issuer: 'did:key:z6Mk',
      proof: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022' },
    }
    const cyclic: Record<string, unknown> = { ...base }
    cyclic['credentialSubject'] = cyclic
    let deep: object = {}
    for (let level = 0; level < 3000; level++) deep = { deep }
    const large = { ...base, credentialSubject: { text: 'x'.repeat(2_000_000) } }
    for (const credential of [cyclic, { ...base, credentialSubject: deep }, large]) {
      const result = await agent.verifyCredential({ credential: credential as never })
      expect(result.error?.errorCode).toBe('presentation.malformed')
    }
  })

  it.each(['vc+jwt', 'dc+sd-jwt', 'eddsa-jcs-2022'])(
    'verifies no %s with one character changed',
    async (proofFormat) => {
      const agent = agentOf()
      const { issuer, holder } = await twoDids(agent)
      const made = await agent.createVerifiableCredential({
        credential: membership(issuer, holder) as never,
        proofFormat,
      })
      const presentation = await agent.createVerifiablePresentation({
        presentation: { holder, verifiableCredential: [made] },
        proofFormat,
        domain,
        challenge,
        disclose: ['name'],
      })
      const text = JSON.stringify(presentation)
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: text.length - 1 }),
          fc.constantFrom('A', 'z', '0', '_', ' '),
          async (at, char) => {
            const changed = text.slice(0, at) + char + text.slice(at + 1)
            let document: unknown
            try {
              document = JSON.parse(changed)
            } catch {
              return
            }
            if (JSON.stringify(document) === text) return
            const result = await agent.verifyPresentation({
              presentation: document as never,
              domain,
              challenge,
            })
            // The `@context` of an envelope is not signed; that it is the right one is checked.
            expect(result.verified).toBe(false)
          },
        ),
        { numRuns: 80 },
      )
    },
  )
})
