import type { Json, JsonObject } from '@asoba/core'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { expect, test } from 'vitest'
import { createJsonLd } from '../src/index.ts'

// Contexts of types and properties, that reach down or do not, within one another.
const url = 'https://x.example/v1'
const context: JsonObject = {
  '@context': {
    id: '@id',
    type: '@type',
    x: 'urn:x',
    p: 'urn:p',
    q: { '@id': 'urn:q', '@context': { x: 'urn:q-x', inner: 'urn:q-inner' } },
    A: {
      '@id': 'urn:A',
      '@context': { x: 'urn:A-x', inner: { '@id': 'urn:i', '@context': { x: 'urn:i-x' } } },
    },
    B: { '@id': 'urn:B', '@context': { '@propagate': true, x: 'urn:B-x' } },
    C: { '@id': 'urn:C', '@context': { C2: 'urn:C2', p: null, q: { '@id': 'urn:C-q' } } },
  },
}
const ours = createJsonLd({ contexts: [{ url, document: context }] })

const { toRDF } = jsonld as unknown as {
  readonly toRDF: (document: object, options: object) => Promise<string>
}

async function theirs(document: JsonObject): Promise<readonly string[]> {
  const nquads = await toRDF(document, {
    format: 'application/n-quads',
    safe: true,
    documentLoader: async (documentUrl: string) => {
      if (documentUrl !== url) throw new Error('a test fetches nothing')
      return { documentUrl, document: structuredClone(context) }
    },
  })
  return nquads.split(/(?<=\n)/).sort()
}

const node = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>('text', 1, true),
    fc.dictionary(
      fc.constantFrom('x', 'p', 'q', 'inner'),
      fc.oneof(tie('node'), fc.array(tie('node'), { minLength: 1, maxLength: 2 })),
      { minKeys: 1, maxKeys: 3 },
    ),
    fc
      .tuple(
        fc.subarray(['A', 'B', 'C', 'C2'], { minLength: 1 }),
        fc.dictionary(fc.constantFrom('x', 'p', 'q', 'inner'), tie('node'), { maxKeys: 3 }),
      )
      .map(([type, rest]): Json => ({ type, ...rest })),
  ),
})).node

test('says of any document what jsonld says of it, however often it is asked', async () => {
  let agreed = 0
  await fc.assert(
    fc.asyncProperty(node, node, async (one, two) => {
      const document: JsonObject = { '@context': url, p: [one, two], x: 'y' }
      // Of two equal values jsonld signs one without a word; we sign neither.
      const wanted = hasTwice(document) ? undefined : await theirs(document).catch(() => undefined)
      for (let round = 0; round < 2; round++) {
        const found = await ours.toNQuads(document).catch(() => undefined)
        expect(found === undefined ? undefined : [...found].sort()).toEqual(wanted)
      }
      if (wanted !== undefined) agreed++
    }),
    { numRuns: 200 },
  )
  expect(agreed).toBeGreaterThan(5)
})

function hasTwice(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  const members: readonly Json[] = Object.values(value)
  const plain = members.filter((member) => typeof member !== 'object')
  const twice = Array.isArray(value) && new Set(plain).size < plain.length
  return twice || members.some(hasTwice)
}
