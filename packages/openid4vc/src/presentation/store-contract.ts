import type { TestRunner } from '@asoba/core/testing'
import type { ResponseStore } from './stores.ts'

/**
 * What every {@link ResponseStore} does.
 *
 * @param make a fresh, empty store and a second door to it: another replica on the same database,
 * or the same object twice where there is one process
 */
export function responseStoreContract(
  { describe, test, expect }: TestRunner,
  name: string,
  make: () => Promise<readonly [ResponseStore, ResponseStore]>,
): void {
  describe(`${name} keeps the contract of ResponseStore`, () => {
    const soon = (): Date => new Date(Date.now() + 60_000)

    test('gives what was put as often as it is asked for, to every replica', async () => {
      const [one, other] = await make()
      expect(await one.get('a')).toBe(undefined)
      expect(await one.put('a', 'Аліса', soon())).toBe(true)
      expect(await one.get('a')).toBe('Аліса')
      expect(await other.get('a')).toBe('Аліса')
      expect(await other.get('b')).toBe(undefined)
    })

    test('keeps the first of two under one id', async () => {
      const [one, other] = await make()
      expect(await one.put('a', '1', soon())).toBe(true)
      expect(await other.put('a', '2', soon())).toBe(false)
      expect(await one.get('a')).toBe('1')
    })

    test('keeps one of many put at once', async () => {
      const [one, other] = await make()
      const puts = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? one : other).put('a', String(index), soon()),
        ),
      )
      expect(puts.filter((first) => first).length).toBe(1)
    })

    test('lets one of many take it, and nothing can be read or put there afterwards', async () => {
      const [one, other] = await make()
      await one.put('a', 'once', soon())
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? one : other).take('a')),
      )
      expect(taken.filter((text) => text !== undefined)).toEqual(['once'])
      expect(await other.get('a')).toBe(undefined)
      expect(await one.put('a', 'again', soon())).toBe(false)
      expect(await one.take('b')).toBe(undefined)
    })

    test('knows nothing of what has expired, and lets the id be used again', async () => {
      const [one, other] = await make()
      await one.put('a', '1', new Date(Date.now() + 40))
      await one.put('b', '1', new Date(Date.now() + 40))
      await one.take('b')
      await new Promise((done) => setTimeout(done, 80))
      expect(await one.get('a')).toBe(undefined)
      expect(await other.take('a')).toBe(undefined)
      expect(await other.put('a', '2', soon())).toBe(true)
      expect(await one.put('b', '2', soon())).toBe(true)
      expect(await one.get('a')).toBe('2')
    })

    test('refuses what is already over', async () => {
      const [one] = await make()
      await one.put('a', '1', new Date(Date.now() - 1))
      expect(await one.get('a')).toBe(undefined)
    })
  })
}
