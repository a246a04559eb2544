import {
  bytesOfBase64url,
  fromUtf8,
  type JsonObject,
  problem,
  refused,
  type StatusSource,
  toBase64url,
  utf8,
} from '@asoba/core'
import { createKey, didJwkOf, jwkSigner } from '@asoba/did'
import { presentationOf, signJws, signPresentation, vcJwt } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { snapshotSource, tokenStatus } from '@asoba/status'
import { everythingIn } from '@asoba/testing'
import {
  issuerKeys,
  type QueryInput,
  trustedIssuers,
  type VerificationResult,
  type VerifierOptions,
} from '@asoba/verifier'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  citizenQuery,
  citizenship,
  claims,
  clinic,
  clinicOptions,
  codesOf,
  createRegistry,
  frozen,
  type Held,
  now,
  type Registry,
  statusUri,
} from './nation.ts'

// What other systems accepted, skipped or hid, each held here by the name of its report.
const embeddedQuery = {
  credentials: [
    {
      id: 'citizen',
      format: 'vc+jwt',
      meta: { type_values: [[citizenship.vcdmType]] },
      claims: [{ path: ['credentialSubject', 'citizen'] }],
    },
  ],
} as const satisfies QueryInput

let registry: Registry
let jwtRegistry: Registry
beforeAll(async () => {
  registry = await createRegistry()
  jwtRegistry = await createRegistry(vcJwt)
})

type Wires = Readonly<Record<string, readonly unknown[]>>

/** Presents a copy, changes what was presented, and gives the verifier's result. */
async function attempt(
  change: (wire: string) => Wires | Promise<Wires> = (wire) => ({ citizen: [wire] }),
  options: Partial<VerifierOptions> = {},
  from: { readonly held?: Held; readonly query?: QueryInput; readonly registry?: Registry } = {},
): Promise<VerificationResult> {
  const { registry: issuer = registry, query = citizenQuery } = from
  const verifier = await clinic(issuer, options)
  const request = await verifier.request(query)
  const held = from.held ?? (await issuer.issue())
  const { vp_token, state } = await held.present(request)
  const wires = await change(vp_token['citizen']?.[0] ?? '')
  return verifier.verify({ vp_token: wires, state }, request)
}
const codes = async (...args: Parameters<typeof attempt>) => codesOf(await attempt(...args))

/** An SD-JWT presentation in its parts. */
function parts(wire: string) {
  const all = wire.split('~')
  return { jwt: all[0] ?? '', disclosures: all.slice(1, -1), keyBinding: all.at(-1) ?? '' }
}

/** The text in one part of a token. */
function textOf(part: string): string {
  return fromUtf8(bytesOfBase64url(part)) ?? ''
}

