import { type JsonObject, type StatusReference, utf8 } from '@asoba/core'
import { signCredentialV1 } from '@asoba/jwt/v1'
import {
  type BitstringStatusListOptions,
  bitstringAt,
  bitstringStatus,
  bitstringStatusList,
  checkStatus,
  decodeBitstring,
  encodeBitstring,
  jwtVcList,
  memoryStatusStore,
  type PackedStatuses,
  putBitstring,
  type StatusDocument,
  vcJwtList,
  vcJwtListSigner,
} from '@asoba/status'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  codesOf,
  documentOf,
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

const size = 131_072
const make = (more: Partial<BitstringStatusListOptions> = {}) =>
  bitstringStatusList({
    uri,
    issuer: registry,
    size,
    purpose: 'revocation',
    ttl: 300,
    lifetime: 3600,
    store: memoryStatusStore(),
    secure: vcJwtListSigner(home.signer),
    ...more,
  })

const mechanisms = [bitstringStatus({ verify: vcJwtList })]

const judge = (document: StatusDocument, reference: StatusReference) =>
  checkStatus([reference], optionsFor(home, sourceOf(document), { mechanisms }))

/** A list credential with some of its members changed, signed. */
async function changed(
  credential: Readonly<Record<string, unknown>>,
  subject: Readonly<Record<string, unknown>> = {},
  { signer } = home,
): Promise<StatusDocument> {
  const list = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: uri,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: registry,
    validFrom: '2026-11-24T10:00:00Z',
    validUntil: '2026-11-24T11:00:00Z',
    ...credential,
    credentialSubject: {
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: await encodeBitstring({ bytes: new Uint8Array(size / 8) }),
      ...subject,
    },
  }
  const { body, mediaType } = await vcJwtListSigner(signer)(JSON.parse(JSON.stringify(list)))
  return { bytes: utf8(body), mediaType, fetchedAt: now }
}

const entry: StatusReference = {
  kind: 'bitstring-status-list',
  uri,
  index: 94_567,
  purpose: 'revocation',
}

describe('the bitstring', () => {
  test('the example of the recommendation is 131072 entries, all unset', async () => {
    const list = (await decodeBitstring(
      'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA',
    )) as PackedStatuses
    expect(list.bytes.length).toBe(16_384)
    expect(list.bytes.every((byte) => byte === 0)).toBe(true)
  })

  test('counts from the left-most bit', () => {
    const list = { bits: 1, bytes: new Uint8Array([0b1000_0000, 0b0000_0001]) }
    expect([0, 1, 7, 8, 15, 16].map((at) => bitstringAt(list, at))).toEqual([
      1,
      0,
      0,
      0,
      1,
      undefined,
    ])
  })

  test.each([1, 2, 3, 5, 8, 12])('%i bits: what is put is what is read', (bits) => {
    const list = { bits, bytes: new Uint8Array(30) }
    const values = Array.from(
      { length: Math.floor(240 / bits) },
      (_, at) => (at * 1237 + 5) % 2 ** bits,
    )
    for (const [at, value] of values.entries()) putBitstring(list, at, value)
    expect(values.map((_, at) => bitstringAt(list, at))).toEqual(values)
  })

  test.each([
    [
      'without its multibase letter',
      'H4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA',
    ],
    ['in another multibase', 'zH4sIAAAAAAAAA'],
    ['that is zlib', 'ueNrbuRgAAhcBXQ'],
    ['that is no text', 7],
  ])('refuses a list %s', async (_, encoded) => {
    expect(await decodeBitstring(encoded)).toBeUndefined()
  })

  test('refuses a list larger than the limit', async () => {
    const bomb = await encodeBitstring({ bytes: new Uint8Array(20_000_000) })
    expect(await decodeBitstring(bomb)).toBeUndefined()
  })
})

