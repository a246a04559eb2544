import type { JsonObject } from '@asoba/core'
import { type NationType, nationTypes } from '@asoba/credentials'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { type ContextDocument, compiledProcessor, type RdfProcessor } from '../src/compiled.ts'
import { credentialsV2 } from '../src/contexts/credentials-v2.ts'

export const types: readonly NationType[] = Object.values(
  nationTypes({ origin: 'https://nation.example' }),
)
export const contexts: readonly ContextDocument[] = types.map(({ context: { url, bytes } }) => ({
  url,
  document: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
}))
export const processor: RdfProcessor = compiledProcessor({ contexts })

export async function canonical(
  document: JsonObject,
  own: RdfProcessor = processor,
): Promise<string> {
  return (await own.canonize(await own.toNQuads(document))).nquads.join('')
}

/** The library that everybody uses, in the mode in which it drops nothing silently. */
export async function byJsonld(
  document: JsonObject,
  more: readonly ContextDocument[] = [],
): Promise<string> {
  return jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    safe: true,
    documentLoader: async (documentUrl) => {
      const found = [...contexts, ...more].find(({ url }) => url === documentUrl)
      const own = documentUrl === credentialsV2.url ? JSON.parse(credentialsV2.text) : undefined
      const document = found?.document ?? own
      if (document === undefined) throw new Error('a test fetches nothing')
      return { documentUrl, document: structuredClone(document) }
    },
  })
}

/** Texts with everything that could break out of a literal. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r',
      '\t',
      '\b',
      '\f',
      '\u0000',
      '\u007f',
      '\u0085',
      ' .',
      '<',
      '>',
      '_:b0',
      '@be',
      '^^',
      'ў',
      '\u{1f600}',
      '\ue000',
    ),
  }),
  fc.constantFrom('none', '" .\n_:b0 <urn:a> "', '\\u0022', '<urn:bnid:x>', '_:c14n0', '\ufeff'),
)

/** Claims as a schema has them, each there or not, with values of the right JSON type but no other rule. */
export function claimsOf(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const { properties } = schema as { properties: Record<string, JsonObject> }
  const members = Object.entries(properties).map(
    ([name, member]) => [name, valuesOf(member)] as const,
  )
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>
}

function valuesOf(schema: JsonObject): fc.Arbitrary<unknown> {
  switch (schema['type']) {
    case 'object':
      return claimsOf(schema)
    case 'array': {
      // Statements of one property: in which order, rdf-canonize says by UTF-16 code units.
      const item = fc.string({ unit: 'grapheme-ascii' })
      return fc.uniqueArray(item, { minLength: 1, maxLength: 8 })
    }
    case 'boolean':
      return fc.oneof(fc.boolean(), texts)
    case 'integer':
      return fc.oneof(
        fc.maxSafeInteger(),
        fc.integer({ max: 1e6 }).map((n) => n / 8),
      )
    default:
      return fc.oneof({ weight: 9, arbitrary: texts }, fc.boolean(), fc.integer())
  }
}

export function credentialOf(type: NationType, claims: JsonObject): JsonObject {
  return {
    '@context': [...type.contexts],
    type: [...type.types],
    issuer: 'did:web:registry.example',
    validFrom: '2026-10-02T00:00:00Z',
    validUntil: '2026-12-31T00:00:00Z',
    credentialSubject: { type: [...type.subjectTypes], ...claims },
  }
}
