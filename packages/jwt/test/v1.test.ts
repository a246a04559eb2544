import type { JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { parseJws, signJws } from '../src/index.ts'
import {
  signCredentialV1,
  signPresentationV1,
  verifyCredentialV1,
  verifyPresentationV1,
} from '../src/v1.ts'
import {
  audience,
  codes,
  context,
  frozen,
  holder,
  issuer,
  nonce,
  now,
  signer,
  tampered,
  to,
} from './fixtures.ts'

const alice = await holder()
const credential = frozen({
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer,
  issuanceDate: '2026-01-01T00:00:00Z',
  expirationDate: '2027-01-01T00:00:00Z',
  credentialSubject: { id: alice.did, citizen: true },
}) satisfies JsonObject
const registered = {
  iss: issuer,
  sub: alice.did,
  jti: credential.id,
  nbf: Date.parse(credential.issuanceDate) / 1000,
  exp: Date.parse(credential.expirationDate) / 1000,
}
const {
  id: _id,
  issuer: _issuer,
  issuanceDate: _from,
  expirationDate: _until,
  ...rest
} = credential
/** The properties that have a registered claim, left out. */
const bare = { ...rest, credentialSubject: { citizen: true } }

const header = { typ: 'JWT', kid: `${issuer}#key-1` }
const judge = async (claims: JsonObject, head: JsonObject = header) =>
  verifyCredentialV1(await signJws(head, claims, signer), context())

describe('verifyCredentialV1', () => {
  test('reads registered claims instead of the properties and in addition to them', async () => {
    for (const claims of [
      { ...registered, vc: bare },
      { ...registered, vc: credential },
      { iss: issuer, vc: { ...credential, issuer: { id: issuer, name: 'Registry' } } },
      { vc: credential },
      { ...registered, vc: { ...bare, credentialSubject: [{ citizen: true }] } },
    ]) {
      const result = await judge(claims)
      if (!result.verified) throw new Error(JSON.stringify(result.problems))
      expect(result.validFrom).toEqual(new Date(credential.issuanceDate))
      expect(result.validUntil).toEqual(new Date(credential.expirationDate))
    }
    const result = await judge({ ...registered, vc: bare })
    expect(result.verified && result.credential).toEqual(credential)
    const named = await judge({ ...registered, vc: { ...bare, issuer: { name: 'Registry' } } })
    expect(named.verified && named.credential['issuer']).toEqual({ id: issuer, name: 'Registry' })
  })

  test('finds the key of a DID issuer without a kid, and refuses a kid of another DID', async () => {
    expect((await judge({ ...registered, vc: bare }, { typ: 'JWT' })).verified).toBe(true)
    for (const kid of ['did:web:other.example#key-1', '#key-1', issuer]) {
      expect(codes(await judge({ ...registered, vc: bare }, { typ: 'JWT', kid }))).toEqual([
        'jws.header-invalid',
      ])
    }
  })

  test('refuses registered claims that disagree with the properties', async () => {
    for (const change of [
      { iss: 'did:web:other.example' },
      { sub: 'did:example:other' },
      { jti: 'urn:uuid:other' },
      { nbf: registered.nbf + 1 },
      { exp: registered.exp - 1 },
    ]) {
      const result = await judge({ ...registered, ...change, vc: credential })
      expect(codes(result)).toContain('credential.malformed')
    }
  })

  test('refuses a sub where there are two subjects or none', async () => {
    for (const credentialSubject of [[{ a: 1 }, { b: 2 }], 'did:example:x']) {
      const result = await judge({ ...registered, vc: { ...bare, credentialSubject } })
      expect(codes(result)).toContain('credential.malformed')
    }
  })

  test('refuses another typ, no vc claim, and what the data model refuses', async () => {
    expect(codes(await judge({ vc: credential }, { ...header, typ: 'vc+jwt' }))).toEqual([
      'jws.type-mismatch',
    ])
    expect(codes(await judge({ ...registered }))).toContain('credential.malformed')
    const { type: _type, ...untyped } = credential
    expect(codes(await judge({ vc: untyped }))).toContain('credential.malformed')
    const v2 = { ...credential, '@context': ['https://www.w3.org/ns/credentials/v2'] }
    expect(codes(await judge({ vc: v2 }))).toContain('credential.malformed')
  })

  test('refuses what has expired, is not valid yet, is not trusted or not signed', async () => {
    const { exp: _exp, ...open } = registered
    expect(codes(await judge({ ...open, exp: 1, vc: bare }))).toContain('credential.expired')
    const late = { ...registered, nbf: now.getTime() / 1000 + 61 }
    expect(codes(await judge({ ...late, vc: bare }))).toEqual(['credential.not-yet-valid'])
    const other = 'did:web:other.example'
    expect(
      codes(
        await judge({ vc: { ...credential, issuer: other } }, { typ: 'JWT', kid: `${other}#1` }),
      ),
    ).toEqual(['issuer.untrusted'])
    const token = tampered(await signCredentialV1(credential, signer))
    expect(codes(await verifyCredentialV1(token, context()))).toEqual(['jws.signature-invalid'])
  })

  test('refuses times that are no numbers', async () => {
    const result = await judge({ ...registered, nbf: '2026', exp: {}, vc: bare })
    expect(codes(result)).toContain('credential.malformed')
  })
})

describe('signCredentialV1', () => {
  test('writes registered claims in addition to the properties', async () => {
    const parsed = parseJws(await signCredentialV1(credential, signer))
    expect(parsed.verified && parsed.claims).toEqual({ ...registered, vc: credential })
  })

  test('refuses what the data model refuses, and a key of another DID', async () => {
    await expect(signCredentialV1(bare, signer)).rejects.toMatchObject({
      code: 'credential.malformed',
    })
    const other = { ...signer, verificationMethod: 'did:web:other.example#key-1' }
    await expect(signCredentialV1(credential, other)).rejects.toThrow(TypeError)
  })
})

describe('verifyPresentationV1', () => {
  const present = async (token: string, change: JsonObject = {}) =>
    signJws(
      { typ: 'JWT', kid: `${alice.did}#0` },
      {
        iss: alice.did,
        aud: audience,
        nonce,
        iat: now.getTime() / 1000,
        vp: {
          '@context': ['https://www.w3.org/2018/credentials/v1'],
          type: ['VerifiablePresentation'],
          verifiableCredential: [token],
        },
        ...change,
      },
      alice.signer,
    )

  test('accepts a presentation by the subject', async () => {
    const token = await signCredentialV1(credential, signer)
    const vp = await signPresentationV1(alice.did, [token], to, alice.signer)
    expect((await verifyPresentationV1(vp, context())).verified).toBe(true)
    expect(codes(await verifyPresentationV1(await present(token), context()))).toEqual([])
  })

  test('needs no kid of a holder whose DID is the key, and one of any other', async () => {
    const token = await signCredentialV1(credential, signer)
    const vp = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiablePresentation'],
      verifiableCredential: [token],
    }
    const claims = { iss: alice.did, aud: audience, nonce, iat: now.getTime() / 1000, vp }
    const judgeVp = async (payload: JsonObject, by = alice.signer) =>
      codes(await verifyPresentationV1(await signJws({ typ: 'JWT' }, payload, by), context()))
    expect(await judgeVp(claims)).toEqual([])
    expect(await judgeVp(claims, signer)).toEqual(['holder.signature-invalid'])
    expect(await judgeVp({ ...claims, iss: 'did:web:alice.example' })).toContain(
      'holder.proof-malformed',
    )
  })

  test('accepts a presentation without iat: its nonce says that it is fresh', async () => {
    const token = await signCredentialV1(credential, signer)
    const { iat: _iat, ...claims } = {
      ...{ iss: alice.did, aud: audience, nonce, iat: 0 },
      vp: {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiablePresentation'],
        verifiableCredential: [token],
      },
    }
    const judgeVp = async (payload: JsonObject) =>
      codes(await verifyPresentationV1(await signJws({}, payload, alice.signer), context()))
    expect(await judgeVp(claims)).toEqual([])
    expect(await judgeVp({ ...claims, nonce: 'other' })).toEqual(['holder.nonce-mismatch'])
  })

  test('judges the credentials inside', async () => {
    const bad = tampered(await signCredentialV1(credential, signer))
    const result = await verifyPresentationV1(await present(bad), context())
    expect(result.verified ? [] : result.problems.map(({ code, path }) => [code, path])).toEqual([
      ['jws.signature-invalid', '/verifiableCredential/0'],
    ])
  })

  test('refuses another audience, nonce, holder or form', async () => {
    const token = await signCredentialV1(credential, signer)
    for (const [change, code] of [
      [{ aud: 'https://other.example' }, 'holder.audience-mismatch'],
      [{ nonce: 'other' }, 'holder.nonce-mismatch'],
      [{ iss: 'did:example:other' }, 'holder.key-mismatch'],
      [{ iat: 1 }, 'holder.too-old'],
      [{ iat: now.getTime() / 1000 + 3600 }, 'holder.not-yet-valid'],
      [{ iat: 'now' }, 'holder.proof-malformed'],
      [{ vp: {} }, 'presentation.malformed'],
      [{ vp: 1 }, 'credential.malformed'],
    ] as const) {
      expect(codes(await verifyPresentationV1(await present(token, change), context()))).toContain(
        code,
      )
    }
    const vp = { type: 'VerifiablePresentation', verifiableCredential: [{ id: token }] }
    expect((await verifyPresentationV1(await present(token, { vp }), context())).verified).toBe(
      false,
    )
  })
})