describe('a bitstring status list', () => {
  test('revokes what it gave out', async () => {
    const list = make()
    const [first, second] = await list.allocate(2)
    if (first === undefined || second === undefined) expect.fail('two')
    await list.revoke(first)
    const document = documentOf(await list.publish({ now }))
    expect(codesOf(await judge(document, first))).toEqual(['status.revoked'])
    expect(await judge(document, second)).toMatchObject({
      verified: true,
      readings: [{ value: 0, purpose: 'revocation', meaning: 'valid', ttl: 300 }],
    })
  })

  test('for revocation cannot suspend, and the other way round', async () => {
    await expect(make().suspend(await make().allocate(1))).rejects.toThrow(TypeError)
    const list = make({ purpose: 'suspension' })
    const given = await list.allocate(1)
    await expect(list.revoke(given)).rejects.toThrow(TypeError)
    await list.suspend(given)
    const [one] = given
    if (one === undefined) expect.fail('one')
    const code = async () => codesOf(await judge(documentOf(await list.publish({ now })), one))
    expect(await code()).toEqual(['status.suspended'])
    await list.reinstate(given)
    expect(await code()).toEqual([])
  })

  test('of messages notes what the credential promised to understand, and ends nothing', async () => {
    const messages = { '0x0': 'new', '0x1': 'seen', '0x2': 'done', '0x3': 'undefined' }
    const list = make({ purpose: 'message', messages })
    const [given] = await list.allocate(1)
    if (given === undefined) expect.fail('one')
    expect(given).toMatchObject({ purpose: 'message', size: 2, messages })
    await list.note(given.index, 2)
    const result = await judge(documentOf(await list.publish({ now })), given)
    expect(result).toMatchObject({
      verified: true,
      readings: [{ value: 2, meaning: 'noted', message: 'done' }],
    })
    await expect(list.note(given.index, 4)).rejects.toThrow(TypeError)
    await expect(make().note(0, 1)).rejects.toThrow(TypeError)
  })

  test('of refreshes notes that there is a newer credential', async () => {
    const list = make({ purpose: 'refresh' })
    const [given] = await list.allocate(1)
    if (given === undefined) expect.fail('one')
    await list.note(given.index, 1)
    expect(await judge(documentOf(await list.publish({ now })), given)).toMatchObject({
      verified: true,
      readings: [{ meaning: 'noted' }],
    })
  })

  test.each([
    ['fewer entries than the herd needs', { size: 131_064 }],
    ['messages for another purpose', { messages: { '0x0': 'a', '0x1': 'b' } }],
    ['no messages for messages', { purpose: 'message' as const }],
    [
      'three messages',
      { purpose: 'message' as const, messages: { '0x0': '', '0x1': '', '0x2': '' } },
    ],
    ['a gap in messages', { purpose: 'message' as const, messages: { '0x0': '', '0x2': '' } }],
    ['a ttl longer than its life', { ttl: 4000 }],
  ])('is not made with %s', (_, wrong) => {
    expect(() => make(wrong)).toThrow(TypeError)
  })
})

describe('checking by a bitstring status list', () => {
  test('accepts a list of another’s making', async () => {
    expect(codesOf(await judge(await changed({}), entry))).toEqual([])
    const several = await changed({}, { statusPurpose: ['suspension', 'revocation'] })
    expect(codesOf(await judge(several, entry))).toEqual([])
  })

  test.each([
    ['is another list', { id: `${uri}0` }, {}],
    ['does not say which list it is', { id: undefined }, {}],
    ['is no list credential', { type: ['VerifiableCredential'] }, {}],
    ['has another subject', {}, { type: 'Person' }],
    ['is for another purpose', {}, { statusPurpose: 'suspension' }],
    ['is for no purpose', {}, { statusPurpose: undefined }],
    ['has larger entries', {}, { statusSize: 2 }],
    [
      'is not valid yet',
      { validFrom: '2026-11-25T00:00:00Z', validUntil: '2026-11-26T00:00:00Z' },
      {},
    ],
    ['has a list that is none', {}, { encodedList: 'u' }],
    ['has a ttl that is a text', {}, { ttl: '300' }],
  ])('refuses a list that %s', async (_, credential, subject) => {
    const document = await changed(credential, subject)
    expect(codesOf(await judge(document, entry))).toContain('status.list-invalid')
  })

  test('refuses a list too short to hide in, unless the ecosystem says otherwise', async () => {
    const document = await changed(
      {},
      { encodedList: await encodeBitstring({ bytes: new Uint8Array(64) }) },
    )
    const short: StatusReference = { ...entry, index: 3 }
    expect(codesOf(await judge(document, short))).toEqual(['status.list-invalid'])
    const lenient = [bitstringStatus({ verify: vcJwtList, minEntries: 512 })]
    const options = optionsFor(home, sourceOf(document), { mechanisms: lenient })
    expect(codesOf(await checkStatus([short], options))).toEqual([])
  })

  test('refuses an expired list, and one that has no end and is old', async () => {
    const ended = await changed({ validUntil: '2026-11-24T10:00:30Z' })
    expect(codesOf(await judge(ended, entry))).toContain('status.expired')
    const endless = await changed({ validFrom: '2026-11-23T10:00:00Z', validUntil: undefined })
    expect(codesOf(await judge(endless, entry))).toEqual(['status.expired'])
    const dateless = await changed({ validFrom: undefined, validUntil: undefined })
    expect(codesOf(await judge(dateless, entry))).toEqual(['status.expired'])
  })

  test('refuses an index beyond the list, and a purpose that nobody gave a meaning', async () => {
    expect(codesOf(await judge(await changed({}), { ...entry, index: size }))).toEqual([
      'status.invalid-entry',
    ])
    const bytes = new Uint8Array(size / 8).fill(255)
    const strange = await changed(
      {},
      {
        statusPurpose: 'https://nation.example/odd',
        encodedList: await encodeBitstring({ bytes }),
      },
    )
    expect(
      codesOf(await judge(strange, { ...entry, purpose: 'https://nation.example/odd' })),
    ).toEqual(['status.invalid-entry'])
  })

  test('refuses an entry whose messages do not name every value', async () => {
    for (const more of [
      { size: 2 },
      { size: 2, messages: { '0x0': 'a' } },
      { size: 0 },
      { size: 64 },
    ]) {
      expect(codesOf(await judge(await changed({}), { ...entry, ...more }))).toContain(
        'status.invalid-entry',
      )
    }
  })

  test('refuses a list signed by another issuer, of another form, or changed', async () => {
    const theirs = await changed({ issuer: 'did:web:other.example' }, {}, other)
    expect(codesOf(await judge(theirs, entry))).toContain('issuer.untrusted')
    const ours = await changed({})
    expect(codesOf(await judge({ ...ours, mediaType: 'application/vc' }, entry))).toContain(
      'status.list-invalid',
    )
    const bytes = ours.bytes.slice()
    bytes[bytes.length - 10] = bytes[bytes.length - 10] === 65 ? 66 : 65
    expect(codesOf(await judge({ ...ours, bytes }, entry))).toContain('jws.signature-invalid')
  })

  test('takes list credentials of any format by an injected verifier', async () => {
    const list = make({
      secure: async (credential) => ({
        body: JSON.stringify(credential),
        mediaType: 'application/vc',
      }),
    })
    const [given] = await list.allocate(1)
    if (given === undefined) expect.fail('one')
    await list.revoke(given)
    const read = bitstringStatus({
      verify: async ({ bytes }) => ({
        verified: true,
        checks: [],
        credential: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
      }),
    })
    const source = sourceOf(documentOf(await list.publish({ now })))
    const result = await checkStatus([given], optionsFor(home, source, { mechanisms: [read] }))
    expect(codesOf(result)).toEqual(['status.revoked'])
  })
})

