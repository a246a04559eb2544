import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  createKey,
  dereference,
  deriveSharedSecret,
  didJwkOf,
  didKeyOf,
  didResolver,
  findVerificationKeys,
  holderKeys,
  jwk,
  jwkSigner,
  jwkThumbprint,
  jwkToMultikey,
  key,
  keyFromSeed,
  multikeyToJwk,
  validateDidDocument,
  webMethod,
} from '../src/index.ts'
import { nobleSigner } from '../src/noble.ts'

/** What a failing call lets out: what it throws, or what it returns. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    return everythingIn(await call())
  } catch (error) {
    return everythingIn(error)
  }
}

test('no error and no result holds a key, a token or what a document says', async () => {
  const secret = 'SECRETvalueSECRETvalueSECRETvalueSECRETvalu'
  const did = `did:example:${secret}`
  const { privateJwk, publicJwk } = await createKey('ES256')
  const broken = { ...privateJwk, x: secret, y: secret, d: secret }
  const document = {
    id: did,
    controller: `not a did ${secret}`,
    verificationMethod: [{ id: secret, type: { secret }, publicKeyJwk: { kty: 'EC', d: secret } }],
    service: [{ id: secret, type: [], serviceEndpoint: secret }],
  }
  const thrower = { resolve: () => Promise.reject(new Error(secret)) }
  const foreign = didResolver({
    methods: [key, jwk, { name: 'example', resolve: async () => ({ didDocument: document }) }],
  })
  const web = didResolver({
    methods: [webMethod({ fetch: () => Promise.reject(new Error(secret)) })],
  })
  const calls: readonly (() => unknown)[] = [
    () => jwkSigner({ privateJwk: broken, verificationMethod: '' }),
    () => jwkSigner({ privateJwk: { ...broken, crv: secret }, verificationMethod: '' }),
    () => jwkSigner({ privateJwk: { ...privateJwk, d: secret }, verificationMethod: '' }),
    () => nobleSigner({ privateJwk: broken, verificationMethod: '' }),
    () => nobleSigner({ privateJwk: { ...privateJwk, d: secret }, verificationMethod: '' }),
    () => deriveSharedSecret(broken, publicJwk),
    () => deriveSharedSecret({ ...privateJwk, d: secret }, publicJwk),
    () => deriveSharedSecret(privateJwk, { ...publicJwk, x: secret }),
    () => keyFromSeed('ES256', new TextEncoder().encode(`${secret}${secret}`)),
    () => jwkToMultikey(broken),
    () => didKeyOf(broken),
    () => didJwkOf(broken),
    () => multikeyToJwk(`z${secret}`),
    () => multikeyToJwk(secret),
    () => jwkThumbprint({ kty: secret }),
    () => validateDidDocument(document, did),
    () => foreign.resolve(`did:key:z${secret}`),
    () => foreign.resolve(`did:jwk:${secret}`),
    () => foreign.resolve(`did:${secret}`),
    () => web.resolve('did:web:a.example'),
    () => dereference(foreign, `${did}#${secret}`),
    () => dereference(thrower, `${did}#${secret}`),
    () =>
      findVerificationKeys(foreign, { did, relationship: 'assertionMethod', kid: `#${secret}` }),
    () => findVerificationKeys(thrower, { did, relationship: 'assertionMethod' }),
    () => findVerificationKeys(foreign, { did: secret, relationship: 'authentication' }),
    () => holderKeys(foreign)(`${did}#${secret}`),
  ]
  for (const call of calls) {
    const text = await outcome(call)
    expect(text).not.toContain('SECRET')
    expect(text).not.toContain(privateJwk.d)
  }
})
