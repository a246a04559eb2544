import { type FindTrustedIssuer, type Jwk, refused, toBase64url } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import invalidFile from '../../../../spec/vectors/bbs-2023/invalid.json' with { type: 'json' }
import validFile from '../../../../spec/vectors/bbs-2023/valid.json' with { type: 'json' }
import { bbs2023, presentationHeader } from '../../src/index.ts'
import { blindProfile, pseudonymOf, pseudonymProfile, verifyCommitment } from '../../src/scheme.ts'
import { bbs2023Verifying } from '../../src/verifying.ts'
import { hex, text, unhex } from '../scheme/support.ts'
import type { InvalidVectors } from './invalid-vectors.ts'
import {
  buildValid,
  contextOf,
  optionsFor,
  type ProfileJson,
  type ReaderJson,
  type RequestJson,
  type ValidVectors,
} from './spec-vectors.ts'

const valid = validFile as unknown as ValidVectors
const invalid = invalidFile as unknown as InvalidVectors

/** Verifies as anybody would who has a profile, a request and the key of the issuer. */
function judge(
  presented: unknown,
  by: {
    readonly profile: ProfileJson
    readonly request: RequestJson
    readonly reader: ReaderJson
    readonly now?: number
  },
) {
  const { profile, request, reader, now = reader.now } = by
  const findIssuer: FindTrustedIssuer = async ({ issuer }) =>
    issuer === reader.issuer
      ? {
          verified: true,
          checks: [],
          issuer,
          type: profile.type,
          keys: [reader.public_jwk as unknown as Jwk],
          mechanism: 'did',
        }
      : refused([{ code: 'issuer.untrusted', detail: 'not trusted', path: '' }])
  return bbs2023Verifying(optionsFor(profile)).verify(presented, {
    ...contextOf(request),
    now: new Date(now * 1000),
    clockTolerance: reader.clock_tolerance,
    maxProofAge: 300,
    findIssuer,
    findHolderKey: async () =>
      refused([{ code: 'holder.key-mismatch', detail: 'there is none', path: '' }]),
    holderBinding: () => 'required',
  })
}

describe('spec/vectors/bbs-2023/valid.json', () => {
  const { reader } = valid

  test.each(valid.cases)('is received by its holder: $name', async (one) => {
    const { profile, committed_messages: committed, prover_nyms: nyms } = one
    const scheme =
      profile.nyms === 0
        ? blindProfile({ messages: one.messages.length, committed: 1 })
        : pseudonymProfile({ messages: one.messages.length, committed: 0, nyms: profile.nyms })
    expect(verifyCommitment(scheme, unhex(one.commitment_with_proof))).toBe(true)
    const format = bbs2023(optionsFor(profile))
    const parts = [one.secret_prover_blind, ...committed, ...nyms]
    const secured = { format: format.id, wire: one.credential }
    expect(await format.accepts?.(secured, unhex(parts.join('')))).toBe(true)
    const [first = '', ...rest] = parts
    const another = [first, ...rest.map(() => valid.issuer.secret_key)].join('')
    expect(await format.accepts?.(secured, unhex(another))).toBe(false)
  })

  const shown = valid.cases.flatMap(({ profile, nym_secrets, presentations }) =>
    presentations.map((one) => ({ ...one, profile, nyms: nym_secrets })),
  )
  test.each(shown)('is verified: $name', async (one) => {
    const { request, profile } = one
    expect(hex(await presentationHeader(contextOf(request)))).toBe(one.presentation_header)
    const result = await judge(one.credential, { profile, request, reader })
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    expect(result.subject).toEqual(one.claims)
    expect(result.holder).toEqual({ kind: 'commitment', proven: true })
    expect(result.pseudonym).toBe(
      one.pseudonym === null ? undefined : toBase64url(unhex(one.pseudonym)),
    )
    if (one.pseudonym === null) return
    const scheme = pseudonymProfile({ messages: 0, committed: 0, nyms: profile.nyms })
    const scope = text(request.scope ?? '')
    const made = pseudonymOf(scheme, { nymSecrets: one.nyms.map(unhex), scope })
    expect(made && hex(made)).toBe(one.pseudonym)
  })

  test('has a pseudonym for each person and scope', () => {
    const names = shown.flatMap(({ pseudonym }) => pseudonym ?? [])
    expect(names).toHaveLength(4)
    expect(new Set(names).size).toBe(4)
  })

  test('is made again byte for byte from its secrets', { timeout: 120_000 }, async () => {
    expect(await buildValid()).toEqual(valid)
  })
})

describe('spec/vectors/bbs-2023/invalid.json', () => {
  const { reader } = invalid
  test.each(invalid.cases)('is refused (section $section): $name', async (one) => {
    const { credential, code } = one
    const result = await judge(credential, { ...one, reader })
    const codes = result.verified ? [] : result.problems.map((problem) => problem.code as string)
    expect(codes).toContain(code)
    expect(everythingIn(result)).not.toMatch(/Natalia|1960-01-01/)
  })
})
