import { electionScope, isJsonObject, type PresentationRequest, randomSecrets } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { trustedIssuers, type Verifier } from '@asoba/verifier'
import { createWallet, type Wallet } from '@asoba/wallet'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbs2023 } from '../../src/index.ts'
import { claims, createRegistry, nation, now, queryFor, secret, verifierOf } from './nation.ts'

/** Nyms of their own for services and for elections, and one-time copies for everybody else. */
const service = createRegistry({ nyms: 1, id: 'ldp_vc/bbs-2023/service' })
const election = createRegistry({ nyms: 2, scopes: 'election', id: 'ldp_vc/bbs-2023/election' })
const profiles = [service.profile, election.profile]
const scope = electionScope('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg')
const sdJwtQuery = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [nation.citizenship.vct] },
      claims: [{ path: ['citizen'] }],
    },
  ],
}

describe('one wallet with one type in three formats', () => {
  let wallet: Wallet
  const sdJwtIssuer = 'https://registry.example'
  let sdJwtVerifier: Verifier
  beforeAll(async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: 'k' })
    const forSdJwt = createIssuer({
      issuer: sdJwtIssuer,
      types: { citizenship: nation.citizenship },
      formats: [sdJwtVc({ signer })],
      status: 'none',
      validityDays: 90,
      now: () => now,
    })
    const formats = [sdJwtVc(), ...profiles.map((profile) => bbs2023(profile))]
    wallet = createWallet({ formats, secrets: randomSecrets(), now: () => now })
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })
    const copies = await forSdJwt.issue({
      format: 'dc+sd-jwt',
      type: 'citizenship',
      claims,
      holders,
    })
    await wallet.receive(copies.map(({ wire }) => wire))
    // The election credential is prepared first and comes last: its secret tells what it is.
    for (const registry of [election, service]) {
      await wallet.prepare({ format: registry.profile.id ?? '', count: 1, issuer: registry.did })
    }
    for (const registry of [service, election]) {
      const { id: format = '' } = registry.profile
      const own = await wallet.prepare({ format, count: 1, issuer: registry.did })
      const issued = await registry.issuer.issue({
        format,
        type: 'citizenship',
        claims,
        holders: own,
      })
      await wallet.receive(issued.map(({ wire }) => wire))
    }
    sdJwtVerifier = verifierOf(service, {
      formats: [sdJwtVc()],
      status: {
        source: { get: () => Promise.reject(new Error('no status')) },
        policy: { citizenship: 'none-issued' },
      },
      trust: trustedIssuers([
        {
          issuer: sdJwtIssuer,
          types: ['citizenship'],
          mechanism: 'https',
          keys: [publicJwk],
        },
      ]),
    })
  })

  const answer = async (request: PresentationRequest, options = {}) => {
    const [match] = await wallet.match(request, options)
    if (match === undefined) throw new Error('nothing matches')
    return { match, presentation: await wallet.present(request, match, options) }
  }

  test('holds each of them in its own format', async () => {
    const held = await wallet.list()
    expect(held.map(({ format }) => format).sort()).toEqual([
      'dc+sd-jwt',
      'ldp_vc/bbs-2023/election',
      'ldp_vc/bbs-2023/service',
    ])
  })

  test('answers with the one whose format is asked for, and offers no other', async () => {
    const request = await sdJwtVerifier.request(sdJwtQuery)
    expect(await wallet.match(request)).toHaveLength(1)
    const { match, presentation } = await answer(request)
    expect(match.pseudonyms).toEqual([])
    const [wire] = presentation.vp_token['citizen'] ?? []
    expect(typeof wire).toBe('string')
    expect(await sdJwtVerifier.verify(presentation, request)).toMatchObject({
      verified: true,
      claims: { citizen: { citizen: true } },
    })

    const verifier = verifierOf(service)
    const unlinkable = await verifier.request(queryFor(['citizen']))
    expect(await wallet.match(unlinkable)).toHaveLength(1)
    const other = await answer(unlinkable)
    expect(other.match.pseudonyms).toHaveLength(1)
    expect(isJsonObject(other.presentation.vp_token['citizen']?.[0])).toBe(true)
    expect(JSON.stringify(other.presentation)).not.toContain(secret)
    expect(await verifier.verify(other.presentation, unlinkable)).toMatchObject({
      verified: true,
      claims: { citizen: { citizen: true } },
    })
  })

  test('keeps the nyms of elections for elections, and those of services for services', async () => {
    const poll = verifierOf(election)
    const request = await poll.request(queryFor(['citizen']), { purpose: 'poll', scope })
    const payloadHash = new Uint8Array(32).fill(9)
    const { match, presentation } = await answer(request, { electionScope: scope, payloadHash })
    expect(match.pseudonyms).toEqual([{ query: 'citizen', scope }])
    expect(await poll.verify(presentation, request, { payloadHash })).toMatchObject({
      verified: true,
    })
    const ordinary = await poll.request(queryFor(['citizen']))
    const shown = await answer(ordinary)
    // What the wallet has for services is not what this verifier is configured for.
    expect((await poll.verify(shown.presentation, ordinary)).verified).toBe(false)
  })

  test('refuses a BBS credential that was issued to none of its secrets', async () => {
    const stranger = createWallet({ formats: [bbs2023(service.profile)], now: () => now })
    const { id: format = '' } = service.profile
    const holders = await stranger.prepare({ format, count: 1, issuer: service.did })
    const [issued] = await service.issuer.issue({ format, type: 'citizenship', claims, holders })
    await expect(wallet.receive(issued?.wire ?? '')).rejects.toMatchObject({
      code: 'wallet.credential-not-ours',
    })
  })
})

