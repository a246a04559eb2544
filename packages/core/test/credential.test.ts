import { type Json, type JsonObject, validateCredential } from '@asoba/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const valid = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://nation.example/contexts/v1'],
  id: 'urn:uuid:7a2c0d5e-6a1f-4c55-9f3e-0d8b2f2b8f10',
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  name: [
    { '@value': 'Citizenship', '@language': 'en', '@direction': 'ltr' },
    { '@value': 'Грамадзянства', '@language': 'be-Cyrl' },
  ],
  description: 'Who belongs',
  issuer: { id: 'did:web:registry.example', name: 'Registry' },
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00+03:00',
  credentialSubject: { id: 'did:key:z6Mk', citizen: true },
  credentialStatus: { type: 'BitstringStatusListEntry' },
  credentialSchema: [{ id: 'https://nation.example/schema.json', type: 'JsonSchema' }],
  evidence: [{ type: ['Evidence'] }],
  termsOfUse: { type: 'TrustFrameworkPolicy' },
  refreshService: { type: 'Refresh', id: 'https://registry.example/refresh' },
  relatedResource: {
    id: 'https://nation.example/logo.svg',
    mediaType: 'image/svg+xml',
    digestSRI: 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
  },
  proof: {
    type: 'DataIntegrityProof',
    cryptosuite: 'ecdsa-jcs-2019',
    proofPurpose: 'assertionMethod',
  },
} as const satisfies JsonObject

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

const without = (name: string): Json =>
  Object.fromEntries(Object.entries(valid).filter(([each]) => each !== name))

const pathsOf = (value: unknown): (string | undefined)[] =>
  validateCredential(value).map(({ path }) => path)

