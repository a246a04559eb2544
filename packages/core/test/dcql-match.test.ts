import {
  type ClaimsPath,
  type CredentialView,
  combinations,
  type Json,
  type JsonObject,
  resolvePath,
  selectClaims,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { DcqlQuery } from 'dcql'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const vct = 'https://nation.example/citizenship/1'
const claims = {
  iss: 'https://registry.example',
  citizen: true,
  given_name: 'Alieś',
  address: { locality: 'Minsk', street: 'Lenina' },
  nationalities: ['BY', 'PL'],
  age_equal_or_over: { '18': true, '65': false },
}
const paths: readonly ClaimsPath[] = [
  ['citizen'],
  ['given_name'],
  ['address'],
  ['address', 'locality'],
  ['address', 'street'],
  ['nationalities'],
  ['nationalities', 0],
  ['nationalities', 1],
  ['age_equal_or_over', '18'],
  ['age_equal_or_over', '65'],
]
const view: CredentialView = {
  dcqlFormat: 'dc+sd-jwt',
  vcts: [vct],
  types: [],
  issuer: 'https://registry.example',
  claims,
  disclosable: paths.map((path) => ({ path, value: resolvePath(claims, path)[0]?.value as Json })),
  authorityKeyIds: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'],
  holder: { kind: 'jwk', publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
}

function select(change: object, of: CredentialView = view) {
  const query = parseQuery({
    credentials: [{ id: 'q', format: of.dcqlFormat, meta: { vct_values: [vct] }, ...change }],
  })
  const [only] = query.credentials
  if (only === undefined) throw new Error('one credential was asked for')
  return selectClaims(of, only)
}
const disclosed = (change: object, of?: CredentialView) => select(change, of)?.disclose

describe('selectClaims', () => {
  test('discloses nothing where no claims are asked for', () => {
    expect(select({})).toEqual({ disclose: [], claims: [] })
  })

  test('discloses a claim and nothing beside it', () => {
    expect(disclosed({ claims: [{ path: ['citizen'] }] })).toEqual([['citizen']])
    expect(disclosed({ claims: [{ path: ['age_equal_or_over', '18'] }] })).toEqual([
      ['age_equal_or_over', '18'],
    ])
  })

  test('discloses what a nested claim lies in, not what lies beside it', () => {
    expect(disclosed({ claims: [{ path: ['address', 'locality'] }] })).toEqual([
      ['address'],
      ['address', 'locality'],
    ])
  })

  test('discloses what lies in a claim that is asked for whole', () => {
    expect(disclosed({ claims: [{ path: ['address'] }] })).toEqual([
      ['address'],
      ['address', 'locality'],
      ['address', 'street'],
    ])
  })

  test('discloses nothing for a claim that is always shown', () => {
    expect(disclosed({ claims: [{ path: ['iss'] }] })).toEqual([])
  })

  test('cannot answer with a claim missing', () => {
    expect(select({ claims: [{ path: ['citizen'] }, { path: ['family_name'] }] })).toBeUndefined()
  })

  test('discloses the element of an array that is asked for', () => {
    const array = [['nationalities'], ['nationalities', 1]]
    expect(disclosed({ claims: [{ path: ['nationalities', 1] }] })).toEqual(array)
    expect(disclosed({ claims: [{ path: ['nationalities', null], values: ['PL'] }] })).toEqual(
      array,
    )
    expect(disclosed({ claims: [{ path: ['nationalities', null] }] })).toEqual([
      ['nationalities'],
      ['nationalities', 0],
      ['nationalities', 1],
    ])
  })

  test('matches values by type and content', () => {
    const over65 = (values: unknown[]) =>
      disclosed({ claims: [{ path: ['age_equal_or_over', '65'], values }] })
    expect(over65([false])).toHaveLength(1)
    expect(over65([true])).toBeUndefined()
    expect(over65(['false'])).toBeUndefined()
    expect(over65([0])).toBeUndefined()
    expect(disclosed({ claims: [{ path: ['address'], values: ['Minsk'] }] })).toBeUndefined()
  })

  test('takes the first satisfiable set of claims, as the verifier ordered them', () => {
    const asked = [
      { id: 'a', path: ['family_name'] },
      { id: 'b', path: ['given_name'] },
      { id: 'c', path: ['citizen'] },
    ]
    const by = (claim_sets: string[][]) => disclosed({ claims: asked, claim_sets })
    expect(by([['a', 'c'], ['b', 'c'], ['c']])).toEqual([['citizen'], ['given_name']])
    expect(by([['c'], ['b', 'c']])).toEqual([['citizen']])
    expect(by([['a']])).toBeUndefined()
  })

  test('does not match another format or type', () => {
    expect(select({ meta: { vct_values: ['https://other.example'] } })).toBeUndefined()
    expect(select({ meta: { vct_values: ['https://other.example', vct] } })).toBeDefined()
    expect(select({ format: 'jwt_vc_json', meta: { type_values: [['A']] } })).toBeUndefined()
  })

  test('matches an alternative of types when the credential has all of them', () => {
    const vcdm = { ...view, dcqlFormat: 'vc+jwt', vcts: [], types: ['VerifiableCredential', 'A'] }
    const by = (type_values: string[][]) => select({ meta: { type_values } }, vcdm)
    expect(by([['A']])).toBeDefined()
    expect(by([['A', 'B']])).toBeUndefined()
    expect(
      by([
        ['A', 'B'],
        ['VerifiableCredential', 'A'],
      ]),
    ).toBeDefined()
  })

  test('matches the authority by key identifier, and none that it cannot judge', () => {
    const by = (trusted_authorities: object[]) => select({ trusted_authorities })
    const aki = { type: 'aki', values: ['AAAA', 's9tIpPmhxdiuNkHMEWNpYim8S8Y'] }
    const list = { type: 'etsi_tl', values: ['https://lotl.example'] }
    expect(by([aki])).toBeDefined()
    expect(by([list, aki])).toBeDefined()
    expect(by([list])).toBeUndefined()
    expect(by([{ type: 'aki', values: ['AAAA'] }])).toBeUndefined()
  })

  test('gives a bearer credential only where no holder binding is required', () => {
    const bearer: CredentialView = { ...view, holder: { kind: 'bearer' } }
    expect(select({}, bearer)).toBeUndefined()
    expect(select({ require_cryptographic_holder_binding: false }, bearer)).toBeDefined()
  })

  test('finds nothing in an empty array, where dcql finds enough', () => {
    const empty: CredentialView = { ...view, claims: { nationalities: [] }, disclosable: [] }
    expect(select({ claims: [{ path: ['nationalities', null] }] }, empty)).toBeUndefined()
  })

  test('agrees with the dcql package otherwise on whether a credential answers', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const leaf = fc.constantFrom<Json>(1, 'x', true)
    const tree = fc.dictionary(
      name,
      fc.oneof(leaf, fc.dictionary(name, leaf), fc.array(leaf, { minLength: 1 })),
    )
    const part = fc.oneof(name, fc.nat(2), fc.constant(null))
    const claim = fc.record(
      {
        path: fc.tuple(name, part).map(([first, second]) => [first, second]),
        values: fc.constantFrom([1], ['x', true]),
      },
      { requiredKeys: ['path'] },
    )
    fc.assert(
      fc.property(tree, fc.array(claim, { minLength: 1, maxLength: 3 }), (held, asked) => {
        const change = { claims: asked, require_cryptographic_holder_binding: false }
        const ours = select(change, { ...view, claims: held as JsonObject, disclosable: [] })
        const credential = { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, ...change }
        const theirs = DcqlQuery.query(
          DcqlQuery.parse({ credentials: [credential] } as unknown as DcqlQuery.Input),
          [
            {
              credential_format: 'dc+sd-jwt',
              vct,
              claims: JSON.parse(JSON.stringify(held)) as never,
              cryptographic_holder_binding: true,
            },
          ],
        )
        expect(ours !== undefined).toBe(theirs.can_be_satisfied)
      }),
      { numRuns: 200 },
    )
  })
})

describe('combinations', () => {
  const credential = (id: string) => ({ id, format: 'dc+sd-jwt', meta: { vct_values: [vct] } })
  const of = (credential_sets: object[] | undefined, answerable: string[]) =>
    combinations(
      parseQuery({
        credentials: ['a', 'b', 'c', 'd'].map(credential),
        ...(credential_sets === undefined ? {} : { credential_sets }),
      }),
      new Set(answerable),
    )

  test('needs every credential where there are no sets', () => {
    expect(of(undefined, ['a', 'b', 'c', 'd'])).toEqual([
      { required: ['a', 'b', 'c', 'd'], optional: [] },
    ])
    expect(of(undefined, ['a', 'b', 'c'])).toEqual([])
  })

  test('offers the options in the order of the verifier', () => {
    const sets = [{ options: [['a', 'b'], ['c'], ['d']] }]
    expect(of(sets, ['a', 'c', 'd']).map(({ required }) => required)).toEqual([['c'], ['d']])
    expect(of(sets, ['a'])).toEqual([])
  })

  test('joins the required sets and leaves the optional ones to the holder', () => {
    const sets = [
      { options: [['a'], ['b']] },
      { options: [['b'], ['c']] },
      { options: [['d'], ['a', 'd']], required: false },
    ]
    expect(of(sets, ['a', 'b', 'c', 'd'])).toEqual(
      [['a', 'b'], ['a', 'c'], ['b'], ['b', 'c']].map((required) => ({
        required,
        optional: [['d'], ['a', 'd']],
      })),
    )
    expect(of(sets, ['b'])).toEqual([{ required: ['b'], optional: [] }])
  })

  test('is bounded, however many sets there are', () => {
    const options = [['a'], ['b'], ['c'], ['d']]
    const many = of(
      Array.from({ length: 40 }, () => ({ options })),
      ['a', 'b', 'c', 'd'],
    )
    expect(many).toHaveLength(64)
  })
})
