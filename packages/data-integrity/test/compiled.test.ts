import type { JsonObject } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { credentialsV2 as compiledPart } from '../src/compiled/base-context.ts'
import { type ContextDocument, compiledProcessor } from '../src/compiled.ts'
import { credentialsV2 } from '../src/contexts/credentials-v2.ts'
import {
  byJsonld,
  canonical,
  claimsOf,
  contexts,
  credentialOf,
  processor,
  texts,
  types,
} from './compiled-fixtures.ts'

const [citizenship] = types as [(typeof types)[0]]
const proof = {
  '@context': citizenship.contexts,
  type: 'DataIntegrityProof',
  cryptosuite: 'bbs-2023',
  proofPurpose: 'assertionMethod',
  verificationMethod: 'did:web:registry.example#key-1',
}

describe('the compiled path', () => {
  test('has the definitions of the W3C context as they stand there, and none of its names is missing', () => {
    const theirs = (JSON.parse(credentialsV2.text) as JsonObject)['@context'] as JsonObject
    const compare = (part: JsonObject, whole: JsonObject): void => {
      expect(Object.keys({ '@protected': true, ...part }).sort()).toEqual(Object.keys(whole).sort())
      for (const [name, term] of Object.entries(part)) {
        if (term === null) continue
        const { '@context': inner, ...rest } = Object(term) as JsonObject
        const { '@context': innerWhole, ...restWhole } = Object(whole[name]) as JsonObject
        expect(rest, name).toEqual(restWhole)
        expect(typeof term).toBe(typeof whole[name])
        if (inner !== undefined) compare(inner as JsonObject, innerWhole as JsonObject)
      }
    }
    compare(compiledPart, theirs)
  })

  test.each(types)('says of any claims of $name what jsonld says', async (type) => {
    await fc.assert(
      fc.asyncProperty(claimsOf(type.schema), async (claims) => {
        const document = credentialOf(type, claims)
        expect(await canonical(document)).toBe(await byJsonld(document))
      }),
      { numRuns: 60 },
    )
  })

  test('says of nodes with names what jsonld says', async () => {
    const named = {
      ...credentialOf(citizenship, { evidence: { id: 'urn:x:3', trust_framework: 'asoba' } }),
      id: 'urn:bnid:n0',
      issuer: { id: 'https://registry.example', name: 'Registry', description: 'of people' },
    }
    const document = {
      ...named,
      credentialSubject: [
        { ...subject, id: 'urn:bnid:n1' },
        'did:key:other',
        { id: 'urn:bnid:n2' },
        {},
      ],
    }
    expect(await canonical(document)).toBe(await byJsonld(document))
  })

  test('says of a proof configuration what jsonld says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            challenge: texts,
            nonce: texts,
            domain: fc.oneof(
              texts,
              fc.uniqueArray(fc.string({ unit: 'grapheme-ascii' }), { minLength: 1 }),
            ),
            created: fc.constant('2026-10-02T00:00:00Z'),
            expires: texts,
            id: fc.constant('urn:uuid:3a4b'),
            previousProof: fc.constantFrom('urn:uuid:1', ['urn:uuid:1', 'urn:uuid:2']),
            proofPurpose: fc.constantFrom('authentication', 'keyAgreement', 'https://x.example/p'),
          },
          { requiredKeys: [] },
        ),
        async (more) => {
          const document = { ...proof, ...(more as JsonObject) }
          expect(await canonical(document)).toBe(await byJsonld(document))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('reads scopes of types and properties as jsonld does', async () => {
    const own: ContextDocument = {
      url: 'https://own.example/context',
      document: {
        '@context': {
          '@version': 1.1,
          '@protected': true,
          knows: {
            '@id': 'https://own.example/knows',
            '@context': {
              '@protected': true,
              // What is scoped to a property may mean something else than outside.
              name: { '@id': 'https://own.example/nick', '@language': 'ru' },
              since: {
                '@id': 'https://own.example/since',
                '@type': 'http://www.w3.org/2001/XMLSchema#date',
              },
            },
          },
          Thing: 'https://own.example/Thing',
          Friend: {
            '@id': 'https://own.example/Friend',
            '@context': {
              '@protected': true,
              type: '@type',
              page: { '@id': 'https://own.example/page', '@type': '@id', '@container': ['@set'] },
              weight: { '@id': 'https://own.example/weight' },
            },
          },
        },
      },
    }
    const friend = {
      type: ['Thing', 'Friend'],
      page: ['https://p.example/1', 'urn:p:2'],
      weight: [1, -0.125, 1e6, true],
      name: 'Ales',
      knows: {
        name: 'Саша',
        since: '2026-01-01',
        knows: [{ name: 'Ўладзя' }, { type: 'Friend', weight: 0 }],
      },
    }
    const document = {
      '@context': [credentialsV2.url, own.url],
      type: 'VerifiableCredential',
      issuer: 'did:web:registry.example',
      credentialSubject: friend,
    }
    const processor = compiledProcessor({ contexts: [own] })
    expect(await canonical(document, processor)).toBe(await byJsonld(document, [own]))
    // The scope of a type ends at the object that has it.
    const lost = { ...document, credentialSubject: { ...friend, knows: { page: 'urn:p:3' } } }
    await expect(processor.toNQuads(lost)).rejects.toMatchObject({
      code: 'jsonld.term-unknown',
      path: '/credentialSubject/knows/page',
    })
    await expect(byJsonld(lost, [own])).rejects.toThrow()
    // A term that is both in a type's scope and protected outside keeps its meaning, or nothing is read.
    const clash = {
      ...document,
      credentialSubject: { knows: { type: 'Friend', weight: 1 } },
    }
    expect(await canonical(clash, processor)).toBe(await byJsonld(clash, [own]))
  })

  test('does not change what it is given', async () => {
    const document = Object.freeze(credentialOf(citizenship, Object.freeze({ citizen: true })))
    expect(await processor.toNQuads(document)).toHaveLength(9)
  })
})

