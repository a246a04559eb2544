import {
  canonicalize,
  checkRelatedResource,
  type Json,
  readQuery,
  satisfiedBy,
  toProblemDetails,
  utf8,
  validateCredential,
  validateEnvelope,
  validatePresentation,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { createSeal } from '@asoba/core/seal'
import { validateCredentialV1, validatePresentationV1 } from '@asoba/core/v1'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'

const secret = 'MARKED-4f1c'
/** The secret in every place, as value and as name. */
const planted: readonly Json[] = [
  secret,
  { [secret]: secret },
  [secret],
  ...[secret, 5, [secret], { [secret]: secret }, [{ id: secret, type: [5, secret] }]].map(
    (value) => ({
      '@context': value,
      id: value,
      type: value,
      name: value,
      description: value,
      issuer: value,
      holder: value,
      credentialSubject: value,
      validFrom: value,
      validUntil: value,
      issuanceDate: value,
      credentialStatus: value,
      credentialSchema: value,
      evidence: value,
      termsOfUse: value,
      refreshService: value,
      relatedResource: value,
      proof: value,
      verifiableCredential: value,
      [secret]: value,
    }),
  ),
]

const failureOf = async (run: () => unknown): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}

describe('nothing let out holds a value of the data', () => {
  test('validation', () => {
    for (const value of planted) {
      const problems = [
        ...validateCredential(value),
        ...validatePresentation(value),
        ...validateEnvelope(value, 'EnvelopedVerifiablePresentation'),
        ...validateCredentialV1(value),
        ...validatePresentationV1(value),
      ]
      expect(problems.length).toBeGreaterThan(4)
      expect(everythingIn(problems)).not.toContain(secret)
      expect(everythingIn(problems.map(toProblemDetails))).not.toContain(secret)
    }
  })

  test('parseQuery, whose library repeats what it complains about', async () => {
    const good = { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['v'] } }
    for (const query of [
      secret,
      { credentials: secret },
      { credentials: [secret] },
      ...planted.map((value) => ({ credentials: [{ ...good, claims: value }] })),
      { credentials: [{ ...good, format: secret }] },
      { credentials: [{ ...good, id: `${secret} ` }] },
      { credentials: [{ ...good, meta: { vct_values: secret } }] },
      {
        credentials: [
          { ...good, id: secret },
          { ...good, id: secret },
        ],
      },
      { credentials: [{ ...good, claims: [{ path: ['a'] }], claim_sets: [[secret]] }] },
      { credentials: [good], credential_sets: [{ options: [[secret]] }] },
      {
        credentials: [{ ...good, trusted_authorities: [{ type: 'aki', values: [`${secret}!`] }] }],
      },
    ]) {
      for (const read of [parseQuery, readQuery]) {
        expect(everythingIn(await failureOf(() => read(query)))).not.toContain(secret)
      }
    }
  })

  test('satisfiedBy', () => {
    const query = parseQuery({
      credentials: [
        {
          id: 'a',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['v'] },
          claims: [{ path: [secret], values: [secret] }],
        },
      ],
    })
    const claims = { [secret]: `${secret}2` }
    const credential = { dcqlFormat: 'dc+sd-jwt', vcts: ['v', secret], types: [secret], claims }
    const problems = satisfiedBy(query, { a: [credential], [`${secret} ${secret}`]: [credential] })
    expect(problems).toHaveLength(2)
    expect(everythingIn(problems)).not.toContain(secret)
  })

  test('related resources', async () => {
    const digestSRI = 'sha256-ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'
    for (const resource of [
      { id: secret, digestSRI: secret, digestMultibase: secret, mediaType: 5 },
      { id: `urn:${secret}`, digestSRI, [secret]: secret },
    ]) {
      const problems = await checkRelatedResource(resource, utf8(secret))
      expect(problems.length).toBeGreaterThan(0)
      expect(everythingIn(problems)).not.toContain(secret)
    }
  })

  test('seal and canonicalize', async () => {
    const seal = createSeal(utf8(secret.padEnd(32, '.')))
    const expires = new Date(1000)
    const text = await seal.seal(secret, { expires, purpose: secret })
    const later = { now: new Date(2000), purpose: secret }
    for (const failure of [
      await failureOf(() => seal.unseal(text, later)),
      await failureOf(() => seal.unseal(text, { ...later, purpose: `${secret}2` })),
      await failureOf(() => seal.unseal(secret, later)),
      await failureOf(() => seal.seal(secret.repeat(9999), { expires, purpose: secret })),
      await failureOf(() => canonicalize({ [secret]: [secret, `${secret}\ud800`] })),
    ]) {
      expect(everythingIn(failure)).not.toContain(secret)
    }
    expect(everythingIn(seal)).not.toContain(secret)
  })
})