describe('validateCredential', () => {
  test('accepts a credential with every property, and does not write to it', () => {
    expect(validateCredential(freeze(structuredClone(valid)))).toEqual([])
  })

  test('takes a context object in the wrapping of a context document', () => {
    const wrapped = (context: Json) => [valid['@context'][0] as string, { '@context': context }]
    expect(pathsOf({ ...valid, '@context': wrapped({ a: 'https://nation.example/#a' }) })).toEqual(
      [],
    )
    const broken = wrapped({ a: { '@id': 'not an iri' } })
    expect(pathsOf({ ...valid, '@context': broken })).toEqual(['/@context/1'])
  })

  test.each(['@context', 'type', 'issuer', 'credentialSubject'])('requires %s', (name) => {
    expect(pathsOf(without(name))).toEqual([`/${name}`])
  })

  test.each<[string, JsonObject, string]>([
    ['a context as a string', { '@context': valid['@context'][0] }, '/@context'],
    ['an empty set of contexts', { '@context': [] }, '/@context/0'],
    [
      'the context of 1.1 first',
      { '@context': ['https://www.w3.org/2018/credentials/v1', valid['@context'][0]] },
      '/@context/0',
    ],
    ['null as a context', { '@context': [valid['@context'][0], null] }, '/@context/1'],
    [
      'a context object that maps a term to no IRI',
      { '@context': [valid['@context'][0], { a: { '@id': 'not an iri' } }] },
      '/@context/1',
    ],
    [
      'a bad term in a scoped context',
      { '@context': [valid['@context'][0], { a: { '@id': 'x:a', '@context': { b: 5 } } }] },
      '/@context/1',
    ],
    ['an id that is no URL', { id: 'seven' }, '/id'],
    ['an id with a space', { id: 'urn:a b' }, '/id'],
    ['an empty type', { type: [] }, '/type'],
    ['a type that is no string', { type: ['VerifiableCredential', 5] }, '/type'],
    ['a type with a space', { type: ['VerifiableCredential', 'My Type'] }, '/type'],
    ['a name that is a number', { name: 5 }, '/name'],
    ['a name without texts', { name: [] }, '/name'],
    ['a name whose texts have no language object', { name: ['a'] }, '/name/0'],
    ['a name without @value', { name: { '@language': 'en' } }, '/name'],
    ['a malformed language', { name: { '@value': 'a', '@language': 'not_a_tag' } }, '/name'],
    ['a language that is null', { name: { '@value': 'a', '@language': null } }, '/name'],
    ['an unknown direction', { name: { '@value': 'a', '@direction': 'up' } }, '/name'],
    ['another member beside the language', { name: { '@value': 'a', '@type': 'b' } }, '/name'],
    ['an issuer that is a list', { issuer: ['did:example:1'] }, '/issuer'],
    ['an issuer without id', { issuer: { name: 'Registry' } }, '/issuer/id'],
    [
      'a description of the issuer',
      { issuer: { id: 'did:a:b', description: 5 } },
      '/issuer/description',
    ],
    ['a subject that is a string', { credentialSubject: 'did:a:b' }, '/credentialSubject'],
    ['no subjects', { credentialSubject: [] }, '/credentialSubject'],
    ['an empty subject', { credentialSubject: [{}] }, '/credentialSubject/0'],
    ['a subject whose id is no URL', { credentialSubject: { id: 'me' } }, '/credentialSubject/id'],
    ['a date alone', { validFrom: '2026-01-01' }, '/validFrom'],
    ['a time without zone', { validUntil: '2027-01-01T00:00:00' }, '/validUntil'],
    ['a date as a number', { validFrom: 1767225600 }, '/validFrom'],
    ['an end before the beginning', { validUntil: '2025-12-31T23:59:59Z' }, '/validUntil'],
    ['a status that is a string', { credentialStatus: 'https://a.example/1' }, '/credentialStatus'],
    ['a schema without id', { credentialSchema: { type: 'JsonSchema' } }, '/credentialSchema/id'],
    ['a schema without type', { credentialSchema: { id: 'did:a:b' } }, '/credentialSchema/type'],
    ['evidence without type', { evidence: [{ id: 'did:a:b' }] }, '/evidence/0/type'],
    ['evidence whose id is no URL', { evidence: { id: 'x', type: 'a' } }, '/evidence/id'],
    ['terms of use that are null', { termsOfUse: null }, '/termsOfUse'],
    ['a refresh service without type', { refreshService: {} }, '/refreshService/type'],
    ['a proof that is a string', { proof: 'z58' }, '/proof'],
    [
      'a proof without cryptosuite',
      { proof: { type: 'DataIntegrityProof', proofPurpose: 'a' } },
      '/proof/cryptosuite',
    ],
    [
      'a resource without digest',
      { relatedResource: { id: 'https://a.example' } },
      '/relatedResource',
    ],
    [
      'a resource that is a string',
      { relatedResource: ['https://a.example'] },
      '/relatedResource/0',
    ],
    [
      'a resource without id',
      { relatedResource: { digestSRI: valid.relatedResource.digestSRI } },
      '/relatedResource/id',
    ],
    [
      'a resource named twice',
      { relatedResource: [valid.relatedResource, valid.relatedResource] },
      '/relatedResource/1/id',
    ],
    [
      'a malformed digest',
      { relatedResource: { ...valid.relatedResource, digestSRI: 'sha256-AAAA' } },
      '/relatedResource/digestSRI',
    ],
    [
      'a digest of an unknown algorithm',
      { relatedResource: { ...valid.relatedResource, digestMultibase: 'uVBQAAAA' } },
      '/relatedResource/digestMultibase',
    ],
    [
      'a media type that is no string',
      { relatedResource: { ...valid.relatedResource, mediaType: 1 } },
      '/relatedResource/mediaType',
    ],
  ])('refuses %s', (_name, change, path) => {
    expect(pathsOf({ ...valid, ...change })).toEqual([path])
  })

  test.each([null, undefined, 5, 'eyJ', [valid]])('refuses %j as a credential', (value) => {
    expect(pathsOf(value)).toEqual([''])
  })

  test('returns every problem, not the first', () => {
    expect(pathsOf({ id: 5, evidence: [{}, 'x'], validFrom: 'now' })).toEqual([
      '/@context',
      '/id',
      '/type',
      '/issuer',
      '/credentialSubject',
      '/validFrom',
      '/evidence/0/type',
      '/evidence/1',
    ])
  })

  test('takes an empty subject where claims were withheld, and only there', () => {
    const bare = { ...valid, credentialSubject: {} }
    expect(validateCredential(bare, { disclosed: 'some' })).toEqual([])
    expect(pathsOf(bare)).toEqual(['/credentialSubject'])
  })

  test('takes a validity of one instant in two time zones', () => {
    const instant = { validFrom: '2026-01-01T01:00:00+01:00', validUntil: '2026-01-01T00:00:00Z' }
    expect(pathsOf({ ...valid, ...instant })).toEqual([])
  })

  test('takes for a URL what the platform parses without changing it, of every scheme', () => {
    const scheme = fc.constantFrom('did:', 'urn:', 'did:web:', 'urn:uuid:', 'did://', 'urn:/', 'x:')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no URL holds
    const never = /[\u0000- \u007f<>"\\^`{|}]/
    fc.assert(
      fc.property(scheme, fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (before, rest) => {
        const id = before + rest
        const refused = validateCredential({ ...valid, id }).length > 0
        expect(refused).toBe(never.test(id) || !URL.canParse(id))
      }),
      { numRuns: 200 },
    )
  })
})