const document = credentialOf(citizenship, { citizen: true })
const subject = document['credentialSubject'] as JsonObject
const lone = String.fromCharCode(0xd800)

describe('the compiled path refuses', () => {
  test.each<readonly [string, JsonObject, string, string]>([
    [
      'a term that no context has',
      { ...document, nickname: 'x' },
      'jsonld.term-unknown',
      '/nickname',
    ],
    [
      'a claim of another type',
      { ...document, credentialSubject: { ...subject, tax_year: 2026 } },
      'jsonld.term-unknown',
      '/credentialSubject/tax_year',
    ],
    [
      'a term inside the wrong object',
      { ...document, credentialSubject: { ...subject, evidence: { citizen: true } } },
      'jsonld.term-unknown',
      '/credentialSubject/evidence/citizen',
    ],
    [
      'a claim outside the subject',
      { ...document, given_name: 'Ales' },
      'jsonld.term-unknown',
      '/given_name',
    ],
    [
      'a type that no context has',
      { ...document, type: ['VerifiableCredential', 'PassportCredential'] },
      'jsonld.term-unknown',
      '/type',
    ],
    [
      'a type that is an IRI',
      { ...document, type: ['https://x.example/T'] },
      'jsonld.term-unknown',
      '/type',
    ],
    ['a type that means «type»', { ...document, type: ['type'] }, 'jsonld.unsupported', '/type'],
    [
      'a term of the W3C context that is not compiled',
      { ...document, termsOfUse: { id: 'urn:x' } },
      'jsonld.term-unknown',
      '/termsOfUse',
    ],
    [
      'a proof, which is no part of what is signed',
      { ...document, proof: { ...proof, '@context': [] } },
      'jsonld.term-unknown',
      '/proof',
    ],
    ['a keyword', { ...document, '@graph': [] }, 'jsonld.term-unknown', '/@graph'],
    [
      'a value object',
      { ...document, credentialSubject: { ...subject, given_name: { '@value': 'x' } } },
      'jsonld.term-unknown',
      '/credentialSubject/given_name/@value',
    ],
    [
      'a context of its own inside',
      { ...document, credentialSubject: { ...subject, '@context': {} } },
      'jsonld.term-unknown',
      '/credentialSubject/@context',
    ],
    [
      'a context that is an object',
      { ...document, '@context': [credentialsV2.url, { x: 'urn:x' }] },
      'jsonld.unsupported',
      '/@context/1',
    ],
    ['no context', { type: 'VerifiableCredential' }, 'jsonld.unsupported', '/@context'],
    [
      'an unknown context',
      { ...document, '@context': [credentialsV2.url, 'https://x.example/c'] },
      'jsonld.context-unknown',
      '/@context/1',
    ],
    [
      'null',
      { ...document, credentialSubject: { ...subject, given_name: null } },
      'jsonld.unsupported',
      '/credentialSubject/given_name',
    ],
    [
      'an empty array',
      { ...document, credentialSubject: { ...subject, nationalities: [] } },
      'jsonld.unsupported',
      '/credentialSubject/nationalities',
    ],
    [
      'an element twice, of which RDF has but one',
      { ...document, credentialSubject: { ...subject, nationalities: ['BY', 'PL', 'BY'] } },
      'jsonld.unsupported',
      '/credentialSubject/nationalities/2',
    ],
    [
      'a type twice',
      { ...document, type: ['VerifiableCredential', 'VerifiableCredential'] },
      'jsonld.unsupported',
      '/type',
    ],
    [
      'a list in a list',
      { ...document, credentialSubject: { ...subject, nationalities: [['BY']] } },
      'jsonld.unsupported',
      '/credentialSubject/nationalities/0',
    ],
    [
      'a number of which there are two spellings',
      { ...document, credentialSubject: { ...subject, given_name: 1e-7 } },
      'jsonld.unsupported',
      '/credentialSubject/given_name',
    ],
    [
      'a number that is no safe integer',
      { ...document, credentialSubject: { ...subject, given_name: 1e21 } },
      'jsonld.unsupported',
      '/credentialSubject/given_name',
    ],
    [
      'no number',
      { ...document, credentialSubject: { ...subject, given_name: Number.NaN } },
      'jsonld.unsupported',
      '/credentialSubject/given_name',
    ],
    [
      'half a character',
      { ...document, credentialSubject: { ...subject, given_name: lone } },
      'jsonld.unsupported',
      '/credentialSubject/given_name',
    ],
    ['a label of a blank node', { ...document, id: '_:b0' }, 'jsonld.unsupported', '/id'],
    ['an id that is no text', { ...document, id: 5 }, 'jsonld.unsupported', '/id'],
    ['a relative IRI', { ...document, issuer: 'registry' }, 'jsonld.unsupported', '/issuer'],
    [
      'a purpose that is neither term nor IRI',
      { ...proof, proofPurpose: 'pleasure' },
      'jsonld.unsupported',
      '/proofPurpose',
    ],
  ])('%s', async (_name, wrong, code, path) => {
    await expect(processor.toNQuads(wrong)).rejects.toMatchObject({ code, path })
  })

  test.each([
    'a b',
    'a>b',
    'a<b',
    'a"b',
    'a{b',
    'a}b',
    'a|b',
    'a\\b',
    'a^b',
    'a`b',
    'a\nb',
    'a\u0000b',
    'a\u00a0b',
    `a${lone}`,
  ])('an IRI that would break out of its brackets: %j', async (part) => {
    for (const wrong of [
      { ...document, issuer: `urn:${part}` },
      { ...document, id: `urn:${part}` },
    ]) {
      await expect(processor.toNQuads(wrong)).rejects.toMatchObject({ code: 'jsonld.unsupported' })
    }
  })

  test('objects without end', async () => {
    let deep: JsonObject = {}
    for (let level = 0; level < 10_000; level++)
      deep = { issuer: deep, type: 'VerifiableCredential' }
    await expect(processor.toNQuads({ ...document, issuer: deep })).rejects.toMatchObject({
      code: 'jsonld.unsupported',
    })
  })

  test('any other JSON, without a claim in the error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (members) => {
        const own = members as JsonObject
        for (const wrong of [
          own,
          { ...document, ...own },
          { ...document, credentialSubject: own },
        ]) {
          const lines = await processor.toNQuads(wrong as JsonObject).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'AsobaError', code: /^jsonld\./ })
            return []
          })
          // What is read is also read back.
          expect((await processor.canonize(lines)).nquads).toHaveLength(lines.length)
        }
      }),
      { numRuns: 100 },
    )
    const secret = 'Siarhiejeuna'
    for (const value of [secret + lone, [secret, null], { given_name: { '@value': secret } }]) {
      const wrong = { ...document, credentialSubject: { ...subject, family_name: value } }
      const error: unknown = await processor.toNQuads(wrong).catch((e: unknown) => e)
      expect(error).toMatchObject({ name: 'AsobaError' })
      expect(everythingIn(error)).not.toContain(secret)
    }
    const error: unknown = await processor
      .canonize([`_:b <urn:p> "${secret}`])
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'jsonld.unsupported' })
    expect(everythingIn(error)).not.toContain(secret)
  })
})

