import type { JsonWebKey } from 'node:crypto'
import type { JsonObject, ProblemCode } from '@asoba/core'
import {
  checkStatus,
  decodeTokenStatusList,
  encodeTokenStatusList,
  memoryStatusStore,
  putStatus,
  signStatusListToken,
  snapshotSource,
  statusAt,
  tokenStatusList,
  verifyStatusListToken,
} from '@asoba/status'
import {
  type BitsPerStatus,
  createHeaderAndPayload,
  getListFromStatusListJWT,
  StatusList,
} from '@sd-jwt/jwt-status-list'
import { importJWK, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { codes, forged, issuer, jws, now, seconds, signer, vcPeer } from './sd-jwt-peers.ts'

const uri = 'https://registry.example/status/1'
const registry = 'https://registry.example'
const trusted = { issuer: registry, type: 'citizenship', mechanism: 'https' } as const
const context = {
  now,
  clockTolerance: 0,
  maxAge: 86_400,
  maxListBytes: 1_048_576,
  findIssuer: async () =>
    ({ verified: true, checks: [], ...trusted, keys: [issuer.publicJwk] }) as const,
}

describe.each<BitsPerStatus>([1, 2, 4, 8])('lists of %i bits', (bits) => {
  // Every value, and a number of entries that fills no last byte of its own accord.
  const values = Array.from({ length: 1001 }, (_, index) => (index * 7) % 2 ** bits)

  test('are the same bytes as those of @sd-jwt/jwt-status-list 0.19', async () => {
    const bytes = new Uint8Array(Math.ceil((values.length * bits) / 8))
    for (const [index, value] of values.entries()) putStatus({ bits, bytes }, index, value)
    expect(bytes).toEqual(new StatusList(values, bits).encodeStatusList())
  })

  test('of ours, signed, are read by @sd-jwt/jwt-status-list 0.19 and verify with jose', async () => {
    const bytes = new Uint8Array(Math.ceil((values.length * bits) / 8))
    for (const [index, value] of values.entries()) putStatus({ bits, bytes }, index, value)
    const claims = { sub: uri, iat: seconds, exp: seconds + 60, ttl: 60 }
    const status_list = await encodeTokenStatusList({ bits, bytes })
    const token = await signStatusListToken({ ...claims, status_list }, signer)
    const key = await importJWK(issuer.publicJwk as JsonWebKey, 'ES256')
    const { payload } = await jwtVerify(token, key, { typ: 'statuslist+jwt', currentDate: now })
    expect(payload).toEqual({ ...claims, status_list })
    const list = getListFromStatusListJWT(token)
    expect(list.getBitsPerStatus()).toBe(bits)
    expect(list.statusList.slice(0, values.length)).toEqual(values)
  })

  test('of theirs, signed by jose, verify here', async () => {
    const { header, payload } = createHeaderAndPayload(
      new StatusList(values, bits),
      { sub: uri, iat: seconds, exp: seconds + 60, ttl: 60 },
      { alg: 'ES256', typ: 'statuslist+jwt' },
    )
    const token = await new SignJWT(payload)
      .setProtectedHeader(header as JWTHeaderParameters)
      .sign(await importJWK(issuer.privateJwk as JsonWebKey, 'ES256'))
    const list = await verifyStatusListToken(token, uri, context)
    if (!list.verified) throw new Error(JSON.stringify(list.problems))
    expect(values.map((_, index) => statusAt(list, index))).toEqual(values)
    expect(list).toMatchObject({ bits, ttl: 60, issuedAt: now })
    const unsigned = await decodeTokenStatusList(payload['status_list'] as JsonObject)
    expect(unsigned).toEqual({ bits, bytes: list.bytes })
  })
})

/** A credential with the entry, and the peer that is given the list as its fetcher would get it. */
const credentialAt = (idx: number) =>
  forged(
    {
      iss: registry,
      vct: `${registry}/types/1`,
      exp: seconds + 60,
      status: { status_list: { idx, uri } },
    },
    [],
    { alg: 'ES256', typ: 'dc+sd-jwt' },
  )
const peerWith = (list: string) => vcPeer({ statusListFetcher: async () => list })
const judgeWith = (list: string, index = 0) => {
  const bytes = new TextEncoder().encode(list)
  const mediaType = 'application/statuslist+jwt'
  const source = snapshotSource({ [uri]: { bytes, mediaType, fetchedAt: now } })
  const reference = { kind: 'token-status-list', uri, index } as const
  return checkStatus([reference], { ...context, issuer: trusted, source })
}

test('@sd-jwt/sd-jwt-vc 0.19 finds in our list what was revoked and what was not', async () => {
  const store = memoryStatusStore()
  const times = { ttl: 300, lifetime: 86_400 }
  const list = tokenStatusList({ uri, size: 131_072, bits: 2, ...times, store, signer })
  const [good, bad] = await list.allocate(2)
  if (good === undefined || bad === undefined) throw new Error('two were asked for')
  await list.revoke([bad])
  const { body } = await list.publish({ now })
  const peer = peerWith(body)
  const asked = { currentDate: seconds }
  await expect(peer.verify(await credentialAt(good.index), asked)).resolves.toBeDefined()
  await expect(peer.verify(await credentialAt(bad.index), asked)).rejects.toThrow('not valid')
  expect((await judgeWith(body, good.index)).verified).toBe(true)
  expect(codes(await judgeWith(body, bad.index))).toEqual(['status.revoked'])
})

const lst = new StatusList([0, 0, 0, 0, 0, 0, 0, 0], 1).compressStatusList()
const claims = { sub: uri, iat: seconds, exp: seconds + 60, status_list: { bits: 1, lst } }
const header = { alg: 'ES256', typ: 'statuslist+jwt' }
const signed = (payload: object | string, head: object = header) =>
  jws(issuer.privateJwk, head, payload)
const differences: readonly [string, () => Promise<string>, readonly ProblemCode[]][] = [
  [
    'is for another address',
    () => signed({ ...claims, sub: `${registry}/status/2` }),
    ['status.list-invalid'],
  ],
  [
    'says nothing of its address',
    () => signed({ ...claims, sub: undefined }),
    ['status.list-invalid'],
  ],
  ['has no date', () => signed({ ...claims, iat: undefined }), ['status.list-invalid']],
  ['expires now', () => signed({ ...claims, exp: seconds }), ['status.expired']],
  [
    'is of last year and never expires',
    () => signed({ ...claims, iat: seconds - 365 * 86_400, exp: undefined }),
    ['status.expired'],
  ],
  ['has another typ', () => signed(claims, { ...header, typ: 'JWT' }), ['status.list-invalid']],
  [
    'is for a named audience',
    () => signed({ ...claims, aud: 'https://other.example' }),
    ['status.list-invalid'],
  ],
  [
    'has a ttl that is no number',
    () => signed({ ...claims, ttl: 'forever' }),
    ['status.list-invalid'],
  ],
  [
    'names a member twice',
    () => signed(JSON.stringify(claims).replace('{', '{"sub":"https://other.example",')),
    ['status.list-invalid', 'jws.malformed'],
  ],
  [
    'names alg none over a signature that the callback likes',
    () => signed(claims, { ...header, alg: 'none' }),
    ['status.list-invalid', 'jws.algorithm-unsupported'],
  ],
]

test.each(differences)(
  '@sd-jwt/sd-jwt-vc 0.19 accepts, and we refuse, a list that %s',
  async (_title, make, ours) => {
    const list = await make()
    const verified = peerWith(list).verify(await credentialAt(0), { currentDate: seconds })
    await expect(verified).resolves.toBeDefined()
    expect(codes(await judgeWith(list))).toEqual(ours)
  },
)

test('getListFromStatusListJWT reads a list that anybody signed, we do not', async () => {
  const forgery = `${(await signed(claims)).slice(0, -8)}AAAAAAAA`
  expect(getListFromStatusListJWT(forgery).getStatus(0)).toBe(0)
  expect(codes(await judgeWith(forgery))).toEqual(['status.list-invalid'])
})

test('a credential without status is good for the peer, and not where our policy wants one', async () => {
  const payload = { iss: registry, vct: `${registry}/types/1`, exp: seconds + 60 }
  const wire = await forged(payload, [], { alg: 'ES256', typ: 'dc+sd-jwt' })
  await expect(vcPeer().verify(wire, { currentDate: seconds })).resolves.toBeDefined()
  const source = snapshotSource({})
  expect(codes(await checkStatus([], { ...context, issuer: trusted, source }))).toEqual([
    'status.missing',
  ])
})
