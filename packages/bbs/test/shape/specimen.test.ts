import type { CredentialType, JsonObject } from '@asoba/core'
import { compiledProcessor } from '@asoba/data-integrity/compiled'
import {
  canonicalizeAndGroup,
  createHmac,
  shuffledHmacLabels,
  toPointer,
} from '@asoba/data-integrity/primitives'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawFixedLabels } from '../../src/shape/labels.ts'
import { disclosablePaths } from '../../src/shape/parts.ts'
import { mandatoryPointers, shapeOf, specimen } from '../../src/shape/specimen.ts'
import { citizenship, claimsOf, credentialOf, processor, types } from './fixtures.ts'

describe('the shape of a type', () => {
  // As in the table of spec/bbs-profile.md.
  test.each([
    ['citizenship', 51, 5],
    ['residency', 42, 5],
    ['profession', 42, 5],
    ['taxReceipt', 7, 2],
  ])('of %s has %i messages and %i nodes', async (name, messages, nodes) => {
    const type = types.find((one) => one.name === name) as CredentialType
    const shape = await shapeOf(type, processor)
    expect(shape.messages).toBe(messages)
    expect(shape.nodes).toHaveLength(nodes)
    expect([...shape.indexes.keys()]).toEqual(
      disclosablePaths(type).map((path) => toPointer(['credentialSubject', ...(path as string[])])),
    )
    // Every message belongs to a claim, or connects one.
    expect(new Set([...shape.indexes.values()].flat()).size).toBe(messages)
  })

  test.each(types)('of $name is that of every person’s credential', async (type) => {
    const shape = await shapeOf(type, processor)
    const groups: Record<string, readonly string[]> = { mandatory: mandatoryPointers }
    for (const pointer of shape.indexes.keys()) groups[pointer] = [pointer]
    await fc.assert(
      fc.asyncProperty(claimsOf(type.schema), async (claims) => {
        const credential = credentialOf(type, claims)
        const key = await drawFixedLabels(processor, credential)
        const grouped = await canonicalizeAndGroup(processor, credential, {
          labels: shuffledHmacLabels(await createHmac(key)),
          groups,
        })
        const { mandatory } = grouped.groups as { mandatory: (typeof grouped.groups)[string] }
        const places = [...mandatory.nonMatching.keys()]
        expect(places).toHaveLength(shape.messages)
        for (const [pointer, expected] of shape.indexes) {
          const shown = [...(grouped.groups[pointer]?.matching.keys() ?? [])]
          expect(shown.map((index) => places.indexOf(index)).filter((at) => at >= 0)).toEqual(
            expected,
          )
        }
      }),
      { numRuns: 12 },
    )
  })

  test('is without ids, and its dates are whole seconds', () => {
    const document = credentialOf(
      citizenship,
      {},
      { validFrom: new Date('2026-10-02T00:00:00.789Z') },
    )
    expect(JSON.stringify(document)).not.toContain('"id"')
    expect(document['validFrom']).toBe('2026-10-02T00:00:00Z')
    expect(specimen(citizenship, 'did:web:x.example')['issuer']).toBe('did:web:x.example')
  })

  describe('is refused', () => {
    const own = (
      terms: JsonObject,
      properties: JsonObject,
    ): readonly [CredentialType, ReturnType<typeof compiledProcessor>] => {
      const url = 'https://own.example/context'
      const context = {
        '@context': {
          '@protected': true,
          Own: 'https://own.example/Own',
          Thing: {
            '@id': 'https://own.example/Thing',
            '@context': { '@protected': true, ...terms },
          },
        },
      }
      const type = {
        ...citizenship,
        contexts: [citizenship.contexts[0] as string, url],
        types: ['VerifiableCredential', 'Own'],
        subjectTypes: ['Thing'],
        schema: { type: 'object', properties },
      }
      return [type, compiledProcessor({ contexts: [{ url, document: context }] })]
    }
    const text = { type: 'string' }
    const list = { type: 'array', maxItems: 3, items: text }

    test('not where every claim has its place', async () => {
      const [type, processor] = own(
        { a: 'urn:a', b: 'urn:type', c: 'urn:c' },
        { a: text, b: text, c: list },
      )
      expect((await shapeOf(type, processor)).messages).toBe(7)
    })

    test.each<readonly [string, JsonObject, JsonObject]>([
      [
        'two claims share a property',
        { a: { '@id': 'urn:x', '@language': 'be' }, b: 'urn:x' },
        { a: text, b: text },
      ],
      ['two claims share a property and a text', { a: 'urn:x', b: 'urn:x' }, { a: text, b: text }],
      ['a claim shares the property of an array', { a: 'urn:x', b: 'urn:x' }, { a: text, b: list }],
      [
        'two arrays share a property',
        { a: { '@id': 'urn:x', '@language': 'be' }, b: 'urn:x' },
        { a: list, b: list },
      ],
    ])('where %s', async (_name, terms, properties) => {
      const [type, processor] = own(terms, properties)
      await expect(shapeOf(type, processor)).rejects.toThrow(TypeError)
    })

    test('where a claim is a node, for «none» is no IRI', async () => {
      const [type, processor] = own({ a: { '@id': 'urn:x', '@type': '@id' } }, { a: text })
      await expect(shapeOf(type, processor)).rejects.toMatchObject({ code: 'jsonld.unsupported' })
    })
  })
})