describe('a context is refused', () => {
  const compile = (body: unknown): unknown =>
    compiledProcessor({
      contexts: [{ url: 'urn:c', document: { '@context': body } as JsonObject }],
    })
  const term = (definition: unknown): unknown => ({ '@protected': true, x: definition })

  test.each<readonly [string, unknown, string]>([
    ['that is no object', ['urn:x'], '/@context'],
    ['that is not protected', { x: 'urn:x' }, '/@context/@protected'],
    [
      'with a vocabulary for all other names',
      { '@protected': true, '@vocab': 'urn:v#' },
      '/@context/@vocab',
    ],
    ['with a base', { '@protected': true, '@base': 'urn:v' }, '/@context/@base'],
    ['with a language for all', { '@protected': true, '@language': 'be' }, '/@context/@language'],
    ['of another version', { '@protected': true, '@version': 1 }, '/@context/@version'],
    ['with a name that reads as an IRI', { '@protected': true, 'a:b': 'urn:x' }, '/@context/a:b'],
    ['with a prefix', term('urn:x#'), '/@context/x'],
    ['with a relative term', term('x'), '/@context/x'],
    ['with a term that means nothing', term(null), '/@context/x'],
    ['with a term without IRI', term({ '@type': '@id' }), '/@context/x'],
    ['with a list', term({ '@id': 'urn:x', '@container': '@list' }), '/@context/x'],
    ['with a map of languages', term({ '@id': 'urn:x', '@container': '@language' }), '/@context/x'],
    ['with a graph', term({ '@id': 'urn:x', '@container': ['@graph', '@set'] }), '/@context/x'],
    ['with JSON literals', term({ '@id': 'urn:x', '@type': '@json' }), '/@context/x'],
    ['with texts that mean terms', term({ '@id': 'urn:x', '@type': '@vocab' }), '/@context/x'],
    [
      'with doubles',
      term({ '@id': 'urn:x', '@type': 'http://www.w3.org/2001/XMLSchema#double' }),
      '/@context/x',
    ],
    [
      'with a datatype and a language',
      term({ '@id': 'urn:x', '@type': 'urn:t', '@language': 'be' }),
      '/@context/x',
    ],
    ['with a language that is none', term({ '@id': 'urn:x', '@language': 'b\ne' }), '/@context/x'],
    ['with a reverse term', term({ '@reverse': 'urn:x' }), '/@context/x'],
    ['with an open term', term({ '@id': 'urn:x', '@protected': false }), '/@context/x'],
    [
      'with an inner context that is fetched',
      term({ '@id': 'urn:x', '@context': 'urn:c2' }),
      '/@context/x/@context',
    ],
    [
      'with a fault in an inner context',
      term({ '@id': 'urn:x', '@context': term({ '@id': 'y' }) }),
      '/@context/x/@context/x',
    ],
  ])('%s', (_name, body, path) => {
    expect(() => compile(body)).toThrow(
      expect.objectContaining({ code: 'jsonld.unsupported', path }),
    )
  })

  test('twice', () => {
    expect(() => compiledProcessor({ contexts: [...contexts, ...contexts.slice(0, 1)] })).toThrow(
      TypeError,
    )
  })

  test('where it gives another meaning to a protected term, when a document has both', async () => {
    const other = (body: JsonObject): ContextDocument => ({
      url: 'urn:c',
      document: { '@context': { '@protected': true, ...body } },
    })
    for (const context of [
      other({ name: 'urn:x' }),
      other({ cnf: 'urn:x' }),
      other({ Own: { '@id': 'urn:O', '@context': { '@protected': true, name: 'urn:x' } } }),
      other({ Own: { '@id': 'urn:O', '@context': { '@protected': true, evidence: 'urn:x' } } }),
    ]) {
      const own = compiledProcessor({ contexts: [context] })
      const wrong = {
        ...document,
        '@context': [credentialsV2.url, 'urn:c'],
        type: ['VerifiableCredential', 'Own'],
        credentialSubject: 'urn:s',
      }
      const error: unknown = await own.toNQuads(wrong).catch((e: unknown) => e)
      expect(error).toMatchObject({ code: 'jsonld.unsupported' })
      await expect(byJsonld(wrong, [context])).rejects.toThrow()
    }
  })
})
