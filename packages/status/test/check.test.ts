import { AsobaError, type StatusSource, utf8 } from '@asoba/core'
import {
  type CheckStatusOptions,
  checkStatus,
  encodeTokenStatusList,
  memoryStatusStore,
  type PackedStatuses,
  putStatus,
  type StatusDocument,
  type StatusList,
  signStatusListToken,
  snapshotSource,
  tokenStatus,
  tokenStatusList,
} from '@asoba/status'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  codesOf,
  documentOf,
  entry,
  type Nation,
  nation,
  now,
  optionsFor,
  registry,
  sourceOf,
  uri,
} from './nation.ts'

let home: Nation
let other: Nation
beforeAll(async () => {
  ;[home, other] = await Promise.all([nation(), nation('did:web:other.example')])
})

const seconds = Math.floor(now.getTime() / 1000)

/** A signed list with one claim or header changed. */
async function signed(
  changes: Readonly<Record<string, unknown>> = {},
  { signer = home.signer, list = someStatuses() } = {},
): Promise<StatusDocument> {
  const claims = {
    iss: registry,
    sub: uri,
    iat: seconds - 60,
    exp: seconds + 3600,
    ttl: 300,
    status_list: await encodeTokenStatusList(list),
    ...changes,
  }
  const body = await signStatusListToken(JSON.parse(JSON.stringify(claims)), signer)
  return { bytes: utf8(body), mediaType: 'application/statuslist+jwt', fetchedAt: now }
}

/** Entry 1 revoked, 2 suspended, 3 of the application, 4 reserved, all else valid. */
function someStatuses(): PackedStatuses {
  const list = { bits: 4, bytes: new Uint8Array(64) }
  for (const at of [1, 2, 3, 4]) putStatus(list, at, at)
  return list
}

async function judge(
  document: StatusDocument,
  index = 0,
  more: Partial<CheckStatusOptions> = {},
): Promise<readonly string[]> {
  return codesOf(await checkStatus([entry(index)], optionsFor(home, sourceOf(document), more)))
}

describe('checking by a token status list', () => {
  test('accepts a valid entry and says so in the checks', async () => {
    const result = await checkStatus([entry(0)], optionsFor(home, sourceOf(await signed())))
    expect(result).toEqual({
      verified: true,
      checks: [{ check: 'status', path: '', outcome: 'passed' }],
      readings: [{ value: 0, meaning: 'valid', ttl: 300 }],
    })
  })

  test.each([
    [1, 'status.revoked'],
    [2, 'status.suspended'],
    [3, 'status.invalid-entry'],
    [4, 'status.invalid-entry'],
    [128, 'status.invalid-entry'],
    [2 ** 40, 'status.invalid-entry'],
    [-1, 'status.invalid-entry'],
    [1.5, 'status.invalid-entry'],
  ])('refuses entry %d as %s', async (index, code) => {
    expect(await judge(await signed(), index)).toEqual([code])
  })

  test('gives a value of the application the meaning that the verifier gives it, no other value', async () => {
    const mechanisms = [tokenStatus({ applicationStatus: () => 'noted' })]
    expect(await judge(await signed(), 3, { mechanisms })).toEqual([])
    expect(await judge(await signed(), 4, { mechanisms })).toEqual(['status.invalid-entry'])
    expect(await judge(await signed(), 1, { mechanisms })).toEqual(['status.revoked'])
  })

  test.each([
    ['is about another list', { sub: `${uri}0` }],
    ['has no subject', { sub: undefined }],
    ['has no time of issue', { iat: undefined }],
    ['was issued in the future', { iat: seconds + 61 }],
    ['holds from tomorrow', { nbf: seconds + 86_400 }],
    ['expires at a text', { exp: '2030-01-01' }],
    ['has a ttl of 0', { ttl: 0 }],
    ['has a ttl that is a text', { ttl: '300' }],
    ['is for an audience', { aud: 'https://elsewhere.example' }],
    ['has no list', { status_list: undefined }],
    ['has 3 bits', { status_list: { bits: 3, lst: 'eNrbuRgAAhcBXQ' } }],
    ['names an issuer that is no text', { iss: 7 }],
  ])('refuses a list that %s', async (_, changes) => {
    expect(await judge(await signed(changes), 0, { clockTolerance: 60 })).toContain(
      'status.list-invalid',
    )
  })

  test('refuses an expired list, at the very second of its expiry too', async () => {
    expect(await judge(await signed({ exp: seconds + 31 }))).toEqual([])
    const exact = new Date(seconds * 1000)
    expect(await judge(await signed({ exp: seconds }), 0, { now: exact })).toEqual([
      'status.expired',
    ])
    expect(
      await judge(await signed({ exp: seconds }), 0, { now: exact, clockTolerance: 1 }),
    ).toEqual([])
  })

  test('refuses a list without expiry once it is older than the policy allows', async () => {
    const document = await signed({ exp: undefined, ttl: undefined })
    expect(await judge(document)).toEqual([])
    expect(await judge(document, 0, { maxAge: 60 })).toEqual(['status.expired'])
    expect(await judge(document, 0, { now: new Date(now.getTime() + 86_400_000) })).toEqual([
      'status.expired',
    ])
  })

  test('refuses a list of another media type, or of another typ', async () => {
    const document = await signed()
    expect(await judge({ ...document, mediaType: 'application/jwt' })).toEqual([
      'status.list-invalid',
    ])
    expect(
      await judge({ ...document, mediaType: 'Application/StatusList+JWT; charset=utf-8' }),
    ).toEqual([])
    const [, payload, signature] = new TextDecoder().decode(document.bytes).split('.')
    const jwt = btoa('{"alg":"ES256","typ":"JWT"}').replaceAll('=', '')
    const bytes = utf8(`${jwt}.${payload}.${signature}`)
    expect(await judge({ ...document, bytes })).toEqual([
      'status.list-invalid',
      'status.list-invalid',
    ])
  })

  test('says every problem found, not the first one alone', async () => {
    const document = await signed({ sub: 'x', iat: undefined, ttl: -1 }, { signer: other.signer })
    expect((await judge(document)).length).toBe(4)
  })

  test('refuses a credential without any entry, and a kind of list that nobody reads', async () => {
    const options = optionsFor(home, sourceOf(await signed()))
    expect(codesOf(await checkStatus([], options))).toEqual(['status.missing'])
    const bitstring = {
      kind: 'bitstring-status-list',
      uri,
      index: 0,
      purpose: 'revocation',
    } as const
    expect(codesOf(await checkStatus([bitstring], options))).toEqual(['status.invalid-entry'])
  })

  test('checks every entry: one revoked among valid ones refuses', async () => {
    const options = optionsFor(home, sourceOf(await signed()))
    expect(codesOf(await checkStatus([entry(0), entry(1), entry(2)], options))).toEqual([
      'status.revoked',
      'status.suspended',
    ])
  })
})

