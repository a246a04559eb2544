import { vectorSuite } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compiledProcessor } from '../src/compiled.ts'
import { texts } from './compiled-fixtures.ts'

const { canonize } = compiledProcessor({ contexts: [] })
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

interface Entry {
  readonly id: string
  readonly type: string
  readonly action: string
  readonly result?: string
  readonly hashAlgorithm?: string
}

vectorSuite('rdf-canon', async (vectors) => {
  const { entries } = await vectors.json<{ entries: Entry[] }>('tests/manifest.jsonld')
  const hashes = { SHA256: 'SHA-256', SHA384: 'SHA-384' } as const

  test('are all there, those for SHA-384 too', async () => {
    expect(entries.filter(({ hashAlgorithm }) => hashAlgorithm === 'SHA384')).toHaveLength(2)
    const named = new Set(entries.flatMap(({ action, result = action }) => [action, result]))
    const files = (await vectors.files('tests')).filter((path) => path.includes('/rdfc10/'))
    expect(files.filter((path) => !named.has(path.replace(/^tests\//, '')))).toEqual([])
    expect(files.length).toBe(named.size)
  })

  test.each(entries)('$id ($type)', async ({ type, action, result = '', hashAlgorithm }) => {
    const hash = hashes[(hashAlgorithm ?? 'SHA256') as keyof typeof hashes]
    const canonical = canonize(linesOf(await vectors.text(`tests/${action}`)), hash)
    if (type === 'rdfc:RDFC10NegativeEvalTest') {
      await expect(canonical).rejects.toMatchObject({ code: 'jsonld.too-complex' })
    } else if (type === 'rdfc:RDFC10MapTest') {
      const { labels } = await canonical
      expect(Object.fromEntries(labels)).toEqual(await vectors.json(`tests/${result}`))
    } else {
      expect((await canonical).nquads.join('')).toBe(await vectors.text(`tests/${result}`))
    }
  })
})

describe('canonize', () => {
  test('gives every order and labelling of the statements the same result', async () => {
    const node = fc.integer({ min: 0, max: 4 })
    const statement = fc.tuple(node, fc.constantFrom('p', 'q'), fc.oneof(node, fc.constant('o')))
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 8 }),
        fc.integer(),
        async (statements, seed) => {
          const name = (at: number | string, turn: number): string =>
            typeof at === 'string' ? `<urn:${at}>` : `_:n${turn === 0 ? at : (at * 2 + 1) % 5}x`
          const written = (turn: number): string[] =>
            statements.map(([s, p, o]) => `${name(s, turn)} <urn:${p}> ${name(o, turn)} .\n`)
          const other = written(1).sort((a, b) => (a < b ? 1 : -1) * (seed % 2 === 0 ? 1 : -1))
          expect((await canonize(other)).nquads).toEqual((await canonize(written(0))).nquads)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('reads any text back that it wrote', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        // JSON escapes what N-Quads escapes, each character as \uXXXX here.
        const escaped = [...text].map(
          (char) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
        )
        const { nquads } = await canonize([`<urn:s> <urn:p> "${escaped.join('')}" .`])
        expect(nquads).toHaveLength(1)
        expect(nquads[0]?.indexOf('\n')).toBe((nquads[0]?.length ?? 0) - 1)
        expect(await canonize(nquads)).toEqual({ nquads, labels: new Map() })
      }),
    )
  })

  test('escapes just what canonical N-Quads escape', async () => {
    const { nquads } = await canonize([
      '<urn:\\u00e9> <urn:p> "\\u0000\\b\\t\\n\\u000B\\f\\r\\u001f\\"\\\\\\u007F\\u0085\\u2028é\\U0001F600"^^<http://www.w3.org/2001/XMLSchema#string> <urn:g\\u003e> .',
    ])
    expect(nquads).toEqual([
      '<urn:é> <urn:p> "\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F\\"\\\\\\u007F\u0085\u2028é\u{1f600}" <urn:g\\u003E> .\n',
    ])
  })

  test('sorts by code points, not by UTF-16 code units', async () => {
    const line = (text: string): string => `<urn:s> <urn:p> "${text}" .\n`
    const sorted = ['a', 'aa', '\ud7ff', '\ue000', '\uffff', '\u{1f600}', '\u{1f601}'].map(line)
    expect((await canonize(sorted.toReversed())).nquads).toEqual(sorted)
  })

  test.each([
    '',
    '# a comment',
    '<urn:s> <urn:p> .',
    '_:s <urn:p> "o"',
    '"s" <urn:p> <urn:o> .',
    '<urn:s> _:p <urn:o> .',
    '<urn:s> <urn:p> "o" "g" .',
    '<urn:s> <urn:p> "o\n" .',
    '<urn:s> <urn:p> "o" .\n<urn:s> <urn:p> "o" .',
    '<urn:s> <urn:p> "\\x" .',
    '<urn:s> <urn:p> "\\uD800" .',
    '<urn:s> <urn:p> "\\U00110000" .',
    '<urn: s> <urn:p> "o" .',
    '<urn:s> <urn:p> "o"@ .',
    '<urn:s> <urn:p> "o"^^_:b .',
    '_:.a <urn:p> "o" .',
    `<urn:s> <urn:p> "${String.fromCharCode(0xdc00)}" .`,
  ])('refuses what is not one statement: %j', async (line) => {
    await expect(canonize([line])).rejects.toMatchObject({ code: 'jsonld.unsupported' })
  })

  test('never takes long, whatever graph it is given', async () => {
    const graphs: string[][] = []
    for (const size of [8, 40, 300]) {
      const nodes = Array.from({ length: size }, (_, index) => index)
      const edge = (from: number, to: number): string => `_:n${from} <urn:p> _:n${to} .`
      // A clique, a star of alike leaves, a circle, two trees: all their nodes look the same.
      graphs.push(
        nodes.flatMap((a) =>
          nodes
            .slice(0, 60)
            .filter((b) => a !== b)
            .map((b) => edge(a, b)),
        ),
        nodes.flatMap((a) => [edge(size + 1, a), edge(a, size + 1)]),
        nodes.map((a) => edge(a, (a + 1) % size)),
        nodes.flatMap((a) => [edge(a, (a * 2 + 1) % size), edge(a, (a * 2 + 2) % size)]),
        nodes.flatMap((a) => [
          edge(a, (a + 1) % size),
          edge(a, (a + 2) % size),
          edge(a, (a + 3) % size),
        ]),
      )
    }
    const outcomes = await Promise.all(
      graphs.map((graph) =>
        canonize(graph).then(
          ({ nquads }) => nquads.length,
          (error: unknown) => (error as { readonly code: unknown }).code,
        ),
      ),
    )
    // Bounded by a count of steps, not by a clock: each is done or refused.
    expect(outcomes).toHaveLength(graphs.length)
    for (const [index, outcome] of outcomes.entries()) {
      if (typeof outcome === 'number') expect(outcome).toBe(new Set(graphs[index]).size)
      else expect(outcome).toBe('jsonld.too-complex')
    }
    expect(outcomes).toContain('jsonld.too-complex')
  })

  test('any text in a line is refused or read, never another error', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (one, two) => {
        const outcome = await canonize([
          one,
          `<urn:s> <urn:p> "${two}" .`,
          `<${one}> <urn:p> _:${two} .`,
        ]).catch((error: unknown) => (error as { readonly code: unknown }).code)
        expect(outcome === 'jsonld.unsupported' || typeof outcome === 'object').toBe(true)
      }),
    )
  })
})