describe('Veramo 7', () => {
  const jwt = { formats: [vcJwt()] }
  const from = async (held?: Held) => ({
    registry: jwtRegistry,
    query: embeddedQuery,
    ...(held && { held }),
  })
  const present = async (tokens: readonly string[], to: { audience: string; nonce: string }) => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const did = didJwkOf(publicJwk)
    const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
    return signPresentation(presentationOf(did, tokens), { ...to, now }, signer)
  }

  test('weak point 1: verifyPresentation checks the outer signature only', async () => {
    const verifier = await clinic(jwtRegistry, jwt)
    const request = await verifier.request(embeddedQuery)
    const { publicJwk, privateJwk } = await createKey('ES256')
    const did = didJwkOf(publicJwk)
    const { wire } = await jwtRegistry.issue({ holder: { kind: 'jwk', publicJwk } })
    const [head, body = '', signature] = wire.split('.')
    const president = textOf(body).replace('"given_name":"', '"given_name":"President ')
    const forged = [head, toBase64url(utf8(president)), signature].join('.')
    const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
    const vp = await signPresentation(presentationOf(did, [forged]), { ...request, now }, signer)
    const result = await verifier.verify(
      { vp_token: { citizen: [vp] }, state: request.state },
      request,
    )
    expect(codesOf(result)).toEqual(['jws.signature-invalid'])
  })

  test('weak point 1: a revoked credential inside of a presentation, status never asked', async () => {
    const held = await jwtRegistry.issue()
    await jwtRegistry.revoke(held)
    expect(await codes(undefined, jwt, await from(held))).toEqual(['status.revoked'])
  })

  test('weak point 1: a presentation by someone who is not the subject', async () => {
    const verifier = await clinic(jwtRegistry, jwt)
    const request = await verifier.request(embeddedQuery)
    const { wire } = await jwtRegistry.issue()
    const vp = await present([wire], request)
    const { state } = request
    const result = await verifier.verify({ vp_token: { citizen: [vp] }, state }, request)
    expect(codesOf(result)).toEqual(['holder.key-mismatch'])
  })

  test('weak point 1: no challenge given by the verifier', async () => {
    // There is no verification without a request, and no request without a nonce of its own.
    const verifier = await clinic(jwtRegistry, jwt)
    const held = await jwtRegistry.issue()
    const nonces = new Set<string>()
    for (const _ of [1, 2, 3]) nonces.add((await verifier.request(embeddedQuery)).nonce)
    expect(nonces.size).toBe(3)
    expect(Math.min(...[...nonces].map((nonce) => nonce.length))).toBeGreaterThanOrEqual(22)
    const request = await verifier.request(embeddedQuery)
    const unasked = await held.present({ audience: request.audience, nonce: '' })
    const { query, state } = request
    expect(codesOf(await verifier.verify(unasked, { query, state }))).toEqual([
      'holder.nonce-mismatch',
    ])
    expect(codesOf(await verifier.verify(unasked, { query }))).toContain('request.state-invalid')
  })

  test('weak point 2, #934: credentialStatus is not checked for compact JWT credentials', async () => {
    const bearer = { ...jwt, holderBinding: { citizenship: 'bearer' } } as const
    const held = await jwtRegistry.issue({ holder: { kind: 'bearer' } })
    const lone = () => ({ citizen: [held.wire] })
    const take = { ...(await from()), held: await jwtRegistry.issue() }
    expect(await codes(lone, bearer, take)).toEqual(['accepted'])
    await jwtRegistry.revoke(held)
    expect(await codes(lone, bearer, take)).toEqual(['status.revoked'])
  })

  test('weak point 3: the caller’s objects are written to', async () => {
    const options = await clinicOptions(registry)
    const { audience, types, clockTolerance, maxProofAge } = options
    const verifier = await clinic(
      registry,
      frozen({ audience, types, clockTolerance, maxProofAge }),
    )
    const request = frozen(await verifier.request(frozen(structuredClone(citizenQuery))))
    const presentation = frozen(await (await registry.issue()).present(request))
    expect(codesOf(await verifier.verify(presentation, request))).toEqual(['accepted'])
  })

  test('weak point 5: an issuer must be a DID of the agent’s own store', async () => {
    const issuer = 'https://registry.example'
    const held = await registry.issue({ issuer })
    const entry = { issuer, types: ['citizenship'], mechanism: 'https' } as const
    const { publicJwk: key } = registry
    const found = {
      verified: true,
      checks: [],
      keys: [{ ...key, kid: `${registry.did}#0` }],
    } as const
    const https: Partial<VerifierOptions> = {
      trust: trustedIssuers([{ ...entry, statusIssuers: [registry.did] }]),
      issuerKeys: issuerKeys({ https: async () => found }),
    }
    expect(await codes(undefined, https, { held })).toEqual(['accepted'])
    const pinned = {
      issuerKeys: issuerKeys({}),
      trust: trustedIssuers([{ ...entry, keys: [key] }]),
    }
    expect(await codes(undefined, pinned, { held })).toEqual(['accepted'])
  })

  test('weak point 6: the first provider that says yes wins, and the JWT provider takes every string', async () => {
    const both = { formats: [vcJwt(), sdJwtVc()] }
    expect(await codes(undefined, both)).toEqual(['accepted'])
    expect(await codes(undefined, both, await from())).toEqual(['accepted'])
    // Where two formats do claim one document, neither decides.
    const greedy = { ...sdJwtVc(), id: 'greedy', recognises: () => true }
    expect(await codes(undefined, { formats: [sdJwtVc(), greedy] })).toEqual([
      'presentation.malformed',
    ])
  })

  test('weak point 7: results and arguments, private data included, go to a debug log', async () => {
    const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
    const spies = methods.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined))
    try {
      await attempt()
      await attempt(() => ({ citizen: ['broken'] }))
      for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  })

  test('weak point 7: a result that is no JSON breaks whoever passes it on', async () => {
    for (const result of [await attempt(), await attempt(() => ({ citizen: ['broken'] }))]) {
      expect(() => JSON.stringify(result)).not.toThrow()
    }
  })

  test('weak point 8: validating the schema makes every verification fail', async () => {
    const result = await attempt()
    expect(result.checks).toContainEqual({ check: 'schema', path: '/citizen/0', outcome: 'passed' })
    const held = await registry.issue({ claims: { ...claims, citizen: 'yes' } })
    const query = {
      credentials: [{ ...citizenQuery.credentials[0], claims: [{ path: ['citizen'] }] }],
    }
    expect(await codes(undefined, {}, { held, query })).toEqual(['claims.invalid'])
  })

  test('weak point 11: a status check that only pretends', async () => {
    const get = vi.fn((await registry.source()).get)
    expect(await codes(undefined, { status: { get } })).toEqual(['accepted'])
    expect(get.mock.calls.map(([uri]) => uri)).toContain(statusUri)
    // A kind of status that nothing here reads is no status that is fine.
    const status = {
      source: await registry.source(),
      policy: { citizenship: 'required', residency: 'required' } as const,
      mechanisms: [{ ...tokenStatus(), kind: 'bitstring-status-list' as const }],
    }
    expect(await codes(undefined, { status })).toEqual(['status.invalid-entry'])
  })

  test('#994: only revoked is known, not suspended', async () => {
    const held = await jwtRegistry.issue()
    await jwtRegistry.suspend(held)
    expect(await codes(undefined, jwt, await from(held))).toEqual(['status.suspended'])
  })
})

