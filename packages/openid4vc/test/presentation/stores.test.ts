import { responseStoreContract } from '@asoba/openid4vc/testing'
import { memoryResponses } from '@asoba/openid4vc/verifier'
import { describe, expect, test } from 'vitest'

responseStoreContract({ describe, test, expect }, 'memoryResponses', async () => {
  const store = memoryResponses()
  return [store, store]
})

describe('memoryResponses', () => {
  test('takes no more than its limit, and forgets what is over', async () => {
    let time = 0
    const store = memoryResponses({ now: () => new Date(time), limit: 2 })
    const put = (id: string) => store.put(id, 'x', new Date(time + 5000))
    expect([await put('a'), await put('b'), await put('c')]).toEqual([true, true, false])
    time = 6000
    expect([await put('c'), await put('a')]).toEqual([true, true])
  })
})
