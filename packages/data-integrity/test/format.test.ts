import type { ClaimsPath, JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import { addProof, ldpVc } from '../src/index.ts'
import {
  citizenship,
  claims,
  codes,
  context,
  frozen,
  input,
  issuer,
  secrets,
  suites,
  to,
} from './fixtures.ts'

const path = (...names: readonly string[]): ClaimsPath => ['credentialSubject', ...names]
const member = (wire: unknown, name: string): JsonObject => (wire as JsonObject)[name] as JsonObject
const credentialOf = (wire: unknown): JsonObject =>
  (member(wire, 'verifiableCredential') as unknown as readonly JsonObject[])[0] as JsonObject

for (const { suite, signer } of suites) {
  const format = ldpVc({ suite, signer })
  const selective = suite.derive !== undefined
  const issue = async () => {
    const { proof, retained } = await format.prepareHolder(secrets)
    return { retained, secured: frozen(await format.secure(frozen(input), frozen(proof))) }
  }

  describe(format.id, () => {
    test('secures, views, presents and verifies', async () => {
      const { secured, retained } = await issue()
      expect(format.recognises(secured.wire)).toBe(true)
      expect(format.view(secured)).toMatchObject({
        dcqlFormat: 'ldp_vc',
        cryptosuite: suite.name,
        types: citizenship.types,
        issuer,
        validFrom: new Date('2026-01-01T00:00:00Z'),
        validUntil: new Date('2027-01-01T00:00:00Z'),
        holder: { kind: 'jwk' },
      })
      const all = format.view(secured).disclosable.map((one) => one.path)
      const presented = await format.present(secured, all, to, retained)
      expect(format.recognises(presented.wire)).toBe(true)
      const result = await format.verify(frozen(presented.wire), context())
      expect(codes(result)).toEqual([])
      expect(result).toMatchObject({
        verified: true,
        format: format.id,
        type: 'citizenship',
        issuer,
        subject: claims,
        status: [],
        holder: { kind: 'subject', proven: true },
      })
    })

    test('shows what was chosen and what is always shown, and nothing else', async () => {
      const { secured, retained } = await issue()
      const chosen = [path('citizen'), path('address', 'country')]
      const presented = await format.present(secured, chosen, to, retained)
      const result = await format.verify(presented.wire, context())
      expect(codes(result)).toEqual([])
      expect(result.verified && result.subject).toEqual(
        selective
          ? { citizen: true, address: { country: 'LT' }, nation: 'https://nation.example/' }
          : claims,
      )
    })

    test('says which claims can be withheld', async () => {
      const { secured } = await issue()
      expect(format.view(secured).disclosable.map((one) => one.path)).toEqual(
        selective
          ? [
              path('citizen'),
              path('given_name'),
              path('address', 'locality'),
              path('address', 'country'),
            ]
          : [],
      )
    })

    test('refuses a presentation for another audience, another nonce or of another time', async () => {
      const { secured, retained } = await issue()
      const { wire } = await format.present(secured, [], to, retained)
      const judge = async (changed: Parameters<typeof context>[0]) =>
        codes(await format.verify(wire, context(changed)))
      expect(await judge({ audience: 'https://other.example' })).toEqual([
        'holder.audience-mismatch',
      ])
      expect(await judge({ nonce: 'other' })).toEqual(['holder.nonce-mismatch'])
      expect(await judge({ now: new Date('2026-03-01T12:10:00Z') })).toEqual(['holder.too-old'])
      expect(await judge({ now: new Date('2026-03-01T11:50:00Z') })).toEqual([
        'holder.not-yet-valid',
      ])
      expect(await judge({ audience: '', nonce: '' })).toEqual([
        'holder.audience-mismatch',
        'holder.nonce-mismatch',
      ])
    })

    test('refuses a bare credential but where the policy lets bearers show it', async () => {
      const { secured, retained } = await issue()
      const { wire } = await format.present(secured, [path('citizen')], to, retained)
      const bare = credentialOf(wire)
      expect(codes(await format.verify(bare, context()))).toEqual(['holder.binding-missing'])
      const bearer = await format.verify(bare, context({ holderBinding: () => 'bearer' }))
      expect(bearer).toMatchObject({ verified: true, holder: { kind: 'none', proven: false } })
    })

    test('refuses a credential presented by somebody else', async () => {
      const { secured, retained } = await issue()
      const { wire } = await format.present(secured, [], to, retained)
      const other = await issue()
      const { wire: theirs } = await format.present(other.secured, [], to, other.retained)
      const { proof: _, ...unsigned } = theirs as JsonObject
      const stolen = { ...unsigned, verifiableCredential: [credentialOf(wire)] }
      const key = await import('@asoba/did').then(({ holderSigner }) =>
        holderSigner(other.retained, String(unsigned['holder'])),
      )
      const [fitting] = suites.filter(
        ({ suite: one }) => one.carriesContext && one.algorithms.includes(key.algorithm),
      )
      const signed = await addProof(stolen, {
        suite: (fitting as (typeof suites)[number]).suite,
        signer: key,
        proofPurpose: 'authentication',
        created: to.now,
        domain: to.audience,
        challenge: to.nonce,
      })
      expect(codes(await format.verify(signed, context()))).toEqual(['holder.key-mismatch'])
      await expect(format.present(secured, [], to, other.retained)).rejects.toMatchObject({
        code: 'wallet.credential-not-ours',
      })
    })

    test('refuses a credential signed by somebody else in the name of the issuer', async () => {
      const stranger = ldpVc({
        suite,
        signer: { ...signer, verificationMethod: 'did:web:evil.example#key-1' },
      })
      const { wire } = await stranger.secure(input, { kind: 'bearer' })
      const found = await format.verify(wire, context({ holderBinding: () => 'bearer' }))
      expect(codes(found)).toEqual(['issuer.key-not-found'])
    })

    test('refuses what is not valid yet or any more', async () => {
      const { secured, retained } = await issue()
      for (const [at, code] of [
        ['2025-12-01T00:00:00Z', 'credential.not-yet-valid'],
        ['2027-01-02T00:00:00Z', 'credential.expired'],
      ] as const) {
        const time = new Date(at)
        const { wire } = await format.present(secured, [], { ...to, now: time }, retained)
        expect(codes(await format.verify(wire, context({ now: time })))).toEqual([code])
      }
    })

    test('keeps its status entry, whatever is shown', async () => {
      const status = {
        kind: 'bitstring-status-list',
        uri: 'https://registry.example/status/1',
        index: 12,
        purpose: 'revocation',
      } as const
      const { proof, retained } = await format.prepareHolder(secrets)
      const secured = await format.secure({ ...input, status }, proof)
      const { wire } = await format.present(secured, [], to, retained)
      expect(await format.verify(wire, context())).toMatchObject({
        verified: true,
        status: [status],
      })
    })

    test('refuses two credentials in one presentation, and none', async () => {
      const { secured, retained } = await issue()
      const { wire } = await format.present(secured, [], to, retained)
      const one = credentialOf(wire)
      for (const held of [[one, one], []]) {
        const many = { ...(wire as JsonObject), verifiableCredential: held }
        expect(format.recognises(many)).toBe(false)
        expect(codes(await format.verify(many, context()))).toContain(
          held.length === 0 ? 'presentation.malformed' : 'holder.signature-invalid',
        )
      }
    })

    test('has a signer or does not issue, and binds to nothing but audience and nonce', async () => {
      const { secured, retained } = await issue()
      const wallet = ldpVc({ suite })
      await expect(wallet.secure(input, { kind: 'bearer' })).rejects.toMatchObject({
        code: 'signer.missing',
      })
      const poll = { ...to, purpose: 'poll' } as const
      await expect(wallet.present(secured, [], poll, retained)).rejects.toThrow(TypeError)
      const { wire } = await wallet.present(secured, [], to, retained)
      expect(codes(await wallet.verify(wire, context({ purpose: 'poll' })))).toEqual([
        'presentation.malformed',
      ])
    })

    test('does not recognise the credentials of other suites, nor anything else', async () => {
      const { secured } = await issue()
      for (const other of suites.filter((one) => one.suite.name !== suite.name)) {
        expect(ldpVc(other).recognises(secured.wire)).toBe(false)
      }
      for (const wire of [undefined, null, 1, '', [], {}, { type: 'VerifiableCredential' }]) {
        expect(format.recognises(wire)).toBe(false)
        expect((await format.verify(wire, context())).verified).toBe(false)
      }
    })
  })
}
