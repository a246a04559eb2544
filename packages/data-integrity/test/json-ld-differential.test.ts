import type { Json, JsonObject } from '@asoba/core'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { expect, test } from 'vitest'
import { credentialsV2 } from '../src/contexts/credentials-v2.ts'
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

// A vocabulary gives a meaning to every name that has none; the other context has some of them.
const vocabularyUrl = 'https://x.example/vocabulary'
const termsUrl = 'https://x.example/terms'
const vocabulary: JsonObject = { '@context': { '@vocab': 'https://x.example/v#' } }
const terms: JsonObject = {
  '@context': {
    '@protected': true,
    alias: 'https://x.example/v#own',
    Own: {
      '@id': 'https://x.example/v#Own',
      '@context': {
        '@protected': true,
        inner: { '@id': 'urn:inner', '@language': 'be' },
        day: { '@id': 'urn:day', '@type': 'http://www.w3.org/2001/XMLSchema#date' },
      },
    },
  },
}
// Nothing of it is protected: what is defined anew, by a type or further down, means another thing.
const openUrl = 'https://x.example/open'
const open: JsonObject = {
  '@context': {
    '@version': 1.1,
    own: 'urn:open-own',
    other: {
      '@id': 'urn:open-other',
      '@context': { inner: 'urn:open-inner', own: 'urn:deep-own' },
    },
    Own: { '@id': 'urn:open-Own', '@context': { inner: 'urn:of-own', day: 'urn:open-day' } },
    Other: { '@id': 'urn:open-Other', '@context': { other: 'urn:other-anew', alias: 'urn:alias' } },
  },
}
const withVocabulary = createJsonLd({
  contexts: [
    { url: vocabularyUrl, document: vocabulary },
    { url: termsUrl, document: terms },
    { url: openUrl, document: open },
  ],
})

const { toRDF } = jsonld as unknown as {
  readonly toRDF: (document: object, options: object) => Promise<string>
}
const documents: ReadonlyMap<string, JsonObject> = new Map([
  [url, context],
  [vocabularyUrl, vocabulary],
  [termsUrl, terms],
  [openUrl, open],
  [credentialsV2.url, JSON.parse(credentialsV2.text) as JsonObject],
])

async function theirs(document: JsonObject): Promise<readonly string[]> {
  const nquads = await toRDF(document, {
    format: 'application/n-quads',
    safe: true,
    rdfDirection: 'i18n-datatype',
    documentLoader: async (documentUrl: string) => {
      const found = documents.get(documentUrl)
      if (found === undefined) throw new Error('a test fetches nothing')
      return { documentUrl, document: structuredClone(found) }
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

const values = fc.oneof(
  fc.constantFrom<Json>(
    'text',
    'own',
    'urn:x:1',
    'https://x.example/v#Own',
    '2026-01-01T00:00:00Z',
    1,
    0.5,
    true,
    null,
  ),
  fc.constantFrom<Json>(
    [],
    { '@value': 'x', '@language': 'be', '@direction': 'ltr' },
    { '@value': 'x' },
    { '@id': 'urn:x:2' },
    { '@list': ['x', 'y'] },
  ),
)
const names = fc.constantFrom(
  ...['own', 'alias', 'other', 'inner', 'day', 'name', 'description', 'issuer', 'id', 'type'],
  ...['validFrom', 'credentialSubject', 'credentialStatus', 'credentialSchema', 'evidence'],
  ...['statusPurpose', 'statusListIndex', 'statusListCredential', 'statusSize', 'statusMessage'],
  ...['termsOfUse', 'refreshService', 'relatedResource', 'digestSRI', 'mediaType', 'jsonSchema'],
  ...[
    'message',
    'status',
    'proof',
    'proofPurpose',
    'cryptosuite',
    'constructor',
    '14',
    'a:b',
    'a b',
  ],
  ...['urn:p', '@index', '@graph', '@included', '', '_sd', 'iss', 'verifiableCredential', 'holder'],
)
const kinds = fc.constantFrom(
  ...['VerifiableCredential', 'Own', 'Other', 'BitstringStatusListEntry', 'JsonSchema', 'type'],
  ...[
    'DataIntegrityProof',
    'JsonSchemaCredential',
    'VerifiablePresentation',
    'https://x.example/v#Own',
  ],
)
const object = fc.letrec<{ object: JsonObject; any: Json }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, values, tie('object'), fc.array(tie('any'), { maxLength: 2 })),
  object: fc
    .tuple(
      fc.dictionary(names, tie('any'), { maxKeys: 3, noNullPrototype: true }),
      fc.uniqueArray(kinds, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
    )
    .map(([members, type, typed]): JsonObject => (typed ? { ...members, type } : members)),
})).object

test('says of any credential with or without a vocabulary what jsonld says', async () => {
  let agreed = 0
  await fc.assert(
    fc.asyncProperty(
      object,
      fc.constantFrom(
        ...[[vocabularyUrl], [termsUrl], [openUrl], [vocabularyUrl, termsUrl], []],
        ...[
          [openUrl, termsUrl],
          [openUrl, vocabularyUrl],
        ],
      ),
      async (members, more) => {
        const document: JsonObject = {
          type: 'VerifiableCredential',
          ...members,
          '@context': [credentialsV2.url, ...more],
        }
        const found = await withVocabulary.toNQuads(document).catch(() => undefined)
        const wanted = await theirs(document).catch(() => undefined)
        // Ours refuses more: what is lost in RDF, and what is there twice.
        if (found === undefined) return
        // Which node is called what is for each to choose.
        const { nquads } = await withVocabulary.canonize(found)
        expect(nquads).toEqual((await withVocabulary.canonize(wanted ?? [])).nquads)
        agreed++
      },
    ),
    { numRuns: 200 },
  )
  expect(agreed).toBeGreaterThan(20)
})

function hasTwice(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  const members: readonly Json[] = Object.values(value)
  const plain = members.filter((member) => typeof member !== 'object')
  const twice = Array.isArray(value) && new Set(plain).size < plain.length
  return twice || members.some(hasTwice)
}

test('says the same of a document, whatever was read before it', async () => {
  // The same context of a property goes on inside of an object, and of a class does not.
  const inside = { x: 'urn:inside' }
  const both = 'https://x.example/both'
  const body = {
    '@version': 1.1,
    id: '@id',
    type: '@type',
    in: 'urn:in',
    p: { '@id': 'urn:p', '@context': inside },
    A: { '@id': 'urn:A', '@context': inside },
    // What is not compiled, so that the library reads it all.
    nothing: { '@id': '@nest' },
  } as unknown as JsonObject
  const fresh = () => createJsonLd({ contexts: [{ url: both, document: { '@context': body } }] })
  const ofProperty = { '@context': [both], id: 'urn:1', p: { x: '1', in: { x: '2' } } }
  const ofClass = { '@context': [both], id: 'urn:2', type: 'A', x: '1', in: { id: 'urn:3' } }
  const below = { '@context': [both], id: 'urn:2', type: 'A', in: { x: '2' } }
  for (const order of [
    [ofProperty, ofClass, below],
    [below, ofClass, ofProperty],
    [ofClass, ofProperty, below],
  ]) {
    const processor = fresh()
    for (const document of order) {
      const found = await processor.toNQuads(document).catch(({ code }: { code: string }) => code)
      const alone = await fresh()
        .toNQuads(document)
        .catch(({ code }: { code: string }) => code)
      expect(found).toEqual(alone)
    }
  }
})
