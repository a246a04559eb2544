import { digest, type JsonObject, utf8 } from '@asoba/core'
import { describe, expect, test, vi } from 'vitest'
import { bundledContexts, createJsonLd, eddsaRdfc2022, ldpVc } from '../src/index.ts'
import {
  canonicalizeAndGroup,
  canonicalNQuads,
  canonicalProofConfig,
  createHmac,
  hmacLabels,
} from '../src/primitives.ts'
import { quickProcessor } from '../src/quick-processor.ts'
import {
  eddsa,
  jsonLd as fast,
  frozen,
  input,
  contexts as quickContexts,
  slowContexts,
  slowJsonLd,
} from './fixtures.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'
const jsonLd = createJsonLd()
const inline = (terms: JsonObject, rest: JsonObject): JsonObject => ({ '@context': terms, ...rest })
const labels = hmacLabels(await createHmac(new Uint8Array(32)))
const vocab: JsonObject = { '@vocab': 'https://x.example/' }

describe('contexts', () => {
  test('are the published ones, byte for byte', async () => {
    for (const { text, sha256 } of bundledContexts) {
      const bytes = await digest('SHA-256', utf8(text))
      expect(Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')).toBe(sha256)
      expect(JSON.parse(text)).toHaveProperty('@context')
    }
  })

  test('that are not known are named, and nobody is asked for them', async () => {
    const asked = vi.spyOn(globalThis, 'fetch')
    const url = 'https://unknown.example/v1'
    const bad: readonly (readonly [JsonObject, string])[] = [
      [{ '@context': [v2, url] }, '/@context/1'],
      [{ '@context': url }, '/@context'],
      [inline({ x: { '@id': 'urn:x', '@context': url } }, { x: { y: 1 } }), '/@context/x/@context'],
      [inline(vocab, { a: { '@context': url, b: 1 } }), '/a/@context'],
      [inline({ '@import': url, '@version': 1.1 }, { a: 1 }), '/@context/@import'],
    ]
    for (const [document, path] of bad) {
      await expect(jsonLd.toNQuads(document)).rejects.toMatchObject({
        code: 'jsonld.context-unknown',
        path,
        message: expect.stringContaining(url),
      })
    }
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })

  test('of a document are forgotten with it, and those given stay as they are', async () => {
    const url = 'https://own.example/v1'
    const one = createJsonLd({ contexts: [{ url, document: frozen(inline({ a: 'urn:a' }, {})) }] })
    const two = createJsonLd({ contexts: [{ url, document: inline({ a: 'urn:b' }, {}) }] })
    const document = frozen({ '@context': url, a: 'x' })
    for (let round = 0; round < 2; round++) {
      expect(await one.toNQuads(document)).toEqual(['_:b0 <urn:a> "x" .\n'])
      expect(await two.toNQuads(document)).toEqual(['_:b0 <urn:b> "x" .\n'])
    }
  })

  test('cannot be replaced, given twice, or be no contexts', () => {
    const document = { '@context': {} }
    for (const contexts of [
      [{ url: v2, document }],
      [
        { url: 'urn:a', document },
        { url: 'urn:a', document },
      ],
      [{ url: 'urn:a', document: {} }],
    ]) {
      expect(() => createJsonLd({ contexts })).toThrow(TypeError)
    }
  })
})

describe('what would not be signed is refused', () => {
  const cases: readonly (readonly [string, JsonObject, string, string | undefined])[] = [
    ['a text twice', inline(vocab, { a: ['x', 'y', 'x'] }), 'jsonld.unsupported', undefined],
    ['a number twice', inline(vocab, { a: { b: [1, 1] } }), 'jsonld.unsupported', undefined],
    [
      'a name twice',
      inline(vocab, { a: [{ '@id': 'urn:x' }, { '@id': 'urn:x' }] }),
      'jsonld.unsupported',
      undefined,
    ],
    ['a type twice', inline(vocab, { '@type': ['A', 'A'] }), 'jsonld.unsupported', undefined],
    ['an unknown term', inline({ a: 'urn:a' }, { a: 1, b: 2 }), 'jsonld.term-unknown', '/b'],
    [
      'an unknown type',
      { '@context': v2, type: ['VerifiableCredential', 'Nobody'] },
      'jsonld.term-unknown',
      '/type/1',
    ],
    [
      'a relative identifier',
      { '@context': v2, id: 'x', name: 'y' },
      'jsonld.unsupported',
      undefined,
    ],
    ['null', inline(vocab, { a: { b: null, c: 1 } }), 'jsonld.unsupported', '/a/b'],
    ['null in an array', inline(vocab, { a: [1, null] }), 'jsonld.unsupported', '/a/1'],
    ['an empty array', inline(vocab, { a: 1, b: [] }), 'jsonld.unsupported', '/b'],
    ['an index', inline(vocab, { a: { '@index': 'i', b: 1 } }), 'jsonld.unsupported', undefined],
    ['a lone value', inline(vocab, { '@graph': ['x', { a: 1 }] }), 'jsonld.unsupported', undefined],
  ]
  for (const [name, document, code, path] of cases) {
    test(name, async () => {
      await expect(jsonLd.toNQuads(frozen(document))).rejects.toMatchObject({ code, path })
    })
  }

  test('but lists have an element as often as they say, and nodes without a name are several', async () => {
    const list = inline({ a: { '@id': 'urn:a', '@container': '@list' } }, { a: ['x', 'x'] })
    expect(await jsonLd.toNQuads(list)).toHaveLength(5)
    const nodes = inline(vocab, { a: [{ b: 'x' }, { b: 'x' }] })
    expect(await jsonLd.toNQuads(nodes)).toHaveLength(4)
  })

  test('but a JSON literal and the empty list hold them', async () => {
    const terms = {
      j: { '@id': 'urn:j', '@type': '@json' },
      l: { '@id': 'urn:l', '@container': '@list' },
    }
    const document = inline(terms, { j: { n: null, e: [] }, l: [] })
    expect(await jsonLd.toNQuads(document)).toEqual([
      '_:b0 <urn:j> "{\\"e\\":[],\\"n\\":null}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .\n',
      '_:b0 <urn:l> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n',
    ])
  })

  test('and a direction of text is kept', async () => {
    const document = {
      '@context': v2,
      type: 'VerifiableCredential',
      name: { '@value': 'x', '@language': 'en', '@direction': 'ltr' },
    }
    expect((await jsonLd.toNQuads(document)).join('')).toContain(
      '"x"^^<https://www.w3.org/ns/i18n#en_ltr>',
    )
  })
})

describe('too much is refused before it costs', () => {
  const nested = (depth: number): JsonObject => (depth === 0 ? { a: 1 } : { a: nested(depth - 1) })
  test.each<[string, () => JsonObject]>([
    ['too deep', () => inline(vocab, nested(70))],
    ['too long', () => inline(vocab, { a: 'x'.repeat(1_100_000) })],
    ['too many values', () => inline(vocab, { a: Array.from({ length: 20_001 }, (_, i) => i) })],
    [
      'a poison graph',
      () => {
        const nodes = Array.from({ length: 24 }, (_, i) => `_:n${i}`)
        const graph = nodes.map((id) => ({
          '@id': id,
          knows: nodes.filter((other) => other !== id).map((other) => ({ '@id': other })),
        }))
        return inline(vocab, { '@graph': graph })
      },
    ],
  ])('%s', async (_name, make) => {
    const error = await canonicalNQuads(jsonLd, make()).catch((thrown: unknown) => thrown)
    expect(error).toHaveProperty('code', 'jsonld.too-complex')
  })

  test('what is no JSON object is refused', async () => {
    for (const value of [null, 1, 'x', [], { a: undefined }, { a: Number.NaN }]) {
      await expect(jsonLd.toNQuads(value as JsonObject)).rejects.toMatchObject({
        code: 'jsonld.unsupported',
      })
    }
  })
})

test('what is compiled says what all of JSON-LD says', async () => {
  const { wire } = await ldpVc({ suite: eddsaRdfc2022(fast), signer: eddsa }).secure(input, {
    kind: 'bearer',
  })
  const { proof, ...document } = wire as JsonObject
  expect(quickProcessor(quickContexts)(document)).toBeDefined()
  expect(quickProcessor(slowContexts)(document)).toBeUndefined()
  expect(await canonicalNQuads(fast, document)).toBe(await canonicalNQuads(slowJsonLd, document))
  expect(await canonicalProofConfig(fast, proof as JsonObject, document)).toBe(
    await canonicalProofConfig(slowJsonLd, proof as JsonObject, document),
  )
})

describe('documents are shown in part', () => {
  const group = (document: JsonObject, some: readonly string[]) =>
    canonicalizeAndGroup(jsonLd, frozen(document), { labels, groups: { some } })

  test('and what looks like a blank node in a text stays a text', async () => {
    const text = '_:c14n0 <urn:b0> _:b0 "x" .\n'
    const { nquads } = await group(inline(vocab, { a: { b: text }, c: 1 }), ['/a'])
    expect(nquads.filter((line) => line.includes(JSON.stringify(text)))).toHaveLength(1)
  })

  test('though no context has a name for identifiers', async () => {
    const terms = { a: 'urn:a', b: 'urn:b', items: 'urn:items' }
    const document = inline(terms, { a: { b: 'x', items: 'y' }, items: [{ b: '1' }] })
    const { groups } = await group(document, ['/a/b', '/items/0'])
    const lines = [...groups.some.matching.values()]
    expect(lines.filter((line) => line.includes('"x"') || line.includes('"1"'))).toHaveLength(2)
    expect([...groups.some.nonMatching.values()].join('')).toContain('"y"')
  })

  test('with the nodes that the document names itself', async () => {
    const document = inline(vocab, { a: { '@id': '_:n0', b: 'x' }, c: { '@id': '_:n0', d: 'y' } })
    const { nquads, groups } = await group(document, ['/a'])
    expect(nquads).toHaveLength(4)
    expect(groups.some.matching.size).toBe(2)
  })

  test('but not those with lists, or where `id` is something else, or that use our own names', async () => {
    for (const document of [
      inline(vocab, { a: { '@list': [1, 2] } }),
      inline(vocab, { a: { '@id': 'urn:asoba-bnid:n0', b: 1 } }),
      // Its `id` is a claim, so that a part of it would lose the names of its nodes.
      inline({ key: '@id', a: 'urn:a', id: 'urn:id', b: 'urn:b' }, { a: { b: 'x', id: 'y' } }),
    ]) {
      await expect(group(document, ['/a'])).rejects.toMatchObject({ code: 'jsonld.unsupported' })
    }
  })

  test('and only where a pointer leads somewhere', async () => {
    const document = inline(vocab, { a: { b: ['x', 'y'] } })
    for (const pointer of [
      '/z',
      '/a/b/2',
      '/a/b/01',
      '/a/b/-',
      'a',
      '/a~',
      '/__proto__',
      '/a/b/0/c',
    ]) {
      await expect(group(document, [pointer])).rejects.toMatchObject({
        code: 'disclosure.pointer-unknown',
        path: pointer,
      })
    }
  })
})
