import { type Json, type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkResources, type ResourceOptions } from '../src/resources.ts'

const secret = 'Planted-Prykladnaja'
const schemaUrl = 'https://university.example/degree.json'
const schema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['credentialSubject'],
  properties: {
    credentialSubject: {
      type: 'object',
      required: ['degree'],
      properties: {
        degree: { type: 'string', maxLength: 20 },
        marks: { type: 'array', items: { type: 'integer' } },
      },
      additionalProperties: false,
    },
  },
}
const credential: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: 'https://university.example',
  credentialSchema: { id: schemaUrl, type: 'JsonSchema' },
  credentialSubject: { degree: 'MSc' },
}

/** Documents by URL, as bytes. */
function having(
  documents: Readonly<Record<string, Json | Uint8Array>>,
  change: Partial<ResourceOptions> = {},
): ResourceOptions {
  return {
    load: async (url) => {
      const found = Object.hasOwn(documents, url) ? documents[url] : undefined
      if (found === undefined) return undefined
      return found instanceof Uint8Array ? found : utf8(JSON.stringify(found))
    },
    unavailable: 'refused',
    ...change,
  }
}
const judge = async (changed: JsonObject, options = having({ [schemaUrl]: schema })) =>
  (await checkResources({ ...credential, ...changed }, options)).map(
    ({ code, path = '' }) => `${code} ${path}`,
  )

describe('a credential with a schema', () => {
  test('is what its schema asks', async () => {
    expect(await judge({})).toEqual([])
    expect(await judge({ credentialSchema: [{ id: schemaUrl, type: 'JsonSchema' }] })).toEqual([])
  })

  test.each<[string, JsonObject, readonly string[]]>([
    ['a claim is missing', { credentialSubject: {} }, ['claims.invalid /credentialSubject']],
    [
      'a claim is of another type',
      { credentialSubject: { degree: 1 } },
      ['claims.invalid /credentialSubject', 'claims.invalid /credentialSubject/degree'],
    ],
    [
      'an element is of another type',
      { credentialSubject: { degree: 'MSc', marks: [1, 'x'] } },
      ['claims.invalid /credentialSubject/marks', 'claims.invalid /credentialSubject/marks/1'],
    ],
    [
      'there is a claim more',
      { credentialSubject: { degree: 'MSc', [secret]: 1 } },
      ['claims.invalid /credentialSubject'],
    ],
  ])('is refused where %s, by names of the schema alone', async (_title, change, expected) => {
    expect(await judge(change)).toEqual(expect.arrayContaining([...expected]))
    expect(everythingIn(await judge(change))).not.toContain(secret)
  })

  const formatted = ($schema: string): JsonObject => ({
    $schema,
    properties: {
      credentialSubject: {
        properties: {
          mail: { type: 'string', format: 'email' },
          format: { const: { format: 'A4' } },
          enum: { items: { anyOf: [{ type: 'string', format: 'date' }] } },
        },
        dependentRequired: { format: ['mail'] },
      },
    },
  })
  const cyrillic = { mail: 'алеся@прыклад.бел', enum: ['учора'], format: { format: 'A4' } }
  const judgeBy = ($schema: string, credentialSubject: JsonObject) =>
    judge({ credentialSubject }, having({ [schemaUrl]: formatted($schema) }))

  test.each(['2020-12', '2019-09'])(
    '%s: format is no assertion, everything else is',
    async (draft) => {
      const $schema = `https://json-schema.org/draft/${draft}/schema`
      expect(await judgeBy($schema, cyrillic)).toEqual([])
      expect(await judgeBy($schema, { ...cyrillic, mail: 1 })).toContain(
        'claims.invalid /credentialSubject/mail',
      )
      // `format` is a name of the data here, and a member of a value that is asked for.
      expect(await judgeBy($schema, { ...cyrillic, format: { format: 'A3' } })).toContain(
        'claims.invalid /credentialSubject/format',
      )
      expect(await judgeBy($schema, { format: { format: 'A4' } })).toContain(
        'claims.invalid /credentialSubject',
      )
    },
  )

  test('draft 7: format is what it was', async () => {
    expect(await judgeBy('http://json-schema.org/draft-07/schema#', cyrillic)).toContain(
      'claims.invalid /credentialSubject/mail',
    )
  })

  test.each<[string, JsonObject, Readonly<Record<string, Json | Uint8Array>>, string]>([
    ['cannot be loaded', {}, {}, 'resource.unavailable /credentialSchema'],
    ['is no JSON', {}, { [schemaUrl]: utf8('{') }, 'resource.unsupported /credentialSchema'],
    ['is no object', {}, { [schemaUrl]: [] }, 'resource.unsupported /credentialSchema'],
    [
      'is too long',
      {},
      { [schemaUrl]: { ...schema, title: 'x'.repeat(300_000) } },
      'resource.unsupported /credentialSchema',
    ],
    [
      'names no draft',
      {},
      { [schemaUrl]: { type: 'object' } },
      'resource.unsupported /credentialSchema',
    ],
    [
      'names a draft as objects have it',
      {},
      { [schemaUrl]: { ...schema, $schema: 'constructor' } },
      'resource.unsupported /credentialSchema',
    ],
    [
      'names another draft',
      {},
      { [schemaUrl]: { ...schema, $schema: 'https://schema.example' } },
      'resource.unsupported /credentialSchema',
    ],
    [
      'refers to another',
      {},
      {
        [schemaUrl]: {
          ...schema,
          properties: { credentialSubject: { $ref: 'https://other.example/x' } },
        },
      },
      'resource.unsupported /credentialSchema',
    ],
    [
      'refers to itself without end',
      {},
      { [schemaUrl]: { ...schema, allOf: [{ $ref: '#' }] } },
      'resource.unsupported /credentialSchema',
    ],
    [
      'is of a kind that nobody knows',
      { credentialSchema: { id: schemaUrl, type: 'Shape' } },
      { [schemaUrl]: schema },
      'resource.unsupported /credentialSchema',
    ],
    [
      'is in a credential, and nobody verifies those',
      { credentialSchema: { id: schemaUrl, type: 'JsonSchemaCredential' } },
      { [schemaUrl]: schema },
      'resource.unsupported /credentialSchema',
    ],
    [
      'has another digest',
      {
        credentialSchema: {
          id: schemaUrl,
          type: 'JsonSchema',
          digestSRI: `sha256-${'A'.repeat(43)}=`,
        },
      },
      { [schemaUrl]: schema },
      'resource.digest-mismatch /credentialSchema/digestSRI',
    ],
    [
      'is one of too many',
      {
        credentialSchema: Array.from({ length: 65 }, () => ({ id: schemaUrl, type: 'JsonSchema' })),
      },
      { [schemaUrl]: schema },
      'resource.unsupported /credentialSchema',
    ],
  ])('is refused where the schema %s', async (_title, change, documents, expected) => {
    expect(await judge(change, having(documents))).toEqual([expected])
  })

  test('is as good as the schemas that there are, where the caller says so', async () => {
    expect(await judge({}, having({}, { unavailable: 'accepted' }))).toEqual([])
    const shape = { credentialSchema: { id: schemaUrl, type: 'Shape' } }
    expect(await judge(shape, having({}, { unavailable: 'accepted' }))).toEqual([])
    const wrong = { credentialSubject: {} }
    expect(
      await judge(wrong, having({ [schemaUrl]: schema }, { unavailable: 'accepted' })),
    ).not.toEqual([])
  })

  test('is refused where the loader fails, whatever that says', async () => {
    const load = async () => Promise.reject(new Error(secret))
    const found = await checkResources(credential, { load, unavailable: 'refused' })
    expect(found.map(({ code }) => code)).toEqual(['resource.unavailable'])
    expect(everythingIn(found)).not.toContain(secret)
  })

  test('is refused where loader or reader throw at once', async () => {
    const load = () => {
      throw new Error(secret)
    }
    const gone = await checkResources(credential, { load, unavailable: 'refused' })
    expect(gone.map(({ code }) => code)).toEqual(['resource.unavailable'])
    const held = { credentialSchema: { id: schemaUrl, type: 'JsonSchemaCredential' } }
    const options = having({ [schemaUrl]: schema }, { readCredential: load })
    expect(await judge(held, options)).toEqual(['resource.unsupported /credentialSchema'])
  })

  test('may have its schema in a credential that the caller verifies', async () => {
    const held = { credentialSchema: { id: schemaUrl, type: 'JsonSchemaCredential' } }
    const documents = {
      [schemaUrl]: { credentialSubject: { type: 'JsonSchema', jsonSchema: schema } },
    }
    const readCredential: ResourceOptions['readCredential'] = async (bytes) => ({
      verified: true,
      checks: [],
      credential: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
    })
    expect(await judge(held, having(documents, { readCredential }))).toEqual([])
    const wrong = { ...held, credentialSubject: {} }
    expect(await judge(wrong, having(documents, { readCredential }))).toContain(
      'claims.invalid /credentialSubject',
    )
    const refusing = async () => Promise.reject(new Error('no'))
    expect(await judge(held, having(documents, { readCredential: refusing }))).toEqual([
      'resource.unsupported /credentialSchema',
    ])
  })
})

