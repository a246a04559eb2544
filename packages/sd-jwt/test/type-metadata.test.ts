import { type Json, utf8 } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  claimLabel,
  hasIntegrity,
  parseTypeMetadata,
  resolveTypeMetadata,
  sdJwtVc,
  typeMetadataRules,
} from '../src/index.ts'
import { bare, citizenship, codes, context, digestOf, disclosure, forged } from './fixtures.ts'

const vct = citizenship.vct
const bytesOf = (document: Json): Uint8Array => utf8(JSON.stringify(document))
const sri = async (bytes: Uint8Array, algorithm = 'SHA-256'): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest(algorithm, bytes as BufferSource))
  return `${algorithm.toLowerCase().replace('-', '')}-${btoa(String.fromCharCode(...digest))}`
}

describe('integrity of documents', () => {
  const bytes = utf8('{"vct":"x"}')

  test.each(['SHA-256', 'SHA-384', 'SHA-512'])('%s over the exact bytes', async (algorithm) => {
    expect(hasIntegrity(bytes, await sri(bytes, algorithm))).toBe(true)
    expect(hasIntegrity(utf8('{"vct": "x"}'), await sri(bytes, algorithm))).toBe(false)
  })

  test('any digest of the strongest algorithm, and no weaker one', async () => {
    const [good, bad] = [await sri(bytes, 'SHA-512'), await sri(utf8('x'), 'SHA-512')]
    expect(hasIntegrity(bytes, `${bad} ${good}`)).toBe(true)
    expect(hasIntegrity(bytes, `${await sri(bytes)} ${bad}`)).toBe(false)
    expect(hasIntegrity(bytes, `${await sri(utf8('x'))} ${good}`)).toBe(true)
  })

  test.each(['', 'sha256-', 'md5-AAAA', 'sha256', 'x'])('means nothing: %j', (text) => {
    expect(hasIntegrity(bytes, text)).toBe(false)
  })
})

describe('a document', () => {
  test('is read, and what is not understood is ignored', () => {
    const document = {
      vct,
      name: 'Citizenship',
      display: [{ locale: 'be', name: 'Грамадзянства', rendering: {} }],
      claims: [
        {
          path: ['citizen'],
          sd: 'always',
          mandatory: true,
          display: [{ locale: 'en', label: 'Citizen' }],
          svg_id: 'c',
        },
        { path: ['n', null, 0] },
      ],
      other: 1,
    }
    expect(parseTypeMetadata(bytesOf(document), { vct })).toMatchObject({
      verified: true,
      metadata: {
        vct,
        name: 'Citizenship',
        claims: [
          { path: ['citizen'], sd: 'always', mandatory: true },
          { path: ['n', null, 0], sd: 'allowed', mandatory: false, display: [] },
        ],
      },
    })
  })

  const broken: readonly Json[] = [
    [],
    {},
    { vct: 'other' },
    { vct, claims: {} },
    { vct, claims: [{}] },
    { vct, claims: [{ path: [] }] },
    { vct, claims: [{ path: ['a', -1] }] },
    { vct, claims: [{ path: ['a', true] }] },
    { vct, claims: [{ path: ['a'], sd: 'sometimes' }] },
    { vct, claims: [{ path: ['a'], mandatory: 'yes' }] },
    { vct, claims: [{ path: ['a'], display: [{ label: 'x' }] }] },
    { vct, display: [{ locale: 'en' }] },
    { vct, extends: 1 },
    { vct, name: 1 },
  ]
  test.each(broken.map((one) => [JSON.stringify(one)]))('is refused: %s', (text) => {
    expect(codes(parseTypeMetadata(utf8(text), { vct }))).toEqual(['type-metadata.malformed'])
  })

  test('of other bytes than the integrity means is refused', async () => {
    const integrity = await sri(bytesOf({ vct }))
    expect(parseTypeMetadata(bytesOf({ vct }), { vct, integrity }).verified).toBe(true)
    const other = parseTypeMetadata(bytesOf({ vct, name: 'x' }), { vct, integrity })
    expect(codes(other)).toEqual(['type-metadata.integrity'])
  })

  test('has labels by language, the first where none fits', () => {
    const display = [
      { locale: 'be', label: 'Грамадзянін' },
      { locale: 'en-GB', label: 'Citizen' },
    ]
    const read = parseTypeMetadata(bytesOf({ vct, claims: [{ path: ['n', null], display }] }), {
      vct,
    })
    if (!read.verified) throw new Error('malformed')
    expect(claimLabel(read.metadata, ['n', 3], ['en'])).toBe('Citizen')
    expect(claimLabel(read.metadata, ['n', null], ['fr', 'be'])).toBe('Грамадзянін')
    expect(claimLabel(read.metadata, ['n', null], ['fr'])).toBe('Грамадзянін')
    expect(claimLabel(read.metadata, ['n'], ['be'])).toBeUndefined()
  })
})

