import type { Json, JsonObject } from '@asoba/core'
import { validateCredentialV1, validatePresentationV1 } from '@asoba/core/v1'
import { describe, expect, test } from 'vitest'

const credential = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer: 'did:example:issuer',
  issuanceDate: '2020-01-01T00:00:00Z',
  expirationDate: '2030-01-01T00:00:00Z',
  credentialSubject: { citizen: true },
  credentialStatus: { id: 'https://a.example/1', type: 'StatusList2021Entry' },
  refreshService: { id: 'https://a.example/2', type: 'Refresh' },
  evidence: [{ type: 'Evidence' }],
} as const satisfies JsonObject
const pathsOf = (value: unknown): (string | undefined)[] =>
  validateCredentialV1(value).map(({ path }) => path)

describe('validateCredentialV1', () => {
  test('accepts a credential of 1.1', () => {
    expect(pathsOf(credential)).toEqual([])
  })

  test.each<[string, string, Json, string]>([
    ['the context of 2.0', '@context', ['https://www.w3.org/ns/credentials/v2'], '/@context/0'],
    ['no issuance date', 'issuanceDate', null, '/issuanceDate'],
    ['a malformed expiration', 'expirationDate', 'tomorrow', '/expirationDate'],
    ['a status without id', 'credentialStatus', { type: 'a' }, '/credentialStatus/id'],
    ['a schema without id', 'credentialSchema', { type: 'a' }, '/credentialSchema/id'],
    ['a refresh service without id', 'refreshService', { type: 'a' }, '/refreshService/id'],
    ['evidence without type', 'evidence', {}, '/evidence/type'],
    ['an empty subject', 'credentialSubject', {}, '/credentialSubject'],
    ['an issuer that is no URL', 'issuer', 'registry', '/issuer'],
  ])('refuses %s', (_name, property, value, path) => {
    expect(pathsOf({ ...credential, [property]: value })).toEqual([path])
  })

  test('requires the date of issuance', () => {
    const { issuanceDate, ...undated } = credential
    expect(issuanceDate).toBeDefined()
    expect(pathsOf(undated)).toEqual(['/issuanceDate'])
    expect(pathsOf('eyJ')).toEqual([''])
  })
})

describe('validatePresentationV1', () => {
  const presentation = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: 'VerifiablePresentation',
    holder: 'did:example:holder',
    verifiableCredential: ['eyJ.eyJ.c2ln', credential],
  }

  test('accepts compact credentials and objects', () => {
    expect(validatePresentationV1(presentation)).toEqual([])
    expect(validatePresentationV1({ ...presentation, verifiableCredential: credential })).toEqual(
      [],
    )
  })

  test('judges the credentials in it', () => {
    const held = [{ ...credential, issuer: 5 }, 5]
    expect(
      validatePresentationV1({ ...presentation, verifiableCredential: held }).map((p) => p.path),
    ).toEqual(['/verifiableCredential/0/issuer', '/verifiableCredential/1'])
    expect(validatePresentationV1(5)).toHaveLength(1)
  })
})
