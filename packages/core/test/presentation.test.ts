import { type JsonObject, validateEnvelope, validatePresentation } from '@asoba/core'
import { describe, expect, test } from 'vitest'

const base = 'https://www.w3.org/ns/credentials/v2'
const credential = {
  '@context': [base],
  type: 'VerifiableCredential',
  issuer: 'did:example:issuer',
  credentialSubject: { citizen: true },
  proof: { type: 'ExampleProof' },
}
const envelope = {
  '@context': base,
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,eyJ.eyJ.c2ln',
}
const presentation = {
  '@context': [base],
  type: 'VerifiablePresentation',
  verifiableCredential: [credential, envelope],
}
const pathsOf = (value: unknown): (string | undefined)[] =>
  validatePresentation(value).map(({ path }) => path)

describe('validatePresentation', () => {
  test('accepts lone credentials, envelopes, both, and none', () => {
    for (const held of [credential, envelope, [credential, envelope]]) {
      expect(pathsOf({ ...presentation, verifiableCredential: held })).toEqual([])
    }
    expect(pathsOf({ '@context': [base], type: ['VerifiablePresentation'] })).toEqual([])
  })

  test.each<[string, JsonObject, string]>([
    ['an id that is no URL', { id: 'x' }, '/id'],
    ['another type', { type: 'VerifiableCredential' }, '/type'],
    ['a holder without id', { holder: {} }, '/holder/id'],
    ['a holder that is a list', { holder: ['did:a:b'] }, '/holder'],
    ['no credential in the list', { verifiableCredential: [] }, '/verifiableCredential'],
    ['a compact credential', { verifiableCredential: ['eyJ'] }, '/verifiableCredential/0'],
    ['a proof without type', { proof: [{}] }, '/proof/0/type'],
    ['terms of use without type', { termsOfUse: {} }, '/termsOfUse/type'],
  ])('refuses %s', (_name, change, path) => {
    expect(pathsOf({ ...presentation, ...change })).toEqual([path])
  })

  test.each([null, 'eyJ', 5, []])('refuses %j as a presentation', (value) => {
    expect(pathsOf(value)).toEqual([''])
  })

  test('judges every credential in it like a lone one', () => {
    const { issuer, ...anonymous } = credential
    expect(issuer).toBeDefined()
    expect(pathsOf({ ...presentation, verifiableCredential: [credential, anonymous] })).toEqual([
      '/verifiableCredential/1/issuer',
    ])
    expect(pathsOf({ ...presentation, verifiableCredential: anonymous })).toEqual([
      '/verifiableCredential/issuer',
    ])
  })

  test('takes a credential without a proof from its holder alone', () => {
    const { proof, ...asserted } = credential
    expect(proof).toBeDefined()
    const of = (holder: unknown) =>
      pathsOf({ ...presentation, holder, verifiableCredential: [asserted] })
    expect(of('did:example:issuer')).toEqual([])
    expect(of({ id: 'did:example:issuer' })).toEqual([])
    expect(of('did:example:mallory')).toEqual(['/verifiableCredential/0/issuer'])
    expect(pathsOf({ ...presentation, verifiableCredential: [asserted] })).toEqual([
      '/verifiableCredential/0',
    ])
  })
})

describe('validateEnvelope', () => {
  test.each<[string, JsonObject, string]>([
    ['no context', { '@context': [] }, '/@context'],
    ['another context', { '@context': `${base}/other` }, '/@context'],
    ['another type', { type: 'VerifiableCredential' }, '/type'],
    ['an id without data:', { id: 'eyJ.eyJ.c2ln' }, '/id'],
    ['an id without content', { id: 'data:application/vc+jwt,' }, '/id'],
    ['an id that is no string', { id: 5 }, '/id'],
  ])('refuses %s', (_name, change, path) => {
    const problems = validateEnvelope({ ...envelope, ...change }, 'EnvelopedVerifiableCredential')
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([
      ['credential.malformed', path],
    ])
  })

  test('accepts an enveloped presentation as that and as nothing else', () => {
    const enveloped = { ...envelope, type: 'EnvelopedVerifiablePresentation' }
    expect(validateEnvelope(enveloped, 'EnvelopedVerifiablePresentation')).toEqual([])
    expect(validateEnvelope(enveloped, 'EnvelopedVerifiableCredential')).toHaveLength(1)
    expect(validateEnvelope('data:,', 'EnvelopedVerifiablePresentation')).toHaveLength(1)
  })
})