describe('a credential with related resources', () => {
  const image = utf8('an image')
  const url = 'https://university.example/logo.svg'
  const digest = async (name: string) =>
    toBase64url(new Uint8Array(await crypto.subtle.digest(name, image as Uint8Array<ArrayBuffer>)))
      .replaceAll('-', '+')
      .replaceAll('_', '/')

  test('has the digests of what is there', async () => {
    const relatedResource = [{ id: url, digestSRI: `sha384-${await digest('SHA-384')}` }]
    const { credentialSchema: _, ...plain } = credential
    expect(await checkResources({ ...plain, relatedResource }, having({ [url]: image }))).toEqual(
      [],
    )
    const changed = await checkResources(
      { ...plain, relatedResource },
      having({ [url]: utf8('another') }),
    )
    expect(changed.map(({ code, path }) => [code, path])).toEqual([
      ['resource.digest-mismatch', '/relatedResource/0/digestSRI'],
    ])
    const gone = await checkResources({ ...plain, relatedResource }, having({}))
    expect(gone.map(({ code }) => code)).toEqual(['resource.unavailable'])
    expect(
      await checkResources({ ...plain, relatedResource }, having({}, { unavailable: 'accepted' })),
    ).toEqual([])
  })
})

test('whatever is referred to is judged and never thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        credentialSchema: fc.oneof(
          fc.jsonValue(),
          fc.record({ id: fc.constant(schemaUrl), type: fc.constant('JsonSchema') }),
        ),
        relatedResource: fc.jsonValue(),
        credentialSubject: fc.jsonValue(),
      }),
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          $schema: fc.constant(schema['$schema'] as string),
          properties: fc.jsonValue(),
          allOf: fc.jsonValue(),
          $ref: fc.string(),
        }),
      ),
      async (change, document) => {
        const found = await checkResources(
          { ...credential, ...(change as JsonObject) },
          having({ [schemaUrl]: document as Json }),
        )
        expect(Array.isArray(found)).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})
