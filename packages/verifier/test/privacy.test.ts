import { type JsonObject, problem, type StatusSource, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws, vcJwt } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { snapshotSource } from '@asoba/status'
import { everythingIn } from '@asoba/testing'
import { createVerifier, issuerKeys, trustedIssuers, type VerifierOptions } from '@asoba/verifier'
import { loadTrustList, signTrustList } from '@asoba/verifier/trust-list'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  citizenQuery,
  citizenship,
  claims,
  clinic,
  clinicOptions,
  createRegistry,
  type Held,
  now,
  type Registry,
  sealKey,
  secret,
  statusUri,
} from './nation.ts'

// No refusal and no error lets out a claim value, a token or a key, whatever went wrong.
let registry: Registry
let held: Held
beforeAll(async () => {
  registry = await createRegistry()
  held = await registry.issue()
})

/** What came of it: the result, or what was thrown. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

/** That it failed, and that nothing of what is given is in it. */
function silent(result: unknown, ...words: readonly string[]): void {
  expect(result).toBeTypeOf('object')
  expect(result).not.toHaveProperty('verified', true)
  const text = everythingIn(result)
  expect(text).not.toBe('')
  const forbidden = [secret, secret.slice(3), toBase64url(utf8(secret)).slice(2, -2), ...words]
  for (const word of forbidden) expect(text).not.toContain(word)
}

/** The telling parts of everything that travels: token parts, disclosures, key, nonce, state. */
function secretsOf(wire: string): readonly string[] {
  return wire.split(/[~.]/).flatMap((part) => (part.length > 24 ? [part.slice(8, 32)] : []))
}

type Present = Parameters<Held['present']>[1]

/** Refuses a presentation of everything, changed on the wire or before, and looks for secrets. */
async function expectSilence(
  options: Partial<VerifierOptions>,
  change: (wire: string) => unknown = (wire) => [wire],
  from: { readonly held?: Held; readonly present?: Present; readonly to?: object } = {},
): Promise<void> {
  const verifier = await clinic(registry, options)
  const request = await verifier.request(citizenQuery)
  const copy = from.held ?? held
  const disclose = [['citizen'], ['given_name']]
  const presentation = await copy.present({ ...request, ...from.to }, { disclose, ...from.present })
  const wire = Object.values(presentation.vp_token)[0]?.[0] ?? ''
  const { state = '' } = request
  const result = await outcome(() =>
    verifier.verify({ vp_token: { citizen: change(wire) }, state }, request),
  )
  silent(result, ...secretsOf(wire), request.nonce, state.slice(0, 24), JSON.stringify(sealKey))
}

