import {
  canonicalize,
  checkRelatedResource,
  isJsonObject,
  type Json,
  parseDateTimeStamp,
  parseDigestMultibase,
  parseDigestSri,
  readQuery,
  satisfiedBy,
  validateCredential,
  validateEnvelope,
  validatePresentation,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { validateCredentialV1, validatePresentationV1 } from '@asoba/core/v1'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const names = [
  '@context',
  'id',
  'type',
  'name',
  'issuer',
  'holder',
  'credentialSubject',
  'credentialSchema',
  'credentialStatus',
  'evidence',
  'validFrom',
  'validUntil',
  'relatedResource',
  'digestSRI',
  'digestMultibase',
  'proof',
  'verifiableCredential',
  '@value',
  'credentials',
  'credential_sets',
  'claims',
  'claim_sets',
  'format',
  'meta',
  'path',
  'values',
  'options',
  'toString',
  '__proto__',
]
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    'https://www.w3.org/ns/credentials/v2',
    'VerifiableCredential',
    'VerifiablePresentation',
    'EnvelopedVerifiableCredential',
    'did:example:1',
    'dc+sd-jwt',
    'sha256-',
    'z',
    '2026-01-01T00:00:00Z',
  ),
  fc.string(),
  fc.double(),
  fc.boolean(),
)
/** Documents made of the right names in the wrong places. */
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5, depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...names), tie('document'), { maxKeys: 10 }),
  ),
}))
const rounds = { numRuns: 200 }

describe('whatever the input', () => {
  test('validation returns problems with pointers, and never throws', () => {
    fc.assert(
      fc.property(document, (value) => {
        for (const problems of [
          validateCredential(value),
          validateCredential(value, { disclosed: 'some' }),
          validatePresentation(value),
          validateEnvelope(value, 'EnvelopedVerifiableCredential'),
          validateCredentialV1(value),
          validatePresentationV1(value),
        ]) {
          for (const { path, detail } of problems) {
            expect(path).toMatch(/^(\/[\w@]+)*$/)
            expect(detail).not.toBe('')
          }
        }
      }),
      rounds,
    )
  })

  test('parseQuery and readQuery return a query or throws query.invalid', () => {
    fc.assert(
      fc.property(document, (value) => {
        for (const read of [parseQuery, readQuery]) {
          try {
            read(value)
          } catch (error) {
            expect(error).toMatchObject({ code: 'query.invalid' })
          }
        }
      }),
      rounds,
    )
  })

  test('satisfiedBy judges any claims without throwing', () => {
    const query = parseQuery({
      credentials: [
        {
          id: 'a',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['v'] },
          claims: [{ path: ['type', null, 'id', 0, '__proto__'] }],
        },
      ],
    })
    fc.assert(
      fc.property(document, fc.string(), (value, id) => {
        const claims = isJsonObject(value) ? value : {}
        const credential = { dcqlFormat: 'dc+sd-jwt', vcts: ['v'], types: [], claims }
        expect(satisfiedBy(query, { [id]: [credential] }).length).toBeGreaterThan(0)
        expect(satisfiedBy(query, { a: [credential] }).length).toBeLessThan(2)
      }),
      rounds,
    )
  })

  test('the small parsers return undefined for what they do not take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        parseDateTimeStamp(text)
        parseDigestSri(`sha256-${text}`)
        parseDigestMultibase(`z${text}`)
        const resource = { id: 'did:a:b', digestSRI: text, digestMultibase: `u${text}` }
        expect((await checkRelatedResource(resource, new Uint8Array())).length).toBeGreaterThan(0)
      }),
      rounds,
    )
  })

  test('canonicalize returns JSON or throws json.not-canonicalizable', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), (value) => {
        try {
          JSON.parse(canonicalize(value as Json))
        } catch (error) {
          expect(error).toMatchObject({ code: 'json.not-canonicalizable' })
        }
      }),
      rounds,
    )
  })
})