describe('sd-jwt-js', () => {
  test('#388: a credential with cnf and without key binding is accepted', async () => {
    expect(
      await codes((wire) => ({ citizen: [wire.slice(0, wire.lastIndexOf('~') + 1)] })),
    ).toEqual(['holder.binding-missing'])
  })

  test('#388: key binding for another audience, and a nonce that is compared when somebody asks', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    for (const [change, code] of [
      [{ audience: 'https://other.example' }, 'holder.audience-mismatch'],
      [{ nonce: 'another' }, 'holder.nonce-mismatch'],
    ] as const) {
      const presentation = await held.present({ ...request, ...change })
      expect(codesOf(await verifier.verify(presentation, request))).toEqual([code])
    }
  })

  test('#388: a bare JWT is taken for an SD-JWT', async () => {
    const bearer = { holderBinding: { citizenship: 'bearer' } } as const
    const held = await registry.issue({ holder: { kind: 'bearer' } })
    expect(await codes((wire) => ({ citizen: [wire] }), bearer, { held })).toEqual(['accepted'])
    for (const cut of [(wire: string) => parts(wire).jwt, (wire: string) => wire.slice(0, -1)]) {
      expect(await codes((wire) => ({ citizen: [cut(wire)] }), bearer, { held })).not.toContain(
        'accepted',
      )
    }
  })

  test('#388: alg none', async () => {
    const none = toBase64url(utf8(JSON.stringify({ alg: 'none', typ: 'dc+sd-jwt' })))
    const unsigned = (wire: string) => {
      const [jwt = '', ...rest] = wire.split('~')
      const [, payload] = jwt.split('.')
      return [
        [`${none}.${payload}.`, ...rest],
        [`${none}.${payload}.AA`, ...rest],
      ]
    }
    for (const at of [0, 1]) {
      const found = await codes((wire) => ({ citizen: [unsigned(wire)[at]?.join('~')] }))
      expect(found).not.toContain('accepted')
    }
  })

  test('#388: a credential is still good in the second in which it expires', async () => {
    const held = await registry.issue({ validUntil: now })
    expect(await codes(undefined, { clockTolerance: 0 }, { held })).toEqual(['credential.expired'])
  })

  test('#380: a disclosure that nothing refers to, and one sent twice', async () => {
    const salted = toBase64url(utf8(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'doctor', true])))
    const more = (wire: string, extra: string) => {
      const { jwt, disclosures, keyBinding } = parts(wire)
      return [jwt, ...disclosures, extra, keyBinding].join('~')
    }
    expect(await codes((wire) => ({ citizen: [more(wire, salted)] }))).toContain(
      'disclosure.unreferenced',
    )
    expect(
      await codes((wire) => ({ citizen: [more(wire, parts(wire).disclosures[0] ?? '')] })),
    ).toContain('disclosure.duplicate')
  })

  test('#314, identus sdk-ts #578: the nonce is missing from the key binding', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: '' })
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue({
      holder: { kind: 'jwk', publicJwk },
      claims,
    })
    const retained = utf8(JSON.stringify(privateJwk))
    const format = sdJwtVc()
    const secured = { format: 'dc+sd-jwt', wire: held.wire } as const
    const to = { ...request, purpose: 'present', now } as const
    const { wire } = await format.present(secured, [['citizen']], to, retained)
    const [, body = ''] = parts(wire as string).keyBinding.split('.')
    const payload = JSON.parse(textOf(body)) as JsonObject
    for (const name of ['nonce', 'aud', 'sd_hash', 'iat']) {
      const { [name]: _, ...without } = payload
      const keyBinding = await signJws({ typ: 'kb+jwt' }, without, signer)
      const { jwt, disclosures } = parts(wire as string)
      const changed = [jwt, ...disclosures, keyBinding].join('~')
      const { state } = request
      const result = await verifier.verify({ vp_token: { citizen: [changed] }, state }, request)
      expect(result.verified, name).toBe(false)
    }
  })
})

