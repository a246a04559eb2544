import type { JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  type CitizenshipClaims,
  nationTypes,
  type ProfessionClaims,
  type ResidencyClaims,
  residenceThresholds,
  type TaxReceiptClaims,
} from '../src/index.ts'
import { all, citizen, text, types } from './fixtures.ts'

describe('the types of a nation', () => {
  test.each([
    'http://nation.example',
    'https://nation.example/',
    'https://nation.example/path',
    'https://user@nation.example',
    'HTTPS://nation.example',
    'nation.example',
    '',
    undefined,
  ])('are made for an https origin and not for «%s»', (origin) => {
    expect(() => nationTypes({ origin: origin as string })).toThrow(TypeError)
  })

  test('differ between nations, and are the same for one nation every time', () => {
    const other = nationTypes({ origin: 'https://other.example' })
    const again = nationTypes({ origin: 'https://nation.example' })
    for (const name of ['citizenship', 'residency', 'profession', 'taxReceipt'] as const) {
      expect(other[name].vct).not.toBe(types[name].vct)
      expect(other[name].vctIntegrity).not.toBe(types[name].vctIntegrity)
      expect(again[name].vctIntegrity).toBe(types[name].vctIntegrity)
      expect(again[name].context.sha256).toBe(types[name].context.sha256)
    }
  })

  test('have a vct under the domain of the nation, with the version in its path', () => {
    expect(all.map(({ vct }) => vct)).toEqual([
      'https://nation.example/credentials/citizenship/1',
      'https://nation.example/credentials/residency/1',
      'https://nation.example/credentials/profession/1',
      'https://nation.example/credentials/tax-receipt/1',
    ])
  })

  test.each(all)('$name: the integrity is the digest of the metadata bytes', async (type) => {
    const bytes = new Uint8Array(
      await crypto.subtle.digest('SHA-256', type.metadata as BufferSource),
    )
    expect(type.vctIntegrity).toBe(`sha256-${btoa(String.fromCharCode(...bytes))}`)
  })

  test.each(all)('$name: the context is pinned by the digest of its bytes', async (type) => {
    const bytes = new Uint8Array(
      await crypto.subtle.digest('SHA-256', type.context.bytes as BufferSource),
    )
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(type.context.sha256).toBe(hex)
    expect(type.contexts.at(-1)).toBe(type.context.url)
  })

  test('have claims whose TypeScript types fit what is validated', () => {
    const citizenship: CitizenshipClaims = { ...citizen, 'given_name#be': 'Алесь' }
    const evidence = citizen.evidence
    const residency: ResidencyClaims = {
      resident: true,
      address: { country: 'PL' },
      resident_years_equal_or_over: residenceThresholds('2020-01-01', new Date('2026-11-24')),
      evidence,
    }
    const profession: ProfessionClaims = { occupation: { isco_08: '2211' }, evidence }
    const receipt: TaxReceiptClaims = {
      tax_year: 2026,
      tax_class: 'standard',
      contribution_status: 'settled',
    }
    const pairs: [keyof typeof types, JsonObject][] = [
      ['citizenship', citizenship],
      ['residency', residency],
      ['profession', profession],
      ['taxReceipt', receipt],
    ]
    for (const [name, claims] of pairs) {
      expect(types[name].validate(claims, { disclosed: 'all' })).toEqual([])
    }
    expect(residency.resident_years_equal_or_over).toEqual({ 1: true, 3: true, 5: true, 10: false })
  })
})

describe('SD-JWT VC type metadata, valid under drafts -13 and -19', () => {
  interface Metadata {
    readonly vct: string
    readonly display: readonly Readonly<Record<string, string>>[]
    readonly claims: readonly {
      readonly path: unknown[]
      readonly display: readonly Readonly<Record<string, string>>[]
      readonly mandatory: boolean
      readonly sd: string
      readonly svg_id: string
    }[]
  }
  const parse = (bytes: Uint8Array): Metadata => JSON.parse(text(bytes)) as Metadata

  test.each(all)('$name: names itself, in Belarusian and in English', (type) => {
    const { vct, display } = parse(type.metadata)
    expect(vct).toBe(type.vct)
    expect(display.map(({ locale }) => locale)).toEqual(['be', 'en'])
    expect(display[0]?.['name']).toMatch(/^[\p{Script=Cyrillic} ]+$/u)
    expect(display[1]?.['name']).toBe(type.label.en)
  })

  test.each(all)('$name: labels every claim in both languages', (type) => {
    for (const { path, display } of parse(type.metadata).claims) {
      expect(
        display.map(({ locale }) => locale),
        String(path),
      ).toEqual(['be', 'en'])
      expect(display[0]?.['label'], String(path)).toMatch(/\p{Script=Cyrillic}/u)
      // Letters that Belarusian has not: Russian words would show.
      expect(display[0]?.['label'], String(path)).not.toMatch(/[иищъИЩЪ]/)
      expect(display[1]?.['label'], String(path)).toMatch(/^[\x20-\x7e]+$/)
    }
  })

  test.each(all)('$name: describes exactly the claims of the type', (type) => {
    const { claims } = parse(type.metadata)
    expect(claims.map(({ path, mandatory, sd }) => ({ path, mandatory, disclosable: sd }))).toEqual(
      type.claims.map(({ path, mandatory, disclosable }) => ({ path, mandatory, disclosable })),
    )
    const ids = claims.map(({ svg_id }) => svg_id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/)
  })
})

describe('disclosure', () => {
  test('lets a citizen show that, and nothing else', () => {
    const definition = types.citizenship.claims.find(({ path }) => path.join() === 'citizen')
    expect(definition?.disclosable).toBe('always')
    expect(types.citizenship.validate({ citizen: true }, { disclosed: 'some' })).toEqual([])
  })

  test.each(all)('hides every claim of $name, objects and their members alike', (type) => {
    expect(type.claims.filter(({ disclosable }) => disclosable !== 'always')).toEqual([])
  })

  test('has the same age thresholds for everybody', () => {
    const thresholds = types.citizenship.claims.filter(
      ({ path }) => path[0] === 'age_equal_or_over' && path.length === 2,
    )
    expect(thresholds.map(({ path }) => path[1])).toEqual(['14', '16', '18', '21', '65'])
    expect(thresholds.every(({ mandatory }) => mandatory)).toBe(true)
  })
})
