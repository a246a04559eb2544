import { digest, isJsonObject, type Json, type JsonObject, toBase64url } from '@asoba/core'
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  type PackedStatuses,
  putStatus,
  statusAt,
  verifyStatusListToken,
} from '@asoba/status/token'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'

// The tables of the draft's appendix «Test vectors for Status List encoding»: 2^20 entries, what is
// not named is 0.
const places = [
  0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345,
] as const
const oneBit: ReadonlyMap<number, number> = new Map(places.map((at) => [at, 1]))
const twoBit: ReadonlyMap<number, number> = new Map(
  [1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 3].map((value, at) => [places[at] as number, value]),
)
const fourBit: ReadonlyMap<number, number> = new Map(
  [
    0, 1993, 35460, 459495, 595669, 754353, 845645, 923232, 924445, 934534, 1004534, 1000345,
    1030203, 1030204, 1030205,
  ].map((at, value) => [at, value + 1]),
)

vectorSuite('token-status-list', ({ text }) => {
  const claim = async (name: string): Promise<JsonObject> => {
    const source = (await text(name)).replaceAll('\n  ', '\n')
    const json = JSON.parse(source.slice(source.indexOf('{')).replaceAll('\n', '')) as Json
    if (!isJsonObject(json)) throw new Error('the vector is no object')
    return json
  }

  test.each([
    ['status_list_encoding_json.md', [0xb9, 0xa3], '1001110111000101'],
    ['status_list_encoding2_json.md', [0xc9, 0x44, 0xf9], '120301011233'],
  ])('%s unpacks to the bytes and statuses of the draft', async (name, bytes, statuses) => {
    const list = await decodeTokenStatusList(await claim(name))
    expect([...(list?.bytes ?? [])]).toEqual(bytes)
    expect([...statuses].map((_, index) => statusAt(list as PackedStatuses, index)).join('')).toBe(
      statuses,
    )
  })

  test.each([
    ['status_list_encoding1_long_json.md', 1, oneBit],
    ['status_list_encoding2_long_json.md', 2, twoBit],
  ])(
    '%s says what the table of the draft says, in every one of 2^20 entries',
    async (name, bits, table) => {
      const list = (await decodeTokenStatusList(await claim(name))) as PackedStatuses
      expect(list.bits).toBe(bits)
      expect(list.bytes.length).toBe((2 ** 20 * bits) / 8)
      let wrong = 0
      for (let at = 0; at < 2 ** 20; at++) if (statusAt(list, at) !== (table.get(at) ?? 0)) wrong++
      expect(wrong).toBe(0)
      expect(statusAt(list, 2 ** 20)).toBeUndefined()
    },
  )

  test.each([
    ['status_list_encoding1_long_json.md', 1, oneBit],
    ['status_list_encoding2_long_json.md', 2, twoBit],
  ] as const)('packing the table gives the bytes of %s', async (name, bits, table) => {
    const theirs = await decodeTokenStatusList(await claim(name))
    expect(toBase64url(packed(bits, table).bytes)).toBe(toBase64url(theirs?.bytes as Uint8Array))
  })

  test('verifies the signed example of the draft', async () => {
    const [claims, raw] = [await text('status_list_jwt.md'), await text('status_list_jwt_raw.md')]
    const expected = JSON.parse(claims.slice(claims.indexOf('\n.\n') + 3)) as JsonObject
    const result = await verifyStatusListToken(
      raw.replaceAll('\n', ''),
      'https://example.com/statuslists/1',
      {
        now: new Date(1_700_000_000_000),
        clockTolerance: 0,
        maxAge: 1,
        maxListBytes: 100,
        findIssuer: async ({ kid }) => ({
          verified: true,
          checks: [],
          issuer: 'https://example.com',
          type: '',
          mechanism: 'https',
          keys: kid === '12' ? [exampleKey] : [],
        }),
      },
    )
    if (!result.verified) expect.fail(JSON.stringify(result.problems))
    expect(result.ttl).toBe(expected['ttl'])
    expect(result.expires?.getTime()).toBe(Number(expected['exp']) * 1000)
    expect(result.issuedAt.getTime()).toBe(Number(expected['iat']) * 1000)
    expect([...result.bytes]).toEqual([0xb9, 0xa3])
  })
})

