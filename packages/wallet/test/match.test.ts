import {
  AsobaError,
  type ClaimsPath,
  electionScope,
  type PresentationRequest,
  serviceScope,
} from '@asoba/core'
import { describe, expect, test } from 'vitest'
import type { DisclosedClaim, WithheldClaim } from '../src/index.ts'
import { citizen, doctor, issue, now, requestFor, types, vct, walletWith } from './fixtures.ts'

const election = electionScope('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg')
const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof AsobaError ? error.code : String(error)),
  )
const paths = (claims: readonly (DisclosedClaim | WithheldClaim)[]): string[] =>
  claims.map(({ path }) => path.join('.'))

describe('matching', () => {
  test('says what would be told, what stays, and what is always told', async () => {
    const { wallet } = await walletWith(1)
    const [match, ...others] = await wallet.match(
      requestFor([['citizen'], ['age_equal_or_over', '18']]),
    )
    expect(others).toEqual([])
    expect(match?.disclosed).toEqual([
      { query: 'citizen', path: ['age_equal_or_over', '18'], value: true },
      { query: 'citizen', path: ['citizen'], value: true },
    ])
    expect(paths(match?.withheld ?? [])).toEqual(
      [
        'age_equal_or_over.14',
        'age_equal_or_over.16',
        'age_equal_or_over.21',
        'age_equal_or_over.65',
        'birthdate',
        'evidence.assurance_level',
        'evidence.month',
        'evidence.trust_framework',
        'family_name',
        'given_name',
        'given_name#be',
        'nationalities.0',
        'nationalities.1',
        'place_of_birth.country',
        'place_of_birth.locality',
      ].sort((a, b) => (pathText(a) < pathText(b) ? -1 : 1)),
    )
    expect(JSON.stringify(match?.withheld)).not.toContain('Bujlo')
    const always = paths(match?.shown ?? [])
    for (const name of ['iss', 'vct', 'exp', 'cnf.jwk.x', 'status.status_list.idx']) {
      expect(always).toContain(name)
    }
    expect(match).toMatchObject({
      audience: 'https://clinic.example',
      answers: [{ copiesLeft: 1 }],
    })
  })

  test('tells every leaf of the credential in exactly one of the three', async () => {
    const { wallet } = await walletWith(1)
    for (const asked of [[['citizen']], [['place_of_birth']], [['nationalities', 1]], []]) {
      const [match] = await wallet.match(requestFor(asked))
      const all = [
        ...(match?.disclosed ?? []),
        ...(match?.withheld ?? []),
        ...(match?.shown ?? []),
      ].map(({ path }) => JSON.stringify(path))
      expect(new Set(all).size).toBe(all.length)
      const [held] = await wallet.list()
      const leaves = (value: unknown, path: ClaimsPath): string[] =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([name, below]) =>
              leaves(below, [...path, Array.isArray(value) ? Number(name) : name]),
            )
          : [JSON.stringify(path)]
      expect(all.sort()).toEqual(leaves(held?.view.claims, []).sort())
    }
  })

  test('asked for an object tells all that is in it; asked for a member, that member', async () => {
    const { wallet } = await walletWith(1)
    const [whole] = await wallet.match(requestFor([['place_of_birth']]))
    expect(paths(whole?.disclosed ?? [])).toEqual([
      'place_of_birth.country',
      'place_of_birth.locality',
    ])
    const [part] = await wallet.match(requestFor([['place_of_birth', 'country']]))
    expect(paths(part?.disclosed ?? [])).toEqual(['place_of_birth.country'])
  })

  test('asked for no claims tells none', async () => {
    const { wallet } = await walletWith(1)
    const [match] = await wallet.match(requestFor([]))
    expect(match?.disclosed).toEqual([])
  })

  test('finds nothing where a claim, a value, the type or the format is missing', async () => {
    const { wallet } = await walletWith(1)
    const base = { id: 'citizen', format: 'dc+sd-jwt', meta: { vct_values: [vct] } }
    for (const query of [
      { ...base, claims: [{ path: ['middle_name'] }] },
      { ...base, claims: [{ path: ['citizen'], values: [false] }] },
      { ...base, meta: { vct_values: [types.residency.vct] } },
      { ...base, format: 'vc+sd-jwt', meta: { type_values: [['CitizenshipCredential']] } },
      { ...base, trusted_authorities: [{ type: 'aki', values: ['AAAA'] }] },
    ]) {
      expect(await wallet.match(requestFor([], { query: { credentials: [query] } }))).toEqual([])
    }
  })

  test('takes the first claim set that can be answered', async () => {
    const { wallet } = await walletWith(1)
    const query = {
      credentials: [
        {
          id: 'citizen',
          format: 'dc+sd-jwt',
          meta: { vct_values: [vct] },
          claims: [
            { id: 'patronymic', path: ['middle_name'] },
            { id: 'birth', path: ['birthdate'] },
            { id: 'adult', path: ['age_equal_or_over', '18'] },
          ],
          claim_sets: [['patronymic'], ['adult'], ['birth']],
        },
      ],
    }
    const [match] = await wallet.match(requestFor([], { query }))
    expect(paths(match?.disclosed ?? [])).toEqual(['age_equal_or_over.18'])
  })

  test('offers every fitting credential: what tells least first, then what is valid longest', async () => {
    const { wallet } = await walletWith(0)
    const [a, b, c] = await wallet.prepare({ format: 'dc+sd-jwt', count: 3 })
    const { place_of_birth: _, ...bare } = citizen
    const born = { ...citizen, place_of_birth: { country: 'PL' } }
    await wallet.receive([
      ...(await issue([a as never], { claims: citizen })),
      ...(await issue([b as never], { claims: born, validUntil: new Date('2027-01-10') })),
      ...(await issue([c as never], { claims: bare })),
    ])
    const matches = await wallet.match(requestFor([['place_of_birth']]))
    expect(matches.map(({ disclosed }) => paths(disclosed))).toEqual([
      ['place_of_birth.country'],
      ['place_of_birth.country', 'place_of_birth.locality'],
    ])
    const adult = await wallet.match(requestFor([['age_equal_or_over', '18']]))
    expect(adult).toHaveLength(3)
    const [first, , last] = adult.map(({ shown }) => shown.find(({ path }) => path[0] === 'exp'))
    expect(Number(first?.value)).toBeGreaterThan(Number(last?.value))
  })

  test('does not offer what has expired, or is not valid yet', async () => {
    let time = now
    const { wallet } = await walletWith(1, { now: () => time })
    const request = requestFor([['citizen']])
    expect(await wallet.match(request)).toHaveLength(1)
    time = new Date('2027-02-01T00:00:00Z')
    expect(await wallet.match(request)).toEqual([])
    expect(await wallet.list()).toMatchObject([{ copies: 1, copiesLeft: 0 }])
    time = new Date('2026-11-23T23:00:00Z')
    expect(await wallet.match(request)).toEqual([])
  })

  test('answers credential sets as the verifier ordered them, optional ones without and with', async () => {
    const { wallet } = await walletWith(1)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    await wallet.receive(await issue(holders, { type: types.profession, claims: doctor }))
    const one = (id: string, of: string, path: readonly string[]): object => ({
      id,
      format: 'dc+sd-jwt',
      meta: { vct_values: [of] },
      claims: [{ path }],
    })
    const query = {
      credentials: [
        one('resident', types.residency.vct, ['resident']),
        one('citizen', vct, ['citizen']),
        one('doctor', types.profession.vct, ['occupation', 'isco_08']),
      ],
      credential_sets: [
        { options: [['resident'], ['citizen']] },
        { options: [['doctor']], required: false },
      ],
    }
    const matches = await wallet.match(requestFor([], { query }))
    expect(matches.map(({ answers }) => answers.map((answer) => answer.query))).toEqual([
      ['citizen'],
      ['citizen', 'doctor'],
    ])
  })

  test('needs every credential where there are no sets', async () => {
    const { wallet } = await walletWith(1)
    const query = {
      credentials: [vct, types.residency.vct].map((of, index) => ({
        id: `q${index}`,
        format: 'dc+sd-jwt',
        meta: { vct_values: [of] },
      })),
    }
    expect(await wallet.match(requestFor([], { query }))).toEqual([])
  })

  test('does not write into the request', async () => {
    const { wallet } = await walletWith(1)
    const request = deepFreeze(requestFor([['citizen']]))
    const [match] = await wallet.match(request)
    await wallet.present(request, deepFreeze(match) as never)
  })
})

