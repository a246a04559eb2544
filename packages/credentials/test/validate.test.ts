import type { JsonObject } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, citizen, types } from './fixtures.ts'

const secret = 'Zyhmunt-7731-secret'

describe('validation', () => {
  test('finds every problem, each once', () => {
    const claims = {
      citizen: 'no',
      birthdate: '1990-02-30',
      nationalities: ['by', 7],
      evidence: { assurance_level: 'P9', extra: 1 },
      extra: 1,
    }
    const problems = types.citizenship.validate(claims, { disclosed: 'all' })
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '',
      '/age_equal_or_over',
      '/birthdate',
      '/citizen',
      '/evidence',
      '/evidence/assurance_level',
      '/evidence/trust_framework',
      '/nationalities/0',
      '/nationalities/1',
    ])
  })

  test('judges what is disclosed as strictly as the whole', () => {
    const claims = { citizen: false, evidence: { month: '2026' } }
    const paths = types.citizenship.validate(claims, { disclosed: 'some' }).map(({ path }) => path)
    expect([...paths].sort()).toEqual(['/citizen', '/evidence/month'])
  })

  test.each([
    ['a name with half a character', { '\ud800': 1 }],
    ['__proto__', JSON.parse('{"__proto__":{"citizen":true}}') as JsonObject],
    ['a name of every object', { constructor: 1, toString: 1 } as unknown as JsonObject],
  ])('refuses %s', (_name, claims) => {
    expect(types.citizenship.validate(claims, { disclosed: 'some' })).toHaveLength(1)
  })

  test('does not write into schemas or claims', () => {
    for (const type of all) {
      const before = JSON.stringify(type.schema)
      deepFreeze(type.schema)
      type.validate(deepFreeze({ ...citizen }), { disclosed: 'all' })
      type.validate(deepFreeze({ ...citizen }), { disclosed: 'some' })
      expect(JSON.stringify(type.schema)).toBe(before)
    }
  })

  test('never throws, whatever the claims are', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.object(),
      fc.anything(),
      fc.record({
        citizen: fc.jsonValue(),
        nationalities: fc.jsonValue(),
        evidence: fc.jsonValue(),
        place_of_birth: fc.jsonValue(),
      }),
    )
    fc.assert(
      fc.property(anything, (claims) => {
        for (const type of all) {
          for (const disclosed of ['all', 'some'] as const) {
            expect(Array.isArray(type.validate(claims as JsonObject, { disclosed }))).toBe(true)
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  test('never repeats a value or a name of the claims', () => {
    const claims = {
      [secret]: secret,
      citizen: secret,
      given_name: `${secret}9`,
      birthdate: secret,
      nationalities: [secret],
      place_of_birth: { [secret]: secret, country: secret },
      age_equal_or_over: { [secret]: true, '18': secret },
      evidence: { assurance_level: secret, policy: secret, [secret]: [secret] },
    }
    for (const type of all) {
      for (const disclosed of ['all', 'some'] as const) {
        const problems = type.validate(claims, { disclosed })
        expect(problems.length).toBeGreaterThan(0)
        expect(everythingIn(problems)).not.toContain(secret)
      }
    }
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const below of Object.values(value)) deepFreeze(below)
  }
  return value
}
