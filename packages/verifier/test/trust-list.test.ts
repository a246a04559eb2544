import { type Jwk, type Signer, type TrustEntry, toBase64url, utf8 } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { snapshotSource } from '@asoba/status'
import { combine, createVerifier, issuerKeys, trustedIssuers } from '@asoba/verifier'
import {
  type LoadTrustListOptions,
  loadTrustList,
  signTrustList,
  type TrustListContent,
} from '@asoba/verifier/trust-list'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  citizenQuery,
  citizenship,
  clinic,
  clinicOptions,
  codesOf,
  createRegistry,
  frozen,
  now,
  type Registry,
  residency,
} from './nation.ts'

const publisher = 'https://nation.example'
const types = [citizenship, residency]
const day = 86_400_000
const later = (days: number) => new Date(now.getTime() + days * day)

let registry: Registry
let publicJwk: Jwk
let signer: Signer
let content: TrustListContent
let options: LoadTrustListOptions

beforeAll(async () => {
  registry = await createRegistry()
  const pair = await createKey('ES256')
  publicJwk = pair.publicJwk
  signer = await jwkSigner({ privateJwk: pair.privateJwk, verificationMethod: 'key-1' })
  content = frozen({
    publisher,
    sequence: 7,
    issuedAt: now,
    expires: later(30),
    entries: [
      {
        issuer: registry.did,
        types: ['citizenship'],
        mechanism: 'did',
        keys: [registry.publicJwk],
        statusIssuers: ['did:web:status.example'],
        statusSnapshot: await registry.snapshot(),
      },
      { issuer: 'https://chamber.example', types: ['residency'], mechanism: 'https' },
      {
        issuer: 'https://old.example',
        types: ['citizenship', 'residency'],
        mechanism: 'x509',
        anchors: [Uint8Array.of(48, 1, 2)],
      },
    ],
  })
  options = frozen({
    publisher: { id: publisher, keys: [publicJwk] },
    types,
    now,
    clockTolerance: 60,
    previous: 'none',
    snapshots: 'use',
    maxLength: 100_000,
  })
})

const sign = (change: Partial<TrustListContent> = {}) =>
  signTrustList({ ...content, ...change }, { signer, types })
const load = (token: unknown, change: Partial<LoadTrustListOptions> = {}) =>
  loadTrustList(token, { ...options, ...change })
/** The loaded list, or the codes of its problems as an error. */
async function loaded(token: unknown, change: Partial<LoadTrustListOptions> = {}) {
  const result = await load(token, change)
  if (!result.verified) throw new Error(JSON.stringify(result.problems))
  return result
}
/** What is signed when somebody writes the payload by hand. */
async function byHand(
  change: (payload: Record<string, unknown>) => object,
  header: object = { typ: 'asoba-trust-list+jwt' },
) {
  const payload = JSON.parse(atobUrl((await sign()).split('.')[1] ?? '')) as Record<string, unknown>
  return signJws({ ...header }, JSON.parse(JSON.stringify(change(payload))), signer)
}

function atobUrl(text: string): string {
  return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
}

