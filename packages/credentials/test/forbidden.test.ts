import type { JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { all, citizen, text, types } from './fixtures.ts'

const forbidden = [
  /mrz/i,
  /portrait/i,
  /document_?number/i,
  /urn:eudi/i,
  /issuing_?country/i,
  /passport/i,
  /пашпарт/i,
  /паспорт/i,
  /identification_?number/i,
  /personal_administrative/i,
]

describe('a credential that must not look like a travel document', () => {
  test.each(all)('$name says none of the forbidden words anywhere', (type) => {
    const everything = [
      text(type.metadata),
      text(type.context.bytes),
      JSON.stringify(type),
      JSON.stringify(type.schema),
    ].join('\n')
    for (const word of forbidden) expect(everything).not.toMatch(word)
    expect(everything).not.toMatch(/"BY"/)
  })

  test.each([
    'mrz',
    'mrzHash',
    'portrait',
    'portrait_hash',
    'document_number',
    'issuing_country',
    'personal_administrative_number',
    'picture',
  ])('refuses the claim %s in every type, whole or in part', (name) => {
    for (const type of all) {
      for (const disclosed of ['all', 'some'] as const) {
        const paths = type.validate({ [name]: 'x' }, { disclosed }).map(({ path }) => path)
        expect(paths).toContain('')
      }
    }
  })

  test('refuses them inside evidence too', () => {
    const claims = { ...citizen, evidence: { ...citizen.evidence, document: { mrz: 'x' } } }
    expect(types.citizenship.validate(claims, { disclosed: 'all' })).toEqual([
      {
        code: 'claims.invalid',
        path: '/evidence',
        detail: 'a claim is there that this type does not have',
      },
    ])
  })

  test('closes every object of every schema', () => {
    const open = (schema: JsonObject, at: string): string[] => {
      const below = Object.entries((schema['properties'] ?? {}) as JsonObject)
      return [
        ...(schema['type'] === 'object' && schema['additionalProperties'] !== false ? [at] : []),
        ...below.flatMap(([name, member]) => open(member as JsonObject, `${at}/${name}`)),
      ]
    }
    for (const { schema } of all) expect(open(schema, '')).toEqual([])
  })
})