describe('types that extend others', () => {
  const base = {
    vct: 'base',
    display: [{ locale: 'en', name: 'Base' }],
    claims: [
      { path: ['name'], display: [{ label: 'Full Name', locale: 'en' }], sd: 'always' },
      { path: ['address', 'city'], display: [{ label: 'City', locale: 'en' }], mandatory: true },
    ],
  }
  const resolve = (child: object, documents: Record<string, Json> = { base }) =>
    resolveTypeMetadata(
      { vct },
      new Map(
        Object.entries({ [vct]: { vct, extends: 'base', ...child } as Json, ...documents }).map(
          ([name, document]) => [name, bytesOf(document)],
        ),
      ),
    )

  test('inherit claims, and override property by property', () => {
    const resolved = resolve({
      claims: [
        { path: ['address', 'city'], display: [{ label: 'Town', locale: 'en' }], sd: 'never' },
        { path: ['nationalities'] },
      ],
    })
    expect(resolved).toMatchObject({
      verified: true,
      metadata: {
        vct,
        display: [{ name: 'Base' }],
        claims: [
          { path: ['name'], sd: 'always' },
          { path: ['address', 'city'], display: [{ label: 'Town' }], mandatory: true, sd: 'never' },
          { path: ['nationalities'] },
        ],
      },
    })
  })

  test('may not change always or never', () => {
    expect(resolve({ claims: [{ path: ['name'], sd: 'never' }] }).verified).toBe(false)
    expect(resolve({ claims: [{ path: ['name'], sd: 'always' }] }).verified).toBe(true)
  })

  test('may not go in circles, too far, or nowhere', () => {
    expect(resolve({}, { base: { vct: 'base', extends: vct } }).verified).toBe(false)
    expect(resolve({ extends: vct }).verified).toBe(false)
    expect(resolve({ extends: 'unknown' }).verified).toBe(false)
    const long = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`t${at}`, { vct: `t${at}`, extends: `t${at + 1}` }]),
    )
    expect(resolve({ extends: 't0' }, long).verified).toBe(false)
  })

  test('are held to the integrity of what they extend', async () => {
    const integrity = await sri(bytesOf(base))
    expect(resolve({ 'extends#integrity': integrity }).verified).toBe(true)
    const other = await sri(bytesOf({}))
    expect(codes(resolve({ 'extends#integrity': other }))).toEqual(['type-metadata.integrity'])
  })
})

const name = disclosure('salt', 'given_name', 'Alesia')
const hidden = { _sd: [await digestOf(name)] }

describe('a credential held to its metadata', () => {
  const judge = async (
    metadataClaims: readonly Json[],
    payload: Record<string, Json>,
    disclosures: readonly string[] = [],
    unknownTypes: 'refused' | 'accepted' = 'refused',
  ) => {
    const documents = new Map([[vct, bytesOf({ vct, claims: metadataClaims })]])
    const format = sdJwtVc({ typeMetadata: typeMetadataRules({ documents, unknownTypes }) })
    const wire = await forged({ ...bare, ...payload }, disclosures)
    return codes(await format.verify(wire, context({ holderBinding: () => 'bearer' })))
  }
  const violated = ['type-metadata.violated']

  test('must hide what is always disclosable, may not hide what is never', async () => {
    const always = [{ path: ['given_name'], sd: 'always' }]
    const never = [{ path: ['given_name'], sd: 'never' }]
    expect(await judge(always, hidden, [name])).toEqual([])
    expect(await judge(always, { given_name: 'Alesia' })).toEqual(violated)
    expect(await judge(never, { given_name: 'Alesia' })).toEqual([])
    expect(await judge(never, hidden, [name])).toEqual(violated)
    expect(await judge([{ path: ['given_name'] }], hidden, [name])).toEqual([])
  })

  test('is not disclosable by being in something that is', async () => {
    const outer = disclosure('salt', 'place', { locality: 'Hrodna' })
    const payload = { _sd: [await digestOf(outer)] }
    expect(await judge([{ path: ['place', 'locality'], sd: 'always' }], payload, [outer])).toEqual(
      violated,
    )
    expect(await judge([{ path: ['place', 'locality'], sd: 'never' }], payload, [outer])).toEqual(
      [],
    )
  })

  test('counts elements that were not disclosed', async () => {
    const by = disclosure('salt', 'BY')
    const payload = { list: [{ '...': 'withheld' }, { '...': await digestOf(by) }, 'PL'] }
    expect(await judge([{ path: ['list', 0], sd: 'always' }], payload, [by])).toEqual([])
    expect(await judge([{ path: ['list', 1], sd: 'always' }], payload, [by])).toEqual([])
    expect(await judge([{ path: ['list', 2], sd: 'always' }], payload, [by])).toEqual(violated)
    expect(await judge([{ path: ['list', null], sd: 'always' }], payload, [by])).toEqual(violated)
    expect(await judge([{ path: ['list', 0, 'x'], mandatory: true }], payload, [by])).toEqual([])
  })

  test('must have what is mandatory, unless it may be hidden', async () => {
    const mandatory = [{ path: ['given_name'], mandatory: true }]
    expect(await judge(mandatory, {})).toEqual(violated)
    expect(await judge(mandatory, hidden)).toEqual([])
    expect(await judge(mandatory, hidden, [name])).toEqual([])
  })

  test('must be of the shape that the path goes through', async () => {
    expect(await judge([{ path: ['a', 'b'] }], { a: 1 })).toEqual(violated)
    expect(await judge([{ path: ['a', null] }], { a: {} })).toEqual(violated)
    expect(await judge([{ path: ['a', 0] }], { a: 'x' })).toEqual(violated)
  })

  test('is refused where its metadata are other bytes than it means', async () => {
    const integrity = await sri(bytesOf({ vct, claims: [] }))
    expect(await judge([], { 'vct#integrity': integrity })).toEqual([])
    expect(await judge([{ path: ['a'] }], { 'vct#integrity': integrity })).toEqual([
      'type-metadata.integrity',
    ])
  })

  test('of a type without metadata is refused or not, as the caller says', async () => {
    const rules = (unknownTypes: 'refused' | 'accepted') =>
      sdJwtVc({ typeMetadata: typeMetadataRules({ documents: new Map(), unknownTypes }) })
    const wire = await forged(bare)
    const options = context({ holderBinding: () => 'bearer' })
    expect(codes(await rules('refused').verify(wire, options))).toEqual(['type-metadata.malformed'])
    expect((await rules('accepted').verify(wire, options)).verified).toBe(true)
  })
})