describe('Credo', () => {
  test('PR #2901: trusted DIDs are configured and not checked', async () => {
    const other = await createRegistry()
    const held = await other.issue()
    const status = await other.source()
    expect(await codes(undefined, { status }, { held })).toEqual(['issuer.untrusted'])
  })

  test('PR #2844: without trusted issuers any valid signature is trusted', async () => {
    for (const trust of [trustedIssuers({}), trustedIssuers([])]) {
      expect(await codes(undefined, { trust })).toEqual(['issuer.untrusted'])
    }
    const { trust: _, ...rest } = await clinicOptions(registry)
    const make = clinic(registry, { ...rest, trust: undefined as never })
    await expect(make).rejects.toThrow(TypeError)
  })

  test('the status of a data model 2.0 JWT is ignored', async () => {
    const status: StatusSource = {
      get: async () => {
        throw new Error('asked')
      },
    }
    const from = { registry: jwtRegistry, query: embeddedQuery }
    expect(await codes(undefined, { formats: [vcJwt()], status }, from)).toEqual([
      'status.unavailable',
    ])
  })

  test('ldp-vp-holder-binding: whoever signs the presentation is taken for the holder', async () => {
    const [mine, theirs] = [await registry.issue(), await registry.issue()]
    const found = await codes(
      async (wire) => {
        const { jwt, disclosures } = parts(theirs.wire)
        return { citizen: [[jwt, ...disclosures.slice(0, 1), parts(wire).keyBinding].join('~')] }
      },
      {},
      { held: mine },
    )
    expect(found).toContain('holder.signature-invalid')
  })

  test('ldp-jws-alg-verification: the header says with which algorithm a key is used', async () => {
    for (const alg of ['ES384', 'EdDSA', 'ES256K']) {
      const found = await codes((wire) => {
        const [jwt = '', ...rest] = wire.split('~')
        const [, payload, signature] = jwt.split('.')
        const header = toBase64url(utf8(JSON.stringify({ alg, typ: 'dc+sd-jwt' })))
        return { citizen: [[`${header}.${payload}.${signature}`, ...rest].join('~')] }
      })
      expect(found).not.toContain('accepted')
    }
  })
})

