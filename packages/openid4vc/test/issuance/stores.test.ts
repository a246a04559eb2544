import { memoryOffers } from '@asoba/openid4vc/issuer'
import { offerStoreContract } from '@asoba/openid4vc/testing'
import { describe, expect, test } from 'vitest'

offerStoreContract({ describe, test, expect }, 'memoryOffers', async () => {
  const store = memoryOffers()
  return [store, store]
})

describe('memoryOffers', () => {
  test('takes no more than its limit, and forgets what is over', async () => {
    let time = 0
    const store = memoryOffers({ now: () => new Date(time), limit: 2 })
    const put = (id: string) => store.put(id, 'x', { expires: new Date(time + 5000), attempts: 1 })
    expect([await put('a'), await put('b'), await put('c')]).toEqual([true, true, false])
    time = 6000
    expect([await put('c'), await put('a')]).toEqual([true, true])
  })
})
