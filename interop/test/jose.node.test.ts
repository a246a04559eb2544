import type { JsonWebKey } from 'node:crypto'
import type { JsonObject, SignatureAlgorithm, TrustedIssuer } from '@asoba/core'
import { createKey, didJwkOf, jwkSigner, jwkThumbprint } from '@asoba/did'
import { signCredential, verifyCredential } from '@asoba/jwt'
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose'
import { expect, test } from 'vitest'

const algorithms: readonly SignatureAlgorithm[] = ['ES256', 'ES384', 'ES512', 'EdDSA']

async function setUp(algorithm: SignatureAlgorithm) {
  const { publicJwk, privateJwk } = await createKey(algorithm)
  const did = didJwkOf(publicJwk)
  const credential: JsonObject = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: did,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:holder', citizen: true },
  }
  const trusted: TrustedIssuer = { issuer: did, type: 'any', keys: [publicJwk], mechanism: 'did' }
  const context = {
    now: new Date('2026-06-01T00:00:00Z'),
    clockTolerance: 0,
    findIssuer: async () => ({ verified: true as const, checks: [], ...trusted }),
  }
  return { publicJwk, privateJwk, did, credential, context }
}

test.each(algorithms)('a vc+jwt of ours verifies with jose: %s', async (algorithm) => {
  const { publicJwk, privateJwk, did, credential } = await setUp(algorithm)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  const token = await signCredential(credential, signer)
  const { payload, protectedHeader } = await jwtVerify(
    token,
    await importJWK(publicJwk as JsonWebKey, algorithm),
    { algorithms: [algorithm], typ: 'vc+jwt' },
  )
  expect(payload).toEqual(credential)
  expect(protectedHeader.kid).toBe(`${did}#0`)
})

test.each(algorithms)('a vc+jwt signed by jose verifies here: %s', async (algorithm) => {
  const { privateJwk, did, credential, context } = await setUp(algorithm)
  const token = await new SignJWT(credential as Record<string, unknown>)
    .setProtectedHeader({ alg: algorithm, typ: 'vc+jwt', kid: `${did}#0` })
    .sign(await importJWK(privateJwk as JsonWebKey, algorithm))
  expect((await verifyCredential(token, context)).verified).toBe(true)
})

test('jose takes a token without a type; a credential without one is refused here', async () => {
  const { publicJwk, privateJwk, did, credential, context } = await setUp('ES256')
  const token = await new SignJWT(credential as Record<string, unknown>)
    .setProtectedHeader({ alg: 'ES256', kid: `${did}#0` })
    .sign(await importJWK(privateJwk as JsonWebKey, 'ES256'))
  await expect(
    jwtVerify(token, await importJWK(publicJwk as JsonWebKey, 'ES256')),
  ).resolves.toBeDefined()
  const judged = await verifyCredential(token, context)
  expect(judged.verified ? [] : judged.problems.map(({ code }) => code)).toEqual([
    'jws.type-mismatch',
  ])
})

test.each(algorithms)('the thumbprint of a key is that of jose: %s', async (algorithm) => {
  const { publicJwk } = await setUp(algorithm)
  expect(await jwkThumbprint(publicJwk)).toBe(await calculateJwkThumbprint(publicJwk as JsonWebKey))
})
