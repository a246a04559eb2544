import type { JsonObject } from '@asoba/core'
import { type NationType, nationTypes } from '@asoba/credentials'
import { compiledProcessor } from '@asoba/data-integrity/compiled'
import type { RdfProcessor } from '@asoba/data-integrity/primitives'
import fc from 'fast-check'
import { type FixedCredentialInput, fixedCredential } from '../../src/shape/specimen.ts'

export const types: readonly NationType[] = Object.values(
  nationTypes({ origin: 'https://nation.example' }),
)
export const [citizenship] = types as readonly [NationType]
export const processor: RdfProcessor = compiledProcessor({
  contexts: types.map(({ context: { url, bytes } }) => ({
    url,
    document: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
  })),
})

export function credentialOf(
  type: NationType,
  claims: JsonObject,
  more: Partial<FixedCredentialInput> = {},
): JsonObject {
  return fixedCredential({
    type,
    claims,
    issuer: 'did:web:registry.example',
    validFrom: new Date('2026-10-02T00:00:00Z'),
    validUntil: new Date('2026-12-31T00:00:00Z'),
    ...more,
  })
}

const real = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('None', ' none', 'none:', 'none:0', 'none:01', 'a\n"', '\u{1f600}'),
  )
  .filter((text) => !/^none(:[1-9]\d*)?$/.test(text))

/** Claims as a schema has them, each there or not; texts are any, for the shape must not depend on them. */
export function claimsOf(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const { properties } = schema as { properties: Record<string, JsonObject> }
  const members = Object.entries(properties).map(([name, member]) => {
    const { type, maxItems } = member as { type: string; maxItems: number }
    if (type === 'object') return [name, claimsOf(member)] as const
    if (type === 'array') return [name, fc.uniqueArray(real, { maxLength: maxItems })] as const
    return [name, type === 'string' ? real : type === 'integer' ? fc.nat() : fc.boolean()] as const
  })
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>
}