/** The public half of the key with which the draft's examples are signed. */
const exampleKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo',
  y: '6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M',
}

describe('packing', () => {
  test.each([1, 2, 4, 8])(
    '%i bits: what is put is what is read, and nothing else changes',
    (bits) => {
      const list = { bits, bytes: new Uint8Array(16) }
      const values = Array.from({ length: 128 / bits }, (_, at) => (at * 7 + 1) % 2 ** bits)
      for (const [at, value] of values.entries()) putStatus(list, at, value)
      putStatus(list, 3, 0)
      expect(values.map((_, at) => statusAt(list, at))).toEqual(
        values.map((value, at) => (at === 3 ? 0 : value)),
      )
    },
  )

  test('the 4-bit table of the draft survives encoding and decoding', async () => {
    const list = packed(4, fourBit)
    const again = await decodeTokenStatusList(await encodeTokenStatusList(list))
    expect(again?.bits).toBe(4)
    for (const [at, value] of fourBit) expect(statusAt(again as PackedStatuses, at)).toBe(value)
    expect(toBase64url(again?.bytes as Uint8Array)).toBe(toBase64url(list.bytes))
    // SHA-256 of what the draft's own text of this table decompresses to.
    expect(toBase64url(await digest('SHA-256', list.bytes))).toBe(
      'diS1EcdGLKLndRTEFrVSiwQ9QzO14HQUlKTiEAkkHts',
    )
  })

  test.each([131_072, 1_000_000, 10_000_000])(
    'a list of %i entries is read without a number per entry',
    async (size) => {
      const list = { bits: 1, bytes: new Uint8Array(size / 8) }
      putStatus(list, size - 1, 1)
      const again = (await decodeTokenStatusList(
        await encodeTokenStatusList(list),
      )) as PackedStatuses
      expect(again.bytes.length).toBe(size / 8)
      expect([statusAt(again, 0), statusAt(again, size - 1), statusAt(again, size)]).toEqual([
        0,
        1,
        undefined,
      ])
    },
  )

  test('reads nothing at an index that is none', () => {
    const list = { bits: 1, bytes: new Uint8Array([255]) }
    for (const index of [-1, 0.5, Number.NaN, 8, 2 ** 53, 2 ** 40]) {
      expect(statusAt(list, index)).toBeUndefined()
    }
  })
})

describe('a compressed list that is none', () => {
  test.each([
    ['bits are 3', { bits: 3, lst: 'eNrbuRgAAhcBXQ' }],
    ['bits are a text', { bits: '1', lst: 'eNrbuRgAAhcBXQ' }],
    ['there is no list', { bits: 1 }],
    ['the list is no base64url', { bits: 1, lst: 'eNrbuRgAAhcBXQ==' }],
    ['the checksum is wrong', { bits: 1, lst: 'eNrbuRgAAhcBXA' }],
    ['the stream ends early', { bits: 1, lst: 'eNrbuRgAAhc' }],
    ['something follows the stream', { bits: 1, lst: 'eNrbuRgAAhcBXQAA' }],
    ['it is not zlib', { bits: 1, lst: 'AAAA' }],
    ['it is no object', 'eNrbuRgAAhcBXQ'],
    ['it is not there', undefined],
  ])('is refused where %s', async (_, claim) => {
    expect(await decodeTokenStatusList(claim)).toBeUndefined()
  })

  test('is refused where it would become larger than the limit', async () => {
    const bomb = await encodeTokenStatusList({ bits: 1, bytes: new Uint8Array(20_000_000) })
    expect(String(bomb['lst']).length).toBeLessThan(100_000)
    expect(await decodeTokenStatusList(bomb)).toBeUndefined()
    expect(await decodeTokenStatusList(bomb, { maxBytes: 20_000_000 })).toBeDefined()
    expect(await decodeTokenStatusList(bomb, { maxBytes: 19_999_999 })).toBeUndefined()
  })
})

function packed(bits: number, table: ReadonlyMap<number, number>): PackedStatuses {
  const list = { bits, bytes: new Uint8Array((2 ** 20 * bits) / 8) }
  for (const [at, value] of table) putStatus(list, at, value)
  return list
}
