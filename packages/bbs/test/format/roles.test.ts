import { electionScope, serviceScope } from '@asoba/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbs2023 } from '../../src/index.ts'
import { bbs2023Verifying } from '../../src/verifying.ts'
import {
  claims,
  createRegistry,
  nation,
  now,
  queryFor,
  type Registry,
  secret,
  shownBy,
  types,
  verifierOf,
} from './nation.ts'

const manifest = electionScope('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg')

describe.each([
  ['without nyms', 0],
  ['with one nym', 1],
  ['with 16 nyms', 16],
] as const)('a BBS credential %s', (_name, nyms) => {
  let registry: Registry
  beforeAll(() => {
    registry = createRegistry({ nyms })
  })

  test('shows what was asked for and agreed to, and nothing else', async () => {
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry)
    const request = await verifier.request(queryFor(['citizen'], ['age_equal_or_over', '18']))
    const [match] = await wallet.match(request)
    if (match === undefined) throw new Error('nothing matches')
    expect(match.disclosed.map(({ path }) => path.join('.'))).toEqual([
      'credentialSubject.age_equal_or_over.18',
      'credentialSubject.citizen',
    ])
    expect(match.withheld.map(({ path }) => path.join('.'))).toContain(
      'credentialSubject.family_name',
    )
    const presentation = await wallet.present(request, match)
    expect(JSON.stringify(presentation)).not.toContain(secret)
    const result = await verifier.verify(presentation, request)
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    expect(result.claims.citizen).toEqual({ citizen: true, age_equal_or_over: { 18: true } })
    expect(result.credentials.citizen?.[0]?.holder).toEqual({ kind: 'commitment', proven: true })
    expect(typeof result.pseudonyms.citizen).toBe(nyms === 0 ? 'undefined' : 'string')
    expect(match.pseudonyms).toEqual(
      nyms === 0 ? [] : [{ query: 'citizen', scope: 'asoba:nym:v1:svc:https://clinic.example' }],
    )
  })

  test('shows every claim when all are asked for', async () => {
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry)
    const paths = [...Object.keys(claims).filter((name) => typeof claims[name] !== 'object')].map(
      (name) => [name],
    )
    const more = [['nationalities'], ['evidence', 'check_methods'], ['evidence', 'month']]
    const request = await verifier.request(queryFor(...paths, ...more))
    const vp_token = { citizen: [await shownBy(wallet, request)] }
    const result = await verifier.verify({ vp_token, state: request.state }, request)
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    const { age_equal_or_over: _, evidence: __, ...rest } = claims
    expect(result.claims.citizen).toEqual({
      ...rest,
      evidence: { check_methods: ['vpip'], month: '2026-10' },
    })
  })

  test('says before it is shown that a part of an array brings the whole of it', async () => {
    const wallet = await registry.walletOf()
    for (const place of [0, null] as const) {
      const request = await verifierOf(registry).request(queryFor(['nationalities', place]))
      const [match] = await wallet.match(request)
      expect(match?.disclosed.map(({ value }) => value)).toEqual(claims['nationalities'])
    }
  })

  test('is not shown where a claim is asked for that the person has not', async () => {
    const wallet = await registry.walletOf()
    const request = await verifierOf(registry).request(queryFor(['middle_name']))
    expect(await wallet.match(request)).toEqual([])
  })

  test('is verified by a module that can do nothing but verify', async () => {
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry, { formats: [bbs2023Verifying(registry.profile)] })
    const request = await verifier.request(queryFor(['citizen']))
    const vp_token = { citizen: [await shownBy(wallet, request)] }
    const result = await verifier.verify({ vp_token }, request)
    expect(result).toMatchObject({ verified: true })
  })

  test('answers a request once', async () => {
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry)
    const request = await verifier.request(queryFor(['citizen']))
    const vp_token = { citizen: [await shownBy(wallet, request)] }
    expect(await verifier.verify({ vp_token }, request)).toMatchObject({ verified: true })
    expect(await verifier.verify({ vp_token }, request)).toMatchObject({
      problems: [{ code: 'replay.seen' }],
    })
  })
})

