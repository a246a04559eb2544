import { type JsonObject, toBase64url, utf8 } from '@asoba/core'
import { didJwkOf } from '@asoba/did'
import {
  signCredentialV1,
  signPresentationV1,
  verifyCredentialV1,
  verifyPresentationV1,
} from '@asoba/jwt/v1'
import {
  createVerifiableCredentialJwt,
  createVerifiablePresentationJwt,
  verifyCredential,
  verifyPresentation,
} from 'did-jwt-vc'
import { describe, expect, test } from 'vitest'
import {
  audience,
  contextFor,
  nonce,
  now,
  party,
  resolver,
  seconds,
  type TheirAlgorithm,
} from './did-jwt-peers.ts'

const credentialOf = (issuer: string, subject: string) =>
  ({
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
    type: ['VerifiableCredential', 'CitizenshipCredential'],
    issuer,
    issuanceDate: '2026-01-01T00:00:00Z',
    expirationDate: '2027-01-01T00:00:00Z',
    credentialSubject: { id: subject, citizen: true, name: 'Алеся' },
  }) satisfies JsonObject
const policies = { now: seconds }
const asked = { policies, domain: audience, challenge: nonce }
const to = { audience, nonce, now }
const vp = (tokens: string[]) => ({
  vp: {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    verifiableCredential: tokens,
  },
  iat: seconds,
  aud: audience,
  nonce,
})

describe.each<TheirAlgorithm>(['ES256', 'ES256K', 'EdDSA'])('did-jwt-vc 4.0, %s', (algorithm) => {
  test('verifies our credential, through our resolver', async () => {
    const [issuer, holder] = [await party(algorithm), await party(algorithm)]
    const credential = credentialOf(issuer.did, holder.did)
    const token = await signCredentialV1(credential, issuer.signer)
    const { verifiableCredential, signer } = await verifyCredential(token, resolver, { policies })
    expect(signer.id).toBe(issuer.kid)
    // The peer writes the dates anew, from nbf and exp.
    expect(verifiableCredential).toMatchObject({
      ...credential,
      issuer: { id: issuer.did },
      issuanceDate: '2026-01-01T00:00:00.000Z',
      expirationDate: '2027-01-01T00:00:00.000Z',
    })
  })

  test('issues what we verify, with the claims in both places or in one', async () => {
    const [issuer, holder] = [await party(algorithm), await party(algorithm)]
    const credential = credentialOf(issuer.did, holder.did)
    for (const removeOriginalFields of [true, false]) {
      const options = { removeOriginalFields }
      const token = await createVerifiableCredentialJwt(credential, issuer.theirs, options)
      const judged = await verifyCredentialV1(token, contextFor(issuer.did))
      expect(judged).toMatchObject({ verified: true, issuer: issuer.did })
      expect(judged.verified && judged.credential['credentialSubject']).toEqual(
        credential.credentialSubject,
      )
      expect(judged.verified && judged.validUntil).toEqual(new Date(credential.expirationDate))
    }
  })

  test('verifies our presentation of our credential, through our resolver', async () => {
    const [issuer, holder] = [await party(algorithm), await party(algorithm)]
    const token = await signCredentialV1(credentialOf(issuer.did, holder.did), issuer.signer)
    const wire = await signPresentationV1(holder.did, [token], to, holder.signer)
    const { verifiablePresentation } = await verifyPresentation(wire, resolver, asked)
    expect(verifiablePresentation.holder).toBe(holder.did)
    expect(verifiablePresentation.verifiableCredential).toHaveLength(1)
    expect((await verifyPresentationV1(wire, contextFor(issuer.did))).verified).toBe(true)
  })

  test('presents what we verify, with kid and without', async () => {
    const [issuer, holder] = [await party(algorithm), await party(algorithm)]
    const credential = credentialOf(issuer.did, holder.did)
    const token = await createVerifiableCredentialJwt(credential, issuer.theirs)
    for (const header of [{ kid: holder.kid }, {}]) {
      const wire = await createVerifiablePresentationJwt(vp([token]), holder.theirs, {
        header: { alg: algorithm, typ: 'JWT', ...header },
      })
      const judged = await verifyPresentationV1(wire, contextFor(issuer.did))
      expect(judged).toMatchObject({ verified: true, holder: holder.did })
      expect(judged.verified && judged.credentials[0]?.holderIsSubject).toBe(true)
    }
  })
})

test('did-jwt-vc 4.0 presents as a did:jwk what we verify, without kid', async () => {
  const [issuer, holder] = [await party('ES256'), await party('ES256', didJwkOf)]
  const credential = credentialOf(issuer.did, holder.did)
  const token = await createVerifiableCredentialJwt(credential, issuer.theirs)
  const wire = await createVerifiablePresentationJwt(vp([token]), holder.theirs)
  expect((await verifyPresentationV1(wire, contextFor(issuer.did))).verified).toBe(true)
})

test('did-jwt 8 knows JsonWebKey only by its former name', async () => {
  const issuer = await party('ES256', didJwkOf)
  const token = await signCredentialV1(credentialOf(issuer.did, issuer.did), issuer.signer)
  await expect(verifyCredential(token, resolver, { policies })).rejects.toThrow('no_suitable_keys')
  const renaming = {
    async resolve(did: string) {
      const result = await resolver.resolve(did)
      return JSON.parse(JSON.stringify(result).replace('"JsonWebKey"', '"JsonWebKey2020"'))
    },
  }
  const verified = await verifyCredential(token, renaming, { policies })
  expect(verified.verified).toBe(true)
})

test('each refuses what was changed in a credential of the other', async () => {
  const issuer = await party('EdDSA')
  const credential = credentialOf(issuer.did, issuer.did)
  const changed = (token: string): string => {
    const [head, payload = '', signature] = token.split('.')
    const text = Buffer.from(payload, 'base64url').toString().replace('true', 'null')
    return [head, toBase64url(utf8(text)), signature].join('.')
  }
  const ours = changed(await signCredentialV1(credential, issuer.signer))
  await expect(verifyCredential(ours, resolver, { policies })).rejects.toThrow('invalid_signature')
  const theirs = changed(await createVerifiableCredentialJwt(credential, issuer.theirs))
  expect(await verifyCredentialV1(theirs, contextFor(issuer.did))).toMatchObject({
    verified: false,
    problems: [{ code: 'jws.signature-invalid' }],
  })
})
