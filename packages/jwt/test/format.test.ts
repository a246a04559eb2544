import type { CredentialFormat, HolderProof, SecureInput, StatusReference } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  envelopeCredential,
  envelopePresentation,
  parseJws,
  presentationOf,
  signPresentation,
  vcJwt,
} from '../src/index.ts'
import { jwtVcV1 } from '../src/v1.ts'
import {
  citizenship,
  codes,
  context,
  frozen,
  holder,
  input,
  issuer,
  nonce,
  secrets,
  signer,
  to,
} from './fixtures.ts'

const formats: readonly CredentialFormat[] = [vcJwt({ signer }), jwtVcV1({ signer })]
const claimsOf = (wire: unknown) => {
  const parsed = parseJws(wire)
  return parsed.verified ? parsed.claims : undefined
}
const statuses: readonly StatusReference[] = [
  { kind: 'token-status-list', uri: 'https://registry.example/list', index: 3 },
  {
    kind: 'bitstring-status-list',
    uri: 'https://registry.example/status/1',
    index: 12,
    purpose: 'message',
    size: 2,
    messages: { '0x0': 'valid', '0x1': 'moved' },
  },
]

for (const format of formats) {
  describe(format.id, () => {
    test('secures, views, presents and verifies', async () => {
      const { proof, retained } = await format.prepareHolder(secrets)
      const secured = frozen(await format.secure(frozen(input), frozen(proof)))
      expect(format.recognises(secured.wire)).toBe(true)

      const view = format.view(secured)
      expect(view).toMatchObject({
        dcqlFormat: format.id,
        vcts: [],
        types: citizenship.types,
        issuer,
        disclosable: [],
        authorityKeyIds: [],
        validFrom: new Date('2026-01-01T00:00:00Z'),
        validUntil: new Date('2027-01-01T00:00:00Z'),
      })
      expect(view.holder).toEqual(proof)

      const presented = await format.present(secured, [], to, retained)
      expect(format.recognises(presented.wire)).toBe(true)
      const result = await format.verify(presented.wire, context())
      if (!result.verified) throw new Error(JSON.stringify(result.problems))
      expect(result).toMatchObject({
        format: format.id,
        type: 'citizenship',
        issuer,
        mechanism: 'did',
        subject: { citizen: true, given_name: 'Alesia' },
        status: [],
        holder: { kind: 'subject', proven: true },
      })
      expect(result.subject).toEqual(input.claims)
      expect(result.claims).toEqual(view.claims)
      expect(result.validFrom).toEqual(view.validFrom)
    })

    test('carries both kinds of status reference', async () => {
      for (const status of statuses) {
        const { proof, retained } = await format.prepareHolder(secrets)
        const secured = await format.secure(frozen({ ...input, status }), proof)
        const { wire } = await format.present(secured, [], to, retained)
        const result = await format.verify(wire, context())
        expect(result.verified && result.status).toEqual([status])
      }
    })

    test('writes no identifier and no time finer than asked that would tell copies apart', async () => {
      const { proof } = await format.prepareHolder(secrets)
      const claims = claimsOf((await format.secure(input, proof)).wire)
      const text = JSON.stringify(claims)
      expect(Object.keys(claims ?? {})).not.toContain('jti')
      expect(Object.keys(claims ?? {})).not.toContain('iat')
      expect(claims?.['id']).toBeUndefined()
      expect(text).not.toContain('.123')
    })

    test('gives every prepared holder another key', async () => {
      const [one, two] = [await format.prepareHolder(secrets), await format.prepareHolder(secrets)]
      expect(one.proof).not.toEqual(two.proof)
      expect(one.retained).not.toEqual(two.retained)
    })

    test('refuses a bare credential, but where the policy allows bearers', async () => {
      const { proof } = await format.prepareHolder(secrets)
      const { wire } = await format.secure(input, proof)
      expect(codes(await format.verify(wire, context()))).toEqual(['holder.binding-missing'])
      const bearer = context({ holderBinding: () => 'bearer' })
      const result = await format.verify(wire, bearer)
      expect(result.verified && result.holder).toEqual({ kind: 'none', proven: false })
      const nobody = await format.secure(input, { kind: 'bearer' })
      expect((await format.verify(nobody.wire, bearer)).verified).toBe(true)
      expect(format.view(nobody).holder).toEqual({ kind: 'bearer' })
      expect((await format.verify(nobody.wire, context())).verified).toBe(false)
    })

    test('refuses an answer to another request', async () => {
      const { proof, retained } = await format.prepareHolder(secrets)
      const secured = await format.secure(input, proof)
      const { wire } = await format.present(secured, [], to, retained)
      expect(codes(await format.verify(wire, context({ nonce: 'another' })))).toEqual([
        'holder.nonce-mismatch',
      ])
      expect(codes(await format.verify(wire, context({ audience: 'https://b.example' })))).toEqual([
        'holder.audience-mismatch',
      ])
      expect(codes(await format.verify(wire, context()))).toEqual([])
    })

    test('binds to audience and nonce alone, and refuses whoever wants more', async () => {
      const { proof, retained } = await format.prepareHolder(secrets)
      const secured = await format.secure(input, proof)
      const more = [
        { purpose: 'poll' as const },
        { purpose: 'roll' as const },
        { payloadHash: new Uint8Array(32) },
        { scope: 'https://poll.example/1' },
      ]
      for (const wish of more) {
        await expect(format.present(secured, [], { ...to, ...wish }, retained)).rejects.toThrow(
          TypeError,
        )
        const { wire } = await format.present(secured, [], to, retained)
        expect(codes(await format.verify(wire, context(wish)))).toEqual(['presentation.malformed'])
      }
    })

    test('does not present a credential that is bound to another key', async () => {
      const { proof } = await format.prepareHolder(secrets)
      const { retained } = await format.prepareHolder(secrets)
      const secured = await format.secure(input, proof)
      for (const secret of [retained, new Uint8Array(5)]) {
        await expect(format.present(secured, [], to, secret)).rejects.toMatchObject({
          code: 'wallet.credential-not-ours',
        })
      }
    })

    test('needs a signer to issue, and a holder’s proof that it knows', async () => {
      const without = format.id === 'vc+jwt' ? vcJwt() : jwtVcV1()
      await expect(without.secure(input, { kind: 'bearer' })).rejects.toMatchObject({
        code: 'signer.missing',
      })
      const commitment: HolderProof = {
        kind: 'bbs-commitment',
        commitmentWithProof: new Uint8Array(),
      }
      await expect(format.secure(input, commitment)).rejects.toThrow(TypeError)
    })

    test('does not sign for an issuer whose key it has not', async () => {
      const other: SecureInput = { ...input, issuer: 'did:web:other.example' }
      await expect(format.secure(other, { kind: 'bearer' })).rejects.toThrow(TypeError)
    })

    test('says of a broken wire form that it is malformed', () => {
      for (const wire of ['', 'a.b.c', {}]) {
        expect(() => format.view({ format: format.id, wire })).toThrow(
          expect.objectContaining({ code: 'credential.malformed' }),
        )
        expect(format.recognises(wire)).toBe(false)
      }
    })
  })
}