describe('the signer of a list', () => {
  test('is the issuer of the credential when the list names nobody', async () => {
    expect(await judge(await signed({ iss: undefined }))).toEqual([])
  })

  test('may not be another issuer, though it is trusted for its own credentials', async () => {
    const document = await signed({ iss: 'did:web:other.example' }, { signer: other.signer })
    const both: CheckStatusOptions['findIssuer'] = async (claim) => {
      const first = await home.findIssuer(claim)
      return first.verified ? first : other.findIssuer(claim)
    }
    expect(await judge(document, 0, { findIssuer: both })).toEqual([
      'status.list-invalid',
      'issuer.untrusted',
    ])
    const issuer = { issuer: registry, type: 'citizenship', mechanism: 'did' } as const
    expect(
      await judge(document, 0, {
        findIssuer: both,
        issuer: { ...issuer, statusIssuers: ['did:web:other.example'] },
      }),
    ).toEqual([])
  })

  test('is found by the mechanism of the credential’s issuer and by no other', async () => {
    const issuer = { issuer: registry, type: 'citizenship', mechanism: 'https' } as const
    expect(await judge(await signed(), 0, { issuer })).toEqual([
      'status.list-invalid',
      'issuer.mechanism-mismatch',
    ])
  })

  test('is asked for with purpose status and the type of the credential, never as the list wants', async () => {
    const claims: unknown[] = []
    const findIssuer: CheckStatusOptions['findIssuer'] = (claim) => {
      claims.push(claim)
      return home.findIssuer(claim)
    }
    await judge(await signed({ vct: 'https://nation.example/residency' }), 0, { findIssuer })
    expect(claims).toEqual([
      {
        issuer: registry,
        types: ['citizenship'],
        algorithm: 'ES256',
        kid: `${registry}#status`,
        purpose: 'status',
      },
    ])
  })

  test('that signed with another key is refused', async () => {
    expect(await judge(await signed({}, { signer: other.signer }))).toEqual(['status.list-invalid'])
  })

  test('a trust policy that fails admits nothing', async () => {
    const findIssuer = async () => Promise.reject(new Error('the directory is down'))
    expect(await judge(await signed(), 0, { findIssuer })).toEqual(['status.unavailable'])
  })
})

describe('freshness', () => {
  const list = (): StatusList =>
    tokenStatusList({
      uri,
      size: 64,
      bits: 2,
      ttl: 300,
      lifetime: 3600,
      store: memoryStatusStore(),
      signer: home.signer,
    })
  const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)

  test('asks for a fresh list once the ttl has passed, and judges by that one', async () => {
    const issued = list()
    const [reference] = await issued.allocate(1)
    const old = documentOf(await issued.publish({ now }))
    if (reference === undefined) throw new Error('nothing was allocated')
    await issued.revoke(reference)
    const fresh = documentOf(await issued.publish({ now: later(6) }), later(6))
    const asked: (number | undefined)[] = []
    const source: StatusSource = {
      async get(_, { maxAge }) {
        asked.push(maxAge)
        return maxAge === undefined ? old : fresh
      },
    }
    const at = (minutes: number) =>
      checkStatus([reference], optionsFor(home, source, { now: later(minutes) }))
    expect((await at(5)).verified).toBe(true)
    expect(codesOf(await at(6))).toEqual(['status.revoked'])
    expect(asked).toEqual([undefined, undefined, 300])
  })

  test('refuses when the ttl has passed and no fresh list can be had', async () => {
    const old = documentOf(await list().publish({ now }))
    const source: StatusSource = {
      async get(_, { maxAge }) {
        if (maxAge === undefined) return old
        throw new AsobaError('network.failed', 'blocked')
      },
    }
    const result = await checkStatus([entry(0)], optionsFor(home, source, { now: later(6) }))
    expect(codesOf(result)).toEqual(['status.unavailable'])
  })

  test('a snapshot serves offline until it expires, and not a second longer', async () => {
    const document = documentOf(await list().publish({ now }))
    const source = snapshotSource({ [uri]: document })
    const at = async (minutes: number) =>
      codesOf(await checkStatus([entry(0)], optionsFor(home, source, { now: later(minutes) })))
    expect(await at(59)).toEqual([])
    expect(await at(60)).toEqual(['status.expired'])
  })

  test('a list that a snapshot does not hold is unavailable, whatever its name', async () => {
    const source = snapshotSource({})
    for (const name of [uri, '__proto__', 'constructor']) {
      const result = await checkStatus([entry(0, name)], optionsFor(home, source))
      expect(codesOf(result)).toEqual(['status.unavailable'])
    }
  })
})
