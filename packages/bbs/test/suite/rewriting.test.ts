import { type JsonObject, problem, refused } from '@asoba/core'
import {
  addProof,
  bundledContexts,
  createJsonLd,
  deriveProof,
  verifyCredential,
} from '@asoba/data-integrity'
import { expect, test } from 'vitest'
import {
  expectation,
  issuer,
  processor,
  vocabulary,
} from '../../../data-integrity/test/rewriting/judging.ts'
import { originals } from '../../../data-integrity/test/rewriting/originals.ts'
import { rewritings, type Tally } from '../../../data-integrity/test/rewriting/rewritings.ts'
import { vocabularyOf } from '../../../data-integrity/test/rewriting/vocabulary.ts'
import { bbs2023Cryptosuite } from '../../src/cryptosuite.ts'
import { bbsSigner, createBbsKey } from '../../src/keys.ts'
import { createRegistry, nation, queryFor, shownBy, verifierOf } from '../format/nation.ts'

const suite = bbs2023Cryptosuite(processor, {
  feature: 'baseline',
  presentationHeader: new TextEncoder().encode('for the clinic'),
})
const { secretKey, publicJwk } = createBbsKey()
const signer = bbsSigner({ secretKey, verificationMethod: `${issuer}#bbs` })
// A list cannot be shown in part, and the proofs of these have no end.
const shown = originals.filter(({ whole, proofEnds }) => whole !== true && proofEnds === undefined)

// The holder of a derived credential can write it in other words, and so can everybody who saw it.
test.each(shown.map((one, index) => [one.name, one, index] as const))(
  '%s by bbs-2023 in other words is the same or is refused',
  { timeout: 60_000 },
  async (_, one, index) => {
    const judge = async (document: unknown): Promise<unknown> => {
      const result = await verifyCredential(document, {
        ...expectation(one),
        findIssuer: async ({ issuer: named }) =>
          named === issuer
            ? {
                verified: true,
                checks: [],
                issuer,
                type: 'licence',
                mechanism: 'did',
                keys: [publicJwk],
                contexts: one.contexts ?? 'any',
              }
            : refused([problem('issuer.untrusted', 'somebody else')]),
        suites: [suite],
      })
      if (!result.verified) return undefined
      const { checks: _checks, credential, ...facts } = result
      const { '@context': contexts, ...rest } = credential
      return { ...facts, credential: one.contexts === undefined ? rest : { contexts, ...rest } }
    }
    const signed = await addProof(one.credential, {
      suite,
      signer,
      proofPurpose: 'assertionMethod',
      mandatoryPointers: ['/issuer', '/validUntil', '/expirationDate', '/credentialStatus'].filter(
        (pointer) => pointer.slice(1) in one.credential,
      ),
    })
    const document = await deriveProof(signed, { suite, pointers: [''] })
    const expected = await judge(document)
    expect(expected === undefined).toBe(one.refused === true)
    const tally: Tally = { made: new Map(), dropped: 0 }
    const options = { processor, vocabulary, seed: 5000 + index, attempts: 60, tally }
    for await (const { document: written, kinds } of rewritings(document, options)) {
      const found = await judge(written)
      if (found !== undefined) expect(found, kinds.join(', ')).toEqual(expected)
    }
    expect(tally.made.size).toBeGreaterThan(10)
  },
)

test('a nation’s credential in other words is the same to a verifier, or is refused', {
  timeout: 60_000,
}, async () => {
  const registry = createRegistry({ nyms: 2 })
  const request = await verifierOf(registry).request(queryFor(['citizen'], ['given_name']))
  const presented = await shownBy(await registry.walletOf(), request)
  const { url, bytes } = nation.citizenship.context
  const own = { url, document: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject }
  const processorOfNation = createJsonLd({ contexts: [own] })
  const known = bundledContexts.map(({ url: each, text }) => ({
    url: each,
    document: JSON.parse(text) as JsonObject,
  }))
  const judge = async (wire: unknown): Promise<unknown> => {
    // A verifier of its own each time: a request is answered once.
    const result = await verifierOf(registry).verify({ vp_token: { citizen: [wire] } }, request)
    if (!result.verified) return undefined
    const { checks: _checks, ...facts } = result
    return facts
  }
  const expected = await judge(presented)
  expect(expected).toBeDefined()
  const tally: Tally = { made: new Map(), dropped: 0 }
  const vocabularyOfNation = vocabularyOf([...known, own])
  const options = {
    processor: processorOfNation,
    vocabulary: vocabularyOfNation,
    seed: 6000,
    attempts: 150,
    tally,
  }
  let judged = 0
  for await (const { document, kinds } of rewritings(presented, options)) {
    const found = await judge(document)
    if (found !== undefined) expect(found, kinds.join(', ')).toEqual(expected)
    judged++
  }
  expect(judged).toBeGreaterThan(50)
})