describe('a refused presentation', () => {
  const unavailable: StatusSource = {
    get: async (uri) => {
      throw new Error(`${secret} ${uri}`)
    },
  }
  const failing = async () => {
    throw new Error(secret)
  }

  test.each<[string, Partial<VerifierOptions>]>([
    ['an issuer that is not trusted', { trust: trustedIssuers({}) }],
    ['a policy that throws', { trust: { entries: failing, all: async () => [] } }],
    [
      'a policy with a problem of its own',
      {
        trust: {
          ...trustedIssuers({}),
          problems: () => [problem('trust-list.expired', 'expired')],
        },
      },
    ],
    ['no way to the keys', { issuerKeys: issuerKeys({}) }],
    ['a resolver that throws', { issuerKeys: issuerKeys({ did: { resolve: failing } }) }],
    ['status that cannot be had', { status: unavailable }],
    ['no status list', { status: snapshotSource({}) }],
    [
      'a status list that is none',
      {
        status: { get: async () => ({ bytes: utf8(secret), mediaType: secret, fetchedAt: now }) },
      },
    ],
    ['a format that throws', { formats: [{ ...sdJwtVc(), verify: failing }] }],
    // The cause is the store's own error, for the operator: it is not ours to censor.
    ['a replay store that throws', { replay: { firstUse: () => Promise.reject(new Error('x')) } }],
    ['a replay store that knows it', { replay: { firstUse: async () => false } }],
    ['another clock', { now: () => new Date('2031-01-01') }],
  ])('%s', (_name, options) => expectSilence(options))

  test('whatever is changed on the wire', async () => {
    const changes: readonly ((wire: string) => unknown)[] = [
      (wire) => [wire.slice(0, -8)],
      (wire) => [wire.slice(0, wire.lastIndexOf('~') + 1)],
      (wire) => [
        wire.replace('~', `~${toBase64url(utf8(JSON.stringify(['salt', secret, secret])))}~`),
      ],
      (wire) => [wire.replace('~', `~${secret}~`)],
      (wire) => [`${secret}.${wire}`],
      (wire) => [wire, wire],
      (wire) => wire,
      (wire) => [{ [wire]: wire }],
      (wire) => [[wire]],
      () => [],
      () => [secret],
      () => [{ [secret]: { [secret]: [secret] } }],
    ]
    for (const change of changes) await expectSilence({}, change)
  })

  test('a proof for somebody else, at another time, under another id', async () => {
    const one = (wire: string) => [wire]
    const audience = 'https://police.example'
    await expectSilence({}, one, { to: { audience } })
    await expectSilence({}, one, { to: { nonce: 'n'.repeat(32) } })
    await expectSilence({}, one, { present: { at: new Date('2026-11-01') } })
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    for (const id of [secret, '__proto__', 'constructor']) {
      const { vp_token, state } = await held.present(request, { id })
      silent(await outcome(() => verifier.verify({ vp_token, state }, request)))
    }
  })

  test('credentials that are expired, revoked, invalid, of somebody else', async () => {
    const one = (wire: string) => [wire]
    const revoked = await registry.issue()
    await registry.revoke(revoked)
    const copies = [
      revoked,
      await registry.issue({ validUntil: new Date('2026-11-20T00:00:00Z') }),
      await registry.issue({ status: undefined }),
      await registry.issue({ claims: { ...claims, [secret]: secret } }),
      await registry.issue({ claims: { ...claims, given_name: `${secret}\u0000` } }),
      await registry.issue({ holder: { kind: 'bearer' } }),
      await registry.issue({
        status: { kind: 'token-status-list', uri: `${statusUri}/${secret}`, index: 1 },
      }),
      await (await createRegistry()).issue(),
    ]
    for (const copy of copies) await expectSilence({}, one, { held: copy })
  })

  test('a request that is not ours, has expired, or is broken', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const presentation = await held.present(request, { disclose: [['given_name']] })
    const wire = presentation.vp_token['citizen']?.[0] ?? ''
    const words = [...secretsOf(wire), request.nonce]
    const other = { credentials: [{ ...citizenQuery.credentials[0], id: secret }] } as const
    const late = await clinic(registry, { now: () => new Date('2026-11-25') })
    const runs = [
      () => late.verify(presentation, request),
      () => verifier.verify(presentation, { ...request, query: other }),
      () => verifier.verify(presentation, { ...request, state: secret }),
      () => verifier.verify({ ...presentation, state: secret }, request),
      () => verifier.verify(presentation, { query: { credentials: [secret] } as never }),
      () => verifier.verify(presentation, request, { audience: secret }),
      () => verifier.verify(secret, request),
      () => verifier.verify({ vp_token: secret, state: secret }, request),
      () => verifier.verify({ [secret]: secret }, request),
    ]
    for (const run of runs) silent(await outcome(run), ...words)
  })

  test('a vc+jwt, which shows all that it has', async () => {
    const issuer = await createRegistry(vcJwt)
    const query = {
      credentials: [
        { id: 'citizen', format: 'vc+jwt', meta: { type_values: [[citizenship.vcdmType]] } },
      ],
    } as const
    const copy = await issuer.issue()
    for (const options of [
      { trust: trustedIssuers({}) },
      { status: unavailable },
      { now: () => new Date('2031-01-01') },
    ]) {
      const verifier = await clinic(issuer, { formats: [vcJwt()], ...options })
      const request = await verifier.request(query)
      const presentation = await copy.present(request)
      const wire = presentation.vp_token['citizen']?.[0] ?? ''
      const changed = [wire, wire.slice(0, -6), `${secret}.${wire}`, copy.wire]
      for (const each of changed) {
        const answer = { vp_token: { citizen: [each] }, state: request.state }
        silent(await outcome(() => verifier.verify(answer, request)), ...secretsOf(each))
      }
    }
  })
})

