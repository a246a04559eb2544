import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Profile, Statements } from '../../src/scheme.ts'
import {
  pseudonymOf,
  verifyBlindSignature,
  verifyCommitment,
  verifyProof,
} from '../../src/scheme.ts'
import { acceptedByTheDraft } from './malicious.ts'
import { buildVectors, profileOf, type Shown, type Vectors } from './spec-vectors.ts'
import { unhex } from './support.ts'

const folder = new URL('../../../../spec/vectors/bbs/', import.meta.url)
const read = <T>(name: string): T | undefined => {
  const file = new URL(`${name}.json`, folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}
const valid = read<Vectors['valid']>('valid')
const invalid = read<Vectors['invalid']>('invalid')
const shown = (list: readonly Shown[]) =>
  list.map(({ index, message }) => ({ index, message: unhex(message) }))

// Everything read from the files alone, as somebody else would.
describe('spec/vectors/bbs/valid.json', () => {
  const publicKey = unhex(valid?.public_key ?? '')
  test.each(valid?.cases ?? [])('accepts: $name', (one) => {
    const profile = profileOf(one.profile) as Profile<'pseudonym'>
    const messages = one.messages.map(unhex)
    const committedMessages = one.committed_messages.map(unhex)
    const header = unhex(one.header)
    const scope = unhex(one.context_id ?? '')
    const nymSecrets = one.nym_secrets.map(unhex)
    expect(verifyCommitment(profile, unhex(one.commitment_with_proof))).toBe(true)
    const held = {
      publicKey,
      header,
      signature: unhex(one.signature),
      messages,
      committedMessages,
      blind: unhex(one.secret_prover_blind),
      nymSecrets,
    }
    expect(verifyBlindSignature(profile, held)).toBe(true)
    const pseudonym = unhex(one.pseudonym ?? '')
    if (one.pseudonym !== null)
      expect(pseudonymOf(profile, { nymSecrets, scope })).toEqual(pseudonym)
    const statement: Statements['pseudonym'] = {
      publicKey,
      header,
      presentationHeader: unhex(one.presentation_header),
      scope,
      pseudonym,
      proof: unhex(one.proof),
      disclosed: one.disclosed_indexes.map((index) => ({
        index,
        message: messages[index] ?? new Uint8Array(0),
      })),
      disclosedCommitted: one.disclosed_committed_indexes.map((index) => ({
        index,
        message: committedMessages[index] ?? new Uint8Array(0),
      })),
    }
    expect(verifyProof(profile, statement)).toBe(true)
  })

  test('one person has another pseudonym in an election, and nobody else has it', () => {
    const names = (valid?.cases ?? []).map((one) => one.pseudonym).filter((one) => one !== null)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('spec/vectors/bbs/invalid.json', () => {
  test.each(invalid?.cases ?? [])('refuses: $name', (one) => {
    const statement = {
      publicKey: unhex(invalid?.public_key ?? ''),
      header: unhex(one.header),
      presentationHeader: unhex(one.presentation_header),
      disclosed: shown(one.disclosed),
      disclosedCommitted: shown(one.disclosed_committed),
      proof: unhex(one.proof),
      pseudonym: unhex(one.pseudonym ?? ''),
      scope: unhex(one.context_id ?? ''),
    }
    const profile = profileOf(one.profile) as Profile<'pseudonym'>
    expect(verifyProof(profile, statement)).toBe(false)
    if (!one.name.startsWith('forgery')) return
    // They are forgeries and not just noise.
    const { scope, ...plain } = statement
    expect(acceptedByTheDraft(profile, one.context_id === null ? plain : { ...plain, scope })).toBe(
      true,
    )
  })
})

describe('spec/vectors/bbs', () => {
  // Changed on purpose? `vitest run -u` writes the files anew.
  test('is what the builder writes', async () => {
    const vectors = buildVectors()
    for (const name of ['valid', 'invalid'] as const) {
      const text = `${JSON.stringify(vectors[name], null, 2)}\n`
      await expect(text).toMatchFileSnapshot(new URL(`${name}.json`, folder).pathname)
    }
  })

  test('has cases of both kinds', () => {
    expect(valid?.cases.length).toBe(10)
    expect(invalid?.cases.length).toBe(35)
  })
})