describe('a pseudonym', () => {
  const pseudonymAt = async (
    registry: Registry,
    wallet: Awaited<ReturnType<Registry['walletOf']>>,
    audience: string,
    scope?: string,
  ) => {
    const verifier = verifierOf(registry, { audience })
    const request = await verifier.request(queryFor(['citizen']), scope ? { scope } : {})
    const vp_token = { citizen: [await shownBy(wallet, request)] }
    const result = await verifier.verify({ vp_token }, request)
    if (!result.verified) throw new Error(JSON.stringify(result.problems))
    return result.pseudonyms.citizen
  }

  test('is the same to one service, and another to every other, part and person', async () => {
    const registry = createRegistry()
    const [alena, natal] = [await registry.walletOf(), await registry.walletOf()]
    const clinic = 'https://clinic.example'
    const first = await pseudonymAt(registry, alena, clinic)
    expect(await pseudonymAt(registry, alena, clinic)).toBe(first)
    const others = [
      await pseudonymAt(registry, alena, 'https://tax.example'),
      await pseudonymAt(registry, alena, clinic, serviceScope(clinic, { part: '2027' })),
      await pseudonymAt(registry, natal, clinic),
    ]
    expect(new Set([first, ...others]).size).toBe(4)
  })

  test('in an election needs nyms for elections, the manifest, and a roll', async () => {
    const registry = createRegistry({ scopes: 'election' })
    const wallet = await registry.walletOf()
    const verifier = verifierOf(registry)
    const ordinary = await verifier.request(queryFor(['citizen']))
    expect(await wallet.match(ordinary)).toEqual([])
    const roll = await verifier.request(queryFor(['citizen']), {
      scope: manifest,
      purpose: 'roll',
      payloadHash: new Uint8Array(32).fill(1),
    })
    await expect(wallet.match(roll)).rejects.toMatchObject({ code: 'request.invalid' })
    const services = createRegistry({ scopes: 'service' })
    const other = await services.walletOf()
    expect(await other.match(roll, { electionScope: manifest })).toEqual([])
    expect(await wallet.match(roll, { electionScope: manifest })).toHaveLength(1)
  })

  test('is not given in a scope that its nyms are not for, whoever asks the format', async () => {
    const registry = createRegistry({ scopes: 'service' })
    const format = bbs2023(registry.profile)
    const wallet = await registry.walletOf()
    expect(await wallet.list()).toHaveLength(1)
    const signing = bbs2023({ ...registry.profile, signer: registry.signer })
    const secrets = { derive: async (label: string, length: number) => bytesOf(label, length) }
    const { proof, retained } = await format.prepareHolder(secrets, { issuer: registry.did })
    const secured = await signing.secure(
      {
        type: nation.citizenship,
        issuer: registry.did,
        claims,
        validFrom: new Date('2026-09-04'),
        validUntil: new Date('2026-12-03'),
      },
      proof,
    )
    const to = { audience: 'https://clinic.example', nonce: 'n', purpose: 'poll', now } as const
    await expect(format.present(secured, [], { ...to, scope: manifest }, retained)).rejects.toThrow(
      TypeError,
    )
    await expect(format.present(secured, [], to, new Uint8Array(96).fill(1))).resolves.toBeDefined()
    await expect(format.present(secured, [], to, new Uint8Array(7))).rejects.toMatchObject({
      code: 'wallet.credential-not-ours',
    })
  })
})

describe('a wallet', () => {
  test('refuses a credential that was issued to somebody else', async () => {
    const registry = createRegistry()
    const format = bbs2023({ ...registry.profile, signer: registry.signer })
    const secrets = (seed: string) => ({
      derive: async (label: string, length: number) => bytesOf(seed + label, length),
    })
    const prepare = (seed: string) => format.prepareHolder(secrets(seed), { issuer: registry.did })
    const [own, other] = [await prepare('a'), await prepare('b')]
    const secured = await format.secure(
      {
        type: nation.citizenship,
        issuer: registry.did,
        claims,
        validFrom: new Date('2026-09-04'),
        validUntil: new Date('2026-12-03'),
      },
      own.proof,
    )
    expect(await format.accepts?.(secured, own.retained)).toBe(true)
    expect(await format.accepts?.(secured, other.retained)).toBe(false)
  })

  test('commits anew for every issuer, and alike for one', async () => {
    const format = bbs2023({ types, nyms: 2 })
    const secrets = { derive: async (label: string, length: number) => bytesOf(label, length) }
    const at = async (issuer: string) => {
      const { proof } = await format.prepareHolder(secrets, { issuer })
      if (proof.kind !== 'bbs-commitment') throw new Error('no commitment')
      return [...proof.commitmentWithProof]
    }
    const [one, again, other] = [await at('did:a'), await at('did:a'), await at('did:b')]
    expect(again.slice(0, 48)).toEqual(one.slice(0, 48))
    expect(again.slice(48)).not.toEqual(one.slice(48))
    expect(other.slice(0, 48)).not.toEqual(one.slice(0, 48))
    await expect(format.prepareHolder(secrets)).rejects.toThrow(TypeError)
  })
})

function bytesOf(seed: string, length: number): Uint8Array {
  let state = 7
  for (const char of seed) state = (state * 31 + char.charCodeAt(0)) % 2_147_483_647
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state & 255
  })
}
