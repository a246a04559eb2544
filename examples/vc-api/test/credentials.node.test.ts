import type { JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { codes, credentialOf, prove, somebody, testServer, unsigned } from './server.ts'

const server = testServer()
const whole = [
  'eddsa-jcs-2022',
  'eddsa-rdfc-2022',
  'ecdsa-jcs-2019-p256',
  'ecdsa-jcs-2019-p384',
  'ecdsa-rdfc-2019-p256',
  'ecdsa-rdfc-2019-p384',
]
const enveloped = ['vc-jwt-eddsa', 'vc-jwt-es256', 'vc-sd-jwt-es256']
const selective = ['ecdsa-sd-2023', 'bbs-2023']

const verify = (verifiableCredential: JsonObject, options: JsonObject = {}) =>
  server.post('/credentials/verify', { verifiableCredential, options })
const derive = (verifiableCredential: JsonObject, ...selectivePointers: string[]) =>
  server.post('/credentials/derive', { verifiableCredential, options: { selectivePointers } })

describe('an issuer', () => {
  test('is listed with its key and its address', async () => {
    const { body } = await server.get('/')
    const { issuers } = body as { readonly issuers: readonly JsonObject[] }
    expect(issuers.map(({ name }) => name).toSorted()).toEqual(
      [...whole, ...selective, ...enveloped].toSorted(),
    )
    expect(issuers[0]).toEqual({
      name: 'eddsa-jcs-2022',
      securing: 'eddsa-jcs-2022',
      keyType: 'Ed25519',
      id: expect.stringMatching(/^did:key:z6Mk/),
      endpoint: server.url('/issuers/eddsa-jcs-2022/credentials/issue'),
    })
  })

  test.each(whole)('%s issues what verifies, and what is changed is refused', async (name) => {
    const issued = await server.issue(name)
    expect(issued.status).toBe(201)
    const credential = credentialOf(issued)
    expect(await verify(credential)).toMatchObject({ status: 200, body: { verified: true } })
    const changed = { ...credential, credentialSubject: { id: 'did:example:other' } }
    const refused = await verify(changed)
    expect(refused).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { verified: false, status: 400, type: expect.stringMatching(/^https:/) },
    })
    expect(codes(refused)).toEqual(['proof.signature-invalid'])
  })

  test.each(selective)('%s issues what is for the holder alone, who derives', async (name) => {
    const issued = await server.issue(name, unsigned, { mandatoryPointers: ['/issuer', '/type'] })
    expect(issued.status).toBe(201)
    expect(codes(await verify(credentialOf(issued)))).toContain('proof.malformed')
    const derived = await derive(credentialOf(issued), '/credentialSubject/name')
    expect(derived.status).toBe(201)
    const { credentialSubject, issuer } = credentialOf(derived)
    expect(credentialSubject).toEqual({ id: unsigned.credentialSubject.id, name: 'Alesia' })
    expect(issuer).toBe(credentialOf(issued)['issuer'])
    expect((await verify(credentialOf(derived))).status).toBe(200)
    const changed = { ...credentialOf(derived), credentialSubject: { name: 'Alena' } }
    expect((await verify(changed)).status).toBe(400)
  })

  test.each(enveloped)(
    '%s issues an envelope that verifies, not with another in it',
    async (name) => {
      const issued = await server.issue(name)
      const envelope = credentialOf(issued)
      expect(issued.status).toBe(201)
      expect(envelope['type']).toBe('EnvelopedVerifiableCredential')
      expect((await verify(envelope)).status).toBe(200)
      const id = String(envelope['id'])
      const other = id.replace(
        /\.([^.])([^.]*)\./,
        (_all, first, rest) => `.${first}A${rest.slice(1)}.`,
      )
      expect((await verify({ ...envelope, id: other })).status).toBe(400)
      expect((await verify({ ...envelope, '@context': [] })).status).toBe(400)
    },
  )

  test('lets the holder of an SD-JWT choose', async () => {
    const issued = credentialOf(await server.issue('vc-sd-jwt-es256'))
    const derived = await derive(issued, '/credentialSubject/name')
    expect(derived.status).toBe(201)
    const disclosures = (wire: JsonObject) => String(wire['id']).split('~').length - 2
    expect([disclosures(issued), disclosures(credentialOf(derived))]).toEqual([2, 1])
    expect((await verify(credentialOf(derived))).status).toBe(200)
    expect((await derive(issued, '/credentialSubject/age')).status).toBe(400)
  })

  test('issues the data model 1.1 with the context of its proof', async () => {
    const { '@context': _, ...rest } = unsigned
    const old = {
      ...rest,
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      credentialSubject: { id: 'did:example:alesia' },
      issuanceDate: '2026-01-01T00:00:00Z',
    }
    const issued = await server.issue('eddsa-rdfc-2022', old)
    expect(credentialOf(issued)['@context']).toEqual([
      'https://www.w3.org/2018/credentials/v1',
      'https://w3id.org/security/data-integrity/v2',
    ])
    expect((await verify(credentialOf(issued))).status).toBe(200)
    expect((await server.issue('vc-jwt-es256', old)).status).toBe(400)
  })

  test('adds itself where the credential names no issuer, and signs for nobody else', async () => {
    const named = await server.issue('eddsa-jcs-2022', {
      ...unsigned,
      issuer: { name: 'Registry' },
    })
    const { issuer } = credentialOf(await server.issue('eddsa-jcs-2022'))
    expect(credentialOf(named)['issuer']).toEqual({ id: issuer, name: 'Registry' })
    const other = await server.issue('eddsa-jcs-2022', { ...unsigned, issuer: 'did:example:other' })
    expect(other.body).toMatchObject({ pointer: '/issuer', code: 'credential.malformed' })
  })
})

