import { memoryVault, randomSecrets, utf8 } from '@asoba/core'
import { vaultContract } from '@asoba/core/testing'
import { describe, expect, test } from 'vitest'

vaultContract({ describe, test, expect }, 'memoryVault', async () => memoryVault())

describe('randomSecrets', () => {
  test('gives the same bytes for the same label and length, and others for any other', async () => {
    const secrets = randomSecrets()
    const first = await secrets.derive('holder/1', 32)
    expect(first).toHaveLength(32)
    expect(await secrets.derive('holder/1', 32)).toEqual(first)
    expect(await secrets.derive('holder/2', 32)).not.toEqual(first)
    expect((await secrets.derive('holder/1', 48)).subarray(0, 32)).not.toEqual(first)
  })

  test('gives other bytes in another process', async () => {
    expect(await randomSecrets().derive('a', 16)).not.toEqual(await randomSecrets().derive('a', 16))
  })

  test('hands out bytes of the caller alone', async () => {
    const secrets = randomSecrets()
    const bytes = await secrets.derive('a', 16)
    const copy = bytes.slice()
    bytes.fill(0)
    expect(await secrets.derive('a', 16)).toEqual(copy)
    expect(copy).not.toEqual(utf8('\0'.repeat(16)))
  })
})
