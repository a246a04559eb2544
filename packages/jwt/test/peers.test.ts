import { problem, refused } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  envelopeCredential,
  parseJws,
  presentationOf,
  signCredential,
  signPresentation,
  vcJwt,
  verifyPresentation,
} from '../src/index.ts'
import {
  codes,
  context,
  frozen,
  holder,
  input,
  issued,
  issuer,
  signer,
  tampered,
  to,
} from './fixtures.ts'

describe('what other systems get wrong', () => {
  test('a tampered credential inside of a well-signed presentation is refused', async () => {
    const alice = await holder()
    const [head, payload, signature] = (await issued(alice)).split('.')
    const forged = atob((payload as string).replaceAll('-', '+').replaceAll('_', '/'))
    const president = btoa(forged.replace('Alesia', 'Ruler!')).replace(/=+$/, '')
    const token = `${head}.${president.replaceAll('+', '-').replaceAll('/', '_')}.${signature}`
    for (const bad of [token, tampered(await issued(alice))]) {
      const vp = await signPresentation(presentationOf(alice.did, [bad]), to, alice.signer)
      expect(codes(await verifyPresentation(vp, context()))).toEqual(['jws.signature-invalid'])
    }
  })

  test('the issuer of a credential inside of a presentation must be trusted for its type', async () => {
    const alice = await holder()
    const vp = await signPresentation(
      presentationOf(alice.did, [await issued(alice)]),
      to,
      alice.signer,
    )
    const findIssuer = async () => refused([problem('issuer.untrusted', 'not trusted')])
    expect(codes(await verifyPresentation(vp, context({ findIssuer })))).toEqual([
      'issuer.untrusted',
    ])
  })

  test('a presentation by somebody who is not the subject is refused', async () => {
    const [alice, mallory] = [await holder(), await holder()]
    const token = await issued(alice)
    const vp = await signPresentation(presentationOf(mallory.did, [token]), to, mallory.signer)
    expect(codes(await verifyPresentation(vp, context()))).toEqual(['holder.key-mismatch'])
  })

  test('a verifier cannot forget its nonce or its audience', async () => {
    const alice = await holder()
    const token = await issued(alice)
    const vp = await signPresentation(presentationOf(alice.did, [token]), to, alice.signer)
    const { nonce: _nonce, audience: _audience, ...careless } = context()
    expect(codes(await verifyPresentation(vp, careless as ReturnType<typeof context>))).toEqual([
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
    ])
  })

  test('the status of a compact credential is handed to whoever checks it, like any other', async () => {
    const format = vcJwt({ signer })
    const status = { kind: 'token-status-list', uri: 'https://r.example/1', index: 5 } as const
    const prepared = await format.prepareHolder({
      derive: async (_label, length) => new Uint8Array(length).fill(7),
    })
    const secured = await format.secure({ ...input, status }, prepared.proof)
    const { wire } = await format.present(secured, [], to, prepared.retained)
    expect(wire).toBeTypeOf('string')
    const result = await format.verify(wire, context())
    expect(result.verified && result.status).toEqual([status])
  })

  test('a credential of the data model 2.0 is signed as it is, and the caller’s object not touched', async () => {
    const credential = frozen({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential', 'CitizenshipCredential'],
      issuer,
      credentialSubject: { id: 'did:example:1' },
    })
    const before = JSON.stringify(credential)
    const parsed = parseJws(await signCredential(credential, signer))
    expect(JSON.stringify(credential)).toBe(before)
    expect(parsed.verified && JSON.stringify(parsed.claims)).toBe(before)
  })

  test('an EnvelopedVerifiableCredential goes into a presentation as it is', async () => {
    const alice = await holder()
    const enveloped = frozen(envelopeCredential(await issued(alice)))
    const presentation = frozen({
      ...presentationOf(alice.did, []),
      verifiableCredential: [enveloped],
    })
    const vp = await signPresentation(presentation, to, alice.signer)
    expect((await verifyPresentation(vp, context())).verified).toBe(true)
  })
})
