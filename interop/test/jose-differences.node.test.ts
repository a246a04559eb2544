import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JsonObject, ProblemCode } from '@asoba/core'
import { createKey, didJwkOf, didResolver, holderKeys, jwk, jwkSigner } from '@asoba/did'
import {
  type PresentationVerification,
  parseJws,
  presentationOf,
  signCredential,
  signPresentation,
  verifyCredential,
  verifyJwsWith,
  verifyPresentation,
} from '@asoba/jwt'
import {
  base64url,
  compactVerify,
  EmbeddedJWK,
  FlattenedSign,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import { expect, test } from 'vitest'
import { jws } from './sd-jwt-peers.ts'

const key = await createKey('ES256')
const mallory = await createKey('ES256')
const did = didJwkOf(key.publicJwk)
const publicKey = await importJWK(key.publicJwk as JsonWebKey, 'ES256')
const now = new Date('2026-06-01T00:00:00Z')
const seconds = now.getTime() / 1000
const header = { alg: 'ES256', typ: 'vc+jwt', kid: `${did}#0` }
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: did,
  credentialSubject: { id: did, citizen: true },
} satisfies JsonObject
const audience = 'https://verifier.example'
const nonce = 'n-0S6_WzA2Mj'
const context: PresentationVerification = {
  now,
  clockTolerance: 0,
  audience,
  nonce,
  maxProofAge: 300,
  findIssuer: async () => ({
    verified: true,
    checks: [],
    issuer: did,
    type: 'citizenship',
    mechanism: 'did',
    keys: [key.publicJwk],
  }),
  findHolderKey: holderKeys(didResolver({ methods: [jwk] })),
  holderBinding: () => 'required',
}
const asked = { currentDate: now, typ: 'vc+jwt' }

/** What jose 6.2 accepts as it is usually called, and the problems that we find. */
const differences: readonly {
  readonly title: string
  readonly token: () => Promise<string>
  readonly theirs: (token: string) => Promise<unknown>
  readonly ours: readonly ProblemCode[]
}[] = [
  {
    title: 'a member that the payload names twice',
    token: () =>
      jws(key.privateJwk, header, JSON.stringify(credential).replace('{', '{"issuer":"did:x:y",')),
    theirs: (token) => jwtVerify(token, publicKey, asked),
    ours: ['jws.malformed'],
  },
  {
    title: 'a member that the header names twice',
    token: () =>
      jws(key.privateJwk, JSON.stringify(header).replace('{', '{"alg":"none",'), credential),
    theirs: (token) => jwtVerify(token, publicKey, asked),
    ours: ['jws.malformed'],
  },
  {
    title: 'a signature in base64url that is not canonical',
    async token() {
      const token = await jws(key.privateJwk, header, credential)
      // 64 bytes leave four bits of the last character unused.
      const last = token.at(-1) === 'A' ? 'B' : token.at(-1) === 'Q' ? 'R' : undefined
      return token.slice(0, -1) + (last ?? (token.at(-1) === 'g' ? 'h' : 'x'))
    },
    theirs: (token) => jwtVerify(token, publicKey, asked),
    ours: ['jws.malformed'],
  },
  {
    title: 'the key that the token brings along (EmbeddedJWK)',
    token: () => jws(mallory.privateJwk, { ...header, jwk: { ...mallory.publicJwk } }, credential),
    theirs: (token) => jwtVerify(token, EmbeddedJWK, asked),
    ours: ['jws.signature-invalid'],
  },
  {
    title: 'a MAC, where the caller gives the text of the public key and names no algorithm',
    async token() {
      const object = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' })
      const secret = new TextEncoder().encode(
        String(object.export({ type: 'spki', format: 'pem' })),
      )
      const claims: Record<string, unknown> = credential
      return new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret)
    },
    theirs(token) {
      const object = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' })
      const pem = new TextEncoder().encode(String(object.export({ type: 'spki', format: 'pem' })))
      return jwtVerify(token, pem, asked)
    },
    ours: ['jws.algorithm-unsupported'],
  },
  {
    title: 'another typ, where the caller names none',
    token: () => jws(key.privateJwk, { ...header, typ: 'at+jwt' }, credential),
    theirs: (token) => jwtVerify(token, publicKey, { currentDate: now }),
    ours: ['jws.type-mismatch'],
  },
  {
    title: 'an issuer that differs from iss',
    token: () => jws(key.privateJwk, header, { ...credential, iss: 'did:example:other' }),
    theirs: (token) => jwtVerify(token, publicKey, asked),
    ours: ['credential.malformed'],
  },
  {
    title: 'a credential of the model that has expired, as exp is not there',
    token: () => jws(key.privateJwk, header, { ...credential, validUntil: '2026-05-31T00:00:00Z' }),
    theirs: (token) => jwtVerify(token, publicKey, asked),
    ours: ['credential.expired'],
  },
]

