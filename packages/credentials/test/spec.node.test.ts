import { readFileSync } from 'node:fs'
import type { JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { ageThresholds, type NationType, nationTypes } from '../src/index.ts'
import { all, text, types } from './fixtures.ts'

const spec = new URL('../../../spec/', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, spec), 'utf8')
const vectors = <T>(name: string): T => JSON.parse(read(`vectors/credentials/${name}.json`)) as T

interface Case {
  readonly name: string
  readonly disclosed: 'all' | 'some'
  readonly claims: JsonObject
  readonly problems: readonly string[]
}

describe.each([
  ['citizenship', types.citizenship],
  ['residency', types.residency],
  ['profession', types.profession],
  ['tax-receipt', types.taxReceipt],
] as const)('spec/vectors/credentials/%s.json', (file, type: NationType) => {
  const { valid, invalid } = vectors<{ readonly valid: Case[]; readonly invalid: Case[] }>(file)

  test.each(valid)('accepts: $name', ({ claims, disclosed }) => {
    expect(type.validate(claims, { disclosed })).toEqual([])
  })
  test.each(invalid)('refuses: $name', ({ claims, disclosed, problems }) => {
    const found = type.validate(claims, { disclosed })
    expect(found.map(({ path }) => path).sort()).toEqual([...problems].sort())
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['claims.invalid']))
  })
})

describe('spec/vectors/credentials/documents.json', () => {
  const { origin, types: published } = vectors<{
    readonly origin: string
    readonly types: Readonly<Record<string, JsonObject>>
  }>('documents')

  test.each(Object.values(nationTypes({ origin })))(
    'publishes the same bytes for $name',
    (type) => {
      expect({
        vct: type.vct,
        'vct#integrity': type.vctIntegrity,
        types: type.types,
        subjectTypes: type.subjectTypes,
        contexts: type.contexts,
        metadata: text(type.metadata),
        context: text(type.context.bytes),
        contextSha256: type.context.sha256,
        schema: type.schema,
      }).toEqual(published[type.name])
    },
  )
})

describe('spec/vectors/credentials/age-thresholds.json', () => {
  const { valid, invalid } = vectors<{
    readonly valid: { birthdate: string; at: string; age_equal_or_over: object }[]
    readonly invalid: string[]
  }>('age-thresholds')

  test.each(valid)('born $birthdate, on $at', ({ birthdate, at, age_equal_or_over }) => {
    expect(ageThresholds(birthdate, new Date(at))).toEqual(age_equal_or_over)
  })
  test.each(invalid)('refuses «%s» as a birth date', (birthdate) => {
    expect(() => ageThresholds(birthdate, new Date())).toThrow(TypeError)
  })
})

describe('spec/credentials.md', () => {
  const sections = new Map(
    read('credentials.md')
      .split('\n## ')
      .map((section) => [section.split('\n', 1)[0] ?? '', section]),
  )
  /** Names of claims in the first column of a section's tables, with what is said of each. */
  const rows = (type: NationType): Map<string, string> => {
    const section = [...sections].find(([title]) => title.includes(`\`${type.name}\``))?.[1] ?? ''
    return new Map(
      section
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) => [line.split('`')[1] ?? '', line]),
    )
  }
  const named = (path: readonly (string | number | null)[]): string =>
    path.map((part) => (part === null ? '[]' : part)).join('.')

  test.each(all)('has every claim of $name in its table, and no other', (type) => {
    const table = rows(type)
    expect([...table.keys()]).toEqual(type.claims.map(({ path }) => named(path)))
    for (const { path, mandatory } of type.claims) {
      const line = table.get(named(path)) ?? ''
      expect(line.includes('| MUST |'), named(path)).toBe(mandatory)
    }
  })
  test.each(all)('names the types of $name', ({ vct, vcdmType, subjectTypes }) => {
    const path = new URL(vct).pathname
    for (const word of [path, vcdmType, ...subjectTypes]) {
      expect(read('credentials.md')).toContain(`\`${word}\``)
    }
  })
})
