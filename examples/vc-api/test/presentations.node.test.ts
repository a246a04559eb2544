import type { Json, JsonObject } from '@asoba/core'
import { envelopePresentation, presentationOf, signPresentation } from '@asoba/jwt'
import { describe, expect, test } from 'vitest'
import { base, codes, credentialOf, prove, somebody, testServer } from './server.ts'

const server = testServer()
const asked = { domain: 'https://clinic.example', challenge: 'n-0S6_WzA2Mj' }
const holder = await somebody()

const verify = (verifiablePresentation: JsonObject, options: JsonObject = asked) =>
  server.post('/presentations/verify', { verifiablePresentation, options })
const present = (more: JsonObject, to = asked) =>
  prove({ '@context': [base], type: ['VerifiablePresentation'], ...more }, holder.signer, to)

test('accepts a presentation, and says who presents', async () => {
  const credentials = [
    credentialOf(await server.issue('eddsa-rdfc-2022')),
    credentialOf(await server.issue('vc-jwt-es256')),
  ]
  const presented = await present({ holder: holder.did, verifiableCredential: credentials })
  const answer = await verify(presented)
  expect(answer).toMatchObject({ status: 200, body: { verified: true, holder: holder.did } })
})

test('accepts one without credentials, which says who answers', async () => {
  expect(await verify(await present({}))).toMatchObject({ body: { holder: holder.did } })
})

test('judges each credential in it like a lone one', async () => {
  const credential = credentialOf(await server.issue('eddsa-jcs-2022'))
  const changed = { ...credential, name: 'Another' }
  const presented = await present({ verifiableCredential: [credential, changed] })
  const answer = await verify(presented)
  expect(codes(answer)).toEqual(['proof.signature-invalid'])
  expect(answer.body['pointer']).toBe('/verifiableCredential/1/proof')
})

test('wants to be told for whom and in answer to what', async () => {
  const presented = await present({})
  const { challenge, domain } = asked
  for (const options of [{}, { challenge }, { domain }]) {
    expect((await verify(presented, options)).status).toBe(400)
  }
  expect(codes(await verify(presented, { challenge: 'another', domain }))).toEqual([
    'proof.challenge-mismatch',
  ])
  expect(codes(await verify(presented, { challenge, domain: 'another' }))).toEqual([
    'proof.domain-mismatch',
  ])
  expect((await verify(presented, { challenge: '', domain: '' })).status).toBe(400)
})

test('refuses a holder who does not control the key, and no proof', async () => {
  const { did } = await somebody()
  expect(codes(await verify(await present({ holder: did })))).toEqual(['holder.key-mismatch'])
  const { proof: _, ...bare } = await present({})
  expect(codes(await verify(bare))).toContain('proof.malformed')
})

test('reads presentations as JWT', async () => {
  const credential = credentialOf(await server.issue('vc-jwt-eddsa'))
  const { domain: audience, challenge: nonce } = asked
  const token = await signPresentation(
    presentationOf(holder.did, [String(credential['id']).split(',')[1] ?? '']),
    { audience, nonce, now: new Date() },
    holder.signer,
  )
  expect(await verify(envelopePresentation(token))).toMatchObject({
    status: 200,
    body: { holder: holder.did },
  })
  const other = await verify(envelopePresentation(token), { ...asked, challenge: 'another' })
  expect(codes(other)).toEqual(['holder.nonce-mismatch'])
})

describe('the server as a holder', () => {
  const ask = (presentation: Json, options: Json = asked) =>
    server.post('/presentations/prove', { presentation, options })
  const bare = { '@context': [base], type: ['VerifiablePresentation'] }

  test('proves a presentation for whom and in answer to what it is told', async () => {
    const verifiableCredential = [credentialOf(await server.issue('eddsa-jcs-2022'))]
    const proved = await ask({ ...bare, verifiableCredential })
    expect(proved.status).toBe(201)
    const { verifiablePresentation } = proved.body as {
      readonly verifiablePresentation: JsonObject
    }
    const { body } = await server.get('/')
    const { presenter } = body as { readonly presenter: { readonly id: string } }
    expect(await verify(verifiablePresentation)).toMatchObject({ body: { holder: presenter.id } })
    expect((await verify(verifiablePresentation, { ...asked, domain: 'another' })).status).toBe(400)
  })

  test.each([
    ['nothing', null, asked],
    ['a presentation without type', { '@context': [base] }, asked],
    ['a presentation of another holder', { ...bare, holder: 'did:example:other' }, asked],
    ['a presentation with a proof', { ...bare, proof: { type: 'DataIntegrityProof' } }, asked],
    ['a term that nobody defines', { ...bare, badge: 1 }, asked],
    ['a credential without a proof', { ...bare, verifiableCredential: [{ type: 'A' }] }, asked],
    ['no options', bare, {}],
    ['no challenge', bare, { domain: 'a' }],
    ['an empty domain', bare, { domain: '', challenge: '1' }],
  ])('does not prove %s', async (_what, presentation, options) => {
    expect((await ask(presentation, options)).status).toBe(400)
  })
})
