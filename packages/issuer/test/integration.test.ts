import type { CredentialFormat, HolderProof, Jwk, VerificationContext } from '@asoba/core'
import { problem, randomSecrets, refused } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { vcJwt } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import {
  bitstringStatus,
  bitstringStatusList,
  checkStatus,
  memoryStatusStore,
  snapshotSource,
  tokenStatus,
  tokenStatusList,
  vcJwtList,
  vcJwtListSigner,
} from '@asoba/status'
import { describe, expect, test } from 'vitest'

const did = 'did:web:registry.example'
const now = new Date('2026-11-24T15:47:11.123Z')
const types = nationTypes({ origin: 'https://nation.example' })
const claims = {
  citizen: true,
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': false, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
}
const times = { ttl: 300, lifetime: 86_400 }
const size = 131_072

async function registry() {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#key-1` })
  const token = tokenStatusList({
    uri: 'https://registry.example/status/1',
    size,
    bits: 2,
    store: memoryStatusStore(),
    signer,
    ...times,
  })
  const bitstring = bitstringStatusList({
    uri: 'https://registry.example/status/2',
    issuer: did,
    size,
    purpose: 'revocation',
    store: memoryStatusStore(),
    secure: vcJwtListSigner(signer),
    ...times,
  })
  const { citizenship, residency } = types
  const formats = [sdJwtVc({ signer }), vcJwt({ signer })] as const
  const make = (status: typeof token | typeof bitstring) =>
    createIssuer({
      issuer: did,
      types: { citizenship, residency },
      formats,
      status,
      validityDays: 90,
      now: () => now,
    })
  return { publicJwk, token, bitstring, formats, make }
}

/** What a verifier would do, without the verifier. */
function judge(publicJwk: Jwk): VerificationContext {
  return {
    audience: 'https://clinic.example',
    nonce: 'n-0123456789abcdef',
    purpose: 'present',
    now,
    clockTolerance: 60,
    maxProofAge: 300,
    findIssuer: async (claim) =>
      claim.issuer === did
        ? {
            verified: true,
            checks: [],
            issuer: did,
            type: 'citizenship',
            keys: [publicJwk],
            mechanism: 'did',
          }
        : refused([problem('issuer.untrusted', 'not ours')]),
    findHolderKey: async () => refused([problem('did.not-found', 'not needed')]),
    holderBinding: () => 'required',
  }
}

async function holdersOf(format: CredentialFormat, count: number) {
  const made = await Promise.all(
    Array.from({ length: count }, () => format.prepareHolder(randomSecrets())),
  )
  return {
    proofs: made.map(({ proof }): HolderProof => proof),
    retained: made.map((m) => m.retained),
  }
}