describe('what is said together with a presentation', () => {
  const payloadHash = new Uint8Array(32).fill(1)
  const options = { electionScope: scope, payloadHash }
  const verifier = verifierOf(election)
  let wallet: Wallet
  beforeAll(async () => {
    wallet = await election.walletOf()
  })
  const ask = (more = {}) =>
    verifier.request(queryFor(['citizen']), { purpose: 'poll', scope, ...more })
  const codesOf = async (
    request: Awaited<ReturnType<typeof ask>>,
    presented: Uint8Array | undefined,
    judged: Uint8Array | undefined,
  ) => {
    const own = presented ? options : { electionScope: scope }
    const [match] = await wallet.match(request, own)
    if (match === undefined) throw new Error('nothing matches')
    const presentation = await wallet.present(request, match, own)
    const result = await verifier.verify(
      presentation,
      request,
      judged ? { payloadHash: judged } : {},
    )
    return result.verified ? [] : result.problems.map(({ code }) => code)
  }

  test('cannot be exchanged, forgotten or added', async () => {
    expect(await codesOf(await ask(), payloadHash, payloadHash)).toEqual([])
    const other = new Uint8Array(32).fill(2)
    expect(await codesOf(await ask(), payloadHash, other)).toEqual(['holder.nonce-mismatch'])
    expect(await codesOf(await ask(), payloadHash, undefined)).toEqual(['holder.nonce-mismatch'])
    expect(await codesOf(await ask(), undefined, payloadHash)).toEqual(['holder.nonce-mismatch'])
  })

  test('must be what the request named, where it named anything', async () => {
    expect(await codesOf(await ask({ payloadHash }), payloadHash, undefined)).toEqual([])
    expect(await codesOf(await ask({ payloadHash }), payloadHash, payloadHash)).toEqual([])
    const other = new Uint8Array(32).fill(2)
    expect(await codesOf(await ask({ payloadHash }), payloadHash, other)).toContain(
      'request.state-invalid',
    )
  })

  test('is a hash, and goes with a roll or a poll', async () => {
    const short = { ...options, payloadHash: new Uint8Array(31) }
    await expect(wallet.match(await ask(), short)).rejects.toThrow(TypeError)
    const ordinary = await verifier.request(queryFor(['citizen']))
    await expect(wallet.match(ordinary, { payloadHash })).rejects.toThrow(TypeError)
  })
})
