import { hashToScalar, typescriptCurve } from '@asoba/bls12-381'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { proveWith } from '../../src/scheme/prove.ts'
import { interfaces, settingOf } from '../../src/scheme/suite.ts'
import {
  plainProfile,
  publicKeyOf,
  secretKeyFrom,
  sign,
  verify,
  verifyProof,
} from '../../src/scheme.ts'
import { hex, mocked, unhex } from './support.ts'

interface SignatureCase {
  readonly caseName: string
  readonly signerKeyPair: { readonly secretKey: string; readonly publicKey: string }
  readonly header: string
  readonly messages: readonly string[]
  readonly signature: string
  readonly result: { readonly valid: boolean }
}
interface ProofCase {
  readonly caseName: string
  readonly signerPublicKey: string
  readonly signature: string
  readonly header: string
  readonly presentationHeader: string
  readonly messages: readonly string[]
  readonly disclosedIndexes: readonly number[]
  readonly proof: string
  readonly result: { readonly valid: boolean }
}

const suite = 'bls12-381-sha-256'

vectorSuite('bbs-core/fixture_data', async ({ json, files }) => {
  test('hashes to scalars, keys and generators', async () => {
    type H2s = { message: string; dst: string; scalar: string }
    const h2s = await json<H2s>(`${suite}/h2s.json`)
    expect(hashToScalar(unhex(h2s.message), unhex(h2s.dst))).toBe(BigInt(`0x${h2s.scalar}`))
    const map = await json<{ dst: string; cases: readonly Omit<H2s, 'dst'>[] }>(
      `${suite}/MapMessageToScalarAsHash.json`,
    )
    expect(hex(interfaces.plain.message)).toBe(map.dst)
    for (const { message, scalar } of map.cases) {
      expect(hashToScalar(unhex(message), unhex(map.dst))).toBe(BigInt(`0x${scalar}`))
    }
    const key = await json<{
      keyMaterial: string
      keyInfo: string
      keyDst: string
      keyPair: { secretKey: string; publicKey: string }
    }>(`${suite}/keypair.json`)
    expect(hex(interfaces.plain.keygen)).toBe(key.keyDst)
    const secret = secretKeyFrom(unhex(key.keyMaterial), { info: unhex(key.keyInfo) })
    expect(hex(secret)).toBe(key.keyPair.secretKey)
    expect(hex(publicKeyOf(secret))).toBe(key.keyPair.publicKey)
    const listed = await json<{ P1: string; Q1: string; MsgGenerators: readonly string[] }>(
      `${suite}/generators.json`,
    )
    const setting = settingOf(
      plainProfile({ messages: listed.MsgGenerators.length }),
      typescriptCurve,
    )
    const bytes = (point: typeof setting.p1) => hex(setting.curve.encodeG1(point))
    expect(bytes(setting.p1)).toBe(listed.P1)
    expect(bytes(setting.q1)).toBe(listed.Q1)
    expect(setting.generators.map(bytes)).toEqual(listed.MsgGenerators)
    const random = await json<{
      seed: string
      dst: string
      count: number
      mockedScalars: string[]
    }>(`${suite}/mockedRng.json`)
    expect(
      mocked(
        unhex(random.seed),
        unhex(random.dst),
      )(random.count).map((value) => value.toString(16).padStart(64, '0')),
    ).toEqual(random.mockedScalars)
  })

  for (const file of await files(`${suite}/signature`)) {
    const vector = await json<SignatureCase>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const profile = plainProfile({ messages: vector.messages.length })
      const messages = vector.messages.map(unhex)
      const header = unhex(vector.header)
      const { secretKey, publicKey } = vector.signerKeyPair
      const signed = {
        publicKey: unhex(publicKey),
        signature: unhex(vector.signature),
        header,
        messages,
      }
      expect(verify(profile, signed)).toBe(vector.result.valid)
      if (!vector.result.valid) return
      const own = sign(profile, { secretKey: unhex(secretKey), header, messages })
      expect(hex(own)).toBe(vector.signature)
    })
  }

  const { seed, dst } = await json<{ seed: string; dst: string }>(`${suite}/mockedRng.json`)
  for (const file of await files(`${suite}/proof`)) {
    const vector = await json<ProofCase>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const profile = plainProfile({ messages: vector.messages.length })
      const messages = vector.messages.map(unhex)
      const common = {
        publicKey: unhex(vector.signerPublicKey),
        header: unhex(vector.header),
        presentationHeader: unhex(vector.presentationHeader),
      }
      const disclosed = vector.disclosedIndexes.map((index) => ({
        index,
        message: messages[index] ?? new Uint8Array(0),
      }))
      const proof = unhex(vector.proof)
      expect(verifyProof(profile, { ...common, disclosed, proof })).toBe(vector.result.valid)
      if (!vector.result.valid) return
      const made = proveWith(
        profile,
        {
          ...common,
          messages,
          disclosed: vector.disclosedIndexes,
          signature: unhex(vector.signature),
        },
        {},
        mocked(unhex(seed), unhex(dst)),
      )
      expect(hex(made.proof)).toBe(vector.proof)
      expect(made.pseudonym).toBeUndefined()
    })
  }
})