describe('SD-JWT VC with a token status list', () => {
  test('copies share nothing but what thousands share', async () => {
    const { make, token, formats } = await registry()
    const { proofs } = await holdersOf(formats[0], 5)
    const copies = await make(token).issue({
      format: 'dc+sd-jwt',
      type: 'citizenship',
      claims,
      holders: proofs,
    })
    const payloads = copies.map(({ wire }) => {
      const part = String(wire).split('.')[1] ?? ''
      return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
    })
    const [first] = payloads
    for (const payload of payloads) {
      for (const time of ['iat', 'nbf', 'exp']) {
        if (payload[time] !== undefined) expect(payload[time] % 86_400).toBe(0)
        expect(payload[time]).toBe(first[time])
      }
    }
    const distinct = (values: readonly unknown[]): number => new Set(values).size
    expect(distinct(payloads.map(({ status }) => status.status_list.idx))).toBe(5)
    expect(distinct(payloads.map(({ cnf }) => cnf.jwk.x))).toBe(5)
    const digests = payloads.flatMap(({ _sd }) => _sd as string[])
    expect(distinct(digests)).toBe(digests.length)
    const disclosures = copies.flatMap(({ wire }) => String(wire).split('~').slice(1, -1))
    expect(distinct(disclosures)).toBe(disclosures.length)
  })

  test('a copy verifies until it is revoked, and the others after that', async () => {
    const { publicJwk, token, formats, make } = await registry()
    const [format] = formats
    const issuer = make(token)
    const { proofs, retained } = await holdersOf(format, 2)
    const copies = await issuer.issue({
      format: 'dc+sd-jwt',
      type: 'citizenship',
      claims,
      holders: proofs,
    })
    const context = judge(publicJwk)
    const codes = async () => {
      const list = await token.publish({ now })
      const source = snapshotSource({
        [list.uri]: {
          bytes: new TextEncoder().encode(list.body),
          mediaType: list.mediaType,
          fetchedAt: now,
        },
      })
      return Promise.all(
        copies.map(async (copy, at) => {
          const secret = retained[at] ?? new Uint8Array()
          const presented = await format.present(copy, [['citizen']], context, secret)
          const verified = await format.verify(presented.wire, context)
          if (!verified.verified) return verified.problems.map(({ code }) => code)
          expect(verified.subject).toEqual({ citizen: true })
          const status = await checkStatus(verified.status, {
            ...context,
            issuer: verified,
            source,
          })
          return status.verified ? [] : status.problems.map(({ code }) => code)
        }),
      )
    }
    expect(await codes()).toEqual([[], []])
    if (copies[0]?.status !== undefined) await issuer.revoke(copies[0].status)
    if (copies[1]?.status !== undefined) await issuer.suspend(copies[1].status)
    expect(await codes()).toEqual([['status.revoked'], ['status.suspended']])
    if (copies[1]?.status !== undefined) await issuer.reinstate(copies[1].status)
    expect(await codes()).toEqual([['status.revoked'], []])
  })

  test('claims that the type refuses are not issued', async () => {
    const { make, token, formats } = await registry()
    const { proofs } = await holdersOf(formats[0], 1)
    await expect(
      make(token).issue({
        format: 'dc+sd-jwt',
        type: 'citizenship',
        claims: { ...claims, mrz: 'P<' },
        holders: proofs,
      }),
    ).rejects.toMatchObject({ code: 'issuer.claims-invalid' })
  })
})

test('vc+jwt with a bitstring status list: issued, presented, revoked', async () => {
  const { publicJwk, bitstring, formats, make } = await registry()
  const format = formats[1]
  const issuer = make(bitstring)
  const { proofs, retained } = await holdersOf(format, 1)
  const [copy] = await issuer.issue({
    format: 'vc+jwt',
    type: 'citizenship',
    claims,
    holders: proofs,
  })
  if (copy?.status === undefined) expect.fail('a copy with a status')
  const holderJwk = proofs[0]?.kind === 'jwk' ? proofs[0].publicJwk : undefined
  const context: VerificationContext = {
    ...judge(publicJwk),
    findHolderKey: async (method) => ({
      verified: true,
      checks: [],
      publicJwk: holderJwk as Jwk,
      controller: method.split('#')[0] ?? '',
    }),
  }
  const code = async () => {
    const presented = await format.present(copy, [], context, retained[0] ?? new Uint8Array())
    const verified = await format.verify(presented.wire, context)
    if (!verified.verified) return verified.problems.map((each) => each.code)
    const list = await bitstring.publish({ now })
    const bytes = new TextEncoder().encode(list.body)
    const source = snapshotSource({
      [list.uri]: { bytes, mediaType: list.mediaType, fetchedAt: now },
    })
    const mechanisms = [tokenStatus(), bitstringStatus({ verify: vcJwtList })]
    const status = await checkStatus(verified.status, {
      ...context,
      issuer: verified,
      source,
      mechanisms,
    })
    return status.verified ? [] : status.problems.map((each) => each.code)
  }
  expect(await code()).toEqual([])
  await issuer.revoke(copy.status)
  expect(await code()).toEqual(['status.revoked'])
})
