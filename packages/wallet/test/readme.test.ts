import { sdJwtVc } from '@asoba/sd-jwt'
import { expect, test } from 'vitest'
import { createWallet, type Match } from '../src/index.ts'
import { issue, requestFor } from './fixtures.ts'

test('does what the README says', async () => {
  const request = requestFor([['citizen'], ['age_equal_or_over', '18']])
  const told: string[] = []
  const kept: string[] = []

  const wallet = createWallet({ formats: [sdJwtVc()] })
  const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 5 })
  const validFrom = new Date(Date.now() - 86_400_000)
  const validUntil = new Date(Date.now() + 10 * 86_400_000)
  await wallet.receive(await issue(holders, { validFrom, validUntil }))

  const [match] = (await wallet.match(request)) as [Match]
  for (const { path, value } of match.disclosed) told.push(`${path.join('.')} ${value}`)
  for (const { path } of match.withheld) kept.push(path.join('.'))

  const presentation = await wallet.present(request, match)
  expect(Object.keys(presentation)).toEqual(['vp_token', 'state'])
  expect(told).toEqual(['age_equal_or_over.18 true', 'citizen true'])
  expect(kept).toContain('birthdate')
  await wallet.erase()
  await expect(wallet.list()).rejects.toMatchObject({ code: 'wallet.erased' })
})
