import type { Json, JsonObject, ProblemCode, StatusReference } from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { parseJws, signCredential, verifyCredential } from '@asoba/jwt'
import {
  bitstringAt,
  bitstringStatus,
  bitstringStatusList,
  checkStatus,
  decodeBitstring,
  encodeBitstring,
  memoryStatusStore,
  putBitstring,
  snapshotSource,
  vcJwtList,
  vcJwtListSigner,
} from '@asoba/status'
import {
  createCredential,
  createList,
  decodeList,
  checkStatus as theirCheckStatus,
} from '@digitalbazaar/vc-bitstring-status-list'
import { expect, test } from 'vitest'
import { codes } from './sd-jwt-peers.ts'

const uri = 'https://registry.example/status/1'
const issuer = 'did:web:registry.example'
const now = new Date('2026-06-01T00:00:00Z')
const { publicJwk, privateJwk } = await createKey('ES256')
const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
const trusted = { issuer, type: 'citizenship', mechanism: 'did' } as const
const context = {
  now,
  clockTolerance: 0,
  findIssuer: async () => ({ verified: true, checks: [], ...trusted, keys: [publicJwk] }) as const,
}
const entries = 131_072
const set = [0, 7, 8, 1234, entries - 1]
const dates = { validFrom: '2026-05-31T00:00:00Z', validUntil: '2026-06-02T00:00:00Z' }

/** A list credential of theirs, with what they leave to whoever secures it. */
async function theirList(length = entries, statusPurpose = 'revocation'): Promise<JsonObject> {
  const list = await createList({ length })
  for (const index of set) if (index < length) list.setStatus(index, true)
  return { ...(await createCredential({ id: uri, list, statusPurpose })), issuer, ...dates }
}

async function judge(list: string, index: number, purpose = 'revocation') {
  const bytes = new TextEncoder().encode(list)
  const mediaType = 'application/vc+jwt'
  const source = snapshotSource({ [uri]: { bytes, mediaType, fetchedAt: now } })
  const reference: StatusReference = { kind: 'bitstring-status-list', uri, index, purpose }
  const mechanisms = [bitstringStatus({ verify: vcJwtList })]
  return checkStatus([reference], { ...context, issuer: trusted, source, mechanisms })
}

const credentialAt = (statusListIndex: string, change: Readonly<Record<string, Json>> = {}) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer,
  credentialSubject: { id: 'did:example:holder' },
  credentialStatus: {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex,
    statusListCredential: uri,
    ...change,
  },
})

/** The peer knows Data Integrity only, so the signature of the list is ours to check. */
const theirs = (credential: object, document: object) =>
  theirCheckStatus({
    credential,
    documentLoader: async () => ({ document }),
    verifyBitstringStatusListCredential: false,
  })

test('bitstrings are the same as those of Digital Bazaar 2.0.1, both ways', async () => {
  const list = await createList({ length: entries })
  const bytes = new Uint8Array(entries / 8)
  for (const index of set) {
    list.setStatus(index, true)
    putBitstring({ bits: 1, bytes }, index, 1)
  }
  expect(await decodeBitstring(await list.encode())).toEqual({ bits: 1, bytes })
  const read = await decodeList({ encodedList: await encodeBitstring({ bytes }) })
  expect(read.length).toBe(entries)
  for (const index of [...set, 1, 9, 4321]) {
    expect(read.getStatus(index)).toBe(set.includes(index))
    expect(bitstringAt({ bits: 1, bytes }, index)).toBe(set.includes(index) ? 1 : 0)
  }
})

test('Digital Bazaar 2.0.1 finds in our list what was revoked and what was not', async () => {
  const store = memoryStatusStore()
  const secure = vcJwtListSigner(signer)
  const times = { ttl: 300, lifetime: 86_400 }
  const options = { uri, issuer, size: entries, purpose: 'revocation', store, secure } as const
  const list = bitstringStatusList({ ...options, ...times })
  const [good, bad] = await list.allocate(2)
  if (good === undefined || bad === undefined) throw new Error('two were asked for')
  await list.revoke([bad])
  const jws = parseJws((await list.publish({ now })).body)
  const document = (jws.verified && jws.claims) || {}
  const results = await Promise.all(
    [good, bad].map(({ index }) => theirs(credentialAt(String(index)), document)),
  )
  expect(results.map((result) => result.results?.[0]?.status)).toEqual([false, true])
})

