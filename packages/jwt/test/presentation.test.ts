import type { JsonObject } from '@asoba/core'
import { didJwkOf } from '@asoba/did'
import { describe, expect, test } from 'vitest'
import {
  envelopeCredential,
  envelopePresentation,
  presentationOf,
  signJws,
  signPresentation,
  verifyPresentation,
} from '../src/index.ts'
import {
  audience,
  codes,
  context,
  frozen,
  holder,
  issued,
  nonce,
  now,
  signer,
  tampered,
  to,
} from './fixtures.ts'

const alice = await holder()
const bob = await holder()
const token = await issued(alice)
const seconds = now.getTime() / 1000
const header = { typ: 'vp+jwt', cty: 'vp', kid: `${alice.did}#0` }
const plain: JsonObject = {
  ...presentationOf(alice.did, [token]),
  aud: audience,
  nonce,
  iat: seconds,
}
const signed = (change: JsonObject, head: JsonObject = header, by = alice) =>
  signJws(head, { ...plain, ...change }, by.signer)
const judge = async (change: JsonObject, head?: JsonObject) =>
  codes(await verifyPresentation(await signed(change, head), context()))

describe('verifyPresentation', () => {
  test('accepts a presentation by the subject, compact and in its envelope', async () => {
    const vp = await signPresentation(frozen(presentationOf(alice.did, [token])), to, alice.signer)
    for (const wire of [vp, frozen(envelopePresentation(vp))]) {
      const result = await verifyPresentation(wire, context())
      if (!result.verified) throw new Error(JSON.stringify(result.problems))
      expect(result.holder).toBe(alice.did)
      expect(result.credentials).toHaveLength(1)
      expect(result.credentials[0]).toMatchObject({ type: 'citizenship', holderIsSubject: true })
      expect(result.checks.every(({ outcome }) => outcome === 'passed')).toBe(true)
      expect(result.checks.map(({ check, path }) => `${path} ${check}`)).toContain(
        '/verifiableCredential/0 signature',
      )
    }
  })

  test('refuses another audience, several audiences, and none', async () => {
    for (const aud of ['https://other.example', [audience, 'https://other.example'], [], null]) {
      expect(await judge({ aud })).toEqual(['holder.audience-mismatch'])
    }
    expect(await judge({ aud: [audience] })).toEqual([])
    const empty = await signed({ aud: '', nonce: '' })
    const careless = context({ audience: '', nonce: '' })
    expect(codes(await verifyPresentation(empty, careless))).toEqual([
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
    ])
  })

  test('refuses another nonce and none', async () => {
    expect(await judge({ nonce: 'other' })).toEqual(['holder.nonce-mismatch'])
    const { nonce: _nonce, ...without } = plain
    const vp = await signJws(header, without, alice.signer)
    expect(codes(await verifyPresentation(vp, context()))).toEqual(['holder.nonce-mismatch'])
  })

  test('refuses a proof that is too old, from the future, or expired', async () => {
    expect(await judge({ iat: seconds - 361 })).toEqual(['holder.too-old'])
    expect(await judge({ iat: seconds - 360 })).toEqual([])
    expect(await judge({ iat: seconds + 61 })).toEqual(['holder.not-yet-valid'])
    expect(await judge({ exp: seconds - 60 })).toEqual(['holder.too-old'])
    expect(await judge({ nbf: seconds + 61 })).toEqual(['holder.not-yet-valid'])
    expect(await judge({ iat: null })).toContain('holder.proof-malformed')
    expect(await judge({ iat: '2026-03-01T12:00:00Z' })).toEqual(['holder.proof-malformed'])
  })

  test('accepts a proof without iat, by its nonce', async () => {
    const { iat: _iat, ...without } = plain
    const judged = async (claims: JsonObject) =>
      codes(await verifyPresentation(await signJws(header, claims, alice.signer), context()))
    expect(await judged(without)).toEqual([])
    expect(await judged({ ...without, nonce: 'other' })).toEqual(['holder.nonce-mismatch'])
  })

  test('refuses a signature by another key than the holder’s', async () => {
    expect(codes(await verifyPresentation(tampered(await signed({})), context()))).toEqual([
      'holder.signature-invalid',
    ])
    const stolen = await signed({}, header, bob)
    expect(codes(await verifyPresentation(stolen, context()))).toEqual(['holder.signature-invalid'])
  })

  test('refuses a holder who does not control the key, even where the subject is right', async () => {
    const byBob = await signed({}, { ...header, kid: `${bob.did}#0` }, bob)
    expect(codes(await verifyPresentation(byBob, context()))).toEqual(['holder.key-mismatch'])
  })

  test('refuses a holder who is not the subject', async () => {
    const own = { ...header, kid: `${bob.did}#0` }
    const vp = await signJws(own, { ...plain, holder: bob.did }, bob.signer)
    const result = await verifyPresentation(vp, context())
    expect(result.verified ? [] : result.problems).toEqual([
      {
        code: 'holder.key-mismatch',
        path: '/verifiableCredential/0',
        detail: 'who presents is not the subject of the credential',
      },
    ])
  })

  test('lets a bearer type be presented by somebody else, and says so', async () => {
    const own = { ...header, kid: `${bob.did}#0` }
    const vp = await signJws(own, { ...plain, holder: bob.did }, bob.signer)
    const result = await verifyPresentation(vp, context({ holderBinding: () => 'bearer' }))
    expect(result.verified && result.credentials[0]?.holderIsSubject).toBe(false)
  })

  test('refuses a presentation without holder, without kid, or of another typ', async () => {
    const { holder: _holder, ...without } = plain
    const vp = await signJws(header, without, alice.signer)
    expect(codes(await verifyPresentation(vp, context()))).toContain('holder.proof-malformed')
    const { kid: _kid, ...noKid } = header
    expect(await judge({}, noKid)).toEqual(['holder.proof-malformed'])
    expect(await judge({}, { ...header, typ: 'JWT' })).toEqual(['jws.type-mismatch'])
    expect(await judge({ vp: {} })).toEqual(['credential.malformed'])
    expect(await judge({ iss: bob.did })).toEqual(['credential.malformed'])
    expect(await judge({ iss: alice.did })).toEqual([])
  })

  test('judges every credential, and says where each problem is', async () => {
    const bad = tampered(token)
    const list = [token, bad, await issued(bob)].map(envelopeCredential)
    const result = await verifyPresentation(await signed({ verifiableCredential: list }), context())
    expect(result.verified ? [] : result.problems.map(({ code, path }) => [code, path])).toEqual([
      ['jws.signature-invalid', '/verifiableCredential/1'],
      ['holder.key-mismatch', '/verifiableCredential/2'],
    ])
  })

  test('refuses credentials that are not enveloped vc+jwt, none, and too many', async () => {
    const refusedOnes = [
      token,
      { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'] },
      { ...envelopeCredential(token), id: `data:application/vc+sd-jwt,${token}~` },
    ]
    for (const one of refusedOnes) {
      expect(await judge({ verifiableCredential: [one] })).toContain('presentation.malformed')
    }
    expect(await judge({ verifiableCredential: [] })).toContain('presentation.malformed')
    const many = Array.from({ length: 17 }, () => envelopeCredential(token))
    expect(await judge({ verifiableCredential: many })).toContain('presentation.malformed')
  })
})

describe('signPresentation', () => {
  test('refuses what the data model refuses', async () => {
    await expect(signPresentation({}, to, alice.signer)).rejects.toMatchObject({
      code: 'credential.malformed',
    })
  })

  test('refuses JWT claims of the caller and a key that is not the holder’s', async () => {
    const presentation = presentationOf(alice.did, [token])
    for (const name of ['aud', 'nonce', 'iat', 'vc', 'vp']) {
      const own = { ...presentation, [name]: 1 }
      await expect(signPresentation(own, to, alice.signer)).rejects.toThrow(TypeError)
    }
    await expect(signPresentation(presentation, to, bob.signer)).rejects.toThrow(TypeError)
    await expect(signPresentation(presentation, to, signer)).rejects.toThrow(TypeError)
    expect(didJwkOf(alice.publicJwk)).toBe(alice.did)
  })
})
