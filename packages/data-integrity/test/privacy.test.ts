import type { JsonObject, Signer } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import {
  addProof,
  type Cryptosuite,
  deriveProof,
  ldpVc,
  verifyCredential,
  verifyPresentation,
  verifyProof,
} from '../src/index.ts'
import { canonicalizeAndGroup, createHmac, hmacLabels } from '../src/primitives.ts'
import { citizenship, context, input, jsonLd, now, suites } from './fixtures.ts'

const secret = 'Kalinouskaja-7c1d'

/** What came of it: the refusal, or what was thrown. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

function silent(result: unknown): void {
  expect(result).toBeTypeOf('object')
  expect(result).not.toHaveProperty('verified', true)
  const text = everythingIn(result)
  expect(text).not.toBe('')
  expect(text).not.toContain(secret)
}

const claims: JsonObject = { citizen: true, given_name: secret, nation: 'urn:x' }
const bad: readonly JsonObject[] = [
  { given_name: secret, none: secret },
  { given_name: [secret, null] },
  { given_name: { '@value': secret, '@language': secret } },
  { given_name: { '@value': { deep: secret } } },
  { given_name: { '@list': [secret] } },
  { given_name: secret, '@context': { citizen: secret } },
  { given_name: secret, type: secret },
  { given_name: secret, id: secret },
  { given_name: `\ud800${secret}` },
]

describe.each(suites)('$suite.name', ({ suite, signer }) => {
  const format = ldpVc({ suite, signer })

  test('no refusal to issue tells what was to be issued', async () => {
    const refusals: unknown[] = []
    for (const subject of bad) {
      const result = await outcome(() =>
        format.secure({ ...input, claims: subject }, { kind: 'bearer' }),
      )
      if (result instanceof Error) refusals.push(result)
    }
    // Over JSON all but half a character can be signed; over statements much less.
    expect(refusals.length).toBeGreaterThanOrEqual(suite.carriesContext ? 1 : 6)
    for (const one of refusals) silent(one)
    const other: Signer = { ...signer, algorithm: 'ES512', verificationMethod: secret }
    const proof = { suite, signer: other, proofPurpose: secret }
    silent(await outcome(() => addProof({ secret }, proof)))
    const chained = { suite, signer, proofPurpose: secret, previousProof: secret }
    silent(await outcome(() => addProof({ secret }, chained)))
    silent(await outcome(() => addProof({ secret, proof: secret }, chained)))
  })

  test('no refusal to verify tells what was received', async () => {
    const { wire } = await format.secure({ ...input, claims }, { kind: 'bearer' })
    const document = wire as JsonObject
    const subject = document['credentialSubject'] as JsonObject
    const proof = document['proof'] as JsonObject
    const received: readonly JsonObject[] = [
      { ...document, validFrom: secret, issuer: secret },
      { ...document, credentialStatus: { type: secret } },
      { ...document, proof: { ...proof, proofValue: secret } },
      { ...document, proof: { ...proof, proofPurpose: secret, domain: secret, challenge: secret } },
      { ...document, proof: { ...proof, created: secret, expires: secret, previousProof: secret } },
      { ...document, proof: { ...proof, verificationMethod: secret, cryptosuite: secret } },
      { ...document, proof: { ...proof, id: secret }, given_name: secret },
      ...bad.map((one) => ({ ...document, credentialSubject: { ...subject, ...one } })),
    ]
    for (const one of received) {
      const known = { ...context(), suites: [suite] as readonly Cryptosuite[] }
      silent(await outcome(() => verifyCredential(one, known)))
      silent(await outcome(() => format.verify(one, context())))
      const held = {
        ...one,
        type: 'VerifiablePresentation',
        holder: secret,
        verifiableCredential: one,
      }
      const presented = { ...known, presentationSuites: known.suites }
      silent(await outcome(() => verifyPresentation(held, presented)))
      const findKey = context().findHolderKey
      const expected = { proofPurpose: 'x', domain: 'x', challenge: 'x', now, clockTolerance: 0 }
      silent(
        await outcome(() => verifyProof(one, { ...known, ...expected, kind: 'document', findKey })),
      )
    }
  })

  test('no refusal to view, present or derive tells what is held', async () => {
    const { proof, retained } = await format.prepareHolder({
      derive: async (_label, length) => crypto.getRandomValues(new Uint8Array(length)),
    })
    const secured = await format.secure({ ...input, claims }, proof)
    const wire = secured.wire as JsonObject
    const to = { audience: secret, nonce: secret, purpose: 'present', now } as const
    const ruined: readonly JsonObject[] = [
      { ...wire, proof: { ...(wire['proof'] as JsonObject), cryptosuite: secret } },
      { ...wire, type: secret },
      { ...wire, credentialSubject: { id: secret, given_name: secret } },
    ]
    for (const one of ruined) {
      const held = { format: format.id, wire: one }
      silent(await outcome(() => format.present(held, [], to, retained)))
      silent(await outcome(() => deriveProof(one, { suite, pointers: ['/none'] })))
    }
    const foreign = new TextEncoder().encode(JSON.stringify({ d: secret, kty: 'EC' }))
    silent(await outcome(() => format.present(secured, [], to, foreign)))
  })
})

test('no error of selective disclosure tells what it was about', async () => {
  const labels = hmacLabels(await createHmac(new Uint8Array(32)))
  for (const subject of [...bad.filter((one) => !('@list' in one)), claims]) {
    const document = {
      '@context': citizenship.contexts,
      type: citizenship.types,
      credentialSubject: { type: 'Person', ...subject },
    }
    const groups = { some: ['/credentialSubject/nowhere'] }
    silent(await outcome(() => canonicalizeAndGroup(jsonLd, document, { labels, groups })))
  }
})
