import { bbsSigner, createBbsKey } from '@asoba/bbs'
import { plainProfile, verify } from '@asoba/bbs/scheme'
import { memoryVault, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner, verifySignature } from '@asoba/did'
import { everythingIn } from '@asoba/testing'
import { asobaKms } from '@asoba/veramo'
import type { AbstractKeyManagementSystem } from '@veramo/key-manager'
import { describe, expect, it } from 'vitest'
import { jwkOfManagedKey } from '../src/key-forms.ts'

const kinds = { 'in a vault': () => memoryVault(), 'in the process': () => 'process' as const }
const algorithms = { Ed25519: 'EdDSA', Secp256r1: 'ES256' } as const
const data = utf8('to be signed')

for (const [where, vault] of Object.entries(kinds)) {
  describe(`keys ${where}`, () => {
    // Veramo's own abstract class is what it has to be.
    const kmsOf = (): AbstractKeyManagementSystem & ReturnType<typeof asobaKms> =>
      asobaKms({ vault: vault() })

    it.each(Object.entries(algorithms))('sign as %s keys do', async (type, algorithm) => {
      const kms = kmsOf()
      const key = await kms.createKey({ type })
      const jwk = jwkOfManagedKey(key)
      const text = await kms.sign({ keyRef: key, algorithm, data })
      const signature = Uint8Array.from(
        atob(text.replaceAll('-', '+').replaceAll('_', '/')),
        (char) => char.charCodeAt(0),
      )
      if (jwk === undefined) throw new Error('no key')
      expect(await verifySignature(algorithm, jwk, data, signature)).toBe(true)
      expect(key.meta?.algorithms).toContain(algorithm)
      await expect(kms.sign({ keyRef: key, algorithm: 'ES256K', data })).rejects.toMatchObject({
        code: 'key.unsupported',
      })
    })

    it('agree on a secret with X25519 and P-256', async () => {
      const kms = kmsOf()
      for (const type of ['X25519', 'Secp256r1']) {
        const [own, other] = [await kms.createKey({ type }), await kms.createKey({ type })]
        const there = await kms.sharedSecret({ myKeyRef: own, theirKey: other })
        expect(await kms.sharedSecret({ myKeyRef: other, theirKey: own })).toBe(there)
        expect(there).toMatch(/^[0-9a-f]{64}$/)
      }
    })

    it('sign by BBS', async () => {
      const kms = kmsOf()
      const key = await kms.createKey({ type: 'Bls12381G2' })
      const messages = ['citizen: true', 'given name: Alesia'].map(utf8)
      const header = utf8('header')
      const input = { header: toBase64url(header), messages: messages.map(toBase64url) }
      const asked = { keyRef: key, algorithm: 'BBS', data: utf8(JSON.stringify(input)) }
      const signature = bytesOf(await kms.sign(asked))
      const publicKey = bytesOf(jwkOfManagedKey(key)?.x ?? '')
      expect(
        verify(plainProfile({ messages: 2 }), { publicKey, signature, header, messages }),
      ).toBe(true)
      for (const nonsense of ['', '{}', '{"messages":7}', '{"header":"?","messages":[]}']) {
        await expect(kms.sign({ keyRef: key, data: utf8(nonsense) })).rejects.toThrow(TypeError)
      }
    })

    it('are listed, deleted and never given out', async () => {
      const kms = kmsOf()
      const secret = '42'.repeat(32)
      for (const type of ['Ed25519', 'Secp256r1', 'X25519', 'Bls12381G2']) {
        const imported = await kms.importKey({ type, privateKeyHex: secret, kid: type })
        const shown = everythingIn([imported, await kms.listKeys()])
        expect(shown).not.toContain(secret)
        expect(shown).not.toContain(toBase64url(new Uint8Array(32).fill(0x42)))
        await expect(kms.importKey({ type, privateKeyHex: secret, kid: type })).rejects.toThrow()
      }
      expect((await kms.listKeys()).map(({ kid }) => kid).sort()).toEqual([
        'Bls12381G2',
        'Ed25519',
        'Secp256r1',
        'X25519',
      ])
      expect(await kms.deleteKey({ kid: 'Ed25519' })).toBe(true)
      expect(await kms.deleteKey({ kid: 'Ed25519' })).toBe(false)
      await expect(kms.sign({ keyRef: { kid: 'Ed25519' }, data })).rejects.toMatchObject({
        code: 'signer.missing',
      })
    })

    it('are refused where they are of no kind that is used, or broken', async () => {
      const kms = kmsOf()
      for (const type of ['Bls12381G1', 'RSA', '']) {
        await expect(kms.createKey({ type })).rejects.toMatchObject({ code: 'key.unsupported' })
      }
      for (const privateKeyHex of ['', 'zz', '00', '00'.repeat(32)]) {
        await expect(kms.importKey({ type: 'Secp256r1', privateKeyHex })).rejects.toMatchObject({
          code: 'key.invalid',
        })
      }
      await expect(kms.signEthTX({ key: { kid: '' }, transaction: {} })).rejects.toMatchObject({
        code: 'key.unsupported',
      })
    })
  })
}

describe('keys that lie elsewhere', () => {
  it('sign by their signers, and for nothing else', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const bbs = createBbsKey()
    const kms = asobaKms({
      vault: 'process',
      outside: [
        { kid: 'hsm', publicJwk, signer: await jwkSigner({ privateJwk, verificationMethod: '' }) },
        {
          kid: 'bbs',
          publicJwk: bbs.publicJwk,
          signer: bbsSigner({ ...bbs, verificationMethod: '' }),
        },
      ],
    })
    const signature = bytesOf(await kms.sign({ keyRef: { kid: 'hsm' }, data }))
    expect(await verifySignature('ES256', publicJwk, data, signature)).toBe(true)
    const asked = { keyRef: { kid: 'hsm' }, data, algorithm: 'EdDSA' }
    await expect(kms.sign(asked)).rejects.toMatchObject({ code: 'key.unsupported' })
    expect((await kms.listKeys()).map(({ type }) => type)).toEqual(['Secp256r1', 'Bls12381G2'])
  })
})

function bytesOf(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}
