import { parseQuery } from '@asoba/core'
import { describe, expect, test } from 'vitest'

const citizen = {
  id: 'citizen',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['https://nation.example/citizenship/1'] },
  claims: [{ id: 'a', path: ['citizen'] }],
}
const one = (change: object): unknown => ({ credentials: [{ ...citizen, ...change }] })
const faultOf = (query: unknown): string => {
  try {
    parseQuery(query)
  } catch (error) {
    const { code, path } = error as { readonly code: unknown; readonly path: unknown }
    return `${String(code)} ${String(path)}`
  }
  return 'accepted'
}

describe('parseQuery', () => {
  test('fills in the defaults and drops what DCQL does not know', () => {
    expect(parseQuery({ ...(one({ extra: 1 }) as object), extra: 1 })).toEqual({
      credentials: [{ ...citizen, multiple: false, require_cryptographic_holder_binding: true }],
    })
  })

  test('returns a copy, and does not write to what it was given', () => {
    const query = Object.freeze(one({}) as { credentials: object[] })
    Object.freeze(query.credentials)
    expect(parseQuery(query).credentials[0]?.claims).not.toBe(citizen.claims)
  })

  test('is the same when it is parsed again', () => {
    const parsed = parseQuery({
      ...(one({ claim_sets: [['a']] }) as object),
      credential_sets: [{ options: [['citizen']], purpose: 'Tax' }],
    })
    expect(parseQuery(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  test.each(['vc+jwt', 'vc+sd-jwt', 'jwt_vc_json', 'ldp_vc'])(
    'accepts %s by its types',
    (format) => {
      const meta = { type_values: [['CitizenshipCredential'], ['A', 'B']] }
      expect(parseQuery(one({ format, meta })).credentials[0]).toMatchObject({ format, meta })
    },
  )

  test('accepts mdoc, which another wallet may hold', () => {
    const claims = [{ path: ['org.iso.18013.5.1', 'family_name'] }]
    const mdoc = { format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' }, claims }
    expect(parseQuery(one(mdoc)).credentials[0]).toMatchObject(mdoc)
  })

  test.each<[string, unknown, string]>([
    ['null', null, '/credentials'],
    ['a string', '{"credentials":[]}', '/credentials'],
    ['no credentials', { credentials: [] }, '/credentials'],
    ['a credential that is no object', { credentials: [5] }, '/credentials/0'],
    ['an id with other characters', one({ id: 'a b' }), '/credentials/0/id'],
    ['an id that is no name in JavaScript', one({ id: '__proto__' }), '/credentials/0/id'],
    ['an unknown format', one({ format: 'ac_vp' }), '/credentials/0/format'],
    ['no meta', one({ meta: undefined }), '/credentials/0/meta'],
    ['an empty meta', one({ meta: {} }), '/credentials/0/meta'],
    ['no type', one({ meta: { vct_values: [] } }), '/credentials/0/meta'],
    ['the meta of another format', one({ format: 'vc+sd-jwt' }), '/credentials/0/meta/type_values'],
    ['types without a value', one({ meta: { type_values: [['A']] } }), '/credentials/0/meta'],
    ['no claims in the list', one({ claims: [] }), '/credentials/0/claims'],
    ['an empty path', one({ claims: [{ path: [] }] }), '/credentials/0/claims/0/path'],
    ['a negative index', one({ claims: [{ path: ['a', -1] }] }), '/credentials/0/claims/0/path/1'],
    [
      'no values in the list',
      one({ claims: [{ path: ['a'], values: [] }] }),
      '/credentials/0/claims/0/values',
    ],
    [
      'a value that is an object',
      one({ claims: [{ path: ['a'], values: [{}] }] }),
      '/credentials/0/claims/0/values/0',
    ],
    [
      'two claims of one id',
      one({ claims: [citizen.claims[0], citizen.claims[0]] }),
      '/credentials/0/claims/1/id',
    ],
    [
      'a claim without id where there are sets',
      one({ claims: [{ id: 'a', path: ['a'] }, { path: ['b'] }], claim_sets: [['a']] }),
      '/credentials/0/claims/1/id',
    ],
    ['an unknown id in claim_sets', one({ claim_sets: [['b']] }), ''],
    ['an empty claim set', one({ claim_sets: [[]] }), '/credentials/0/claim_sets/0'],
    ['claim_sets without claims', one({ claims: undefined, claim_sets: [['a']] }), ''],
    [
      'an authority of unknown type',
      one({ trusted_authorities: [{ type: 'x', values: ['a'] }] }),
      '/credentials/0/trusted_authorities/0/type',
    ],
    ['a string for multiple', one({ multiple: 'yes' }), '/credentials/0/multiple'],
    ['two credentials of one id', { credentials: [citizen, citizen] }, ''],
    [
      'an unknown id in credential_sets',
      { credentials: [citizen], credential_sets: [{ options: [['other']] }] },
      '',
    ],
    [
      'a credential set without options',
      { credentials: [citizen], credential_sets: [{ options: [] }] },
      '/credential_sets/0/options',
    ],
  ])('refuses %s', (_name, query, path) => {
    expect(faultOf(query)).toBe(`query.invalid ${path}`)
  })

  test('refuses a query that is too large, too deep or cyclic before it is read', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    for (const query of [
      one({ claims: Array.from({ length: 5000 }, () => ({ path: ['a'] })) }),
      one({ id: 'a'.repeat(70_000) }),
      one({ purpose: JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown }),
      { ...(one({}) as object), cyclic },
    ]) {
      expect(faultOf(query)).toBe('query.invalid undefined')
    }
  })
})
