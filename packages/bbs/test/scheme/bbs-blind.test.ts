import { typescriptCurve } from '@asoba/bls12-381'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { signCommitted } from '../../src/scheme/blind-sign.ts'
import { commitWith } from '../../src/scheme/commit.ts'
import { proveWith } from '../../src/scheme/prove.ts'
import { settingOf } from '../../src/scheme/suite.ts'
import {
  blindProfile,
  blindSign,
  verifyBlindSignature,
  verifyCommitment,
  verifyProof,
} from '../../src/scheme.ts'
import { hex, mocked, scalar, text, unhex } from './support.ts'

interface Mock {
  readonly SEED: string
  readonly commit: { readonly DST: string }
  readonly proof: { readonly DST: string }
}
interface Case {
  readonly caseName: string
  readonly mockRngParameters: Mock
  readonly signerKeyPair: { readonly secretKey: string; readonly publicKey: string }
  readonly signerPublicKey: string
  readonly commitmentWithProof: string | null
  readonly proverBlind: string | null
  readonly header: string
  readonly presentationHeader: string
  readonly messages: readonly string[]
  readonly committedMessages: readonly string[] | null
  readonly revealedMessages: Readonly<Record<string, string>>
  readonly revealedCommittedMessages: Readonly<Record<string, string>> | null
  readonly signature: string
  readonly proof: string
  readonly L: number
}

const suite = 'bls12-381-sha-256'
const disclosures = (revealed: Readonly<Record<string, string>> | null | undefined) =>
  Object.entries(revealed ?? {}).map(([index, message]) => ({
    index: Number(index),
    message: unhex(message),
  }))

vectorSuite('bbs-blind/fixture_data', async ({ json, files }) => {
  const all = await json<{ messages: string[]; committedMessages: string[] } | string[]>(
    'messages.json',
  )

  test('makes the generators of the fixtures', async () => {
    type Listed = { P1: string; Q1: string; MsgGenerators: readonly string[] }
    const { generators, blindGenerators } = await json<{
      generators: Listed
      blindGenerators: Listed
    }>(`${suite}/generators.json`)
    const setting = settingOf(
      blindProfile({
        messages: generators.MsgGenerators.length,
        committed: blindGenerators.MsgGenerators.length,
      }),
      typescriptCurve,
    )
    const bytes = (point: typeof setting.p1) => hex(setting.curve.encodeG1(point))
    expect(bytes(setting.q1)).toBe(generators.Q1)
    expect(setting.generators.map(bytes)).toEqual([
      ...generators.MsgGenerators,
      blindGenerators.Q1,
      ...blindGenerators.MsgGenerators,
    ])
  })

  for (const file of await files(`${suite}/commit`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const committedMessages = (vector.committedMessages ?? []).map(unhex)
      const profile = blindProfile({ messages: 1, committed: committedMessages.length })
      const { SEED, commit } = vector.mockRngParameters
      const seed = text(SEED)
      const blind = unhex(vector.proverBlind ?? '')
      expect(mocked(seed, text(commit.DST))(committedMessages.length + 2)[0]).toBe(
        BigInt(`0x${vector.proverBlind}`),
      )
      const made = commitWith(
        profile,
        { committedMessages, nyms: [], blind },
        {},
        mocked(seed, text(commit.DST), 1),
      )
      expect(hex(made)).toBe(vector.commitmentWithProof)
      expect(verifyCommitment(profile, made)).toBe(true)
    })
  }

  for (const file of await files(`${suite}/signature`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const committedMessages = (vector.committedMessages ?? []).map(unhex)
      const messages = vector.messages.map(unhex)
      const profile = blindProfile({
        messages: messages.length,
        committed: committedMessages.length,
      })
      const input = {
        secretKey: unhex(vector.signerKeyPair.secretKey),
        header: unhex(vector.header),
        messages,
      }
      if (vector.commitmentWithProof === null) {
        // A blind signature without commitment: nothing that we offer, but the same code.
        const { curve } = settingOf(profile, typescriptCurve)
        expect(hex(signCommitted(profile, input, curve.zero))).toBe(vector.signature)
        return
      }
      const commitment = unhex(vector.commitmentWithProof)
      const signature = blindSign(profile, { ...input, commitment })
      expect(signature && hex(signature)).toBe(vector.signature)
      expect(
        verifyBlindSignature(profile, {
          publicKey: unhex(vector.signerKeyPair.publicKey),
          header: input.header,
          signature: unhex(vector.signature),
          messages,
          committedMessages,
          blind: unhex(vector.proverBlind ?? ''),
        }),
      ).toBe(true)
    })
  }

  for (const file of await files(`${suite}/proof`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const lists = Array.isArray(all) ? { messages: all, committedMessages: [] } : all
      const committedMessages =
        vector.commitmentWithProof === null ? [] : lists.committedMessages.map(unhex)
      const profile = blindProfile({ messages: vector.L, committed: committedMessages.length })
      const common = {
        publicKey: unhex(vector.signerPublicKey),
        header: unhex(vector.header),
        presentationHeader: unhex(vector.presentationHeader),
      }
      const disclosed = disclosures(vector.revealedMessages)
      const disclosedCommitted = disclosures(vector.revealedCommittedMessages)
      expect(
        verifyProof(profile, {
          ...common,
          disclosed,
          disclosedCommitted,
          proof: unhex(vector.proof),
        }),
      ).toBe(true)
      if (vector.proverBlind === null) return
      const { SEED, proof } = vector.mockRngParameters
      const made = proveWith(
        profile,
        {
          ...common,
          signature: unhex(vector.signature),
          messages: lists.messages.slice(0, vector.L).map(unhex),
          committedMessages,
          blind: scalar(vector.proverBlind),
          disclosed: disclosed.map(({ index }) => index),
          disclosedCommitted: disclosedCommitted.map(({ index }) => index),
        },
        {},
        mocked(text(SEED), text(proof.DST)),
      )
      expect(hex(made.proof)).toBe(vector.proof)
    })
  }
})
