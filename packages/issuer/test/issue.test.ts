import type { HolderProof, StatusReference } from '@asoba/core'
import { createIssuer, type IssuerOptions } from '@asoba/issuer'
import { describe, expect, test } from 'vitest'
import { citizenship, deepFreeze, fakeFormat, fakeList, holder, library, now } from './registry.ts'

function registry() {
  const format = fakeFormat('dc+sd-jwt')
  const list = fakeList()
  const issuer = createIssuer({
    issuer: 'did:web:registry.example',
    types: { citizenship, library },
    formats: [format],
    status: list,
    validityDays: 90,
    now: () => now,
  })
  return { format, list, issuer }
}

const claims = { citizen: true }
const one = { format: 'dc+sd-jwt', type: 'citizenship', claims, holders: [holder('a')] } as const

describe('issuing', () => {
  test('gives one copy for each holder key, each with a status entry of its own', async () => {
    const { format, issuer } = registry()
    const holders = ['a', 'b', 'c'].map(holder)
    const copies = await issuer.issue({ ...one, holders })
    expect(copies.map(({ wire }) => wire)).toEqual(['copy 1', 'copy 2', 'copy 3'])
    expect(copies.map(({ status }) => status?.index)).toEqual([0, 1, 2])
    expect(format.secured.map(([, bound]) => bound)).toEqual(holders)
    expect(format.secured.map(([input]) => input.status)).toEqual(
      copies.map(({ status }) => status),
    )
  })

  test('writes days and no times of day, so that no time is shared by the copies of one person only', async () => {
    const { format, issuer } = registry()
    await issuer.issue({ ...one, holders: [holder('a'), holder('b')] })
    for (const [input] of format.secured) {
      expect(input.validFrom.toISOString()).toBe('2026-11-24T00:00:00.000Z')
      expect(input.validUntil.toISOString()).toBe('2027-02-22T00:00:00.000Z')
    }
    const validFrom = new Date('2026-12-01T23:59:59Z')
    const validUntil = new Date('2026-12-24T00:00:01Z')
    await issuer.issue({ ...one, validFrom, validUntil })
    expect(format.secured[2]?.[0].validFrom).toEqual(new Date('2026-12-01'))
    expect(format.secured[2]?.[0].validUntil).toEqual(new Date('2026-12-24'))
  })

  test('gives each type its own validity where it is told so', async () => {
    const format = fakeFormat('dc+sd-jwt')
    const issuer = createIssuer({
      issuer: 'https://registry.example',
      types: { citizenship, library },
      formats: [format],
      status: 'none',
      validityDays: { citizenship: 90, library: 7 },
      now: () => now,
    })
    await issuer.issue(one)
    await issuer.issue({ ...one, type: 'library' })
    expect(format.secured.map(([input]) => input.validUntil)).toEqual([
      new Date('2027-02-22'),
      new Date('2026-12-01'),
    ])
  })

  test('gives everybody of one epoch the same two dates where a type has epochs', async () => {
    const format = fakeFormat('ldp_vc/bbs-2023')
    const issuer = createIssuer({
      issuer: 'https://registry.example',
      types: { citizenship, library },
      formats: [format],
      status: 'none',
      validityDays: { citizenship: { epochDays: 90 }, library: 7 },
      now: () => now,
    })
    const issuance = { ...one, format: 'ldp_vc/bbs-2023' } as const
    await issuer.issue(issuance)
    await issuer.issue({ ...issuance, validFrom: new Date('2026-12-02T23:59:59Z') })
    await issuer.issue({ ...issuance, validFrom: new Date('2026-12-03') })
    const dates = format.secured.map(([{ validFrom, validUntil }]) => [validFrom, validUntil])
    const bounds = ['2026-09-04', '2026-12-03', '2027-03-03'].map((day) => new Date(day))
    expect(dates).toEqual([bounds.slice(0, 2), bounds.slice(0, 2), bounds.slice(1)])
    expect((bounds[1]?.getTime() ?? 0) / 86_400_000 / 90).toBe(231)
  })

  test('gives what the format secured and nothing that it did not', async () => {
    const { format, issuer } = registry()
    const [copy] = await issuer.issue(one)
    expect(Object.keys(copy ?? {}).sort()).toEqual(['format', 'status', 'wire'])
    expect(Object.keys(format.secured[0]?.[0] ?? {}).sort()).toEqual([
      'claims',
      'issuer',
      'status',
      'type',
      'validFrom',
      'validUntil',
    ])
  })

  test('writes to nothing that it was given', async () => {
    const { issuer } = registry()
    const frozen = deepFreeze({ ...one, claims: { citizen: true, deep: { er: [1] } } })
    const before = JSON.stringify(frozen)
    await issuer.issue(frozen)
    expect(JSON.stringify(frozen)).toBe(before)
  })

  test.each([
    ['one key twice', [holder('a'), holder('a')]],
    ['one key under two names', [holder('a'), named(holder('a'), 'other')]],
    ['one commitment twice', [commitment([1, 2]), commitment([1, 2])]],
    ['no holder', []],
    ['a bearer of what must be bound', [{ kind: 'bearer' } as const]],
  ])('refuses %s, before any entry is given out', async (_, holders) => {
    const { issuer, format } = registry()
    await expect(issuer.issue({ ...one, holders })).rejects.toThrow(TypeError)
    const [copy] = await issuer.issue(one)
    expect(copy?.status?.index).toBe(0)
    expect(format.secured.length).toBe(1)
  })

  test('takes different commitments, and bearers where the type allows it', async () => {
    const { issuer } = registry()
    await issuer.issue({ ...one, holders: [commitment([1]), commitment([2])] })
    await issuer.issue({ ...one, type: 'library', holders: [{ kind: 'bearer' }] })
  })

  test('refuses claims that the type refuses, by path and without their values', async () => {
    const { issuer, format } = registry()
    await expect(issuer.issue({ ...one, claims: { citizen: 'Ales' } })).rejects.toMatchObject({
      code: 'issuer.claims-invalid',
      path: '/citizen',
      message: 'the claims are not what the type demands',
    })
    expect(format.secured).toEqual([])
  })

  test('refuses formats and types that it was not given', async () => {
    const { issuer } = registry()
    for (const name of ['ldp_vc', '__proto__', '']) {
      await expect(issuer.issue({ ...one, format: name as 'dc+sd-jwt' })).rejects.toMatchObject({
        code: 'issuer.format-unknown',
      })
      await expect(issuer.issue({ ...one, type: name as 'citizenship' })).rejects.toMatchObject({
        code: 'issuer.type-unknown',
      })
    }
  })

  test.each([
    ['ends the day it begins', { validUntil: now }],
    ['ends before it begins', { validUntil: new Date('2026-01-01') }],
    ['has no date', { validUntil: new Date(Number.NaN) }],
    ['begins at no date', { validFrom: new Date(Number.NaN) }],
  ])('refuses a validity that %s', async (_, dates) => {
    await expect(registry().issuer.issue({ ...one, ...dates })).rejects.toThrow(TypeError)
  })

  test('does not go on without a status entry when the list is full', async () => {
    const format = fakeFormat('dc+sd-jwt')
    const full = {
      ...fakeList(),
      allocate: async () =>
        Promise.reject(Object.assign(new Error(), { code: 'status.list-full' })),
    }
    const issuer = createIssuer({
      issuer: 'did:web:registry.example',
      types: { citizenship },
      formats: [format],
      status: full,
      validityDays: 1,
    })
    await expect(issuer.issue(one)).rejects.toMatchObject({ code: 'status.list-full' })
    expect(format.secured).toEqual([])
  })

  test('issues without status only where that was said', async () => {
    const format = fakeFormat('dc+sd-jwt')
    const issuer = createIssuer({
      issuer: 'did:web:registry.example',
      types: { citizenship, library },
      formats: [format],
      status: { citizenship: fakeList(), library: 'none' },
      validityDays: 1,
    })
    const [bound] = await issuer.issue(one)
    const [free] = await issuer.issue({ ...one, type: 'library' })
    expect(bound?.status?.index).toBe(0)
    expect(free).not.toHaveProperty('status')
    expect(format.secured[1]?.[0]).not.toHaveProperty('status')
  })
})