describe('a signed trust list', () => {
  test('says what was signed', async () => {
    const { publisher: by, sequence, issuedAt, expires, entries } = await loaded(await sign())
    expect({ publisher: by, sequence, issuedAt, expires, entries }).toEqual(content)
  })

  test('says who stands under anchors, with which usage, until it expires', async () => {
    const anchors = [Uint8Array.of(48, 1, 3)]
    const entry = {
      anyUnderAnchors: true,
      types: ['citizenship'],
      mechanism: 'x509',
      anchors,
      usage: ['1.3.130.2.0.0.1.7'],
      iss: 'https://pid.example',
      statusAnchors: { anchors, usage: ['1.2.3'] },
    } as const
    const { trust, entries } = await loaded(await sign({ entries: [...content.entries, entry] }))
    expect(entries.at(-1)).toEqual(entry)
    expect(await trust.anchored?.({ type: 'citizenship', at: now })).toEqual([entry])
    expect(await trust.anchored?.({ type: 'residency', at: now })).toEqual([])
    expect(await trust.anchored?.({ type: 'citizenship', at: later(31) })).toEqual([])
    await expect(sign({ entries: [entry, entry] })).rejects.toThrow(TypeError)
  })

  test('lists the checks that were made', async () => {
    const { checks } = await loaded(await sign())
    expect(checks.map(({ check }) => check)).toEqual([
      'type',
      'signature',
      'publisher',
      'schema',
      'validity',
      'sequence',
    ])
    expect(checks.every(({ outcome }) => outcome === 'passed')).toBe(true)
  })

  test('trusts its issuers for their types, and nobody else', async () => {
    const { trust } = await loaded(await sign())
    const names = async (issuer: string, type: string) =>
      (await trust.entries({ issuer, type, at: now })).map(({ mechanism }) => mechanism)
    expect(await names(registry.did, 'citizenship')).toEqual(['did'])
    expect(await names(registry.did, 'residency')).toEqual([])
    expect(await names('https://chamber.example', 'residency')).toEqual(['https'])
    expect(await names('https://old.example', 'citizenship')).toEqual(['x509'])
    expect(await names('https://other.example', 'citizenship')).toEqual([])
    expect((await trust.all('citizenship', now)).map(({ issuer }) => issuer)).toEqual([
      registry.did,
      'https://old.example',
    ])
  })

  test('says nothing of types that the verifier does not know', async () => {
    const { entries } = await loaded(await sign(), { types: [residency] })
    expect(entries.map(({ issuer, types: of }) => [issuer, of])).toEqual([
      ['https://chamber.example', ['residency']],
      ['https://old.example', ['residency']],
    ])
  })

  test('names types by vct, so that a word means the same everywhere', async () => {
    const other = { ...citizenship, vct: 'https://other.example/credentials/citizenship/1' }
    expect((await loaded(await sign(), { types: [other] })).entries).toEqual([])
  })

  test('may trust nobody at all', async () => {
    const { trust } = await loaded(await sign({ entries: [] }))
    expect(await trust.all('citizenship', now)).toEqual([])
  })

  test('is signed by any of the keys of the publisher', async () => {
    const next = await createKey('EdDSA')
    const keys = [publicJwk, next.publicJwk]
    const nextSigner = await jwkSigner({ privateJwk: next.privateJwk, verificationMethod: '' })
    const token = await signTrustList(content, { signer: nextSigner, types })
    expect((await load(token, { publisher: { id: publisher, keys } })).verified).toBe(true)
    expect(codesOf(await load(token))).toEqual(['jws.signature-invalid'])
  })
})

describe('offline', () => {
  const offline = async (token: string, at: Date = now) => {
    const { trust } = await loaded(token)
    return createVerifier({
      ...(await clinicOptions(registry)),
      issuerKeys: issuerKeys({}),
      trust,
      status: snapshotSource({}),
      now: () => at,
    })
  }

  test('a credential is verified by the list alone', async () => {
    const verifier = await offline(await sign())
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    expect(codesOf(await verifier.verify(await held.present(request), request))).toEqual([
      'accepted',
    ])
  })

  test('a credential that was revoked when the list was made is refused', async () => {
    const held = await registry.issue()
    await registry.revoke(held)
    const [entry] = content.entries as readonly [TrustEntry]
    const statusSnapshot = await registry.snapshot()
    const verifier = await offline(await sign({ entries: [{ ...entry, statusSnapshot }] }))
    const request = await verifier.request(citizenQuery)
    expect(codesOf(await verifier.verify(await held.present(request), request))).toEqual([
      'status.revoked',
    ])
  })

  test('a status list that somebody else signed is refused, though the publisher passed it on', async () => {
    const other = await createRegistry()
    const [entry] = content.entries as readonly [TrustEntry]
    const statusSnapshot = await other.snapshot()
    const verifier = await offline(await sign({ entries: [{ ...entry, statusSnapshot }] }))
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    expect(codesOf(await verifier.verify(await held.present(request), request))).toContain(
      'status.list-invalid',
    )
  })

  test('nothing is verified without the status lists', async () => {
    const { trust } = await loaded(await sign(), { snapshots: 'ignore' })
    const verifier = await clinic(registry, { trust, status: snapshotSource({}) })
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    expect(codesOf(await verifier.verify(await held.present(request), request))).toEqual([
      'status.unavailable',
    ])
  })
})

