import { type TransactionData, toBase64url } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import type { Match } from '../src/index.ts'
import { contextFor, format, requestFor, walletWith } from './fixtures.ts'

const hash = (of: number): string => toBase64url(new Uint8Array(32).fill(of))
const pay: TransactionData = { hash: hash(1), credentialIds: ['citizen'] }

async function shown(transactionData: readonly TransactionData[]) {
  const { wallet } = await walletWith(1)
  const request = requestFor([['citizen']], { transactionData })
  const [match] = await wallet.match(request)
  const { vp_token } = await wallet.present(request, match as Match)
  return { wire: vp_token['citizen']?.[0], request }
}

describe('transactions', () => {
  test('are authorised by the key binding, and the verifier learns which', async () => {
    const { wire, request } = await shown([pay])
    const context = { ...contextFor(request), transactionHashes: [pay.hash, hash(2)] }
    const result = await format.verify(wire, context)
    expect(result.verified && result.transactionHashes).toEqual([pay.hash])
  })

  test('that were not asked for are refused', async () => {
    const { wire, request } = await shown([pay])
    for (const transactionHashes of [undefined, [], [hash(2)]]) {
      const context = { ...contextFor(request), ...(transactionHashes && { transactionHashes }) }
      const result = await format.verify(wire, context)
      expect(result.verified ? [] : result.problems.map(({ code }) => code)).toEqual([
        'holder.transaction-mismatch',
      ])
    }
  })

  test('need a credential that is asked for and bound to its holder', async () => {
    const { wallet } = await walletWith(1)
    const other = { ...pay, credentialIds: ['somebody-else'] }
    expect(await wallet.match(requestFor([['citizen']], { transactionData: [other] }))).toEqual([])
  })

  test('that cannot be read are no request', async () => {
    const { wallet } = await walletWith(1)
    for (const broken of [
      [],
      'x',
      [{ hash: 'x', credentialIds: ['citizen'] }],
      [{ ...pay, credentialIds: [] }],
    ]) {
      const request = requestFor([['citizen']], { transactionData: broken as never })
      await expect(wallet.match(request)).rejects.toMatchObject({ code: 'request.invalid' })
    }
  })
})