describe('making an issuer', () => {
  const options = {
    issuer: 'did:web:registry.example',
    types: { citizenship },
    formats: [fakeFormat('dc+sd-jwt')],
    status: 'none',
    validityDays: 90,
  } as const

  test.each([
    ['two formats of one id', { formats: [fakeFormat('a'), fakeFormat('a')] }],
    ['no status', { status: undefined }],
    ['a status for another type', { status: { library: 'none' } }],
    ['a status that is none', { status: { citizenship: {} } }],
    ['two lists at one address', { status: fakeList(), formerLists: [fakeList()] }],
    ['an issuer that is a name', { issuer: 'registry' }],
    ['an issuer over plain http', { issuer: 'http://registry.example' }],
    ['no validity', { validityDays: undefined }],
    ['a validity of half a day', { validityDays: 0.5 }],
    ['a validity for another type', { validityDays: { library: 1 } }],
    ['epochs of no days', { validityDays: { citizenship: { epochDays: 0 } } }],
  ])('is refused with %s', (_, wrong) => {
    expect(() =>
      createIssuer({ ...options, ...wrong } as unknown as IssuerOptions<[], Record<string, never>>),
    ).toThrow(TypeError)
  })
})

describe('changing the status of what was issued', () => {
  test('goes to the list that the reference names, once with all its entries', async () => {
    const [first, second, former] = ['1', '2', '0'].map((name) =>
      fakeList(`https://registry.example/status/${name}`),
    )
    if (first === undefined || second === undefined || former === undefined) expect.fail('three')
    const issuer = createIssuer({
      issuer: 'did:web:registry.example',
      types: { citizenship, library },
      formats: [fakeFormat('dc+sd-jwt')],
      status: { citizenship: first, library: second },
      formerLists: [former],
      validityDays: 90,
    })
    const at = (index: number, { uri }: { readonly uri: string }): StatusReference => ({
      kind: 'token-status-list',
      uri,
      index,
    })
    await issuer.revoke([at(3, first), at(7, second), at(4, first), at(9, former)])
    await issuer.suspend(at(1, first))
    await issuer.reinstate(at(1, first))
    expect(first.changes).toEqual([
      ['revoke', [3, 4]],
      ['suspend', [1]],
      ['reinstate', [1]],
    ])
    expect(second.changes).toEqual([['revoke', [7]]])
    expect(former.changes).toEqual([['revoke', [9]]])
    await expect(
      issuer.revoke([at(5, first), at(0, { uri: 'https://elsewhere.example/1' })]),
    ).rejects.toMatchObject({ code: 'status.entry-unknown' })
    expect(first.changes.length).toBe(3)
  })
})

function named(proof: HolderProof, kid: string): HolderProof {
  return proof.kind === 'jwk' ? { ...proof, publicJwk: { ...proof.publicJwk, kid } } : proof
}

function commitment(bytes: readonly number[]): HolderProof {
  return { kind: 'bbs-commitment', commitmentWithProof: new Uint8Array(bytes) }
}
