import type { Signer } from '@asoba/core'
import {
  checkStatus,
  memoryStatusStore,
  type StatusStore,
  statusAllocator,
  statusAt,
  tokenStatusList,
} from '@asoba/status'
import { putStatus } from '@asoba/status/token'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  codesOf,
  documentOf,
  type Nation,
  nation,
  now,
  optionsFor,
  sourceOf,
  uri,
} from './nation.ts'

let home: Nation
beforeAll(async () => {
  home = await nation()
})

const allocator = (size: number, store: StatusStore = memoryStatusStore()) =>
  statusAllocator({ size, bits: 2, store, put: putStatus, at: statusAt })

describe('allocation', () => {
  test('gives every entry exactly once, up to the last, then says that the list is full', async () => {
    const list = allocator(64)
    const given: number[] = []
    for (let round = 0; round < 16; round++) given.push(...(await list.allocate(4)))
    expect([...given].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, at) => at))
    await expect(list.allocate(1)).rejects.toMatchObject({ code: 'status.list-full' })
    expect(await list.allocate(0)).toEqual([])
  })

  test('gives none where it cannot give all', async () => {
    const list = allocator(8)
    await list.allocate(5)
    await expect(list.allocate(4)).rejects.toMatchObject({ code: 'status.list-full' })
    expect((await list.allocate(3)).length).toBe(3)
  })

  test('gives no entry twice, however many replicas share the store', async () => {
    const store = memoryStatusStore()
    const replicas = [allocator(128, store), allocator(128, store), allocator(128, store)]
    const given = await Promise.all(
      Array.from({ length: 60 }, (_, at) => replicas[at % 3]?.allocate(2)),
    )
    const all = given.flatMap((some) => some ?? [])
    expect(all.length).toBe(120)
    expect(new Set(all).size).toBe(120)
  })

  test('chooses at random: neither in order nor twice alike', async () => {
    const some = await allocator(131_072).allocate(50)
    const others = await allocator(131_072).allocate(50)
    expect(some).not.toEqual([...some].sort((a, b) => a - b))
    expect(some).not.toEqual(others)
    // All 50 in one half of the list: one chance in 2^49.
    expect(new Set(some.map((at) => at < 65_536)).size).toBe(2)
  })

  test('goes on after a replica was faster', async () => {
    const store = memoryStatusStore()
    let refusals = 3
    const slow: StatusStore = {
      read: () => store.read(),
      compareAndSet: async (expected, next) =>
        refusals-- > 0 ? false : store.compareAndSet(expected, next),
    }
    expect((await allocator(64, slow).allocate(2)).length).toBe(2)
  })

  test('gives up on a store that never takes a change', async () => {
    const stuck: StatusStore = {
      read: async () => undefined,
      compareAndSet: async () => false,
    }
    await expect(allocator(64, stuck).allocate(1)).rejects.toMatchObject({
      code: 'status.unavailable',
    })
  })

  test('refuses a store of another size, and sizes that are none', async () => {
    const store = memoryStatusStore()
    await allocator(64, store).allocate(1)
    await expect(allocator(128, store).allocate(1)).rejects.toThrow(TypeError)
    for (const size of [0, 7, 12, -8, 1.5]) expect(() => allocator(size)).toThrow(TypeError)
  })

  test('what is stored are bits: two byte strings and nothing else', async () => {
    const store = memoryStatusStore()
    await allocator(64, store).allocate(3)
    const found = await store.read()
    expect(Object.keys(found?.state ?? {})).toEqual(['allocated', 'statuses'])
    expect(found?.state.statuses.every((byte) => byte === 0)).toBe(true)
  })
})

