import { type DcqlQuery, readForeignQuery, readQuery } from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const citizen = {
  id: 'citizen',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['https://nation.example/citizenship/1'] },
  claims: [{ id: 'a', path: ['citizen'] }],
}
const one = (change: object): unknown => ({ credentials: [{ ...citizen, ...change }] })
const faultOf = (query: unknown, read: (query: unknown) => DcqlQuery): string => {
  try {
    read(query)
  } catch (error) {
    const { code, path } = error as { readonly code: unknown; readonly path: unknown }
    return `${String(code)} ${String(path)}`
  }
  return 'accepted'
}

describe.each([
  ['parseQuery', parseQuery],
  ['readQuery', readQuery],
])('%s', (_reader, read) => {
  test('fills in the defaults and drops what DCQL does not know', () => {
    expect(read({ ...(one({ extra: 1 }) as object), extra: 1 })).toEqual({
      credentials: [{ ...citizen, multiple: false, require_cryptographic_holder_binding: true }],
    })
  })

  test('returns a copy, and does not write to what it was given', () => {
    const query = Object.freeze(one({}) as { credentials: object[] })
    Object.freeze(query.credentials)
    expect(read(query).credentials[0]?.claims).not.toBe(citizen.claims)
  })

  test('is the same when it is parsed again', () => {
    const parsed = read({
      ...(one({ claim_sets: [['a']] }) as object),
      credential_sets: [{ options: [['citizen']], purpose: 'Tax' }],
    })
    expect(read(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  test.each(['vc+jwt', 'vc+sd-jwt', 'jwt_vc_json', 'ldp_vc'])(
    'accepts %s by its types',
    (format) => {
      const meta = { type_values: [['CitizenshipCredential'], ['A', 'B']] }
      expect(read(one({ format, meta })).credentials[0]).toMatchObject({ format, meta })
    },
  )

  test('accepts mdoc, which another wallet may hold', () => {
    const claims = [{ path: ['org.iso.18013.5.1', 'family_name'] }]
    const mdoc = { format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' }, claims }
    expect(read(one(mdoc)).credentials[0]).toMatchObject(mdoc)
  })

  test.each<[string, unknown, string]>([
    ['null', null, ''],
    ['a string', '{"credentials":[]}', ''],
    ['no credentials', { credentials: [] }, '/credentials'],
    ['a credential that is no object', { credentials: [5] }, '/credentials/0'],
    ['an id with other characters', one({ id: 'a b' }), '/credentials/0/id'],
    ['an id that is no name in JavaScript', one({ id: '__proto__' }), '/credentials/0/id'],
    ['an unknown format', one({ format: 'ac_vp' }), '/credentials/0/format'],
    ['no meta', one({ meta: undefined }), '/credentials/0/meta'],
    [
      'an option without credentials',
      { credentials: [citizen], credential_sets: [{ options: [[]] }] },
      '/credential_sets/0/options/0',
    ],
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
    ['an unknown id in claim_sets', one({ claim_sets: [['b']] }), '/credentials/0/claim_sets/0'],
    ['an empty claim set', one({ claim_sets: [[]] }), '/credentials/0/claim_sets/0'],
    [
      'claim_sets without claims',
      one({ claims: undefined, claim_sets: [['a']] }),
      '/credentials/0/claim_sets/0',
    ],
    [
      'an authority of unknown type',
      one({ trusted_authorities: [{ type: 'x', values: ['a'] }] }),
      '/credentials/0/trusted_authorities/0/type',
    ],
    ['a string for multiple', one({ multiple: 'yes' }), '/credentials/0/multiple'],
    ['two credentials of one id', { credentials: [citizen, citizen] }, '/credentials/1/id'],
    [
      'an unknown id in credential_sets',
      { credentials: [citizen], credential_sets: [{ options: [['other']] }] },
      '/credential_sets/0/options/0',
    ],
    [
      'a credential set without options',
      { credentials: [citizen], credential_sets: [{ options: [] }] },
      '/credential_sets/0/options',
    ],
  ])('refuses %s', (_name, query, path) => {
    expect(faultOf(query, read)).toBe(`query.invalid ${path}`)
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
      expect(faultOf(query, read)).toBe('query.invalid undefined')
    }
  })
})

// OpenID4VP 1.0 6.1.1, 6.4.2.
describe.each([
  ['parseQuery', parseQuery],
  ['readQuery', readQuery],
])('a query of others, read by %s', (_reader, read) => {
  const foreign = (query: unknown): DcqlQuery => readForeignQuery(query, read)
  const zk = { id: 'zk', format: 'mso_mdoc_zk', meta: { doctype_value: 'org.example.age.1' } }

  test('keeps what is known beside a format that is not', () => {
    const query = {
      credentials: [zk, citizen],
      credential_sets: [{ options: [['zk'], ['citizen']] }],
    }
    const parsed = foreign(query)
    expect(parsed.credentials[0]).toEqual({
      ...{ id: 'zk', format: 'mso_mdoc_zk', meta: {} },
      ...{ multiple: false, require_cryptographic_holder_binding: true },
    })
    expect(parsed.credentials[1]).toEqual(read(one({})).credentials[0])
    expect(parsed.credential_sets).toEqual([{ options: [['zk'], ['citizen']], required: true }])
    expect(foreign(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  test('judges neither meta nor claims of an unknown format, but its id and its name', () => {
    for (const odd of [{ meta: 5 }, { claims: {} }, { claim_sets: 'x' }, { meta: undefined }]) {
      expect(faultOf({ credentials: [{ ...zk, ...odd }] }, foreign)).toBe('accepted')
    }
    expect(faultOf({ credentials: [{ ...zk, id: 'a b' }] }, foreign)).toBe(
      'query.invalid /credentials/0/id',
    )
    expect(faultOf({ credentials: [{ ...zk, format: 7 }] }, foreign)).toBe(
      'query.invalid /credentials/0/format',
    )
    expect(faultOf({ credentials: [zk, zk] }, foreign)).toBe('query.invalid /credentials/1/id')
  })

  test('reads an unknown kind of authority as one that nobody is under', () => {
    const aki = { type: 'aki', values: ['AAAA'] }
    const authorities = [{ type: 'x', values: [{}] }, aki]
    expect(foreign(one({ trusted_authorities: authorities })).credentials[0]).toMatchObject({
      trusted_authorities: [{ type: 'x', values: [] }, aki],
    })
    expect(faultOf(one({ trusted_authorities: [{ type: 5, values: ['a'] }] }), foreign)).toBe(
      'query.invalid /credentials/0/trusted_authorities/0/type',
    )
  })

  test('reads the older name of an SD-JWT VC', () => {
    expect(foreign(one({ format: 'vc+sd-jwt' }))).toEqual(foreign(one({})))
    const types = { format: 'vc+sd-jwt', meta: { type_values: [['A']] } }
    expect(foreign(one(types))).toEqual(read(one(types)))
  })

  test('is refused like every other where what is known is wrong, or it is no query', () => {
    for (const wrong of [null, {}, { credentials: [] }, one({ meta: {} }), one({ id: '' })]) {
      expect(faultOf(wrong, foreign)).toBe(faultOf(wrong, read))
    }
    expect(faultOf(one({ id: 'a'.repeat(70_000) }), foreign)).toBe('query.invalid undefined')
  })
})

describe('the two readers', () => {
  const some = fc.constantFrom<unknown[]>
  const listOf = (item: fc.Arbitrary<unknown>) => fc.array(item, { minLength: 1, maxLength: 3 })
  const claim = fc.record(
    {
      path: fc.tuple(some('x', 'y'), some('z', 0, 7, null)),
      values: listOf(some('x', 1, true, -2)),
    },
    { requiredKeys: ['path'] },
  )
  const authority = fc.oneof(
    fc.record({ type: some('aki'), values: listOf(some('AAAA', 'AA', 'AA==')) }),
    fc.record({ type: some('etsi_tl', 'openid_federation'), values: some(['https://a.example']) }),
  )
  const credential = fc.record(
    {
      format: some('dc+sd-jwt', 'jwt_vc_json', 'ldp_vc', 'vc+jwt', 'vc+sd-jwt'),
      multiple: fc.boolean(),
      require_cryptographic_holder_binding: fc.boolean(),
      meta: fc.record({ vct_values: listOf(some('v')), type_values: listOf(listOf(some('T'))) }),
      trusted_authorities: listOf(authority),
      claims: listOf(claim).map((claims) =>
        claims.map((each, at) => ({ id: `c${at}`, ...(each as object) })),
      ),
      claim_sets: some([['c0']]),
      extra: some(1),
    },
    { requiredKeys: ['format', 'meta', 'claims'] },
  )
  const credentialSet = fc.record(
    {
      options: listOf(listOf(some('q0'))),
      required: fc.boolean(),
      purpose: some('p', 1, { a: [1] }),
    },
    { requiredKeys: ['options'] },
  )
  const valid = fc.record(
    {
      credentials: listOf(credential).map((all) =>
        all.map((each, at) => ({ id: `q${at}`, ...(each as object) })),
      ),
      credential_sets: listOf(credentialSet),
    },
    { requiredKeys: ['credentials'] },
  )
  const junk = some(
    null,
    5,
    1.5,
    -1,
    '',
    'a b',
    'q1',
    'c1',
    'mso_mdoc',
    true,
    {},
    [],
    ['x'],
    [null],
  )

  /** The value with what lies at one place replaced, counted through the whole tree. */
  function replaced(value: unknown, place: number, by: unknown): unknown {
    let left = place
    const walk = (current: unknown): unknown => {
      if (left-- === 0) return by
      if (Array.isArray(current)) return current.map(walk)
      if (typeof current !== 'object' || current === null) return current
      return Object.fromEntries(Object.entries(current).map(([name, below]) => [name, walk(below)]))
    }
    return walk(value)
  }

  const outcome = (read: (query: unknown) => DcqlQuery, value: unknown): unknown => {
    try {
      return JSON.parse(JSON.stringify(read(value)))
    } catch (error) {
      return (error as { readonly code?: unknown }).code
    }
  }

  test('accept every valid query, and read the same in it', () => {
    fc.assert(
      fc.property(valid, (query) => {
        expect(outcome(parseQuery, query)).toHaveProperty('credentials')
        expect(outcome(readQuery, query)).toEqual(outcome(parseQuery, query))
      }),
      { numRuns: 100 },
    )
  })

  test('agree on a query of which any one part is something else', () => {
    fc.assert(
      fc.property(valid, fc.nat(60), junk, (query, place, by) => {
        const changed = replaced(query, place, by)
        // dcql takes a list for the purpose, and makes an object of it.
        fc.pre(!/"purpose":\[/.test(JSON.stringify(changed)))
        expect(outcome(readQuery, changed)).toEqual(outcome(parseQuery, changed))
      }),
      { numRuns: 500 },
    )
  })
})