test('what a verifier and its request are asked to print holds no key', async () => {
  const verifier = await clinic(registry)
  const request = await verifier.request(citizenQuery)
  for (const value of [verifier, request]) {
    expect(everythingIn(value)).not.toContain(toBase64url(sealKey))
  }
  expect(request.state).not.toContain(request.nonce)
})

test('mistakes of the caller are told without what was given', async () => {
  const options: Record<string, unknown> = { ...(await clinicOptions(registry)) }
  for (const name of ['audience', 'trust', 'seal', 'replay', 'status', 'clockTolerance']) {
    const { [name]: _, ...rest } = options
    silent(await outcome(() => createVerifier({ ...rest, secret } as never)))
  }
  const verifier = await clinic(registry)
  const bad = { credentials: [{ id: secret, format: secret, meta: { vct_values: [secret] } }] }
  silent(await outcome(() => verifier.request(bad)))
  silent(await outcome(() => trustedIssuers({ citizenship: [secret] })))
  silent(
    await outcome(() =>
      trustedIssuers([{ issuer: secret, types: [secret], mechanism: 'did', keys: [] }]),
    ),
  )
})

test('nothing is logged', async () => {
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
  const spies = methods.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined))
  try {
    await expectSilence({ trust: trustedIssuers({}) })
    await expectSilence({}, () => [secret])
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
})

describe('a refused trust list', () => {
  test('holds nothing of the list, nor of the keys', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: secret })
    const options = {
      publisher: { id: 'https://nation.example', keys: [publicJwk] },
      types: [citizenship],
      now,
      clockTolerance: 60,
      previous: 'none',
      snapshots: 'use',
      maxLength: 10_000,
    } as const
    const header = { typ: 'asoba-trust-list+jwt' }
    const seconds = now.getTime() / 1000
    const entry: JsonObject = { issuer: secret, types: [secret], mechanism: 'x509' }
    const payload: JsonObject = {
      version: 1,
      iss: 'https://nation.example',
      sequence: 1,
      iat: seconds,
      exp: seconds + 60,
      entries: [],
    }
    const payloads: readonly JsonObject[] = [
      { [secret]: secret },
      { ...payload, iss: secret },
      { ...payload, [secret]: 1 },
      { ...payload, sequence: secret, iat: secret, exp: secret, version: secret },
      { ...payload, exp: seconds - 3600, iat: seconds - 7200 },
      { ...payload, iat: seconds + 3600, exp: seconds + 7200 },
      { ...payload, entries: secret },
      { ...payload, entries: [secret] },
      { ...payload, entries: [entry] },
      { ...payload, entries: [{ ...entry, [secret]: secret }] },
      { ...payload, entries: [{ ...entry, keys: [privateJwk as unknown as JsonObject] }] },
      { ...payload, entries: [{ ...entry, anchors: [`${secret}=`], status_issuers: [[secret]] }] },
      {
        ...payload,
        entries: [{ ...entry, status_snapshots: [{ uri: secret, token: secret, [secret]: 1 }] }],
      },
    ]
    for (const one of payloads) {
      const token = await signJws({ ...header, kid: secret }, one, signer)
      const result = await outcome(() => loadTrustList(token, options))
      silent(result, ...secretsOf(token), privateJwk.d, publicJwk.x ?? '')
    }
    const token = await signJws(header, payload, signer)
    for (const bad of [secret, `${secret}.${token}`, token.slice(0, -4), { [secret]: token }]) {
      silent(await outcome(() => loadTrustList(bad, options)), ...secretsOf(token))
    }
    const wrong = { ...options, publisher: { id: secret, keys: [privateJwk] } }
    silent(await outcome(() => loadTrustList(token, wrong)), privateJwk.d)
    const list = {
      publisher: secret,
      sequence: 1,
      issuedAt: now,
      expires: new Date(now.getTime() + 1000),
    }
    for (const entries of [
      [{ issuer: secret, types: [secret], mechanism: 'did' }],
      [{ issuer: secret, types: ['citizenship'], mechanism: 'did' }],
      [{ issuer: 'did:web:a', types: ['citizenship'], mechanism: 'did', keys: [privateJwk] }],
    ] as const) {
      const run = () => signTrustList({ ...list, entries }, { signer, types: [citizenship] })
      silent(await outcome(run), privateJwk.d)
    }
  })
})
