import { fromBase64url, type Json, type JsonObject, toBase64url } from '@asoba/core'
import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addProof,
  deriveProof,
  ldpVc,
  verifyCredential,
  verifyPresentation,
  verifyProof,
} from '../src/index.ts'
import { decodeProofValue } from '../src/primitives.ts'
import { claims, codes, context, contextUrl, input, now, suites } from './fixtures.ts'

const judge = (document: unknown, own = suites.map(({ suite }) => suite)) =>
  verifyCredential(document, { ...context(), suites: own })
const proofOf = (document: JsonObject): JsonObject => document['proof'] as JsonObject
const subjectOf = (document: JsonObject): JsonObject => document['credentialSubject'] as JsonObject

/** A credential as its verifier sees it: derived, where it can be. */
async function shown({ suite, signer }: (typeof suites)[number]): Promise<JsonObject> {
  const { wire } = await ldpVc({ suite, signer }).secure(input, { kind: 'bearer' })
  if (suite.derive === undefined) return wire as JsonObject
  const pointers = ['/credentialSubject/citizen', '/credentialSubject/address']
  return deriveProof(wire as JsonObject, { suite, pointers })
}

for (const one of suites) {
  const document = await shown(one)
  const overJson = one.suite.carriesContext

  describe(one.suite.name, () => {
    test('verifies as it is', async () => {
      expect(codes(await judge(document))).toEqual([])
    })

    const subject = subjectOf(document)
    const changed: Readonly<Record<string, JsonObject>> = {
      'another claim': { ...document, credentialSubject: { ...subject, citizen: false } },
      'one claim more': { ...document, credentialSubject: { ...subject, given_name: 'Eve' } },
      'one claim less': {
        ...document,
        credentialSubject: Object.fromEntries(
          Object.entries(subject).filter(([name]) => name !== 'citizen'),
        ),
      },
      'a claim that is null': { ...document, credentialSubject: { ...subject, given_name: null } },
      'an unknown claim': { ...document, credentialSubject: { ...subject, debts: 0 } },
      'a subject more': {
        ...document,
        credentialSubject: [subject, { ...subject, id: 'urn:eve' }],
      },
      'a subject in two': {
        ...document,
        credentialSubject: [
          { type: 'Person', citizen: true },
          { type: 'Person', address: claims['address'] as Json },
        ],
      },
      'another issuer': { ...document, issuer: 'did:web:evil.example' },
      'more time': { ...document, validUntil: '2099-01-01T00:00:00Z' },
      'a context of its own': {
        ...document,
        '@context': [...(document['@context'] as Json[]), { citizen: 'urn:eve' }],
      },
      'a context of its own further down': {
        ...document,
        credentialSubject: { '@context': { citizen: 'urn:eve' }, ...subject },
      },
      'contexts the other way round': {
        ...document,
        '@context': [...(document['@context'] as Json[])].reverse(),
      },
      'another purpose': {
        ...document,
        proof: { ...proofOf(document), proofPurpose: 'authentication' },
      },
      'another key of the issuer': {
        ...document,
        proof: { ...proofOf(document), verificationMethod: 'did:web:registry.example#other' },
      },
      'a time of proof': {
        ...document,
        proof: { ...proofOf(document), created: '2026-01-01T00:00:00Z' },
      },
      'a proof that has expired': {
        ...document,
        proof: { ...proofOf(document), expires: '2026-01-01T00:00:00Z' },
      },
      'a proof that builds on another': {
        ...document,
        proof: { ...proofOf(document), previousProof: 'urn:uuid:1' },
      },
      'another suite': { ...document, proof: { ...proofOf(document), cryptosuite: 'eddsa-2099' } },
      'no value': { ...document, proof: { ...proofOf(document), proofValue: 'z' } },
      'no proof': Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'proof')),
    }
    test.each(Object.entries(changed))('does not verify with %s', async (_what, bad) => {
      expect(codes(await judge(bad))).not.toEqual([])
    })

    test('does not verify with any character changed', async () => {
      const text = JSON.stringify(document)
      await fc.assert(
        fc.asyncProperty(fc.nat(text.length - 1), fc.nat(93), async (at, shift) => {
          const code = ((text.charCodeAt(at) - 33 + 1 + shift) % 94) + 33
          const other = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
          let parsed: unknown
          try {
            parsed = JSON.parse(other)
          } catch {
            return
          }
          if (other === text || JSON.stringify(parsed) === text) return
          expect(codes(await judge(parsed))).not.toEqual([])
        }),
        { numRuns: 60 },
      )
    })

    test('counts no proof but the issuer’s own', async () => {
      const { proof, ...unsecured } = document
      const stranger = { ...one.signer, verificationMethod: 'did:web:evil.example#1' }
      const byStranger = await addProof(unsecured, {
        suite: one.suite,
        signer: stranger,
        proofPurpose: 'assertionMethod',
      })
      expect(codes(await judge(byStranger))).toEqual(['issuer.key-not-found'])
      const both = { ...unsecured, proof: [proofOf(byStranger), proof as Json] }
      expect(codes(await judge(both))).toEqual([])
    })

    if (overJson) {
      test('keeps verifying where a context is added behind those signed, as the text wants', async () => {
        const more = {
          ...document,
          '@context': [...(document['@context'] as Json[]), 'https://x.example/'],
        }
        expect(codes(await judge(more))).toEqual([])
      })
    } else {
      test('says which context it does not know', async () => {
        const bad = {
          ...document,
          '@context': [...(document['@context'] as Json[]), 'https://x.example/'],
        }
        const result = await judge(bad)
        expect(result.verified ? [] : result.problems).toContainEqual(
          expect.objectContaining({ code: 'jsonld.context-unknown', path: '/@context/2' }),
        )
      })
    }
  })
}

