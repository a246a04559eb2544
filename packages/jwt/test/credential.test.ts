import { type JsonObject, problem, refused } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { describe, expect, test } from 'vitest'
import {
  envelopeCredential,
  envelopePresentation,
  parseJws,
  signCredential,
  signJws,
  tokenInEnvelope,
  verifyCredential,
} from '../src/index.ts'
import { codes, context, frozen, issuer, now, signer, tampered } from './fixtures.ts'

const credential = frozen({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'CitizenshipCredential'],
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', citizen: true },
}) satisfies JsonObject

const header = { typ: 'vc+jwt', cty: 'vc', kid: `${issuer}#key-1` }
const seconds = now.getTime() / 1000
/** Signs whatever it is given, as a careless issuer would. */
const signed = (change: JsonObject, head: JsonObject = header) =>
  signJws(head, { ...credential, ...change }, signer)
const judge = async (change: JsonObject, head?: JsonObject) =>
  codes(await verifyCredential(await signed(change, head), context()))

describe('signCredential', () => {
  test('signs the credential as it is, without a word more', async () => {
    const parsed = parseJws(await signCredential(credential, signer))
    expect(parsed.verified && parsed.claims).toEqual(credential)
    expect(parsed.verified && parsed.header).toEqual({ alg: 'ES256', ...header })
  })

  test('refuses what the data model refuses, and the claims of VC 1.1', async () => {
    const { issuer: _issuer, ...without } = credential
    await expect(signCredential(without, signer)).rejects.toMatchObject({
      code: 'credential.malformed',
    })
    await expect(signCredential({ ...credential, vc: {} }, signer)).rejects.toThrow(TypeError)
  })

  test('refuses a key of another DID than the issuer', async () => {
    const other = { ...signer, verificationMethod: 'did:web:registry.example.evil#key-1' }
    await expect(signCredential(credential, other)).rejects.toThrow(TypeError)
    const none = { ...signer, verificationMethod: '' }
    await expect(signCredential(credential, none)).rejects.toThrow(TypeError)
  })
})

