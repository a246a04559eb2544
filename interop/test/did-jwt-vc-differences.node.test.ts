import type { Json, JsonObject, ProblemCode } from '@asoba/core'
import { findVerificationKeys } from '@asoba/did'
import { verifyCredentialV1, verifyPresentationV1 } from '@asoba/jwt/v1'
import { checkStatus, snapshotSource } from '@asoba/status'
import { verifyCredential, verifyPresentation } from 'did-jwt-vc'
import { expect, test } from 'vitest'
import { audience, contextFor, nonce, now, party, resolver, seconds } from './did-jwt-peers.ts'
import { jws } from './sd-jwt-peers.ts'

const [issuer, holder, mallory] = await Promise.all([
  party('ES256'),
  party('ES256'),
  party('ES256'),
])
const context = contextFor(issuer.did)
const header = { alg: 'ES256', typ: 'JWT' }
const subject: JsonObject = { id: holder.did, citizen: true }
const vc: JsonObject = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential'],
  credentialSubject: subject,
}
const claims: JsonObject = {
  iss: issuer.did,
  sub: holder.did,
  nbf: seconds - 60,
  exp: seconds + 60,
  vc,
}
const credential = (change: object = {}, head: object = {}, by = issuer) =>
  jws(by.privateJwk, { ...header, ...head }, { ...claims, ...change })

type Case = readonly [string, () => Promise<string>, readonly ProblemCode[]]
const credentials: readonly Case[] = [
  [
    'by an issuer whom nobody trusts',
    () => credential({ iss: mallory.did }, {}, mallory),
    ['issuer.untrusted'],
  ],
  [
    'that expired four minutes ago',
    () => credential({ exp: seconds - 240 }),
    ['credential.expired'],
  ],
  [
    'that holds in four minutes',
    () => credential({ nbf: seconds + 240 }),
    ['credential.not-yet-valid'],
  ],
  ['whose exp is 0', () => credential({ exp: 0 }), ['credential.expired']],
  ['without a date of issuance', () => credential({ nbf: undefined }), ['credential.malformed']],
  [
    'whose sub is not the subject',
    () => credential({ vc: { ...vc, credentialSubject: { ...subject, id: mallory.did } } }),
    ['credential.malformed'],
  ],
  [
    'whose iss is not the issuer',
    () => credential({ vc: { ...vc, issuer: mallory.did } }),
    ['credential.malformed', 'issuer.untrusted'],
  ],
  [
    'that is said to last longer than exp',
    () => credential({ vc: { ...vc, expirationDate: '2999-01-01T00:00:00Z' } }),
    ['credential.malformed'],
  ],
  ['of another typ', () => credential({}, { typ: 'kb+jwt' }), ['jws.type-mismatch']],
  [
    'with a kid of somebody else',
    () => credential({}, { kid: mallory.kid }),
    ['jws.header-invalid'],
  ],
  [
    'with a critical extension that nobody knows',
    () => credential({}, { crit: ['sealed'], sealed: true }),
    ['jws.header-invalid'],
  ],
  [
    'that names a member twice',
    () => jws(issuer.privateJwk, header, JSON.stringify(claims).replace('{', '{"exp":1,')),
    ['jws.malformed'],
  ],
  [
    'whose status is of an unknown kind',
    () => credential({ vc: { ...vc, credentialStatus: { id: 'urn:x', type: 'Other' } } }),
    ['status.invalid-entry'],
  ],
]

test.each(credentials)(
  'did-jwt-vc 4.0 accepts, and we refuse, a credential %s',
  async (_title, make, ours) => {
    const token = await make()
    const theirs = verifyCredential(token, resolver, { policies: { now: seconds } })
    await expect(theirs).resolves.toMatchObject({ verified: true })
    const judged = await verifyCredentialV1(token, context)
    expect(judged.verified ? [] : judged.problems.map(({ code }) => code)).toEqual(ours)
  },
)