describe('the value of an ecdsa-sd-2023 proof', async () => {
  const sd = suites.find(({ suite }) => suite.derive !== undefined) as (typeof suites)[number]
  const document = await shown(sd)
  const other = await shown(sd)
  const proofValueOf = (from: JsonObject) => String(proofOf(from)['proofValue'])
  const bytes = fromBase64url(proofValueOf(document).slice(1)) as Uint8Array
  type Parts = [Uint8Array, Uint8Array, Uint8Array[], Map<number, Uint8Array>, number[]]
  const read = (from: JsonObject): Parts =>
    decode((fromBase64url(proofValueOf(from).slice(1)) as Uint8Array).subarray(3), {
      useMaps: true,
    }) as Parts
  const withBytes = (value: Uint8Array): JsonObject => ({
    ...document,
    proof: { ...proofOf(document), proofValue: `u${toBase64url(value)}` },
  })
  const withParts = (change: (parts: Parts, theirs: Parts) => unknown): JsonObject => {
    const parts = read(document)
    const made = change(parts, read(other)) ?? parts
    const body = encode(made)
    return withBytes(Uint8Array.from([0xd9, 0x5d, 0x01, ...body]))
  }
  const put = (parts: Parts, index: keyof Parts & number, theirs: Parts) => {
    Object.assign(parts, { [index]: theirs[index] })
  }
  const swap = (list: unknown[]) => {
    ;[list[0], list[1]] = [list[1], list[0]]
  }

  const bad: Readonly<Record<string, JsonObject>> = {
    'a signature less': withParts((parts) => void parts[2].pop()),
    'a signature twice': withParts((parts) => void parts[2].push(parts[2][0] as Uint8Array)),
    'signatures in another order': withParts((parts) => swap(parts[2])),
    'the signatures of another credential': withParts((parts, theirs) => put(parts, 2, theirs)),
    'the key of another credential': withParts((parts, theirs) => put(parts, 1, theirs)),
    'the base signature of another credential': withParts((p, theirs) => put(p, 0, theirs)),
    'the labels of another credential': withParts((parts, theirs) => put(parts, 3, theirs)),
    'one label for two nodes': withParts(
      (parts) => void parts[3].set(0, parts[3].get(1) as Uint8Array),
    ),
    'a label less': withParts((parts) => void parts[3].delete(0)),
    'a label more': withParts((parts) => void parts[3].set(99, new Uint8Array(32))),
    'a short label': withParts((parts) => void parts[3].set(0, new Uint8Array(31))),
    'an index less': withParts((parts) => void parts[4].pop()),
    'an index twice': withParts((parts) => void parts[4].push(parts[4].at(-1) as number)),
    'an index out of bounds': withParts((parts) => void parts[4].push(999)),
    'indexes in another order': withParts((parts) => swap(parts[4])),
    'a negative index': withParts((parts) => void parts[4].unshift(-1)),
    'a part more': withParts((parts) => [...parts, 0]),
    'no parts': withParts(() => []),
    'bytes behind': withBytes(Uint8Array.from([...bytes, 0])),
    'another header': withBytes(Uint8Array.from([0xd9, 0x5d, 0x02, ...bytes.subarray(3)])),
    'a tag': withBytes(Uint8Array.from([0xd9, 0x5d, 0x01, 0xc0, ...bytes.subarray(3)])),
    'an indefinite length': withBytes(
      Uint8Array.from([0xd9, 0x5d, 0x01, 0x9f, ...bytes.subarray(4), 0xff]),
    ),
    'a length that is not the shortest': withBytes(
      Uint8Array.from([0xd9, 0x5d, 0x01, 0x98, 0x05, ...bytes.subarray(4)]),
    ),
  }
  test.each(Object.entries(bad))('is refused with %s', async (_what, changed) => {
    expect(codes(await judge(changed))).not.toEqual([])
  })

  test('is refused cut off anywhere, and never thrown on', async () => {
    for (let length = 0; length < bytes.length; length += 7) {
      expect(codes(await judge(withBytes(bytes.slice(0, length))))).not.toEqual([])
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (some) => {
        const value = `u${toBase64url(Uint8Array.from([0xd9, 0x5d, 0x01, ...some]))}`
        const found = decodeProofValue(value, Uint8Array.of(0xd9, 0x5d, 0x01))
        expect(found === undefined || Array.isArray(found)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

test('a credential is told apart from the proof of a presentation by its purpose', async () => {
  const [{ suite, signer }] = suites as readonly [(typeof suites)[number]]
  const { wire } = await ldpVc({ suite, signer }).secure(input, { kind: 'bearer' })
  const { proof: _, ...unsecured } = wire as JsonObject
  const forLogin = await addProof(unsecured, { suite, signer, proofPurpose: 'authentication' })
  expect(codes(await judge(forLogin))).toEqual(['proof.purpose-mismatch'])
})

test('no input makes it throw', async () => {
  const own = suites.map(({ suite }) => suite)
  const names = [
    '@context',
    'type',
    'proof',
    'cryptosuite',
    'proofValue',
    'verifiableCredential',
    'issuer',
  ]
  const some = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names, contextUrl), fc.jsonValue()),
    fc.record({
      '@context': fc.oneof(
        fc.constant(['https://www.w3.org/ns/credentials/v2', contextUrl]),
        fc.jsonValue(),
      ),
      type: fc.constantFrom<Json>('VerifiableCredential', 'VerifiablePresentation', []),
      issuer: fc.oneof(fc.constant('did:web:registry.example'), fc.jsonValue()),
      credentialSubject: fc.jsonValue(),
      verifiableCredential: fc.jsonValue(),
      proof: fc.record({
        type: fc.constant('DataIntegrityProof'),
        cryptosuite: fc.constantFrom(...own.map(({ name }) => name)),
        verificationMethod: fc.constantFrom<Json>('did:web:registry.example#ES256', 'x', 1),
        proofPurpose: fc.constantFrom('assertionMethod', 'authentication'),
        proofValue: fc.oneof(
          fc.constantFrom('z', 'u', `z${'1'.repeat(64)}`, `z${'2'.repeat(87)}`, 'u2V0BhVhA'),
          fc.jsonValue(),
        ),
      }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(some, async (value) => {
      const known = { ...context(), suites: own, presentationSuites: own }
      const results = [
        await verifyCredential(value, known),
        await verifyPresentation(value, known),
        await verifyProof(value, {
          kind: 'document',
          suites: own,
          proofPurpose: 'assertionMethod',
          domain: undefined,
          challenge: undefined,
          now,
          clockTolerance: 0,
          findKey: context().findHolderKey,
        }),
        ...(await Promise.all(suites.map((one) => ldpVc(one).verify(value, context())))),
      ]
      for (const { verified } of results) expect(verified).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('a deep document is refused, and never overflows', async () => {
  let deep: Json = 1
  for (let depth = 0; depth < 50_000; depth++) deep = [deep]
  const document = { ...(await shown(suites[0] as (typeof suites)[number])), deep }
  expect(codes(await judge(document))).toEqual(['input.malformed'])
  const { verified } = await verifyPresentation(document, {
    ...context(),
    suites: [],
    presentationSuites: [],
  })
  expect(verified).toBe(false)
})