test.each(differences)('jose 6.2 accepts, and we refuse, $title', async (difference) => {
  const token = await difference.token()
  await expect(difference.theirs(token)).resolves.toBeDefined()
  const judged = await verifyCredential(token, context)
  expect(judged.verified ? [] : judged.problems.map(({ code }) => code)).toEqual(difference.ours)
})

test('jose 6.2 knows payloads that are not encoded (b64), we refuse them', async () => {
  const payload = new TextEncoder().encode('payload')
  const { protected: head, signature } = await new FlattenedSign(payload)
    .setProtectedHeader({ alg: 'ES256', b64: false, crit: ['b64'] })
    .sign(await importJWK(key.privateJwk as JsonWebKey, 'ES256'))
  const token = `${head}.payload.${signature}`
  await expect(compactVerify(token, publicKey)).resolves.toBeDefined()
  // «payload» is no canonical base64url of seven characters, and nobody is to guess what it is.
  expect(parseJws(token)).toMatchObject({ verified: false })
  const encoded = `${head}.${base64url.encode(payload)}.${signature}`
  expect(parseJws(encoded)).toMatchObject({
    problems: [{ code: 'jws.header-invalid' }, { code: 'jws.header-invalid' }],
  })
})

test('jose 6.2 writes the name Ed25519 of RFC 9864, which we read as EdDSA', async () => {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'Ed25519' })
    .sign(await importJWK(privateJwk as JsonWebKey, 'Ed25519'))
  await expect(
    jwtVerify(token, await importJWK(publicJwk as JsonWebKey, 'Ed25519')),
  ).resolves.toBeDefined()
  const parsed = parseJws(token)
  if (!parsed.verified) throw new Error('refused')
  expect(parsed.header).toEqual({ alg: 'EdDSA' })
  expect(await verifyJwsWith(parsed, [publicJwk])).toBe(true)
})

test('a presentation of ours verifies with jose, for its audience and its nonce', async () => {
  const { wire } = await presented()
  const { payload } = await jwtVerify(wire, publicKey, {
    audience,
    currentDate: now,
    typ: 'vp+jwt',
    maxTokenAge: 300,
  })
  expect(payload).toMatchObject({ nonce, holder: did })
  expect((await verifyPresentation(wire, context)).verified).toBe(true)
})

test('a presentation signed by jose verifies here', async () => {
  const { presentation } = await presented()
  const wire = await new SignJWT({ ...presentation, nonce })
    .setProtectedHeader({ alg: 'ES256', typ: 'vp+jwt', cty: 'vp', kid: `${did}#0` })
    .setAudience(audience)
    .setIssuedAt(now)
    .sign(await importJWK(key.privateJwk as JsonWebKey, 'ES256'))
  expect((await verifyPresentation(wire, context)).verified).toBe(true)
})

test('jose 6.2 accepts, and we refuse, a presentation for others, where the caller names nobody', async () => {
  const { wire } = await presented({ audience: 'https://other.example', nonce: 'other' })
  await expect(jwtVerify(wire, publicKey, { currentDate: now })).resolves.toBeDefined()
  const judged = await verifyPresentation(wire, context)
  expect(judged.verified ? [] : judged.problems.map(({ code }) => code)).toEqual([
    'holder.audience-mismatch',
    'holder.nonce-mismatch',
  ])
})

async function presented(to = { audience, nonce }) {
  const signer = await jwkSigner({ privateJwk: key.privateJwk, verificationMethod: `${did}#0` })
  const presentation = presentationOf(did, [await signCredential(credential, signer)])
  return { presentation, wire: await signPresentation(presentation, { ...to, now }, signer) }
}

test('a credential that expires now is expired for both', async () => {
  const token = await jws(key.privateJwk, header, { ...credential, exp: seconds })
  await expect(jwtVerify(token, publicKey, asked)).rejects.toThrow('exp')
  expect(await verifyCredential(token, context)).toMatchObject({
    problems: [{ code: 'credential.expired' }],
  })
})