describe('a request', () => {
  const changed = (change: object): PresentationRequest =>
    ({ ...requestFor([['citizen']]), ...change }) as PresentationRequest

  test.each([
    ['no object', null as never],
    ['no audience', changed({ audience: undefined })],
    ['an empty audience', changed({ audience: '' })],
    ['an audience that is no text', changed({ audience: ['https://clinic.example'] })],
    ['an audience with a line break', changed({ audience: 'https://clinic.example\n' })],
    ['an origin as its audience', changed({ audience: 'origin:https://clinic.example' })],
    ['an origin in capitals', changed({ audience: 'ORIGIN:https://clinic.example' })],
    ['no nonce', changed({ nonce: undefined })],
    ['an empty nonce', changed({ nonce: '' })],
    ['a nonce with spaces', changed({ nonce: 'a b' })],
    ['a state that is no text', changed({ state: {} })],
    ['an unknown purpose', changed({ purpose: 'login' })],
    ['a response address that is no text', changed({ responseUri: 1 })],
    ['the scope of another service', changed({ scope: serviceScope('https://shop.example') })],
    ['the scope of an election that the wallet has no manifest of', changed({ scope: election })],
    ['such a scope, for a roll', changed({ scope: election, purpose: 'roll' })],
    ['a scope that is none', changed({ scope: 'https://clinic.example' })],
  ])('with %s is refused', async (_name, request) => {
    const { wallet } = await walletWith(1)
    expect(await code(wallet.match(request))).toBe('request.invalid')
    expect(await code(wallet.present(request, {} as never))).toBe('request.invalid')
  })

  test.each([
    ['no query', undefined],
    ['no credentials', { credentials: [] }],
    ['no meta', { credentials: [{ id: 'a', format: 'dc+sd-jwt' }] }],
    ['an empty meta', { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: {} }] }],
    ['no types', { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [] } }] }],
  ])('with %s is refused', async (_name, query) => {
    const { wallet } = await walletWith(1)
    expect(await code(wallet.match(changed({ query })))).toBe('query.invalid')
  })

  test('may name an origin where the platform says so', async () => {
    const { wallet } = await walletWith(1)
    const request = changed({ audience: 'origin:https://clinic.example' })
    expect(await wallet.match(request, { audienceSetBy: 'platform' })).toHaveLength(1)
  })
})

function pathText(path: string): string {
  const parts = path.split('.')
  return JSON.stringify(
    parts.map((part) => (/^\d$/.test(part) && parts[0] === 'nationalities' ? Number(part) : part)),
  )
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const below of Object.values(value)) deepFreeze(below)
  }
  return value
}

describe('a request for a pseudonym', () => {
  test('is not answered by a credential that has none', async () => {
    const { wallet } = await walletWith(1)
    expect(await wallet.match(requestFor([['citizen']]))).toHaveLength(1)
    const scope = serviceScope('https://clinic.example', { part: '2026' })
    expect(await wallet.match(requestFor([['citizen']], { scope }))).toEqual([])
    const roll = requestFor([['citizen']], { scope: election, purpose: 'roll' })
    expect(await wallet.match(roll, { electionScope: election })).toEqual([])
    expect(await wallet.match(requestFor([['citizen']], { purpose: 'poll' }))).toEqual([])
  })

  test('in an election scope is refused for everything but a roll or a poll', async () => {
    const { wallet } = await walletWith(1)
    const request = requestFor([['citizen']], { scope: election })
    expect(await code(wallet.match(request, { electionScope: election }))).toBe('request.invalid')
  })
})
