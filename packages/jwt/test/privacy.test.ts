import { type JsonObject, type Signer, utf8 } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  parseJws,
  presentationOf,
  signCredential,
  signJws,
  signPresentation,
  vcJwt,
  verifyCredential,
  verifyPresentation,
} from '../src/index.ts'
import { jwtVcV1, signCredentialV1, verifyCredentialV1, verifyPresentationV1 } from '../src/v1.ts'
import { context, holder, input, issuer, part, signer, tampered, to } from './fixtures.ts'

const secret = 'Kalinouskaja-7c1d'
const alice = await holder()

/** What came of it: the refusal, or what was thrown. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

function silent(result: unknown, ...more: readonly string[]): void {
  expect(result).toBeTypeOf('object')
  expect(result).not.toHaveProperty('verified', true)
  const text = everythingIn(result)
  expect(text).not.toBe('')
  for (const word of [secret, part(secret).slice(0, 12), alice.did.slice(8, 60), ...more]) {
    expect(text).not.toContain(word)
  }
}

const credential: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', secret],
  type: ['VerifiableCredential', secret],
  issuer: `did:web:${secret}`,
  validFrom: secret,
  credentialStatus: { type: secret },
  credentialSubject: { id: secret, name: secret },
  jti: secret,
  sub: secret,
  exp: secret,
}

test('no refusal of a token holds any of it', async () => {
  const header = { typ: secret, cty: secret, kid: secret, x5c: [secret] }
  const token = await signJws(header, credential, signer)
  for (const bad of [
    secret,
    token.slice(0, -1),
    `${part({ alg: secret, crit: [secret] })}.${part({ a: secret })}.AAAA`,
    `${part(secret)}.${part(secret)}.${part(secret)}`,
    `${part({ alg: 'ES256' })}.${part(`{"${secret}":1,"${secret}":2}`)}.AAAA`,
  ]) {
    silent(await outcome(() => parseJws(bad)))
  }
  for (const judge of [verifyCredential, verifyPresentation]) {
    silent(await outcome(() => judge(token, context())), token)
    silent(await outcome(() => judge({ id: `data:application/vc+jwt,${secret}` }, context())))
  }
  for (const judge of [verifyCredentialV1, verifyPresentationV1]) {
    silent(await outcome(() => judge(token, context())), token)
    for (const wrapper of ['vc', 'vp']) {
      const v1 = await signJws(header, { ...credential, iss: 'x', [wrapper]: credential }, signer)
      silent(await outcome(() => judge(v1, context())), v1)
    }
  }
})

test('no refusal of a presentation holds any of it', async () => {
  const format = vcJwt({ signer })
  const secured = await format.secure(
    { ...input, claims: { name: secret } },
    { kind: 'jwk', publicJwk: alice.publicJwk },
  )
  const bad = tampered(secured.wire as string)
  const presentation = presentationOf(alice.did, [bad])
  const vp = await signPresentation(presentation, { ...to, nonce: secret }, alice.signer)
  silent(await outcome(() => verifyPresentation(vp, context({ audience: 'x' }))), vp, bad)
  silent(await outcome(() => format.verify(tampered(vp), context())), vp)
  silent(await outcome(() => format.verify(secured.wire, context())), secured.wire as string)
})

test('no error of issuing or presenting holds a claim, a token or a key', async () => {
  const leaky: Signer = { ...signer, sign: async () => utf8(secret) }
  const format = vcJwt({ signer })
  const legacy = jwtVcV1({ signer })
  const retained = utf8(JSON.stringify({ kty: 'EC', crv: 'P-256', d: secret }))
  const { wire } = await format.secure(
    { ...input, claims: { name: secret } },
    { kind: 'jwk', publicJwk: alice.publicJwk },
  )
  const bound = { format: 'vc+jwt', wire } as const
  const broken = { format: 'vc+jwt', wire: `${secret}.${secret}` } as const
  for (const run of [
    () => signCredential(credential, signer),
    () => signCredentialV1({ ...credential, issuer }, signer),
    () => signJws({ kid: secret }, credential, leaky),
    () => signJws({ alg: secret }, credential, signer),
    () => signPresentation(presentationOf(secret, [secret]), to, signer),
    () => format.view(broken),
    () => legacy.view({ ...broken, format: 'jwt_vc_json' }),
    () => format.present(bound, [], to, retained),
    () => format.present(bound, [], to, utf8(secret)),
    () => format.present(broken, [], to, retained),
    () => vcJwt().secure({ ...input, claims: { name: secret } }, { kind: 'bearer' }),
  ]) {
    const error = await outcome(run)
    expect(error).toBeInstanceOf(Error)
    silent(error, String(wire))
  }
})