describe('time', () => {
  test('an expired list, and one from the future, is refused', async () => {
    const token = await sign()
    expect(codesOf(await load(token, { now: later(31) }))).toEqual(['trust-list.expired'])
    expect(codesOf(await load(token, { now: later(-1) }))).toEqual(['trust-list.not-yet-valid'])
  })

  test('clocks may differ as much as is tolerated, and not a second more', async () => {
    const token = await sign()
    const at = async (from: Date, seconds: number) =>
      codesOf(await load(token, { now: new Date(from.getTime() + seconds * 1000) }))
    expect(await at(now, -60)).toEqual(['accepted'])
    expect(await at(now, -61)).toEqual(['trust-list.not-yet-valid'])
    expect(await at(later(30), 59)).toEqual(['accepted'])
    expect(await at(later(30), 60)).toEqual(['trust-list.expired'])
  })

  test('a verifier that runs on trusts nobody once its list has expired, and says why', async () => {
    const { trust } = await loaded(await sign({ expires: later(2) }))
    const source = await registry.source()
    const long = { validUntil: later(60) }
    const held = await registry.issue(long)
    for (const [at, expected] of [
      [now, ['accepted']],
      [later(3), ['issuer.untrusted', 'trust-list.expired']],
      [later(-1), ['issuer.untrusted', 'trust-list.not-yet-valid']],
    ] as const) {
      const verifier = await clinic(registry, { trust, status: source, now: () => at })
      const request = await verifier.request(citizenQuery)
      const found = await verifier.verify(await held.present(request, { at }), request)
      expect(codesOf(found)).toEqual(expected)
      expect((await trust.all('citizenship', at)).length > 0).toBe(at === now)
    }
    expect(await trust.all('citizenship', new Date(Number.NaN))).toEqual([])
  })

  test('an expired list takes nothing from the policies that it is combined with', async () => {
    const { trust } = await loaded(await sign({ expires: later(2) }))
    const at = later(3)
    const both = combine(trust, trustedIssuers({ residency: [registry.did] }))
    const entries = (type: string) => both.entries({ issuer: registry.did, type, at })
    expect(await entries('citizenship')).toEqual([])
    expect(await entries('residency')).toHaveLength(1)
    expect(both.problems?.(at).map(({ code }) => code)).toEqual(['trust-list.expired'])
    expect(both.problems?.(now)).toEqual([])
  })

  test('an issuer to which list and policy give two mechanisms is refused', async () => {
    const { trust } = await loaded(await sign())
    const issuer = 'https://chamber.example'
    const anchors = [Uint8Array.of(1)]
    const both = combine(
      trust,
      trustedIssuers({ residency: [{ issuer, mechanism: 'x509', anchors }] }),
    )
    const verifier = await clinic(registry, { trust: both })
    await expect(verifier.request(citizenQuery)).resolves.toBeTypeOf('object')
    expect(await both.entries({ issuer, type: 'residency', at: now })).toHaveLength(2)
  })
})

