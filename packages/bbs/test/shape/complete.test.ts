import type { CredentialType, JsonObject } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completeClaims, strippedClaims } from '../../src/shape/complete.ts'
import { disclosablePaths, disclosedPath } from '../../src/shape/parts.ts'
import { citizenship, claimsOf, types } from './fixtures.ts'

const claims = {
  citizen: true,
  given_name: 'Ales',
  nationalities: ['PL', 'BY'],
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': true, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2', trust_roots: ['regime-chip'] },
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

/** What is not there, in any of the ways of saying so. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length === 0
      ? undefined
      : value.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const own = withoutNothing(member)
    return own === undefined ? [] : [[name, own] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

describe('completeClaims', () => {
  test('says of every claim that is absent that it is', () => {
    const complete = completeClaims(citizenship, deepFreeze(claims))
    expect(complete).toMatchObject({
      citizen: true,
      given_name: 'Ales',
      family_name: 'none',
      'given_name#be': 'none',
      birthdate: 'none',
      place_of_birth: { country: 'none', region: 'none', locality: 'none' },
      nationalities: ['BY', 'PL', 'none:1', 'none:2', 'none:3', 'none:4', 'none:5', 'none:6'],
      evidence: {
        policy: 'none',
        trust_roots: ['regime-chip', 'none:1', 'none:2'],
        document_expired_at_proofing: 'none',
      },
    })
    expect(Object.keys(complete)).toEqual(Object.keys(citizenship.schema['properties'] as object))
  })

  test.each(types)('is undone by strippedClaims, for any claims of $name', (type) => {
    fc.assert(
      fc.property(claimsOf(type.schema), (own) => {
        const complete = completeClaims(type, own)
        expect(strippedClaims(complete)).toEqual(withoutNothing(own) ?? {})
        expect(completeClaims(type, strippedClaims(complete))).toEqual(complete)
      }),
      { numRuns: 50 },
    )
  })

  test('leaves claims that the type accepts once they are stripped', () => {
    const complete = completeClaims(citizenship, claims)
    expect(citizenship.validate(complete, { disclosed: 'all' })).not.toEqual([])
    expect(citizenship.validate(strippedClaims(complete), { disclosed: 'all' })).toEqual([])
  })

  test.each<readonly [string, JsonObject, string]>([
    ['a name that reads as absent', { family_name: 'none' }, '/family_name'],
    ['a name that reads as absent in an array', { family_name: 'none:12' }, '/family_name'],
    ['an element that reads as absent', { nationalities: ['BY', 'none:1'] }, '/nationalities/1'],
    [
      'a member that reads as absent',
      { place_of_birth: { region: 'none' } },
      '/place_of_birth/region',
    ],
    ['more elements than the type has', { nationalities: 'ABCDEFGHI'.split('') }, '/nationalities'],
    ['an element twice', { nationalities: ['BY', 'BY'] }, '/nationalities'],
    ['an array for a value', { family_name: ['a'] }, '/family_name'],
    ['null', { family_name: null }, '/family_name'],
    ['a value for an array', { nationalities: 'BY' }, '/nationalities'],
    ['objects in an array', { nationalities: [{}] }, '/nationalities/0'],
    ['a value for an object', { evidence: 'P2' }, '/evidence'],
    ['an array for an object', { evidence: [] }, '/evidence'],
    ['a claim that the type does not have', { passport_number: 'MP1234567' }, ''],
    [
      'a member that the type does not have',
      { place_of_birth: { street: 'x' } },
      '/place_of_birth',
    ],
    ['a claim named as what every object has', JSON.parse('{"__proto__":"x"}') as JsonObject, ''],
  ])('refuses %s', (_name, wrong, path) => {
    expect(() => completeClaims(citizenship, wrong)).toThrow(
      expect.objectContaining({ name: 'AsobaError', code: 'issuer.claims-invalid', path }),
    )
  })

  test('names no claim and no value in an error', () => {
    const secret = 'Siarhiejeuna'
    for (const wrong of [
      { family_name: [secret] },
      { nationalities: [secret, secret] },
      { nationalities: secret },
      { evidence: secret },
      { [secret]: 'x' },
      { place_of_birth: { [secret]: secret } },
    ]) {
      let thrown: unknown
      try {
        completeClaims(citizenship, wrong as JsonObject)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ name: 'AsobaError' })
      expect(everythingIn(thrown)).not.toContain(secret)
    }
  })

  test.each<readonly [string, JsonObject]>([
    ['an array without a greatest length', { type: 'array', items: { type: 'string' } }],
    [
      'an array of objects',
      { type: 'array', maxItems: 2, items: { type: 'object', properties: {} } },
    ],
    [
      'an array of arrays',
      { type: 'array', maxItems: 2, items: { type: 'array', maxItems: 1, items: {} } },
    ],
    ['an object of any members', { type: 'object' }],
    ['anything', true as unknown as JsonObject],
  ])('takes a type with %s for a mistake', (_name, schema) => {
    const type: CredentialType = {
      ...citizenship,
      schema: { type: 'object', properties: { x: schema } },
    }
    expect(() => completeClaims(type, {})).toThrow(TypeError)
  })
})

describe('strippedClaims', () => {
  test('takes away what is absent from a part of the claims too', () => {
    expect(
      strippedClaims({
        family_name: 'none',
        given_name: 'None',
        'given_name#be': 'none:0',
        nationalities: ['none:1', 'BY', 'none:7'],
        place_of_birth: { region: 'none' },
        evidence: { trust_roots: ['none:1'], check_methods: [], policy: 'none', month: '2026-01' },
        entitled: false,
      }),
    ).toEqual({
      given_name: 'None',
      'given_name#be': 'none:0',
      nationalities: ['BY'],
      evidence: { check_methods: [], month: '2026-01' },
      entitled: false,
    })
    expect(strippedClaims({ family_name: 'none' })).toEqual({})
    expect(strippedClaims({})).toEqual({})
  })
})

describe('the paths that can be disclosed', () => {
  test.each(types)('are those of $name but for elements of arrays', (type) => {
    const own = type.claims.map(({ path }) => path).filter((path) => !path.includes(null))
    expect(disclosablePaths(type)).toEqual(own)
  })

  test('show the whole array where a part is asked for, and nothing for what is not there', () => {
    const disclosed = (...path: (string | number | null)[]): unknown =>
      disclosedPath(citizenship, path)
    expect(disclosed('nationalities', null)).toEqual(['nationalities'])
    expect(disclosed('nationalities', 3)).toEqual(['nationalities'])
    expect(disclosed('evidence', 'trust_roots', 0)).toEqual(['evidence', 'trust_roots'])
    expect(disclosed('evidence', 'trust_roots')).toEqual(['evidence', 'trust_roots'])
    expect(disclosed('evidence')).toEqual(['evidence'])
    for (const path of [
      ['nickname'],
      ['citizen', 'x'],
      [null],
      ['nationalities', 'x'],
      ['nationalities', 0, 0],
      ['evidence', null],
      ['toString'],
    ]) {
      expect(disclosed(...path), String(path)).toBeUndefined()
    }
  })
})