const vp = (tokens: readonly Json[]): JsonObject => ({
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiablePresentation'],
  verifiableCredential: tokens,
})
async function presentation(change: object = {}, by = holder, head: object = {}): Promise<string> {
  const address = { iss: by.did, aud: audience, nonce, iat: seconds }
  const payload = { ...address, vp: vp([await credential()]), ...change }
  return jws(by.privateJwk, { ...header, ...head }, payload)
}
async function tampered(): Promise<string> {
  const [head, payload = '', signature] = (await credential()).split('.')
  const text = Buffer.from(payload, 'base64url').toString().replace('citizen', 'premier')
  return [head, Buffer.from(text).toString('base64url'), signature].join('.')
}
/** The peer judges the presentation alone; ours says where inside of it something is wrong. */
const inside = (code: ProblemCode): string => `/verifiableCredential/0 ${code}`
type VpCase = readonly [
  title: string,
  make: () => Promise<string>,
  ours: readonly string[],
  /** What the caller gives where it is the forgetting that is meant. */
  asked?: { readonly domain?: string; readonly challenge?: string },
]
const presentations: readonly VpCase[] = [
  [
    'with a credential that was changed',
    async () => presentation({ vp: vp([await tampered()]) }),
    [inside('jws.signature-invalid')],
  ],
  [
    'with a credential that has expired long ago',
    async () => presentation({ vp: vp([await credential({ exp: 1 })]) }),
    [inside('credential.expired')],
  ],
  [
    'with a credential by an issuer whom nobody trusts',
    async () => presentation({ vp: vp([await credential({ iss: mallory.did }, {}, mallory)]) }),
    [inside('issuer.untrusted')],
  ],
  [
    'with a credential that is not signed at all',
    async () => presentation({ vp: vp([{ ...vc, issuer: issuer.did }]) }),
    [inside('presentation.malformed')],
  ],
  [
    'by somebody who is not the subject',
    async () => presentation({}, mallory),
    [inside('holder.key-mismatch')],
  ],
  ['with no credential', async () => presentation({ vp: vp([]) }), ['presentation.malformed']],
  [
    'for two audiences',
    async () => presentation({ aud: [audience, 'https://other.example'] }),
    ['holder.audience-mismatch'],
  ],
  ['of last year', async () => presentation({ iat: seconds - 365 * 86_400 }), ['holder.too-old']],
  [
    'for another request, as the challenge was forgotten',
    async () => presentation({ nonce: 'other' }),
    ['holder.nonce-mismatch'],
    { domain: audience },
  ],
  [
    'for nobody, as domain and challenge were forgotten',
    async () => presentation({ aud: undefined, nonce: undefined }),
    ['holder.audience-mismatch', 'holder.nonce-mismatch'],
    {},
  ],
  [
    'of another typ',
    async () => presentation({}, holder, { typ: 'kb+jwt' }),
    ['jws.type-mismatch'],
  ],
]

const complete = { domain: audience, challenge: nonce }
for (const [title, make, ours, asked = complete] of presentations) {
  test(`did-jwt-vc 4.0 accepts, and we refuse, a presentation ${title}`, async () => {
    const wire = await make()
    const theirs = verifyPresentation(wire, resolver, { policies: { now: seconds }, ...asked })
    await expect(theirs).resolves.toMatchObject({ verified: true })
    const judged = await verifyPresentationV1(wire, context)
    const problems = judged.verified ? [] : judged.problems
    expect(problems.map(({ code, path }) => (path ? `${path} ${code}` : code))).toEqual(ours)
  })
}

test('did-jwt-vc 4.0 asks no status list; ours is there to be asked, and fails closed', async () => {
  const uri = 'https://registry.example/status/1'
  const token = await credential({ status: { status_list: { idx: 1, uri } } })
  const theirs = verifyCredential(token, resolver, { policies: { now: seconds } })
  await expect(theirs).resolves.toMatchObject({ verified: true })
  const judged = await verifyCredentialV1(token, context)
  const status = judged.verified ? judged.status : []
  expect(status).toEqual([{ kind: 'token-status-list', uri, index: 1 }])
  const { findIssuer } = context
  const trusted = { issuer: issuer.did, type: 'citizenship', mechanism: 'did' } as const
  const source = snapshotSource({})
  const checked = await checkStatus(status, { issuer: trusted, source, findIssuer, now })
  expect(checked.verified ? [] : checked.problems.map(({ code }) => code)).toEqual([
    'status.unavailable',
  ])
})

test('did-jwt 8 takes a key that may not issue; we find none', async () => {
  const forAgreementOnly = {
    async resolve(did: string) {
      const result = await resolver.resolve(did)
      const { assertionMethod: _a, authentication: _b, ...didDocument } = result.didDocument ?? {}
      return { ...result, didDocument: { ...didDocument, id: did } }
    },
  }
  const token = await credential()
  const theirs = verifyCredential(token, forAgreementOnly, { policies: { now: seconds } })
  await expect(theirs).resolves.toMatchObject({ verified: true })
  const query = { did: issuer.did, relationship: 'assertionMethod' } as const
  expect(await findVerificationKeys(forAgreementOnly, query)).toMatchObject({
    verified: false,
    problems: [{ code: 'issuer.key-not-found' }],
  })
})
