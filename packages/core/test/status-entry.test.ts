import type { Json, JsonObject } from '@asoba/core'
import { readStatus } from '@asoba/core/judge'
import { describe, expect, test } from 'vitest'

const entry = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '23',
  statusListCredential: 'https://registry.example/status/3',
}
const reference = {
  kind: 'bitstring-status-list',
  uri: entry.statusListCredential,
  index: 23,
  purpose: 'revocation',
}
const read = (credentialStatus: Json, status?: Json) => readStatus({ credentialStatus }, status)
const pathsOf = (credentialStatus: Json, status?: Json) =>
  read(credentialStatus, status).problems.map(({ code, path }) => `${code} ${path ?? ''}`)

describe('the index of a status entry', () => {
  test('is read as text, and as a number that is a safe integer', () => {
    for (const index of ['23', 23]) {
      expect(read({ ...entry, statusListIndex: index }).entries).toEqual([reference])
    }
    expect(read({ ...entry, statusListIndex: 0 }).entries[0]?.index).toBe(0)
    expect(read({ ...entry, statusListIndex: 2 ** 53 - 1 }).entries[0]?.index).toBe(2 ** 53 - 1)
  })

  test.each<[Json]>([
    ['023'],
    [''],
    [' 23'],
    ['2.0'],
    ['1e3'],
    ['-1'],
    [-1],
    [1.5],
    [2 ** 53],
    ['9007199254740992'],
    [true],
    [null],
    [['23']],
  ])('is refused as %j, by its name', (index) => {
    expect(pathsOf({ ...entry, statusListIndex: index })).toEqual([
      'status.invalid-entry /credentialStatus/statusListIndex',
    ])
  })
})

describe('a status entry that cannot be read', () => {
  test.each<[JsonObject, string]>([
    [{ type: ['BitstringStatusListEntry'] }, 'type'],
    [{ type: '1EdTechRevocationList' }, 'type'],
    [{ statusPurpose: ['revocation'] }, 'statusPurpose'],
    [{ statusListCredential: 7 }, 'statusListCredential'],
    [{ statusSize: '1' }, 'statusSize'],
    [{ statusSize: 0 }, 'statusSize'],
    [{ statusMessage: {} }, 'statusMessage'],
    [{ statusMessage: [{ status: '10', message: 'a' }] }, 'statusMessage/0/status'],
    [{ statusMessage: [{ status: '0xg', message: 'a' }] }, 'statusMessage/0/status'],
    [{ statusMessage: [{ status: '0x0' }] }, 'statusMessage/0/message'],
    [
      {
        statusMessage: [
          { status: '0x1', message: 'a' },
          { status: '0x01', message: 'b' },
        ],
      },
      'statusMessage/1/status',
    ],
  ])('%j names the member', (change, member) => {
    expect(pathsOf({ ...entry, ...change })).toEqual([
      `status.invalid-entry /credentialStatus/${member}`,
    ])
    expect(pathsOf([entry, { ...entry, ...change }])).toEqual([
      `status.invalid-entry /credentialStatus/1/${member}`,
    ])
  })

  test('is named in a JWT as well', () => {
    const none: readonly Json[] = []
    expect(pathsOf(none, {})).toEqual(['status.invalid-entry /status/status_list'])
    expect(pathsOf(none, { status_list: { idx: 1 } })).toEqual([
      'status.invalid-entry /status/status_list/uri',
    ])
    expect(pathsOf(none, { status_list: { idx: -1, uri: 'x' } })).toEqual([
      'status.invalid-entry /status/status_list/idx',
    ])
    expect(pathsOf(5)).toEqual(['status.invalid-entry /credentialStatus'])
  })
})

test('messages are found by the number that their hex means', () => {
  const statusMessage = ['0x00', '0X1', '0xA', '0x0b'].map((status) => ({
    status,
    message: `says ${status}`,
  }))
  expect(read({ ...entry, statusMessage }).entries[0]).toMatchObject({
    messages: { '0x0': 'says 0x00', '0x1': 'says 0X1', '0xa': 'says 0xA', '0xb': 'says 0x0b' },
  })
})

test('the entries from which Bitstring came are read like its own', () => {
  expect(read({ ...entry, type: 'StatusList2021Entry' }).entries).toEqual([reference])
  const old = {
    type: 'RevocationList2020Status',
    revocationListIndex: '23',
    revocationListCredential: entry.statusListCredential,
  }
  expect(read(old).entries).toEqual([reference])
  expect(pathsOf({ ...old, revocationListIndex: '023' })).toEqual([
    'status.invalid-entry /credentialStatus/revocationListIndex',
  ])
  expect(pathsOf({ ...entry, type: 'RevocationList2020Status' })).toEqual([
    'status.invalid-entry /credentialStatus/revocationListIndex',
  ])
})