describe('an older list', () => {
  test('is refused once a later one was accepted, valid as it is', async () => {
    const { mark } = await loaded(await sign({ sequence: 8 }))
    expect(codesOf(await load(await sign(), { previous: mark }))).toEqual(['trust-list.outdated'])
    expect(codesOf(await load(await sign({ sequence: 9 }), { previous: mark }))).toEqual([
      'accepted',
    ])
  })

  test('is accepted again where it is the last one, signed anew or not', async () => {
    const { mark } = await loaded(await sign())
    expect(JSON.parse(JSON.stringify(mark))).toEqual(mark)
    expect(codesOf(await load(await sign(), { previous: mark }))).toEqual(['accepted'])
  })

  test('of the same number and of other content is refused', async () => {
    const { mark } = await loaded(await sign())
    const other = await sign({ entries: [] })
    expect(codesOf(await load(other, { previous: mark }))).toEqual(['trust-list.conflicting'])
    expect(codesOf(await load(other, { previous: { sequence: 7 } }))).toEqual(['accepted'])
    expect(codesOf(await load(other, { previous: { sequence: 8 } }))).toEqual([
      'trust-list.outdated',
    ])
  })
})

describe('what is no list of the publisher', () => {
  test('signed by somebody else, or in the name of somebody else', async () => {
    const mallory = await createKey('ES256')
    const own = await jwkSigner({ privateJwk: mallory.privateJwk, verificationMethod: 'key-1' })
    const forged = await signTrustList(content, { signer: own, types })
    expect(codesOf(await load(forged))).toEqual(['jws.signature-invalid'])
    const other = await sign({ publisher: 'https://police.example' })
    expect(codesOf(await load(other))).toEqual(['issuer.untrusted'])
  })

  test('another token of the publisher, and a list that brings its own key', async () => {
    for (const typ of ['JWT', 'vc+jwt', 'application/asoba-trust-list+jwt', undefined]) {
      const token = await byHand((payload) => payload, typ === undefined ? {} : { typ })
      expect(codesOf(await load(token))).toEqual(['jws.type-mismatch'])
    }
    for (const name of ['jwk', 'jku', 'x5c', 'x5u', 'cty']) {
      const value = name === 'jwk' ? publicJwk : name === 'x5c' ? ['AAAA'] : 'x'
      const token = await byHand((payload) => payload, {
        typ: 'asoba-trust-list+jwt',
        [name]: value,
      })
      expect(codesOf(await load(token))).toEqual(['jws.header-invalid'])
    }
  })

  test('longer than the limit', async () => {
    const token = await sign()
    expect(codesOf(await load(token, { maxLength: token.length }))).toEqual(['accepted'])
    expect(codesOf(await load(token, { maxLength: token.length - 1 }))).toEqual(['input.too-large'])
  })

  test.each<[string, string, (payload: never) => object]>([
    ['a member that is not known', '', (p: object) => ({ ...p, nbf: 1 })],
    ['another version', '/version', (p: object) => ({ ...p, version: 2 })],
    ['no sequence', '/sequence', (p: object) => ({ ...p, sequence: undefined })],
    ['a sequence of zero', '/sequence', (p: object) => ({ ...p, sequence: 0 })],
    ['a broken sequence', '/sequence', (p: object) => ({ ...p, sequence: 1.5 })],
    ['a sequence beyond 2^53', '/sequence', (p: object) => ({ ...p, sequence: 2 ** 53 })],
    ['no expiry', '/exp', (p: object) => ({ ...p, exp: undefined })],
    ['more than 400 days', '/exp', (p: { iat: number }) => ({ ...p, exp: p.iat + 34_560_001 })],
    ['an end before the start', '/exp', (p: { iat: number }) => ({ ...p, exp: p.iat })],
    ['a time as text', '/iat', (p: object) => ({ ...p, iat: '1' })],
    ['entries that are no array', '/entries', (p: object) => ({ ...p, entries: {} })],
    ['an entry that is no object', '/entries/0', (p: object) => ({ ...p, entries: [1] })],
  ])('%s', async (_name, path, change) => {
    const result = await load(await byHand(change as never))
    if (result.verified) throw new Error('accepted')
    expect(result.problems.map((one) => [one.code, one.path])).toContainEqual([
      'trust-list.malformed',
      path,
    ])
  })

  type Wire = Record<string, unknown>
  test.each<[string, string, (entry: Wire) => Wire]>([
    ['a member that is not known', '', (e) => ({ ...e, only_on_mondays: true })],
    ['no issuer', '/issuer', (e) => ({ ...e, issuer: '' })],
    ['no types', '/types', (e) => ({ ...e, types: [] })],
    ['a type twice', '/types', (e) => ({ ...e, types: [citizenship.vct, citizenship.vct] })],
    ['types that are no text', '/types/0', (e) => ({ ...e, types: [1] })],
    ['no mechanism', '', (e) => ({ ...e, mechanism: undefined })],
    ['two mechanisms', '', (e) => ({ ...e, mechanism: ['did', 'https'] })],
    ['a mechanism that is not the issuer’s', '', (e) => ({ ...e, mechanism: 'https' })],
    ['x509 without anchors and keys', '', (e) => ({ ...e, mechanism: 'x509', keys: undefined })],
    ['anchors for a DID', '', (e) => ({ ...e, anchors: ['MAEC'] })],
    ['an anchor that is no base64url', '/anchors/0', (e) => ({ ...e, anchors: ['+++='] })],
    ['everybody under anchors, and an issuer', '', (e) => ({ ...e, any_under_anchors: true })],
    [
      'everybody under anchors that are none',
      '',
      ({ types: named }) => ({ types: named, mechanism: 'x509', any_under_anchors: true }),
    ],
    [
      'everybody, said in another way',
      '',
      ({ types: named }) => ({
        types: named,
        mechanism: 'x509',
        anchors: ['MAEC'],
        any_under_anchors: 'yes',
      }),
    ],
    ['a usage of a DID', '', (e) => ({ ...e, usage: ['1.2.3'] })],
    ['a usage that is no list', '/usage', (e) => ({ ...e, usage: '1.2.3' })],
    [
      'anchors for status without a usage',
      '/status_anchors',
      (e) => ({ ...e, status_anchors: {} }),
    ],
    ['no keys in a list of keys', '/keys', (e) => ({ ...e, keys: [] })],
    ['a key with its secret', '/keys/0', (e) => ({ ...e, keys: [{ ...publicJwk, d: 'AAAA' }] })],
    [
      'a key with a strange member',
      '/keys/0',
      (e) => ({ ...e, keys: [{ ...publicJwk, ext: true }] }),
    ],
    ['a key off its curve', '/keys/0', (e) => ({ ...e, keys: [{ ...publicJwk, y: publicJwk.x }] })],
    ['a key to encrypt with', '/keys/0', (e) => ({ ...e, keys: [{ ...publicJwk, use: 'enc' }] })],
    [
      'a status issuer that is no text',
      '/status_issuers/0',
      (e) => ({ ...e, status_issuers: [0] }),
    ],
    [
      'a status list from after the trust list',
      '/status_snapshots/0/fetched_at',
      (e) => ({
        ...e,
        status_snapshots: [{ uri: 'u', media_type: 'm', token: 'a.b.c', fetched_at: 4e9 }],
      }),
    ],
    [
      'a status list that is no token',
      '/status_snapshots/0/token',
      (e) => ({
        ...e,
        status_snapshots: [{ uri: 'u', media_type: 'm', token: '{}', fetched_at: 1 }],
      }),
    ],
    [
      'one status list twice',
      '/status_snapshots',
      (e) => {
        const one = { uri: 'u', media_type: 'm', token: 'a.b.c', fetched_at: 1 }
        return { ...e, status_snapshots: [one, one] }
      },
    ],
  ])('an entry with %s', async (_name, path, change) => {
    const token = await byHand((payload) => {
      const [first, ...rest] = payload['entries'] as [Wire, ...Wire[]]
      return { ...payload, entries: [change(first), ...rest] }
    })
    const result = await load(token)
    if (result.verified) throw new Error('accepted')
    expect(result.problems.map((one) => [one.code, one.path])).toContainEqual([
      'trust-list.malformed',
      `/entries/0${path}`,
    ])
  })

  test('one issuer with two mechanisms, or twice with one type', async () => {
    const twice = (change: Wire) =>
      byHand((payload) => {
        const entry = { issuer: 'https://a.example', types: [citizenship.vct], mechanism: 'https' }
        return { ...payload, entries: [entry, { ...entry, ...change }] }
      })
    const paths = async (change: Wire) => {
      const result = await load(await twice(change))
      return result.verified ? [] : result.problems.map(({ path }) => path)
    }
    expect(await paths({ types: [residency.vct] })).toEqual([])
    expect(await paths({})).toEqual(['/entries/1/types'])
    const x509 = { types: [residency.vct], mechanism: 'x509', keys: [publicJwk] }
    expect(await paths(x509)).toEqual(['/entries/1/mechanism'])
  })

  test('any other character anywhere in the token', async () => {
    const token = await sign()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'z', '.', '-', ' '),
        async (at, character) => {
          fc.pre(token[at] !== character)
          const changed = token.slice(0, at) + character + token.slice(at + 1)
          expect((await load(changed)).verified).toBe(false)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('anything at all, signed or not, without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (token) => {
        expect((await load(token)).verified).toBe(false)
      }),
      { numRuns: 100 },
    )
    const member = fc.constantFrom('issuer', 'types', 'mechanism', 'keys', 'status_snapshots')
    await fc.assert(
      fc.asyncProperty(member, fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
        const entry = { issuer: 'https://a.example', types: [citizenship.vct], mechanism: 'https' }
        const text = JSON.stringify({
          version: 1,
          iss: publisher,
          sequence: 7,
          iat: now.getTime() / 1000,
          exp: now.getTime() / 1000 + 60,
          entries: [{ ...entry, [name]: value }],
        })
        // A text or a list of texts may be right by chance, and then it is what was signed.
        const result = await load(
          await signJws({ typ: 'asoba-trust-list+jwt' }, utf8(text), signer),
        )
        if (result.verified) {
          const isText = (one: unknown) => typeof one === 'string'
          expect(isText(value) || (Array.isArray(value) && value.every(isText))).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('a list that readers would refuse', () => {
  test('is not signed', async () => {
    const [entry, ...rest] = content.entries as readonly [TrustEntry, ...TrustEntry[]]
    const bad: readonly Partial<TrustListContent>[] = [
      { sequence: 0 },
      { publisher: '' },
      { expires: later(401) },
      { expires: now },
      { issuedAt: new Date(Number.NaN) },
      { entries: [entry, entry] },
      { entries: [{ ...entry, types: ['unknown'] }, ...rest] },
      {
        entries: [
          { ...entry, keys: [{ ...publicJwk, d: toBase64url(new Uint8Array(32)) } as Jwk] },
        ],
      },
    ]
    for (const change of bad) await expect(sign(change)).rejects.toThrow(TypeError)
  })

  test('cannot be asked for with an option left out', async () => {
    const token = await sign()
    for (const name of Object.keys(options)) {
      const { [name as keyof LoadTrustListOptions]: _, ...rest } = options
      await expect(loadTrustList(token, rest as never), name).rejects.toThrow(TypeError)
    }
    const wrong: readonly Partial<LoadTrustListOptions>[] = [
      { publisher: { id: publisher, keys: [] } },
      { publisher: { id: '', keys: [publicJwk] } },
      { publisher: { id: publisher, keys: [{ kty: 'RSA' }] } },
      { now: new Date(Number.NaN) },
      { clockTolerance: -1 },
      { previous: { sequence: 0 } },
      { previous: { sequence: 1, digest: '' } },
      { maxLength: 0 },
      { types: [] },
    ]
    for (const change of wrong) await expect(load(token, change)).rejects.toThrow(TypeError)
  })
})