describe('recognises', () => {
  test('is narrow: neither format claims the other’s, an SD-JWT, or an unsigned document', async () => {
    const [ours, legacy] = formats
    const { proof } = await vcJwt().prepareHolder(secrets)
    const two = (await ours?.secure(input, proof))?.wire as string
    const one = (await legacy?.secure(input, proof))?.wire as string
    expect(legacy?.recognises(two)).toBe(false)
    expect(ours?.recognises(one)).toBe(false)
    for (const wire of [`${two}~`, `${one}~`, { type: 'VerifiableCredential' }, null, 7]) {
      expect(ours?.recognises(wire)).toBe(false)
      expect(legacy?.recognises(wire)).toBe(false)
    }
    expect(ours?.recognises(envelopeCredential(two))).toBe(true)
  })

  test('takes an enveloped presentation, and refuses one with two credentials', async () => {
    const { publicJwk, did, signer: own } = await holder()
    const format = vcJwt({ signer })
    const { wire } = await format.secure(input, { kind: 'jwk', publicJwk })
    const tokens = [wire as string, wire as string]
    const vp = await signPresentation(presentationOf(did, tokens), to, own)
    expect(codes(await format.verify(vp, context()))).toEqual(['presentation.malformed'])
    const single = await signPresentation(presentationOf(did, [wire as string]), to, own)
    expect(codes(await format.verify(envelopePresentation(single), context({ nonce })))).toEqual([])
  })
})
