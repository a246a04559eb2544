/**
 * Contracts of the interfaces in this package, to be run against any implementation
 * with the test runner that its project has.
 *
 * @module
 */

import { equalBytes, utf8 } from './bytes.ts'
import type { ReplayStore, Vault } from './format.ts'

/** The comparisons that the contracts make. */
export interface Expectation {
  /** The very same value. */
  toBe(expected: unknown): unknown
  /** An equal value. */
  toEqual(expected: unknown): unknown
}

/** What a contract needs of a test runner; that of Vitest, Jest and Bun fits. */
export interface TestRunner {
  /** Groups tests. */
  describe(name: string, define: () => void): unknown
  /** Declares a test. */
  test(name: string, run: () => Promise<void>): unknown
  /** Begins an expectation. */
  expect(value: unknown): Expectation
}

/** What every {@link Vault} does; `make` gives a fresh, empty one. */
export function vaultContract(
  { describe, test, expect }: TestRunner,
  name: string,
  make: () => Promise<Vault>,
): void {
  const same = (a: Uint8Array | undefined, text: string): boolean =>
    a !== undefined && equalBytes(a, utf8(text))

  describe(`${name} keeps the contract of Vault`, () => {
    test('has nothing at first', async () => {
      const vault = await make()
      expect(await vault.get('a')).toBe(undefined)
      expect(await vault.list()).toEqual([])
    })

    test('keeps what is set, under any id, until it is set again', async () => {
      const vault = await make()
      for (const id of ['a', 'b/c', '__proto__', 'Аліса']) await vault.set(id, utf8(`of ${id}`))
      await vault.set('a', utf8('new'))
      expect(same(await vault.get('a'), 'new')).toBe(true)
      expect(same(await vault.get('__proto__'), 'of __proto__')).toBe(true)
      expect([...(await vault.list())].sort()).toEqual(['__proto__', 'a', 'b/c', 'Аліса'])
    })

    test('keeps bytes of its own', async () => {
      const vault = await make()
      const bytes = utf8('mine')
      await vault.set('a', bytes)
      bytes.fill(0)
      ;(await vault.get('a'))?.fill(0)
      expect(same(await vault.get('a'), 'mine')).toBe(true)
    })

    test('does not touch what it was given', async () => {
      const vault = await make()
      const bytes = utf8('mine')
      await vault.set('a', bytes)
      await vault.erase()
      expect(same(bytes, 'mine')).toBe(true)
    })

    test('forgets what is deleted, and bears deleting it again', async () => {
      const vault = await make()
      await vault.set('a', utf8('1'))
      await vault.set('b', utf8('2'))
      await vault.delete('a')
      await vault.delete('a')
      expect(await vault.get('a')).toBe(undefined)
      expect(await vault.list()).toEqual(['b'])
    })

    test('forgets everything when it is erased, and can be used again', async () => {
      const vault = await make()
      await vault.set('a', utf8('1'))
      await vault.erase()
      expect(await vault.get('a')).toBe(undefined)
      expect(await vault.list()).toEqual([])
      await vault.set('a', utf8('2'))
      expect(same(await vault.get('a'), '2')).toBe(true)
    })
  })
}

/** What every {@link ReplayStore} does; `make` gives a fresh, empty one. */
export function replayContract(
  { describe, test, expect }: TestRunner,
  name: string,
  make: () => Promise<ReplayStore>,
): void {
  describe(`${name} keeps the contract of ReplayStore`, () => {
    const soon = (): Date => new Date(Date.now() + 60_000)

    test('knows the first use from every other', async () => {
      const store = await make()
      expect(await store.firstUse('a', soon())).toBe(true)
      expect(await store.firstUse('a', soon())).toBe(false)
      expect(await store.firstUse('b', soon())).toBe(true)
    })

    test('lets one of many at once be the first', async () => {
      const store = await make()
      const uses = await Promise.all(Array.from({ length: 8 }, () => store.firstUse('a', soon())))
      expect(uses.filter((first) => first).length).toBe(1)
    })
  })
}
