import { expect, test } from 'vitest'
import { testServer } from './server.ts'

const server = testServer()
const did = 'did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b'
const keyId = `${did}#${did.slice(8)}`
const path = (identifier: string, query = '') =>
  `/1.0/identifiers/${encodeURIComponent(identifier)}${query}`
const old = 'application/ld+json;profile="https://w3id.org/did-resolution"'
const current = 'application/did-resolution'

test('resolves a DID', async () => {
  for (const accept of [old, current, '*/*']) {
    const { status, body } = await server.get(path(did), accept)
    expect([accept, status]).toEqual([accept, 200])
    expect(body).toMatchObject({ didDocument: { id: did }, didResolutionMetadata: {} })
  }
  const { type, body } = await server.get(path(did), 'application/did')
  expect(type).toBe('application/did')
  expect(body['id']).toBe(did)
})

test.each([
  ['not a did', 400, 'invalidDid', 'https://www.w3.org/ns/did#INVALID_DID'],
  ['did:example:1', 501, 'methodNotSupported', 'https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED'],
  [
    'did:web:a.example',
    501,
    'methodNotSupported',
    'https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED',
  ],
  [
    'did:key:zTjsVPtY',
    400,
    'invalidPublicKeyLength',
    'https://w3id.org/security#INVALID_PUBLIC_KEY_LENGTH',
  ],
])('says of %s what is wrong, in the dialect asked for', async (identifier, status, word, type) => {
  const inOld = await server.get(path(identifier), old)
  expect(inOld.status).toBe(status)
  expect(inOld.body).toMatchObject({ didDocument: {}, didResolutionMetadata: { error: word } })
  const inNew = await server.get(path(identifier), current)
  expect(inNew.status).toBe(status)
  expect(inNew.type).toBe(current)
  expect(inNew.body).toMatchObject({
    didDocument: null,
    didResolutionMetadata: { error: { type, title: expect.any(String) } },
  })
})

test('dereferences a DID URL', async () => {
  const { body } = await server.get(path(keyId), old)
  expect(body).toMatchObject({
    didDocument: { id: keyId, controller: did },
    didDereferencingMetadata: { contentType: 'application/json' },
  })
  const inNew = await server.get(path(keyId), 'application/did-url-dereferencing')
  expect(inNew.body).toMatchObject({ content: { id: keyId }, contentMetadata: {} })
  const broken = await server.get(path(`${did}/^bar^`), old)
  expect(broken).toMatchObject({
    status: 400,
    body: { didDereferencingMetadata: { error: 'invalidDidUrl' } },
  })
  expect((await server.get(path(`${did}#none`), old)).status).toBe(404)
})

test('writes keys of did:key as it is asked to, or says that it does not', async () => {
  const asJwk = await server.get(path(did, '?publicKeyFormat=JsonWebKey'))
  expect(JSON.stringify(asJwk.body)).toContain('publicKeyJwk')
  const unknown = await server.get(path(did, '?publicKeyFormat=unknown'), old)
  expect(unknown.body).toMatchObject({
    didResolutionMetadata: { error: 'unsupportedPublicKeyType' },
  })
  const ofKey = await server.get(path(keyId, '?publicKeyFormat=Ed25519VerificationKey2018'), old)
  expect(ofKey.body).toMatchObject({ didDereferencingMetadata: { error: 'invalidPublicKeyType' } })
  const inNew = await server.get(path(keyId, '?publicKeyFormat=RsaKey'), current)
  expect(inNew.body).toMatchObject({
    dereferencingMetadata: { error: { type: expect.any(String) } },
  })
})

test('has no other representation, and no versions of did:key', async () => {
  expect((await server.get(path(did), 'application/did+cbor')).status).toBe(406)
  expect((await server.get(path(did, '?versionId=1'))).status).toBe(501)
})