describe('walt.id', () => {
  const two = {
    credentials: [
      citizenQuery.credentials[0],
      { ...citizenQuery.credentials[0], id: 'again', claims: [{ path: ['given_name'] }] },
    ],
  } as const satisfies QueryInput

  test('#842: verified, though a credential that was asked for is not there', async () => {
    expect(await codes(undefined, {}, { query: two })).toEqual(['query.unsatisfied'])
    expect(await codes(() => ({}))).toEqual(['query.unsatisfied'])
  })

  test('#842: verified, though a credential is there that was not asked for', async () => {
    expect(await codes((wire) => ({ citizen: [wire], tax: [wire] }))).toEqual(['query.unsatisfied'])
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    const { vp_token, state } = await held.present(request, { id: 'tax' })
    expect(codesOf(await verifier.verify({ vp_token, state }, request))).toContain(
      'query.unsatisfied',
    )
  })

  test('#842: one credential counts for two that were asked for under one id', async () => {
    const several = { credentials: [{ ...citizenQuery.credentials[0], multiple: true }] } as const
    const found = await codes((wire) => ({ citizen: [wire, wire] }), {}, { query: several })
    expect(found).toContain('presentation.duplicate')
    // Two queries may ask for the same credential (OpenID4VP 6.1); each has to be answered by it.
    const other = await codes((wire) => ({ citizen: [wire], again: [wire] }), {}, { query: two })
    expect(other).toEqual(['query.unsatisfied'])
  })

  test('#832: the order of what was asked for decides', async () => {
    const [first, second] = two.credentials
    for (const credentials of [
      [first, second],
      [second, first],
    ]) {
      const verifier = await clinic(registry)
      const request = await verifier.request({ credentials })
      const [a, b] = [await registry.issue(), await registry.issue()]
      const one = await a.present(request)
      const other = await b.present(request, { id: 'again', disclose: [['given_name']] })
      const answer = { vp_token: { ...other.vp_token, ...one.vp_token }, state: request.state }
      expect((await verifier.verify(answer, request)).verified).toBe(true)
    }
  })

  test('#933: «Verification failed: null»', async () => {
    const held = await registry.issue({ validUntil: new Date('2026-11-20T00:00:00Z') })
    await registry.revoke(held)
    const refusals = [
      await attempt(undefined, {}, { held }),
      await attempt(() => ({ citizen: [] })),
      await attempt(() => ({ citizen: ['x'] })),
      await attempt(() => ({})),
    ]
    for (const result of refusals) {
      if (result.verified) throw new Error('accepted')
      expect(result.checks.some(({ outcome }) => outcome === 'failed')).toBe(true)
      for (const { code, detail } of result.problems) {
        expect(code).toMatch(/^[a-z0-9-]+\.[a-z-]+$/)
        expect(detail).toMatch(/^\S.{9,}/)
        expect(detail).not.toMatch(/null|undefined|\[object/)
      }
    }
  })

  test('#1024: nobody hears of a failed verification', async () => {
    // A refusal is a value like any other, and it names the credential that is meant.
    const result = await attempt(undefined, { trust: trustedIssuers({}) })
    if (result.verified) throw new Error('accepted')
    expect(result.problems).toEqual([
      problem('issuer.untrusted', expect.any(String) as string, '/citizen/0'),
    ])
  })
})

describe('agentcommercekit/ack PR #135, status that fails open', () => {
  const withSource = (get: StatusSource['get']) => codes(undefined, { status: { get } })

  test('the host is down, or answers with something else', async () => {
    const down = await withSource(async () => {
      throw new TypeError('fetch failed')
    })
    expect(down).toEqual(['status.unavailable'])
    for (const text of ['', 'Not found', '{}', '<html></html>', 'a.b.c']) {
      const answer = { bytes: utf8(text), mediaType: 'application/statuslist+jwt', fetchedAt: now }
      expect(await withSource(async () => answer)).toContain('status.list-invalid')
    }
    expect(await withSource(async () => undefined as never)).toEqual(['status.unavailable'])
  })

  test('a list that somebody else signed, or nobody', async () => {
    const other = (await (await createRegistry()).snapshot())[statusUri]
    expect(await withSource(async () => other as never)).toContain('status.list-invalid')
    const own = (await registry.snapshot())[statusUri]
    const token = new TextDecoder().decode(own?.bytes)
    const none = `${toBase64url(utf8('{"alg":"none","typ":"statuslist+jwt"}'))}.${token.split('.')[1]}.`
    const unsigned = { ...own, bytes: utf8(none) }
    expect(await withSource(async () => unsigned as never)).toContain('status.list-invalid')
  })

  test('an index past the end of the list', async () => {
    const status = { kind: 'token-status-list', uri: statusUri, index: 4096 } as const
    const held = await registry.issue({ status })
    expect(await codes(undefined, {}, { held })).toEqual(['status.invalid-entry'])
  })

  test('a list of another address', async () => {
    const uri = 'https://registry.example/status/2'
    const held = await registry.issue({ status: { kind: 'token-status-list', uri, index: 1 } })
    const document = (await registry.snapshot())[statusUri]
    const status = snapshotSource({ [uri]: document as never })
    expect(await codes(undefined, { status }, { held })).toContain('status.list-invalid')
  })

  test('an expired list', async () => {
    const later = new Date(now.getTime() + 2 * 86_400_000)
    const source = await registry.source()
    const verifier = await clinic(registry, { status: source, now: () => later })
    const request = await verifier.request(citizenQuery)
    const presentation = await (await registry.issue()).present(request, { at: later })
    expect(codesOf(await verifier.verify(presentation, request))).toEqual(['status.expired'])
  })

  test('an untrusted issuer chooses an address for the verifier to fetch', async () => {
    const get = vi.fn((await registry.source()).get)
    const held = await (await createRegistry()).issue()
    expect(await codes(undefined, { status: { get } }, { held })).toEqual(['issuer.untrusted'])
    expect(get).not.toHaveBeenCalled()
  })
})

describe('the whole field', () => {
  test('verification that silently skips a check: every check that was made is in the result', async () => {
    const result = await attempt()
    const made = result.checks.map(({ check }) => check)
    for (const name of [
      'signature',
      'issuer-trust',
      'validity',
      'holder-binding',
      'status',
      'schema',
    ]) {
      expect(made, name).toContain(name)
    }
    for (const name of ['request', 'presentation', 'distinct', 'query', 'replay']) {
      expect(made, name).toContain(name)
    }
  })

  test('a format that skips checks of its own decides nothing', async () => {
    const real = sdJwtVc()
    const lenient: typeof real = {
      ...real,
      verify: async (wire, context) => {
        const result = await real.verify(wire, context)
        if (!result.verified) return result
        const { issuer: _, ...rest } = result
        return { ...rest, checks: [], issuer: 'did:web:police.example' }
      },
    }
    expect(await codes(undefined, { formats: [lenient] })).toEqual(['issuer.untrusted'])
    const broken: typeof real = {
      ...real,
      verify: async () => {
        throw new Error('boom')
      },
    }
    expect(await codes(undefined, { formats: [broken] })).toEqual(['presentation.malformed'])
  })

  test('a boolean instead of an explanation: a refusal says everything that is wrong at once', async () => {
    const held = await registry.issue({ validUntil: new Date('2026-11-20T00:00:00Z') })
    const verifier = await clinic(registry, { trust: trustedIssuers({}) })
    const request = await verifier.request(citizenQuery)
    const presentation = await held.present({ ...request, audience: 'https://police.example' })
    const found = codesOf(await verifier.verify(presentation, request))
    expect(found).toEqual(
      expect.arrayContaining([
        'issuer.untrusted',
        'credential.expired',
        'holder.audience-mismatch',
      ]),
    )
  })

  test('trust set-up: a policy that fails, or trusts by no mechanism that there is, trusts nobody', async () => {
    const failing = {
      entries: async () => {
        throw new Error('the database is down')
      },
      all: async () => [],
    }
    expect(await codes(undefined, { trust: failing })).toEqual(['issuer.untrusted'])
    expect(await codes(undefined, { issuerKeys: issuerKeys({}) })).toEqual(['issuer.key-not-found'])
    const silent = issuerKeys({ did: { resolve: async () => ({}) as never } })
    expect(await codes(undefined, { issuerKeys: silent })).not.toContain('accepted')
    const noHolder = { holderKeys: async () => refused([problem('did.not-found', 'no such DID')]) }
    const from = { registry: jwtRegistry, query: embeddedQuery }
    expect(await codes(undefined, { formats: [vcJwt()], ...noHolder }, from)).toEqual([
      'did.not-found',
    ])
  })

  test('phone-home: nothing is fetched but what resolver and status source were given for', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    try {
      expect(await codes()).toEqual(['accepted'])
      expect(fetched).not.toHaveBeenCalled()
    } finally {
      fetched.mockRestore()
    }
  })

  test('what was withheld is in no part of the result', async () => {
    const result = await attempt()
    expect(everythingIn(result)).not.toContain(claims['given_name'])
  })
})
