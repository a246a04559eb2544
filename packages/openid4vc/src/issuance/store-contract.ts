import type { TestRunner } from '@asoba/core/testing'
import type { OfferStore } from './stores.ts'

/**
 * What every {@link OfferStore} does.
 *
 * @param make a fresh, empty store and a second door to it: another replica on the same database,
 * or the same object twice where there is one process
 */
export function offerStoreContract(
  { describe, test, expect }: TestRunner,
  name: string,
  make: () => Promise<readonly [OfferStore, OfferStore]>,
): void {
  describe(`${name} keeps the contract of OfferStore`, () => {
    const soon = (attempts = 5): { readonly expires: Date; readonly attempts: number } => ({
      expires: new Date(Date.now() + 60_000),
      attempts,
    })

    test('gives what was put, to every replica, as long as nobody counts', async () => {
      const [one, other] = await make()
      expect(await one.get('a')).toBe(undefined)
      expect(await one.put('a', 'Аліса', soon(1))).toBe(true)
      for (const store of [one, other, one, other]) expect(await store.get('a')).toBe('Аліса')
      expect(await other.attempt('a')).toBe('Аліса')
      expect(await other.get('b')).toBe(undefined)
      expect(await other.attempt('b')).toBe(undefined)
      expect(await other.take('b')).toBe(false)
    })

    test('keeps the first of two under one id', async () => {
      const [one, other] = await make()
      expect(await one.put('a', '1', soon())).toBe(true)
      expect(await other.put('a', '2', soon(50))).toBe(false)
      expect(await one.get('a')).toBe('1')
    })

    test('gives the text for as many attempts as there are, many at once on two replicas', async () => {
      const [one, other] = await make()
      await one.put('a', 'x', soon(5))
      const tried = await Promise.all(
        Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? one : other).attempt('a')),
      )
      expect(tried.filter((text) => text === 'x').length).toBe(5)
      expect(await one.attempt('a')).toBe(undefined)
      expect(await other.get('a')).toBe(undefined)
      expect(await other.put('a', 'again', soon())).toBe(false)
    })

    test('lets one of many take it, and nothing can be tried or put there afterwards', async () => {
      const [one, other] = await make()
      await one.put('a', 'x', soon(5))
      expect(await one.attempt('a')).toBe('x')
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? one : other).take('a')),
      )
      expect(taken.filter((first) => first).length).toBe(1)
      expect(await one.attempt('a')).toBe(undefined)
      expect(await other.get('a')).toBe(undefined)
      expect(await other.put('a', 'again', soon())).toBe(false)
    })

    test('lets it be taken after the last attempt, which may have been the right one', async () => {
      const [one, other] = await make()
      await one.put('a', 'x', soon(1))
      expect(await one.attempt('a')).toBe('x')
      expect(await other.take('a')).toBe(true)
      expect(await one.take('a')).toBe(false)
    })

    test('knows nothing of what has expired, and lets the id be used again', async () => {
      const [one, other] = await make()
      const over = { expires: new Date(Date.now() + 40), attempts: 5 }
      await one.put('a', '1', over)
      await new Promise((done) => setTimeout(done, 80))
      expect(await one.get('a')).toBe(undefined)
      expect(await other.attempt('a')).toBe(undefined)
      expect(await other.take('a')).toBe(false)
      expect(await other.put('a', '2', soon(1))).toBe(true)
      expect(await one.attempt('a')).toBe('2')
      expect(await one.attempt('a')).toBe(undefined)
    })

    test('refuses what is already over', async () => {
      const [one] = await make()
      await one.put('a', '1', { expires: new Date(Date.now() - 1), attempts: 5 })
      expect(await one.get('a')).toBe(undefined)
    })
  })
}