describe('the lists from which it came', () => {
  const bits = new Uint8Array(size / 8)
  putBitstring({ bits: 1, bytes: bits }, entry.index, 1)
  const encoded = async (bytes: Uint8Array) => (await encodeBitstring({ bytes })).slice(1)

  /** A list of VC 1.1, signed as a JWT. */
  async function listOf(
    kind: string,
    subject: JsonObject,
    change: JsonObject = {},
  ): Promise<StatusDocument> {
    const credential = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      id: uri,
      type: ['VerifiableCredential', `${kind}Credential`],
      issuer: registry,
      issuanceDate: '2026-11-24T10:00:00Z',
      credentialSubject: { id: `${uri}#list`, type: kind, ...subject },
      ...change,
    }
    const body = await signCredentialV1(credential, home.signer)
    return { bytes: utf8(body), mediaType: 'application/jwt', fetchedAt: now }
  }
  const judgeOld = (document: StatusDocument, reference: StatusReference = entry) =>
    checkStatus(
      [reference],
      optionsFor(home, sourceOf(document), {
        mechanisms: [bitstringStatus({ verify: jwtVcList })],
      }),
    )
  const statusPurpose = 'revocation'

  test.each(['StatusList2021', 'RevocationList2020'])('%s: the bits are the same', async (kind) => {
    const purpose = kind === 'StatusList2021' ? { statusPurpose } : {}
    const set = await listOf(kind, { ...purpose, encodedList: await encoded(bits) })
    expect(codesOf(await judgeOld(set))).toEqual(['status.revoked'])
    expect(codesOf(await judgeOld(set, { ...entry, index: entry.index + 1 }))).toEqual([])
  })

  test('are base64 of either alphabet, with padding or without, and without the prefix', async () => {
    const url = await encoded(bits)
    const padded = `${url}${'='.repeat((4 - (url.length % 4)) % 4)}`
    for (const encodedList of [url, padded, padded.replaceAll('-', '+').replaceAll('_', '/')]) {
      const list = await listOf('StatusList2021', { statusPurpose, encodedList })
      expect(codesOf(await judgeOld(list))).toEqual(['status.revoked'])
    }
    const prefixed = await listOf('StatusList2021', { statusPurpose, encodedList: `u${url}` })
    expect(codesOf(await judgeOld(prefixed))).toEqual(['status.list-invalid'])
  })

  test('are refused for another purpose, of another type, or when they are over', async () => {
    const encodedList = await encoded(bits)
    const suspension = { statusPurpose: 'suspension', encodedList }
    expect(codesOf(await judgeOld(await listOf('StatusList2021', suspension)))).toContain(
      'status.list-invalid',
    )
    const reference = { ...entry, purpose: 'suspension' }
    const revocations = await listOf('RevocationList2020', { encodedList })
    expect(codesOf(await judgeOld(revocations, reference))).toContain('status.list-invalid')
    const mixed = { type: ['VerifiableCredential', 'RevocationList2020Credential'] }
    const subject = { statusPurpose, encodedList }
    expect(codesOf(await judgeOld(await listOf('StatusList2021', subject, mixed)))).toContain(
      'status.list-invalid',
    )
    const over = { expirationDate: '2026-11-24T10:00:01Z' }
    expect(codesOf(await judgeOld(await listOf('StatusList2021', subject, over)))).toContain(
      'status.expired',
    )
    const forged = await listOf('StatusList2021', subject)
    const { mediaType, fetchedAt } = forged
    const bytes = forged.bytes.map((byte, at) => (at === forged.bytes.length - 9 ? byte ^ 1 : byte))
    expect(codesOf(await judgeOld({ bytes, mediaType, fetchedAt }))).toContain(
      'jws.signature-invalid',
    )
  })
})
