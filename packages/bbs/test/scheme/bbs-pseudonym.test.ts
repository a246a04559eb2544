import { typescriptCurve } from '@asoba/bls12-381'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { commitWith } from '../../src/scheme/commit.ts'
import { proveWith } from '../../src/scheme/prove.ts'
import { settingOf } from '../../src/scheme/suite.ts'
import {
  blindSign,
  nymSecretsOf,
  pseudonymOf,
  pseudonymProfile,
  verifyBlindSignature,
  verifyCommitment,
  verifyProof,
} from '../../src/scheme.ts'
import { hex, mocked, scalar, text, unhex } from './support.ts'

interface Case {
  readonly caseName: string
  readonly mockRngParameters: {
    readonly SEED: string
    readonly commit: { readonly DST: string }
    readonly proof: { readonly DST: string }
  }
  readonly signerKeyPair: { readonly secretKey: string; readonly publicKey: string }
  readonly signerPublicKey: string
  readonly signer_nym_entropy: string
  readonly proverNyms: readonly string[]
  readonly nym_secrets: readonly string[]
  readonly pseudonym: string
  readonly commitmentWithProof: string
  readonly proverBlind: string
  readonly header: string
  readonly presentationHeader: string
  readonly context_id: string
  readonly messages: readonly string[]
  readonly committedMessages: readonly string[]
  readonly revealedMessages: Readonly<Record<string, string>> | null
  readonly revealedCommittedMessages: Readonly<Record<string, string>> | null
  readonly signature: string
  readonly proof: string
}

const suite = 'bls12-381-sha-256'
const disclosures = (revealed: Readonly<Record<string, string>> | null) =>
  Object.entries(revealed ?? {}).map(([index, message]) => ({
    index: Number(index),
    message: unhex(message),
  }))
const profileOf = ({ messages = [], committedMessages, proverNyms }: Partial<Case>) =>
  pseudonymProfile({
    messages: messages.length,
    committed: committedMessages?.length ?? 0,
    nyms: proverNyms?.length ?? 0,
  })

vectorSuite('bbs-pseudonym/fixture_data', async ({ json, files }) => {
  test('makes the generators of the fixtures', async () => {
    type Listed = { Q1: string; MsgGenerators: readonly string[] }
    const { generators, blindGenerators } = await json<{
      generators: Listed
      blindGenerators: Listed
    }>(`${suite}/generators.json`)
    const setting = settingOf(
      pseudonymProfile({
        messages: generators.MsgGenerators.length,
        committed: blindGenerators.MsgGenerators.length - 1,
        nyms: 1,
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

  for (const file of await files(`${suite}/nymCommit`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const profile = profileOf(vector)
      const { SEED, commit } = vector.mockRngParameters
      const made = commitWith(
        profile,
        {
          committedMessages: vector.committedMessages.map(unhex),
          nyms: vector.proverNyms.map(scalar),
          blind: scalar(vector.proverBlind),
        },
        {},
        mocked(text(SEED), text(commit.DST), 1),
      )
      expect(
        mocked(
          text(SEED),
          text(commit.DST),
        )(vector.committedMessages.length + vector.proverNyms.length + 2)[0],
      ).toBe(BigInt(`0x${vector.proverBlind}`))
      expect(hex(made)).toBe(vector.commitmentWithProof)
      expect(verifyCommitment(profile, made)).toBe(true)
    })
  }

  for (const file of await files(`${suite}/nymSignature`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const profile = profileOf(vector)
      const entropy = scalar(vector.signer_nym_entropy)
      const messages = vector.messages.map(unhex)
      const header = unhex(vector.header)
      const signature = blindSign(profile, {
        secretKey: unhex(vector.signerKeyPair.secretKey),
        publicKey: unhex(vector.signerKeyPair.publicKey),
        header,
        messages,
        commitment: unhex(vector.commitmentWithProof),
        entropy,
      })
      expect(signature && hex(signature)).toBe(vector.signature)
      const nymSecrets = nymSecretsOf(profile, { nyms: vector.proverNyms.map(scalar), entropy })
      expect(nymSecrets?.map(hex)).toEqual(vector.nym_secrets.map((nym) => nym.padStart(64, '0')))
      expect(
        verifyBlindSignature(profile, {
          publicKey: unhex(vector.signerKeyPair.publicKey),
          header,
          signature: unhex(vector.signature),
          messages,
          committedMessages: vector.committedMessages.map(unhex),
          blind: scalar(vector.proverBlind),
          nymSecrets: nymSecrets ?? [],
        }),
      ).toBe(true)
    })
  }

  for (const file of await files(`${suite}/nymProof`)) {
    const vector = await json<Case>(file)
    test(`${file}: ${vector.caseName}`, () => {
      const profile = profileOf(vector)
      const common = {
        publicKey: unhex(vector.signerPublicKey),
        header: unhex(vector.header),
        presentationHeader: unhex(vector.presentationHeader),
        scope: unhex(vector.context_id),
      }
      const disclosed = disclosures(vector.revealedMessages)
      const disclosedCommitted = disclosures(vector.revealedCommittedMessages)
      const nymSecrets = vector.nym_secrets.map(scalar)
      const made = proveWith(
        profile,
        {
          ...common,
          signature: unhex(vector.signature),
          messages: vector.messages.map(unhex),
          committedMessages: vector.committedMessages.map(unhex),
          blind: scalar(vector.proverBlind),
          nymSecrets,
          disclosed: disclosed.map(({ index }) => index),
          disclosedCommitted: disclosedCommitted.map(({ index }) => index),
        },
        {},
        mocked(text(vector.mockRngParameters.SEED), text(vector.mockRngParameters.proof.DST)),
      )
      expect(hex(made.proof)).toBe(vector.proof)
      expect(hex(made.pseudonym)).toBe(vector.pseudonym)
      const pseudonym = pseudonymOf(profile, { nymSecrets, scope: common.scope })
      expect(hex(pseudonym)).toBe(vector.pseudonym)
      expect(
        verifyProof(profile, {
          ...common,
          disclosed,
          disclosedCommitted,
          proof: unhex(vector.proof),
          pseudonym,
        }),
      ).toBe(true)
    })
  }
})
