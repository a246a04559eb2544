import { canonicalize, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { describe, expect, test } from 'vitest'
import { compiledProcessor } from '../src/compiled.ts'
import { credentialsV2 } from '../src/contexts/credentials-v2.ts'
import { createJsonLd } from '../src/index.ts'
import { jsonLdOfVectors } from './contexts.ts'

const type = 'https://www.w3.org/2018/credentials#VerifiableCredential'
const base = credentialsV2.url
const url = 'https://nation.example/contexts/reading/v1'
const t = (name: string): string => `https://nation.example/terms#${name}`
const xsd = (name: string): string => `http://www.w3.org/2001/XMLSchema#${name}`
const terms: JsonObject = {
  '@protected': true,
  LicenceCredential: t('LicenceCredential'),
  category: t('category'),
  points: { '@id': t('points'), '@type': xsd('integer') },
  weight: { '@id': t('weight'), '@type': xsd('decimal') },
  day: { '@id': t('day'), '@type': xsd('date') },
  tags: { '@id': t('tags'), '@container': '@set' },
  title: { '@id': t('title'), '@language': 'be' },
  knows: { '@id': t('knows'), '@type': '@id' },
  Person: {
    '@id': 'https://schema.org/Person',
    '@context': {
      '@protected': true,
      id: '@id',
      type: '@type',
      age: t('age'),
      address: {
        '@id': t('address'),
        '@context': { '@protected': true, id: '@id', type: '@type', street: t('street') },
      },
    },
  },
}
const wideTerms: JsonObject = {
  nation: 'https://nation.example/terms#',
  steps: { '@id': t('steps'), '@container': '@list' },
  names: { '@id': t('names'), '@container': '@language' },
  data: { '@id': t('data'), '@type': '@json' },
  kategoria: t('category'),
}
const wideUrl = 'https://nation.example/contexts/wide/v1'
const contexts = [{ url, document: { '@context': terms } }]
const processor = createJsonLd({
  contexts: [...contexts, { url: wideUrl, document: { '@context': wideTerms } }],
})
const compiled = compiledProcessor({ contexts })

const read = async (document: JsonObject, by = processor) =>
  by.read(await by.toNQuads(document), document['@context'] ?? [], { type })
const credential = (subject: Json, more: JsonObject = {}): JsonObject => ({
  '@context': [base, url],
  type: ['VerifiableCredential', 'LicenceCredential'],
  issuer: 'did:web:registry.example',
  validUntil: '2026-02-01T00:00:00Z',
  credentialSubject: subject,
  ...more,
})

/** The same value, whatever the order of its arrays. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(inOrder).sort((a, b) => (canonicalize(a) < canonicalize(b) ? -1 : 1))
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inOrder(one)]))
}

describe('a document read from its statements', () => {
  test('says what it said', async () => {
    const document = credential({
      type: 'Person',
      category: 'B',
      points: 12,
      weight: 61.5,
      day: '2001-02-03',
      tags: ['one'],
      title: 'Спадарыня',
      knows: ['urn:x:1', 'urn:x:2'],
      age: 33,
      address: { street: 'Niamiha' },
    })
    expect((await read(document)).document).toEqual(document)
    expect((await read(document, compiled)).document).toEqual(document)
  })

  test('reads a number or truth value as such, and a text as a text, however it is written', async () => {
    for (const [name, written, wanted] of [
      ['points', '12', 12],
      ['points', 12, 12],
      ['points', '012', '012'],
      ['points', '9007199254740993', '9007199254740993'],
      ['points', '-0', '-0'],
      ['weight', 61.5, 61.5],
      ['weight', '61.5', '61.5'],
      ['category', '12', '12'],
      ['category', 12, 12],
      ['category', 1e21, 1e21],
      ['category', { type: xsd('integer'), '@value': '12' }, 12],
      ['category', { type: xsd('boolean'), '@value': 'true' }, true],
      [
        'category',
        { type: xsd('boolean'), '@value': '1' },
        { type: xsd('boolean'), '@value': '1' },
      ],
      ['category', true, true],
      ['category', 'true', 'true'],
    ] as const) {
      const { document } = await read(credential({ [name]: written as Json }))
      expect((document['credentialSubject'] as JsonObject)[name]).toEqual(wanted)
    }
  })

  test('does not tell one value from an array of one, nor one order from another', async () => {
    const one = await read(credential({ category: ['b', 'a', 'c'], knows: 'urn:x:1', tags: 'x' }))
    const other = await read(
      credential({ tags: ['x'], knows: ['urn:x:1'], category: ['c', 'b', 'a'] }),
    )
    expect(one).toEqual(other)
    expect(one.document['credentialSubject']).toEqual({
      category: ['a', 'b', 'c'],
      knows: 'urn:x:1',
      tags: ['x'],
    })
  })

  test('has a node below every reference to it, but not inside of itself', async () => {
    const me = 'did:example:me'
    const written = credential({ id: me, category: 'B' }, { issuer: me })
    const moved = credential(me, { issuer: { id: me, category: 'B' } })
    const split = credential([{ id: me }], { issuer: { id: me, category: 'B' } })
    const whole = { id: me, category: 'B' }
    for (const one of [written, moved, split]) {
      const { document } = await read(one)
      expect(document).toMatchObject({ issuer: whole, credentialSubject: whole })
    }
    const own = 'urn:uuid:c'
    const inside = credential(
      { knows: { id: own, validUntil: '2026-02-01T00:00:00Z' } },
      { id: own },
    )
    const { validUntil: _, ...hidden } = inside
    // Under its own type the name of the end means the end, wherever the node is written.
    await expect(processor.toNQuads(hidden)).rejects.toMatchObject({ code: 'jsonld.term-unknown' })
    const typed = credential(
      { knows: { id: own, type: 'VerifiableCredential', validUntil: '2026-02-01T00:00:00Z' } },
      { id: own },
    )
    const { validUntil: __, ...rest } = typed
    expect((await read(rest)).document).toMatchObject({ validUntil: '2026-02-01T00:00:00Z' })
  })

  test('has lists in their order, texts by language, and JSON as it is', async () => {
    const subject = {
      steps: ['b', 'a', 'b'],
      names: { be: 'Алеся', en: ['Alesia', 'Alice'] },
      data: { b: [3, 1, { '@id': 'x' }], a: null },
    }
    const document = credential(subject, { '@context': [base, url, wideUrl] })
    expect((await read(document)).document).toEqual(document)
  })

  test('has every name that its contexts give, the shortest first, and says where there is none', async () => {
    const wide = { '@context': [base, url, wideUrl] }
    const by = async (name: string) => read(credential({ [name]: 'B' }, wide))
    for (const name of ['category', 'kategoria', 'nation:category', t('category')]) {
      expect((await by(name)).document['credentialSubject']).toEqual({ category: 'B' })
    }
    expect(await by('nation:other')).toMatchObject({
      unnamed: false,
      document: { credentialSubject: { 'nation:other': 'B' } },
    })
    const absolute = await read(credential({ 'https://other.example/x': 'B' }))
    expect(absolute.unnamed).toBe(true)
    expect(absolute.document['credentialSubject']).toEqual({ 'https://other.example/x': 'B' })
    await expect(
      compiled.read(
        await processor.toNQuads(credential({ 'https://other.example/x': 'B' })),
        [base, url],
        { type },
      ),
    ).rejects.toMatchObject({ code: 'jsonld.unsupported' })
  })

  test('is refused where it could begin with another node', async () => {
    const other = { id: 'urn:uuid:b', type: 'VerifiableCredential', knows: 'urn:uuid:a' }
    const circle = credential({ knows: other as unknown as Json }, { id: 'urn:uuid:a' })
    await expect(read(circle)).rejects.toMatchObject({ code: 'jsonld.unsupported' })
    const two = {
      '@context': [base, url],
      '@graph': [credential('urn:x:1'), credential('urn:x:2')],
    }
    const lines = await processor.toNQuads({
      '@context': [base, url],
      '@graph': two['@graph'].map(({ '@context': _, ...rest }: JsonObject) => rest),
    })
    await expect(processor.read(lines, [base, url], { type })).rejects.toMatchObject({
      code: 'jsonld.unsupported',
    })
    // A node that refers to the credential, and to which nothing refers.
    const { '@context': _, ...rest } = credential({ category: 'B' }, { id: 'urn:uuid:a' })
    const above = {
      '@context': [base, url],
      '@graph': [rest, { id: 'urn:x:1', knows: 'urn:uuid:a' }],
    }
    await expect(read(above)).rejects.toMatchObject({ code: 'jsonld.unsupported' })
  })

  test('is refused where a node without a name contains itself, or the tree grows too large', async () => {
    const lines = [
      `_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <${type}> .\n`,
      `_:a <${t('knows')}> _:a .\n`,
    ]
    await expect(processor.read(lines, [base, url], { type })).rejects.toMatchObject({
      code: 'jsonld.unsupported',
    })
    const ladder = Array.from({ length: 40 }, (_, at) =>
      [0, 1].map((side) => `<urn:x:${at}> <${t(`p${side}`)}> <urn:x:${at + 1}> .\n`),
    ).flat()
    const start = `<urn:x:0> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <${type}> .\n`
    await expect(processor.read([start, ...ladder], [base, url], { type })).rejects.toMatchObject({
      code: 'jsonld.too-complex',
    })
  })

  test('keeps on being read where somebody sent many places before', async () => {
    const own = createJsonLd({ contexts })
    // Each place is worked out once and kept, within a bound.
    let deep: JsonObject = { type: 'Person', category: 'x' }
    for (let depth = 0; depth < 30; depth++) deep = { type: 'Person', address: { knows: deep } }
    const before = await read(credential(deep), own)
    expect(before.unnamed).toBe(false)
    const plain = credential({ type: 'Person', address: { street: 'Niamiha' } })
    expect((await read(plain, own)).document).toEqual(plain)
  })
})

describe('as JSON-LD compacts it', () => {
  const text = fc.string({ minLength: 1, maxLength: 6 })
  const { node } = fc.letrec<{ node: JsonObject }>((tie) => ({
    node: fc
      .record(
        {
          type: fc.constantFrom('Person', 'LicenceCredential'),
          category: fc.oneof(
            text,
            fc.uniqueArray(text, { minLength: 2, maxLength: 3 }),
            fc.boolean(),
          ),
          points: fc.integer(),
          day: fc.constantFrom('2001-02-03', '2001'),
          tags: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
          title: text,
          knows: fc.oneof(fc.constantFrom('urn:x:1', 'did:example:2'), tie('node')),
          age: fc.oneof(fc.integer(), text),
          address: fc.record({ street: text }),
        },
        { requiredKeys: [] },
      )
      .map((one) => {
        // Terms of a person are none elsewhere.
        const { age: _, address: __, ...rest } = one as JsonObject
        return (one as JsonObject)['type'] === 'Person' ? (one as JsonObject) : rest
      }),
  }))
  const { compact } = jsonld as unknown as {
    readonly compact: (document: object, context: object, options: object) => Promise<JsonObject>
  }
  const documents = new Map<string, Json>([
    [base, JSON.parse(credentialsV2.text) as Json],
    [url, { '@context': terms }],
  ])
  const documentLoader = async (documentUrl: string) => ({
    documentUrl,
    document: documents.get(documentUrl),
  })

  test('any claims, by the library and by the compiled processor alike', async () => {
    await fc.assert(
      fc.asyncProperty(node, async (subject) => {
        const document = credential(subject)
        const own = await read(document)
        const context = { '@context': document['@context'] }
        const options = { documentLoader, compactToRelative: false }
        const theirs = await compact(document, context, options)
        expect(inOrder(own.document)).toEqual(inOrder(theirs))
        expect((await read(document, compiled)).document).toEqual(own.document)
      }),
      { numRuns: 150 },
    )
  })

  vectorSuite('w3c-di-ecdsa', async (vectors) => {
    const known = await jsonLdOfVectors(vectors)
    for (const name of ['unsigned', 'employmentAuth', 'windDoc', 'prCred']) {
      const document = await vectors
        .json<JsonObject>(`TestVectors/${name}.json`)
        .catch(() => undefined)
      if (document === undefined) continue
      test(`${name} of the vectors is read as it is written`, async () => {
        const lines = await known.toNQuads(document)
        const { document: own, unnamed } = await known.read(lines, document['@context'] ?? [])
        expect(unnamed).toBe(false)
        expect(inOrder(own)).toEqual(inOrder(document))
      })
    }
  })
})
