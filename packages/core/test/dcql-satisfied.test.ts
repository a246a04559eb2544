import { type JsonObject, type PresentedClaims, satisfiedBy } from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { describe, expect, test } from 'vitest'

const vct = 'https://nation.example/citizenship/1'
const asked = {
  id: 'citizen',
  format: 'dc+sd-jwt',
  meta: { vct_values: [vct] },
  claims: [{ id: 'c', path: ['citizen'], values: [true] }],
}
const given: PresentedClaims = {
  dcqlFormat: 'dc+sd-jwt',
  vcts: [vct],
  types: [],
  claims: { citizen: true },
}
const judge = (
  query: object | object[],
  presented: Readonly<Record<string, readonly PresentedClaims[]>>,
  credential_sets?: object[],
): string[] => {
  const credentials = [query].flat()
  const parsed = parseQuery(credential_sets ? { credentials, credential_sets } : { credentials })
  const problems = satisfiedBy(parsed, presented)
  expect(problems.every(({ code }) => code === 'query.unsatisfied')).toBe(true)
  return problems.map(({ path }) => String(path))
}
const withClaims = (claims: JsonObject): PresentedClaims => ({ ...given, claims })

describe('satisfiedBy', () => {
  test('accepts what answers the query', () => {
    expect(judge(asked, { citizen: [given] })).toEqual([])
  })

  test('accepts claims beyond those asked for', () => {
    expect(judge(asked, { citizen: [withClaims({ citizen: true, extra: 1 })] })).toEqual([])
  })

  test.each<[string, readonly PresentedClaims[]]>([
    ['no credential', []],
    ['another format', [{ ...given, dcqlFormat: 'vc+sd-jwt' }]],
    ['another type', [{ ...given, vcts: ['https://other.example'] }]],
    ['a missing claim', [withClaims({})]],
    ['another value', [withClaims({ citizen: false })]],
    ['a value of another type', [withClaims({ citizen: 'true' })]],
    ['two credentials', [given, given]],
  ])('refuses %s', (_name, presented) => {
    expect(judge(asked, { citizen: presented })).toEqual(['/citizen'])
  })

  test('refuses a credential that was not asked for', () => {
    expect(judge(asked, { citizen: [given], other: [given] })).toEqual(['/other'])
    expect(judge(asked, { citizen: [given], 'a name / of theirs': [given] })).toEqual(['/'])
  })

  test('judges each of several credentials where several were asked for', () => {
    const several = { ...asked, multiple: true }
    expect(judge(several, { citizen: [given, given] })).toEqual([])
    expect(judge(several, { citizen: [given, withClaims({})] })).toEqual(['/citizen/1'])
  })

  test('accepts any of the claim sets', () => {
    const sets = {
      ...asked,
      claims: [
        { id: 'a', path: ['a'] },
        { id: 'b', path: ['b'] },
      ],
      claim_sets: [['a'], ['b']],
    }
    expect(judge(sets, { citizen: [withClaims({ b: 1 })] })).toEqual([])
    expect(judge(sets, { citizen: [withClaims({ c: 1 })] })).toEqual(['/citizen'])
  })

  test('finds an element of an array from which others were withheld', () => {
    const second = { ...asked, claims: [{ path: ['nationalities', 1], values: ['PL'] }] }
    const of = (...nationalities: string[]) => ({ citizen: [withClaims({ nationalities })] })
    expect(judge(second, of('PL'))).toEqual([])
    expect(judge(second, of('BY', 'PL'))).toEqual([])
    // It cannot have been the second where two others stand before it.
    expect(judge(second, of('BY', 'LT', 'PL'))).toEqual(['/citizen'])
  })

  test('takes an index literally where arrays are shown whole', () => {
    const meta = { type_values: [['A']] }
    const path = ['nationalities', 1]
    const second = { id: 'x', format: 'vc+jwt', meta, claims: [{ path, values: ['PL'] }] }
    const of = (...nationalities: string[]) => ({
      x: [{ dcqlFormat: 'vc+jwt', vcts: [], types: ['A'], claims: { nationalities } }],
    })
    expect(judge(second, of('PL'))).toEqual(['/x'])
    expect(judge(second, of('BY', 'PL'))).toEqual([])
  })

  describe('with credential sets', () => {
    const all = ['a', 'b', 'c'].map((id) => ({ ...asked, id }))
    const sets = [{ options: [['a', 'b'], ['c']] }]
    const present = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, [given]]))

    test('accepts one option of every required set', () => {
      expect(judge(all, present('a', 'b'), sets)).toEqual([])
      expect(judge(all, present('c'), sets)).toEqual([])
      expect(judge(all, present('a'), sets)).toEqual([''])
      expect(judge(all, {}, sets)).toEqual([''])
    })

    test('does not need an optional set', () => {
      expect(judge(all, {}, [{ options: [['a']], required: false }])).toEqual([])
    })

    test('refuses a credential that is in no set', () => {
      expect(judge(all, present('a', 'b'), [{ options: [['a']] }])).toEqual(['/b'])
    })

    test('still judges each credential', () => {
      expect(judge(all, { c: [withClaims({})] }, sets)).toEqual(['/c'])
    })
  })
})