describe('a token status list in the hands of its issuer', () => {
  const make = (bits: 1 | 2 = 2, more: { readonly signer?: Signer } = {}) =>
    tokenStatusList({
      uri,
      size: 1024,
      bits,
      ttl: 300,
      lifetime: 3600,
      store: memoryStatusStore(),
      signer: home.signer,
      ...more,
    })

  test('revokes, suspends and reinstates what it gave out', async () => {
    const list = make()
    const [first, second, third] = await list.allocate(3)
    if (first === undefined || second === undefined || third === undefined) expect.fail('three')
    const codes = async () => {
      const source = sourceOf(documentOf(await list.publish({ now })))
      const results = [first, second, third].map((one) =>
        checkStatus([one], optionsFor(home, source)),
      )
      return (await Promise.all(results)).map(codesOf)
    }
    await list.suspend([first, second])
    expect(await codes()).toEqual([['status.suspended'], ['status.suspended'], []])
    await list.reinstate(first)
    await list.revoke(second)
    expect(await codes()).toEqual([[], ['status.revoked'], []])
  })

  test('a revoked entry stays revoked', async () => {
    const list = make()
    const [one, two] = await list.allocate(2)
    if (one === undefined || two === undefined) expect.fail('two')
    await list.revoke(one)
    await list.suspend([one, two])
    await expect(list.reinstate([two, one])).rejects.toMatchObject({
      code: 'status.revoked-for-good',
    })
    const source = sourceOf(documentOf(await list.publish({ now })))
    const results = await Promise.all(
      [one, two].map((each) => checkStatus([each], optionsFor(home, source))),
    )
    // Neither changed: the refusal of one is the refusal of all.
    expect(results.map(codesOf)).toEqual([['status.revoked'], ['status.suspended']])
  })

  test('changes nothing that it did not give out, or that is of another list', async () => {
    const list = make()
    const [given] = await list.allocate(1)
    if (given === undefined) expect.fail('one')
    const unknown = [
      { ...given, index: (given.index + 1) % 1024 },
      { ...given, index: 1024 },
      { ...given, index: -1 },
      { ...given, uri: `${uri}0` },
    ]
    for (const reference of unknown) {
      await expect(list.revoke([given, reference])).rejects.toMatchObject({
        code: 'status.entry-unknown',
      })
    }
    const result = await checkStatus(
      [given],
      optionsFor(home, sourceOf(documentOf(await list.publish({ now })))),
    )
    expect(result.verified).toBe(true)
  })

  test('cannot suspend with one bit', async () => {
    const list = make(1)
    const given = await list.allocate(1)
    await expect(list.suspend(given)).rejects.toThrow(TypeError)
    await list.revoke(given)
  })

  test('publishes what a cache may keep, and until when', async () => {
    const published = await make().publish({ now })
    expect(published.headers).toEqual({
      'content-type': 'application/statuslist+jwt',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    })
    expect(published.expires).toEqual(new Date('2026-11-24T11:00:30Z'))
    const [header, payload] = published.body.split('.')
    expect(JSON.parse(atob(String(header)))).toEqual({
      alg: 'ES256',
      typ: 'statuslist+jwt',
      kid: 'did:web:registry.example#status',
    })
    const claims = JSON.parse(atob(String(payload).replaceAll('-', '+').replaceAll('_', '/')))
    expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'status_list', 'sub', 'ttl'])
  })

  test('does not show how many entries were given out', async () => {
    const used = make()
    await used.allocate(500)
    const lists = await Promise.all([used, make()].map((list) => list.publish({ now })))
    const [first, second] = lists.map(({ body }) => body.split('.')[1])
    expect(first).toBe(second)
  })

  test.each([{ bits: 3 }, { size: 12 }, { ttl: 0 }, { lifetime: 299 }, { ttl: Number.NaN }])(
    'refuses to be made with %o',
    (wrong) => {
      const options = {
        uri,
        size: 1024,
        bits: 1 as const,
        ttl: 300,
        lifetime: 3600,
        store: memoryStatusStore(),
        signer: home.signer,
      }
      expect(() => tokenStatusList({ ...options, ...(wrong as object) })).toThrow(TypeError)
    },
  )
})