describe('verifyCredential', () => {
  test('accepts a credential, compact and in its envelope', async () => {
    const token = await signCredential(credential, signer)
    for (const wire of [token, frozen(envelopeCredential(token))]) {
      const result = await verifyCredential(wire, context())
      if (!result.verified) throw new Error(JSON.stringify(result.problems))
      expect(result.credential).toEqual(credential)
      expect(result).toMatchObject({ issuer, type: 'citizenship', mechanism: 'did', status: [] })
      expect(result.validUntil).toEqual(new Date('2027-01-01T00:00:00Z'))
      expect(result.checks.map(({ check, outcome }) => [check, outcome])).toEqual([
        ['schema', 'passed'],
        ['validity', 'passed'],
        ['issuer-trust', 'passed'],
        ['signature', 'passed'],
      ])
    }
  })

  test('refuses an envelope of another kind, media type or context', async () => {
    const token = await signCredential(credential, signer)
    const good = envelopeCredential(token)
    for (const wire of [
      envelopePresentation(token),
      { ...good, id: `data:application/vc+jwt;base64,${token}` },
      { ...good, id: `data:application/vp+jwt,${token}` },
      { ...good, type: ['EnvelopedVerifiableCredential', 'VerifiableCredential'] },
      { ...good, '@context': 'https://other.example' },
      [good],
    ]) {
      expect(tokenInEnvelope(wire, 'vc')).toBeUndefined()
      expect(codes(await verifyCredential(wire, context()))).toEqual(['jws.malformed'])
    }
  })

  test('refuses every other typ and cty, and takes the long spelling of the right one', async () => {
    for (const typ of ['JWT', 'vp+jwt', 'vc+sd-jwt', 'vc-ld+jwt', 'at+jwt']) {
      expect(await judge({}, { ...header, typ })).toEqual(['jws.type-mismatch'])
    }
    const { typ: _typ, ...untyped } = header
    expect(await judge({}, untyped)).toEqual(['jws.type-mismatch'])
    expect(await judge({}, { ...header, cty: 'vp' })).toEqual(['jws.type-mismatch'])
    const { cty: _cty, ...plain } = header
    expect(await judge({}, plain)).toEqual([])
    expect(await judge({}, { ...header, typ: 'application/VC+JWT' })).toEqual([])
  })

  test('refuses vc and vp claims', async () => {
    for (const name of ['vc', 'vp']) {
      expect(await judge({ [name]: credential })).toEqual(['credential.malformed'])
    }
  })

  test('refuses iss, jti and sub that differ from issuer, id and subject', async () => {
    expect(
      await judge({ iss: issuer, jti: credential.id, sub: credential.credentialSubject.id }),
    ).toEqual([])
    for (const change of [
      { iss: 'did:web:other.example' },
      { jti: 'urn:uuid:other' },
      { sub: 'did:example:other' },
      { iss: { id: issuer } },
    ]) {
      expect(await judge(change)).toEqual(['credential.malformed'])
    }
    expect(await judge({}, { ...header, iss: 'did:web:other.example' })).toEqual([
      'credential.malformed',
    ])
  })

  test('compares iss with the id of an issuer object', async () => {
    const object = { issuer: { id: issuer, name: 'Registry' } }
    expect(await judge({ ...object, iss: issuer })).toEqual([])
    expect(await judge({ ...object, iss: 'Registry' })).toEqual(['credential.malformed'])
  })

  test('refuses a kid of another DID, a relative one, and none', async () => {
    for (const kid of ['#key-1', 'did:web:other.example#key-1', `${issuer}.evil#key-1`, issuer]) {
      expect(await judge({}, { ...header, kid })).toEqual(['jws.header-invalid'])
    }
    const { kid: _kid, ...without } = header
    expect(await judge({}, without)).toEqual(['jws.header-invalid'])
  })

  test('judges validity by the narrower of validFrom and nbf, validUntil and exp', async () => {
    expect(await judge({ nbf: seconds - 10, exp: seconds + 10 })).toEqual([])
    expect(await judge({ nbf: seconds + 61 })).toEqual(['credential.not-yet-valid'])
    expect(await judge({ exp: seconds - 60 })).toEqual(['credential.expired'])
    expect(await judge({ exp: seconds - 59 })).toEqual([])
    expect(await judge({ iat: seconds + 61 })).toEqual(['credential.not-yet-valid'])
    expect(await judge({ validFrom: '2026-03-01T12:01:01Z' })).toEqual(['credential.not-yet-valid'])
    expect(await judge({ validUntil: '2026-03-01T11:59:00Z' })).toEqual(['credential.expired'])
  })

  test('refuses times that are none', async () => {
    for (const change of [{ exp: '1' }, { nbf: null }, { iat: {} }, { exp: 1e13 }]) {
      expect(await judge(change)).toEqual(['credential.malformed'])
    }
  })

  test('refuses a wrong signature and says everything else that is wrong as well', async () => {
    expect(codes(await verifyCredential(tampered(await signed({})), context()))).toEqual([
      'jws.signature-invalid',
    ])
    const bad = tampered(await signed({ exp: 1, jti: 'x', vc: {} }, { ...header, typ: 'JWT' }))
    expect(codes(await verifyCredential(bad, context()))).toEqual([
      'credential.expired',
      'credential.malformed',
      'credential.malformed',
      'jws.signature-invalid',
      'jws.type-mismatch',
    ])
  })

  test('refuses an issuer that is not trusted, or not for this type', async () => {
    expect(
      await judge({ issuer: 'did:web:o.example' }, { ...header, kid: 'did:web:o.example#1' }),
    ).toEqual(['issuer.untrusted'])
    expect(await judge({ type: ['VerifiableCredential', 'ResidencyCredential'] })).toEqual([
      'issuer.untrusted',
    ])
  })

  test('tells the policy all that the credential claims of its issuer', async () => {
    const seen: unknown[] = []
    const findIssuer = async (claim: unknown) => {
      seen.push(claim)
      return refused([problem('issuer.untrusted', 'no')])
    }
    const x5c = ['AAAA']
    await verifyCredential(await signed({}, { ...header, x5c }), context({ findIssuer }))
    expect(seen).toEqual([
      {
        issuer,
        types: credential.type,
        algorithm: 'ES256',
        kid: `${issuer}#key-1`,
        x5c,
        purpose: 'credential',
      },
    ])
  })

  test('does not accept a key of the issuer for another algorithm', async () => {
    const { privateJwk } = await createKey('EdDSA')
    const other = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
    const token = await signCredential(credential, other)
    expect(codes(await verifyCredential(token, context()))).toEqual(['jws.signature-invalid'])
  })

  test('reads every status entry, and refuses one that it cannot read', async () => {
    const bitstring = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '94567',
      statusListCredential: 'https://registry.example/status/3',
    }
    const messages = {
      ...bitstring,
      statusSize: 2,
      statusMessage: [{ status: '0x0', message: 'valid' }],
    }
    const status = { status_list: { idx: 7, uri: 'https://registry.example/list' } }
    const token = await signed({ credentialStatus: [bitstring, messages], status })
    const result = await verifyCredential(token, context())
    expect(result.verified && result.status).toEqual([
      {
        kind: 'bitstring-status-list',
        uri: 'https://registry.example/status/3',
        index: 94567,
        purpose: 'revocation',
      },
      {
        kind: 'bitstring-status-list',
        uri: 'https://registry.example/status/3',
        index: 94567,
        purpose: 'revocation',
        size: 2,
        messages: { '0x0': 'valid' },
      },
      { kind: 'token-status-list', uri: 'https://registry.example/list', index: 7 },
    ])
    for (const bad of [
      { ...bitstring, type: 'StatusList' },
      { ...bitstring, statusListIndex: 0.5 },
      { ...bitstring, statusListIndex: '-1' },
      { ...bitstring, statusListIndex: '1e3' },
      { ...bitstring, statusSize: 0 },
      { ...bitstring, statusMessage: [{}] },
      { type: 'BitstringStatusListEntry' },
    ]) {
      expect(await judge({ credentialStatus: bad })).toContain('status.invalid-entry')
    }
    for (const bad of [{}, { status_list: { idx: -1, uri: 'x' } }, { status_list: [] }, 1]) {
      expect(await judge({ status: bad })).toEqual(['status.invalid-entry'])
    }
  })

  test('refuses a payload that is no object', async () => {
    const token = await signJws(header, new TextEncoder().encode('[1]'), signer)
    expect(codes(await verifyCredential(token, context()))).toEqual(['credential.malformed'])
  })
})