test('we find in their list, secured as vc+jwt, what was revoked and what was not', async () => {
  const list = await signCredential(await theirList(), signer)
  for (const index of set) expect(codes(await judge(list, index))).toEqual(['status.revoked'])
  for (const index of [1, 9, 4321]) expect((await judge(list, index)).verified).toBe(true)
})

type Change = (list: JsonObject) => JsonObject
const inSubject = (list: JsonObject, change: JsonObject): JsonObject => ({
  ...list,
  credentialSubject: { ...(list['credentialSubject'] as JsonObject), ...change },
})
const differences: readonly [string, Change, readonly ProblemCode[]][] = [
  ['a list for another address', (list) => ({ ...list, id: `${uri}2` }), ['status.list-invalid']],
  [
    'a list that has expired',
    (list) => ({ ...list, validUntil: '2026-06-01T00:00:00Z' }),
    ['status.list-invalid', 'status.expired', 'credential.expired'],
  ],
  [
    'a list that is not valid yet',
    (list) => ({ ...list, validFrom: '2026-06-01T00:00:01Z' }),
    ['status.list-invalid', 'credential.not-yet-valid'],
  ],
  [
    'a list that is never over',
    ({ validUntil: _until, validFrom: _from, ...list }) => list,
    ['status.expired'],
  ],
  [
    'a list that counts in entries of two bits',
    (list) =>
      inSubject(list, {
        statusSize: 2,
        statusMessages: [0, 1, 2, 3].map((status) => ({ status: `0x${status}`, message: 'm' })),
      }),
    ['status.list-invalid'],
  ],
  [
    'a ttl that is no number',
    (list) => inSubject(list, { ttl: 'forever' }),
    ['status.list-invalid'],
  ],
]

test.each(differences)(
  'Digital Bazaar 2.0.1 accepts, and we refuse, %s',
  async (_title, change, ours) => {
    const list = change(await theirList())
    expect((await theirs(credentialAt('1'), list)).verified).toBe(true)
    expect(codes(await judge(await signCredential(list, signer), 1))).toEqual(ours)
  },
)

test('Digital Bazaar 2.0.1 accepts, and we refuse, a list that is too short to hide in', async () => {
  const list = await theirList(1024)
  expect((await theirs(credentialAt('1'), list)).verified).toBe(true)
  expect(codes(await judge(await signCredential(list, signer), 1))).toEqual(['status.list-invalid'])
})

test('a revoked credential is «verified» for Digital Bazaar 2.0.1, and refused here', async () => {
  const list = await theirList()
  const { verified, results } = await theirs(credentialAt('1234'), list)
  expect([verified, results?.[0]?.status]).toEqual([true, true])
  expect(codes(await judge(await signCredential(list, signer), 1234))).toEqual(['status.revoked'])
})

test('a set bit of a purpose that nobody knows is refused here', async () => {
  const list = await theirList(entries, 'elsewhere')
  const entry = credentialAt('7', { statusPurpose: 'elsewhere' })
  expect((await theirs(entry, list)).verified).toBe(true)
  const token = await signCredential(list, signer)
  expect(codes(await judge(token, 7, 'elsewhere'))).toEqual(['status.invalid-entry'])
})

test.each(['1234th', '1e3', ' 1234', '01234'])(
  'Digital Bazaar 2.0.1 reads the index «%s», and we refuse the entry',
  async (index) => {
    const entry = credentialAt(index)
    expect((await theirs(entry, await theirList())).verified).toBe(true)
    const token = await signCredential(entry as unknown as JsonObject, signer)
    expect(codes(await verifyCredential(token, context))).toEqual(['status.invalid-entry'])
  },
)
