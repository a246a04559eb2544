import { memoryVault } from '@asoba/core'
import { vaultContract } from '@asoba/core/testing'
import { describe, expect, test } from 'vitest'

// What the wallet relies on, of the vault that it takes when it is given none.
vaultContract({ describe, test, expect }, 'memoryVault', async () => memoryVault())
