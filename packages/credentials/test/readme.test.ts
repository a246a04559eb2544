import { expect, test } from 'vitest'
import { ageThresholds, type CitizenshipClaims, nationTypes } from '../src/index.ts'

test('does what the README says', () => {
  const { citizenship } = nationTypes({ origin: 'https://nation.example' })
  expect(citizenship.vct).toBe('https://nation.example/credentials/citizenship/1')

  const claims: CitizenshipClaims = {
    citizen: true,
    given_name: 'Ales',
    'given_name#be': 'Алесь',
    age_equal_or_over: ageThresholds('1990-04-02', new Date('2026-11-24')),
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  expect(citizenship.validate(claims, { disclosed: 'all' })).toEqual([])
  expect(citizenship.validate({ citizen: true }, { disclosed: 'some' })).toEqual([])
})
