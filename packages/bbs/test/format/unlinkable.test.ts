import type { JsonObject } from '@asoba/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeDerivedProof, type FeatureOption } from '../../src/suite/proof-value.ts'
import { claims, createRegistry, queryFor, type Registry, shownBy, verifierOf } from './nation.ts'

/** Somebody else, with other claims, but for those that are disclosed. */
const other: JsonObject = {
  ...claims,
  given_name: 'Natalia',
  middle_name: 'Ivanauna',
  nationalities: ['BY'],
  place_of_birth: { country: 'PL' },
}
delete (other as Record<string, unknown>)['birthdate']

describe.each([
  ['without nyms', 0, 'anonymous_holder_binding'],
  ['with 16 nyms', 16, 'pseudonym'],
] as const)('presentations of BBS credentials %s', (_name, nyms, feature) => {
  let registry: Registry
  beforeAll(() => {
    registry = createRegistry({ nyms })
  })
  const asked = [['citizen'], ['age_equal_or_over', '18'], ['evidence', 'assurance_level']]

  /** What a verifier sees; audiences of one length, for the scope stands in the proof. */
  const shownTo = async (audience: string, own: JsonObject, paths = asked) => {
    const verifier = verifierOf(registry, { audience })
    const request = await verifier.request(queryFor(...paths))
    return shownBy(await registry.walletOf(own), request)
  }

  test('of one person to two verifiers look like those of two people', async () => {
    const verifiers = ['https://clinic.example', 'https://school.example'] as const
    const wallet = await registry.walletOf()
    const ofOne = await Promise.all(
      verifiers.map(async (audience) => {
        const request = await verifierOf(registry, { audience }).request(queryFor(...asked))
        return shownBy(wallet, request)
      }),
    )
    const ofTwo = [await shownTo(verifiers[0], claims), await shownTo(verifiers[1], other)]
    const [first, ...rest] = [...ofOne, ...ofTwo].map((shown) => seen(shown, feature))
    for (const each of rest) {
      expect(each.document).toEqual(first?.document)
      expect(each.shape).toEqual(first?.shape)
    }
  })

  test('share no byte string but the claims that were asked for', async () => {
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry)
    const windows = new Set<string>()
    for (let time = 0; time < 3; time++) {
      const request = await verifier.request(queryFor(...asked))
      const { bytes } = seen(await shownBy(wallet, request), feature)
      const own = new Set<string>()
      for (const part of bytes) {
        for (let at = 0; at + 8 <= part.length; at++) own.add(part.slice(at, at + 8).join())
      }
      for (const window of own) {
        expect(windows.has(window)).toBe(false)
        windows.add(window)
      }
    }
  })

  test('that disclose nothing look alike as well', async () => {
    const audience = 'https://clinic.example'
    const query = { credentials: queryFor().credentials.map(({ claims: _, ...rest }) => rest) }
    const verifier = verifierOf(registry, { audience })
    const shown = await Promise.all(
      [claims, other].map(async (own) => {
        const request = await verifier.request(query)
        const wallet = await registry.walletOf(own)
        const derived = await shownBy(wallet, request)
        const result = await verifier.verify({ vp_token: { citizen: [derived] } }, request)
        expect(result).toMatchObject({ verified: true, claims: { citizen: {} } })
        return seen(derived, feature)
      }),
    )
    expect(shown[0]?.document).toEqual(shown[1]?.document)
    expect(shown[0]?.shape).toEqual(shown[1]?.shape)
  })
})

/** Everything in a presentation: what can be equal, what has a form, and what must be new. */
function seen(shown: JsonObject, feature: FeatureOption) {
  const { proof, ...document } = shown
  const { proofValue, ...options } = proof as JsonObject
  const value = decodeDerivedProof(feature, proofValue)
  if (value === undefined) throw new Error('no derived proof')
  return {
    document: { ...document, proof: options },
    shape: {
      members: JSON.stringify(document),
      labels: [...value.labels],
      mandatory: value.mandatoryIndexes,
      selective: value.selectiveIndexes,
      messages: value.messages,
      proof: value.proof.length,
      whole: String(proofValue).length,
    },
    // The pseudonym is meant to be equal for one verifier.
    bytes: [value.proof, value.presentationHeader],
  }
}
