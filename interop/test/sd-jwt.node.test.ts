import { createHash, randomBytes } from 'node:crypto'
import { createKey, jwkSigner } from '@asoba/did'
import { issueSdJwt, presentSdJwt, verifySdJwt } from '@asoba/sd-jwt'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { compactVerify, importJWK } from 'jose'
import { expect, test } from 'vitest'

const key = await createKey('ES256')
const holder = await createKey('ES256')
const signer = await jwkSigner({ privateJwk: key.privateJwk, verificationMethod: 'key-1' })
const holderSigner = await jwkSigner({ privateJwk: holder.privateJwk, verificationMethod: 'h' })
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const now = new Date()
const seconds = Math.floor(now.getTime() / 1000)
const audience = 'https://verifier.example'
const nonce = 'n-0S6_WzA2Mj'
const claims = {
  iss: 'https://issuer.example',
  vct: 'https://issuer.example/types/1',
  iat: seconds - 60,
  exp: seconds + 3600,
  cnf: { jwk: { ...holder.publicJwk } },
  given_name: 'Alesia',
}

const verifyWith = (jwk: object) => async (data: string, signature: string) =>
  compactVerify(`${data}.${signature}`, await importJWK(jwk, 'ES256')).then(
    () => true,
    () => false,
  )
const peer = new SDJwtVcInstance({
  signer: async (data: string) => Buffer.from(await signer.sign(bytes(data))).toString('base64url'),
  signAlg: 'ES256',
  verifier: verifyWith(key.publicJwk),
  kbSigner: async (data: string) =>
    Buffer.from(await holderSigner.sign(bytes(data))).toString('base64url'),
  kbSignAlg: 'ES256',
  kbVerifier: verifyWith(holder.publicJwk),
  hasher: (data: string | ArrayBuffer) =>
    createHash('sha256')
      .update(typeof data === 'string' ? data : Buffer.from(data))
      .digest(),
  hashAlg: 'sha-256',
  saltGenerator: (length: number) => randomBytes(length).toString('base64url'),
} as never)

const judge = (wire: string) =>
  verifySdJwt(wire, {
    typ: 'dc+sd-jwt',
    now,
    clockTolerance: 0,
    findKeys: async () => ({ verified: true, checks: [], keys: [key.publicJwk] }),
    keyBinding: { audience, nonce, maxProofAge: 300, withoutKey: 'refused' },
  })
const ours = await issueSdJwt(claims, { signer, typ: 'dc+sd-jwt', disclosable: [['given_name']] })
const present = (to: string) =>
  presentSdJwt(ours, {
    disclose: [['given_name']],
    keyBinding: { audience: to, nonce, issuedAt: now, signer: holderSigner },
  })

test('@sd-jwt verifies our presentation', async () => {
  const { payload } = await peer.verify(await present(audience), {
    keyBindingNonce: nonce,
  } as never)
  expect(payload).toMatchObject({ given_name: 'Alesia' })
})

test('we verify a presentation by @sd-jwt', async () => {
  const issued = await peer.issue(claims as never, { _sd: ['given_name'] } as never)
  const wire = await peer.present(issued, { given_name: true } as never, {
    kb: { payload: { iat: seconds, aud: audience, nonce } },
  })
  expect(await judge(wire)).toMatchObject({ verified: true, claims: { given_name: 'Alesia' } })
})

test('@sd-jwt accepts a presentation without key binding, we refuse it', async () => {
  await expect(peer.verify(ours)).resolves.toBeDefined()
  expect((await judge(ours)).verified).toBe(false)
})

test('@sd-jwt accepts a key binding for another audience, we refuse it', async () => {
  const wire = await present('https://other.example')
  await expect(peer.verify(wire, { keyBindingNonce: nonce } as never)).resolves.toBeDefined()
  expect((await judge(wire)).verified).toBe(false)
})
