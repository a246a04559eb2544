import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import type { NationType } from '../src/index.ts'
import { all, text, types } from './fixtures.ts'

function contextOf(type: NationType): JsonObject {
  return (JSON.parse(text(type.context.bytes)) as JsonObject)['@context'] as JsonObject
}

function scoped(type: NationType): JsonObject {
  const own = contextOf(type)[type.subjectTypes.at(-1) as string] as JsonObject
  return own['@context'] as JsonObject
}

function idOf(term: unknown): unknown {
  return typeof term === 'string' ? term : (term as JsonObject)['@id']
}

describe('the JSON-LD context', () => {
  test.each(all)('of $name defines every claim of the schema, object by object', (type) => {
    const undefinedIn = (schema: JsonObject, terms: JsonObject): string[] =>
      Object.entries((schema['properties'] ?? {}) as JsonObject).flatMap(([name, member]) => {
        const term = terms[name] as JsonObject | undefined
        if (term === undefined) return [name]
        const inner = (term['@context'] ?? {}) as JsonObject
        return undefinedIn(member as JsonObject, inner)
      })
    expect(undefinedIn(type.schema, scoped(type))).toEqual([])
  })

  test('writes a name in a language as a term with that language, so that one tree serves both forms', () => {
    const terms = scoped(types.citizenship)
    const own = 'https://nation.example/credentials/vocabulary/1#'
    expect(terms['given_name']).toEqual({
      '@id': 'https://schema.org/givenName',
      '@language': null,
    })
    expect(terms['given_name#be']).toEqual({ '@id': `${own}givenNameBe`, '@language': 'be' })
    expect(terms['given_name#ru']).toEqual({ '@id': `${own}givenNameRu`, '@language': 'ru' })
  })

  test.each(all)('of $name has every claim of an object under a property of its own', (type) => {
    const judge = (terms: JsonObject): void => {
      const claims = Object.entries(terms).filter(([name]) => !/^(@|id$|type$)/.test(name))
      const iris = claims.map(([, term]) => idOf(term))
      expect(new Set(iris).size).toBe(iris.length)
      for (const [, term] of claims) {
        const inner = (term as JsonObject)['@context']
        if (inner !== undefined) judge(inner as JsonObject)
      }
    }
    judge(scoped(type))
  })

  test.each(all)('of $name takes no claim’s text for a node', (type) => {
    expect(JSON.stringify(scoped(type))).not.toContain('"@type":"@id"')
  })

  test.each(all)('of $name has arrays of a known length at most', (type) => {
    const judge = (schema: JsonObject): void => {
      if (schema['type'] === 'array') expect(schema['maxItems']).toBeTypeOf('number')
      for (const below of Object.values((schema['properties'] ?? {}) as JsonObject)) {
        judge(below as JsonObject)
      }
    }
    judge(type.schema)
  })

  test.each(all)('of $name is protected, and touches no term outside the subject', (type) => {
    const context = contextOf(type)
    expect(context['@protected']).toBe(true)
    expect(Object.keys(context)).toEqual(['@protected', type.vcdmType, ...type.subjectTypes])
  })

  test.each(all)('of $name knows dates as dates, not as instants', (type) => {
    const texts = text(type.context.bytes)
    expect(texts).not.toContain('XMLSchema#dateTime')
  })
})

vectorSuite('jsonld-contexts', (vectors) => {
  test('names Person, Citizen and a person’s names as the W3C citizenship vocabulary does', async () => {
    const w3c = (await vectors.json<JsonObject>('citizenship-v3.jsonld'))['@context'] as JsonObject
    const ours = contextOf(types.citizenship)
    for (const name of ['Person', 'Citizen']) expect(idOf(ours[name])).toBe(idOf(w3c[name]))
    const person = (w3c['Person'] as JsonObject)['@context'] as JsonObject
    const terms = scoped(types.citizenship)
    for (const [name, theirs] of [
      ['given_name', 'givenName'],
      ['family_name', 'familyName'],
      ['middle_name', 'additionalName'],
      ['birthdate', 'birthDate'],
    ] as const) {
      expect(idOf(terms[name])).toBe(idOf(person[theirs]))
    }
  })

  test('can stand after the context of VC data model 2.0, whose terms are protected', async () => {
    const v2 = (await vectors.json<JsonObject>('w3c-vc-data-model/credentials/v2'))[
      '@context'
    ] as JsonObject
    for (const type of all) {
      for (const name of Object.keys(contextOf(type))) {
        if (!name.startsWith('@')) expect(Object.hasOwn(v2, name), name).toBe(false)
      }
      // A protected term may be defined again only as what it is.
      for (const [name, term] of Object.entries(scoped(type))) {
        if (name.startsWith('@') || !Object.hasOwn(v2, name)) continue
        expect(term, name).toEqual(v2[name])
      }
    }
  })
})
