import { bytesOf, order } from '@asoba/bls12-381'
import { concatBytes, fromBase64url, type JsonObject, serviceScope, toBase64url } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbs2023 } from '../../src/index.ts'
import {
  type DerivedProofValue,
  decodeDerivedProof,
  encodeDerivedProof,
  type FeatureOption,
} from '../../src/suite/proof-value.ts'
import {
  claims,
  createRegistry,
  queryFor,
  type Registry,
  secret,
  shownBy,
  verifierOf,
} from './nation.ts'

describe.each([
  ['without nyms', 0, 'anonymous_holder_binding'],
  ['with 2 nyms', 2, 'pseudonym'],
] as const)('a presentation of a BBS credential %s', (_name, nyms, feature) => {
  let registry: Registry
  let shown: JsonObject
  const verifier = () => verifierOf(registry)
  let request: Awaited<ReturnType<ReturnType<typeof verifier>['request']>>
  beforeAll(async () => {
    registry = createRegistry({ nyms })
    request = await verifier().request(queryFor(['citizen'], ['age_equal_or_over', '18']))
    shown = await shownBy(await registry.walletOf(), request)
  })

  const codesOf = async (wire: unknown, by = verifier()): Promise<readonly string[]> => {
    const result = await by.verify({ vp_token: { citizen: [wire] } } as unknown, request)
    expect(everythingIn(result)).not.toContain(secret)
    return result.verified ? ['accepted'] : [...new Set(result.problems.map(({ code }) => code))]
  }
  const withValue = (change: Partial<DerivedProofValue>, as: FeatureOption = feature) => {
    const proof = shown['proof'] as JsonObject
    const value = decodeDerivedProof(feature, proof['proofValue'])
    if (value === undefined) throw new Error('no derived proof')
    const nym = { domain: serviceScope('https://clinic.example'), pseudonym: new Uint8Array(48) }
    const proofValue = encodeDerivedProof(as, { nym, ...value, ...change })
    return { ...shown, proof: { ...proof, proofValue } }
  }
  const value = () =>
    decodeDerivedProof(feature, (shown['proof'] as JsonObject)['proofValue']) as DerivedProofValue

  test('is accepted as it is', async () => {
    expect(await codesOf(shown)).toEqual(['accepted'])
  })

  test.each([
    'baseline',
    'anonymous_holder_binding',
    'pseudonym',
    'holder_binding_pseudonym',
  ] as const)('is refused under the header of %s, unless that is its profile', async (as) => {
    expect(await codesOf(withValue({}, as))).toEqual(
      as === feature ? ['accepted'] : ['proof.malformed'],
    )
  })

  test('is refused by a verifier with another number of nyms', async () => {
    for (const others of [0, 1, 2, 16].filter((count) => count !== nyms)) {
      const other = verifierOf(registry, {
        formats: [bbs2023({ ...registry.profile, nyms: others })],
      })
      expect(await codesOf(shown, other)).not.toContain('accepted')
    }
  })

  test('is refused for another audience, nonce, purpose and payload', async () => {
    const wallet = await registry.walletOf()
    const clinic = verifier()
    const own = await clinic.request(queryFor(['citizen']))
    const asked = { ...own, nonce: 'another' }
    const answer = await shownBy(wallet, asked)
    expect(await clinic.verify({ vp_token: { citizen: [answer] } }, own)).toMatchObject({
      verified: false,
      problems: [{ code: 'holder.nonce-mismatch' }],
    })
    const elsewhere = await shownBy(wallet, { ...own, audience: 'https://tax.example' })
    const result = await clinic.verify({ vp_token: { citizen: [elsewhere] } }, own)
    expect(result.verified ? [] : result.problems.map(({ code }) => code)).toEqual(
      nyms === 0
        ? ['holder.nonce-mismatch']
        : ['holder.nonce-mismatch', 'holder.scope-mismatch', 'proof.signature-invalid'],
    )
    const poll = await clinic.request(queryFor(['citizen']), {
      purpose: 'poll',
      payloadHash: new Uint8Array(32).fill(9),
    })
    const notForIt = await shownBy(wallet, { ...poll, purpose: 'present' })
    expect(await clinic.verify({ vp_token: { citizen: [notForIt] } }, poll)).toMatchObject({
      verified: false,
    })
  })

  test('is refused with any part of its proof changed', async () => {
    const { mandatoryIndexes, selectiveIndexes, labels, messages = 0, proof } = value()
    const changes: Partial<DerivedProofValue>[] = [
      { messages: messages + 1 },
      { messages: messages - 1 },
      { messages: 0 },
      { mandatoryIndexes: mandatoryIndexes.slice(1) },
      { mandatoryIndexes: [...mandatoryIndexes, 999] },
      { mandatoryIndexes: mandatoryIndexes.map((at) => at + 1) },
      { selectiveIndexes: selectiveIndexes.slice(1) },
      { selectiveIndexes: [...selectiveIndexes].reverse() },
      { selectiveIndexes: selectiveIndexes.map((at) => at + 1) },
      { selectiveIndexes: [...selectiveIndexes.slice(0, -1), messages] },
      { selectiveIndexes: [...selectiveIndexes.slice(0, -1), messages + 1] },
      { labels: new Map([...labels].slice(1)) },
      { labels: new Map([...labels].map(([from]) => [from, 'b0'])) },
      { labels: new Map([...labels, ['c14n9', 'b9']]) },
      {
        labels: new Map(
          [...labels].map(([from, to]) => [from, to === 'b0' ? 'b1' : to === 'b1' ? 'b0' : to]),
        ),
      },
      { presentationHeader: new Uint8Array(32) },
      { presentationHeader: new Uint8Array() },
      { proof: proof.slice(0, -32) },
      { proof: new Uint8Array([...proof, ...new Uint8Array(32)]) },
      { proof: new Uint8Array(proof.length) },
    ]
    for (const change of changes) {
      expect(await codesOf(withValue(change)), JSON.stringify(Object.keys(change))).not.toContain(
        'accepted',
      )
    }
  })

  test('is refused where its proof value is cut, longer, oversized or none', async () => {
    const proof = shown['proof'] as JsonObject
    const bytes = fromBase64url(String(proof['proofValue']).slice(1)) ?? new Uint8Array()
    const withBytes = (...parts: readonly Uint8Array[]) =>
      codesOf({
        ...shown,
        proof: { ...proof, proofValue: `u${toBase64url(concatBytes(...parts))}` },
      })
    for (let length = 0; length < bytes.length; length += 37) {
      expect(await withBytes(bytes.subarray(0, length))).toEqual(['proof.malformed'])
    }
    expect(await withBytes(bytes.subarray(0, -1))).toEqual(['proof.malformed'])
    expect(await withBytes(bytes, Uint8Array.of(0))).toEqual(['proof.malformed'])
    expect(await withBytes(bytes, new Uint8Array(100_000))).toEqual(['proof.malformed'])
    // Announces four thousand million components, or bytes, and has none.
    for (const head of [0x9a, 0xba, 0x5a]) {
      const announced = Uint8Array.of(head, 0xff, 0xff, 0xff, 0xff)
      expect(await withBytes(bytes.subarray(0, 3), announced)).toEqual(['proof.malformed'])
    }
    const huge = withValue({ proof: new Uint8Array(500_000) })
    expect(await codesOf(huge)).toEqual(['proof.malformed'])
    for (const responses of [0, 1, 1000]) {
      const other = withValue({ proof: new Uint8Array(272 + 32 * responses) })
      expect(await codesOf(other)).toEqual(['proof.signature-invalid'])
    }
  })

  test('is refused with any point or scalar of its proof that is none', async () => {
    const { proof } = value()
    const at = (place: number, part: Uint8Array) => {
      const copy = Uint8Array.from(proof)
      copy.set(part, place)
      return codesOf(withValue({ proof: copy }))
    }
    const identity = Uint8Array.of(0xc0, ...new Uint8Array(47))
    const outside = Uint8Array.of(0x80, ...new Uint8Array(46), 4)
    for (const point of [identity, outside, new Uint8Array(48), new Uint8Array(48).fill(255)]) {
      for (const place of [0, 48, 96]) {
        expect(await at(place, point)).toEqual(['proof.signature-invalid'])
      }
    }
    for (const scalar of [0n, order, order + 1n, 2n ** 256n - 1n]) {
      for (const place of [144, 176, 208, 240, proof.length - 32]) {
        expect(await at(place, bytesOf(scalar, 32))).toEqual(['proof.signature-invalid'])
      }
    }
  })

  test('is refused with another pseudonym or scope, where it has one', async () => {
    const { nym } = value()
    if (nyms === 0) {
      expect(nym).toBeUndefined()
      return
    }
    if (nym === undefined) throw new Error('no pseudonym')
    const stranger = await shownBy(await registry.walletOf(), request)
    const strangers = decodeDerivedProof(feature, (stranger['proof'] as JsonObject)['proofValue'])
    const pseudonym = strangers?.nym?.pseudonym ?? new Uint8Array(48)
    expect(await codesOf(withValue({ nym: { ...nym, pseudonym } }))).toEqual([
      'proof.signature-invalid',
    ])
    const identity = Uint8Array.of(0xc0, ...new Uint8Array(47))
    for (const point of [identity, new Uint8Array(48)]) {
      expect(await codesOf(withValue({ nym: { ...nym, pseudonym: point } }))).toEqual([
        'proof.signature-invalid',
      ])
    }
    const domain = serviceScope('https://tax.example')
    expect(await codesOf(withValue({ nym: { ...nym, domain } }))).toEqual(['holder.scope-mismatch'])
  })

  test('is refused with any claim, date, type or context changed, or with what would mark it', async () => {
    const subject = shown['credentialSubject'] as JsonObject
    const proof = shown['proof'] as JsonObject
    const changes: readonly JsonObject[] = [
      { credentialSubject: { ...subject, citizen: false } },
      { credentialSubject: { ...subject, age_equal_or_over: { 18: false } } },
      { credentialSubject: { ...subject, age_equal_or_over: { 21: true } } },
      { credentialSubject: { ...subject, given_name: 'Alena' } },
      { credentialSubject: { ...subject, id: 'did:key:z6Mk' } },
      { credentialSubject: { ...subject, type: ['Person'] } },
      { credentialSubject: [subject] },
      { credentialSubject: {} },
      { id: 'urn:uuid:1' },
      { credentialStatus: { type: 'BitstringStatusListEntry' } },
      { name: 'x' },
      { issuer: 'did:web:police.example' },
      { issuer: { id: registry.did } },
      { validFrom: '2026-09-05T00:00:00Z' },
      { validUntil: '2027-03-03T00:00:00Z' },
      { validUntil: '2026-12-03T00:00:01Z' },
      { type: ['VerifiableCredential'] },
      { type: ['VerifiableCredential', 'CitizenshipCredential', 'TaxReceiptCredential'] },
      { '@context': ['https://www.w3.org/ns/credentials/v2'] },
      { proof: { ...proof, created: '2026-11-24T00:00:00Z' } },
      { proof: { ...proof, id: 'urn:uuid:1' } },
      { proof: { ...proof, proofPurpose: 'authentication' } },
      { proof: { ...proof, verificationMethod: `${registry.did}#other` } },
      { proof: { ...proof, verificationMethod: 7 } },
      { proof: [proof] },
      { proof: [proof, proof] },
    ]
    for (const change of changes) {
      expect(await codesOf({ ...shown, ...change }), JSON.stringify(change)).not.toContain(
        'accepted',
      )
    }
    for (const name of Object.keys(shown)) {
      const { [name]: _, ...rest } = shown
      expect(await codesOf(rest), name).not.toContain('accepted')
    }
  })

  test('is refused when another registry signed it, trusted or not', async () => {
    const other = createRegistry({ nyms })
    const forged = await shownBy(await other.walletOf(), request)
    expect(await codesOf(forged)).toContain('issuer.untrusted')
    const renamed = {
      ...forged,
      issuer: registry.did,
      proof: {
        ...(forged['proof'] as JsonObject),
        verificationMethod: (shown['proof'] as JsonObject)['verificationMethod'] as string,
      },
    }
    expect(await codesOf(renamed)).toEqual(['proof.signature-invalid'])
  })

  test('is refused with any character of its proof changed', async () => {
    const proof = shown['proof'] as JsonObject
    const text = String(proof['proofValue'])
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom('A', 'z', '_', '0'),
        async (at, by) => {
          fc.pre(text[at] !== by)
          const proofValue = text.slice(0, at) + by + text.slice(at + 1)
          expect(await codesOf({ ...shown, proof: { ...proof, proofValue } })).not.toContain(
            'accepted',
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  test('of any shape is judged without throwing', async () => {
    const proof = shown['proof'] as JsonObject
    const anything = fc.jsonValue({ maxDepth: 3 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(shown)), anything, async (name, junk) => {
        const wire = { ...shown, [name]: junk as JsonObject }
        expect(await codesOf(wire)).not.toContain('accepted')
        const inside = { ...shown, proof: { ...proof, proofValue: junk as JsonObject } }
        expect(await codesOf(inside)).not.toContain('accepted')
      }),
      { numRuns: 30 },
    )
  })

  test('does not let its holder say more than was disclosed to it', () => {
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect(Object.keys(claims)).toContain('family_name')
  })
})