describe('a malformed credential is not issued:', () => {
  const related = {
    id: 'https://www.w3.org/ns/credentials/v2',
    digestMultibase: 'uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0',
  }
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['no context', { ...unsigned, '@context': [] }, '/@context/0'],
    ['no type', { '@context': unsigned['@context'], credentialSubject: { name: 'A' } }, '/type'],
    ['a null id', { ...unsigned, id: null }, '/id'],
    ['a null issuer', { ...unsigned, issuer: null }, '/issuer'],
    ['an issuer with a null id', { ...unsigned, issuer: { id: null } }, '/issuer/id'],
    ['nothing about the subject', { ...unsigned, credentialSubject: {} }, '/credentialSubject'],
    ['a date that is none', { ...unsigned, validFrom: 'yesterday' }, '/validFrom'],
    ['a term that nobody defines', { ...unsigned, badge: 1 }, '/badge'],
    ['a type that nobody defines', { ...unsigned, type: [...unsigned.type, 'Badge'] }, '/type/1'],
    [
      'a context that is not known',
      { ...unsigned, '@context': [...unsigned['@context'], 'https://a.example/'] },
      '/@context/1',
    ],
    ['a proof', { ...unsigned, proof: { type: 'DataIntegrityProof' } }, '/proof'],
    [
      'another digest',
      { ...unsigned, relatedResource: related },
      '/relatedResource/digestMultibase',
    ],
  ]

  test.each(cases)('%s', async (_what, credential, pointer) => {
    for (const name of ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'vc-jwt-es256', 'vc-sd-jwt-es256']) {
      const { status, type, body } = await server.issue(name, credential)
      expect([name, status, type]).toEqual([name, 400, 'application/problem+json'])
      const { errors } = body as { readonly errors: readonly { readonly pointer: string }[] }
      expect(errors.map((one) => one.pointer)).toContain(pointer)
    }
  })

  test.each([
    ['no credential', { options: {} }],
    ['a credential that is a text', { credential: 'a' }],
    ['options that are a text', { credential: unsigned, options: 'a' }],
    ['pointers that are none', { credential: unsigned, options: { mandatoryPointers: [1] } }],
    [
      'a pointer that leads nowhere',
      { credential: unsigned, options: { mandatoryPointers: ['/a'] } },
    ],
    [
      'a status of another kind',
      { credential: unsigned, options: { credentialStatus: 'message' } },
    ],
  ])('%s', async (_what, body) => {
    for (const name of ['ecdsa-sd-2023', 'bbs-2023']) {
      const { status } = await server.post(`/issuers/${name}/credentials/issue`, body)
      expect([name, status]).toEqual([name, 400])
    }
  })

  test('members of a JWT in an envelope', async () => {
    for (const member of ['vc', 'exp', 'iss', 'cnf']) {
      const answer = await server.issue('vc-jwt-es256', { ...unsigned, [member]: 1 })
      expect([member, answer.status]).toEqual([member, 400])
    }
  })
})

describe('a verifier', () => {
  test('of credentials wants the issuer’s proof, one of proofs says whose it is', async () => {
    const { did, signer } = await somebody()
    const foreign = await prove({ ...unsigned, issuer: 'https://registry.example' }, signer)
    expect(codes(await verify(foreign))).toContain('issuer.untrusted')
    const proofs = await server.post('/proofs/verify', { verifiableCredential: foreign })
    expect(proofs).toMatchObject({ status: 200, body: { verified: true, controllers: [did] } })
    const broken = { ...foreign, name: 'Another' }
    expect((await server.post('/proofs/verify', { verifiableCredential: broken })).status).toBe(400)
    const malformed = await prove({ ...unsigned, issuer: 5 }, signer)
    expect((await server.post('/proofs/verify', { verifiableCredential: malformed })).status).toBe(
      400,
    )
  })

  test('that asks for whom or in answer to what refuses what does not say', async () => {
    const credential = credentialOf(await server.issue('eddsa-rdfc-2022'))
    const asked = await verify(credential, { domain: 'clinic.example', challenge: '1' })
    expect(codes(asked)).toEqual(['proof.domain-mismatch', 'proof.challenge-mismatch'])
    expect((await verify(credential, { challenge: 5 })).status).toBe(400)
  })

  test('refuses what has expired', async () => {
    const old = { ...unsigned, validUntil: '2020-01-01T00:00:00Z' }
    const issued = credentialOf(await server.issue('eddsa-rdfc-2022', old))
    expect(codes(await verify(issued))).toEqual(['credential.expired'])
  })

  test.each([undefined, null, 5, 'text', [], {}, { type: 'VerifiableCredential' }])(
    'refuses %j',
    async (verifiableCredential) => {
      for (const path of ['/credentials/verify', '/proofs/verify', '/credentials/derive']) {
        const body = verifiableCredential === undefined ? {} : { verifiableCredential }
        const answer = await server.post(path, body as JsonObject)
        expect([path, answer.status]).toEqual([path, 400])
      }
    },
  )
})
