import type { JsonObject } from '@asoba/core'
import { checkResources } from '@asoba/credentials/resources'
import {
  addProof,
  bundledContexts,
  createJsonLd,
  ecdsaRdfc2019,
  ecdsaSd2023,
  ldpVc,
  verifyCredential,
} from '@asoba/data-integrity'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { createVerifier } from '@asoba/verifier'
import { expect, test } from 'vitest'
import { rewritings, type Tally } from '../../../data-integrity/test/rewriting/rewritings.ts'
import { vocabularyOf } from '../../../data-integrity/test/rewriting/vocabulary.ts'
import { citizenship, clinicOptions, createRegistry, now } from '../../../verifier/test/nation.ts'

// A holder writes the credential in other words and presents it by a proof of their own: whoever
// asks refuses it, or has the same claims of it.
const contexts = [citizenship].map(({ context: { url, bytes } }) => ({
  url,
  document: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
}))
const processor = createJsonLd({ contexts })
const vocabulary = vocabularyOf([
  ...bundledContexts.map(({ url, text }) => ({ url, document: JSON.parse(text) as JsonObject })),
  ...contexts,
])
const query = {
  credentials: [
    {
      id: 'citizen',
      format: 'ldp_vc',
      meta: { type_values: [['VerifiableCredential', citizenship.vcdmType]] },
      claims: [{ path: ['credentialSubject', 'citizen'], values: [true] }],
    },
  ],
} as const

test.each([
  ['ecdsa-rdfc-2019', ecdsaRdfc2019(processor), false],
  ['ecdsa-rdfc-2019, expired', ecdsaRdfc2019(processor), true],
  ['ecdsa-sd-2023', ecdsaSd2023(processor), false],
] as const)(
  'a nation’s credential of %s in other words is the same to a verifier, or is refused',
  { timeout: 60_000 },
  async (_, suite, expired) => {
    const make = (options: Parameters<Parameters<typeof createRegistry>[0] & object>[0] | object) =>
      ldpVc({ suite, ...options })
    const registry = await createRegistry(make)
    const until = expired ? { validUntil: new Date('2026-11-20T00:00:00Z') } : {}
    const issued = await registry.issue({ status: undefined, ...until })
    const format = make({})
    const verifier = createVerifier({
      ...(await clinicOptions(registry)),
      formats: [format],
      replay: 'single-use-by-caller',
      status: {
        source: await registry.source(),
        policy: { citizenship: 'none-issued', residency: 'none-issued' },
      },
    })
    const request = await verifier.request(query)
    const judge = async (wire: JsonObject): Promise<unknown> => {
      const { nonce, audience } = request
      const to = { nonce, audience, purpose: 'present', now } as const
      const secured = { format: format.id, wire }
      const answer = await format
        .present(secured, [['credentialSubject', 'citizen']], to, issued.retained)
        // What cannot be shown in part in these words is shown by nobody.
        .catch(() => undefined)
      if (answer === undefined) return undefined
      const result = await verifier.verify({ vp_token: { citizen: [answer.wire] } }, request)
      if (!result.verified) return undefined
      const { checks: _checks, ...facts } = result
      return facts
    }

    const original = issued.wire as unknown as JsonObject
    const expected = await judge(original)
    expect(expected === undefined).toBe(expired)
    const tally: Tally = { made: new Map(), dropped: 0 }
    const options = { processor, vocabulary, seed: 4711, attempts: 120, tally }
    let judged = 0
    for await (const { document, kinds } of rewritings(original, options)) {
      const found = await judge(document)
      if (found !== undefined) expect(found, kinds.join(', ')).toEqual(expected)
      judged++
    }
    expect(judged).toBeGreaterThan(40)
  },
)

test('a schema that refuses a credential refuses it in every form that is accepted', async () => {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  const suite = ecdsaRdfc2019(processor)
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: did,
    credentialSubject: { name: 'B' },
    credentialSchema: { id: 'https://nation.example/schema', type: 'JsonSchema' },
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    properties: { credentialSubject: { properties: { name: { const: 'C' } } } },
  }
  const load = async () => new TextEncoder().encode(JSON.stringify(schema))
  const problemsOf = async (document: unknown): Promise<readonly unknown[] | undefined> => {
    const trusted = { issuer: did, type: 'any', keys: [publicJwk], mechanism: 'did' } as const
    const judged = await verifyCredential(document, {
      now,
      clockTolerance: 0,
      suites: [suite],
      findIssuer: async () => ({ verified: true, checks: [], ...trusted }),
    })
    return judged.verified
      ? checkResources(judged.credential, { load, unavailable: 'refused' })
      : undefined
  }
  const signed = await addProof(credential, { suite, signer, proofPurpose: 'assertionMethod' })
  const expected = await problemsOf(signed)
  expect(expected?.length).toBeGreaterThan(0)
  // Of an array `properties` says nothing; the holder chooses whether there is one.
  const wrapped = { ...signed, credentialSubject: [credential.credentialSubject] }
  expect(await problemsOf(wrapped)).toEqual(expected)
  const name = { ...signed, credentialSubject: { name: ['B'] } }
  expect(await problemsOf(name)).toEqual(expected)
  const tally: Tally = { made: new Map(), dropped: 0 }
  const options = { processor, vocabulary, seed: 4712, attempts: 120, tally }
  for await (const { document, kinds } of rewritings(signed, options)) {
    const found = await problemsOf(document)
    if (found !== undefined) expect(found, kinds.join(', ')).toEqual(expected)
  }
})
