import type { HolderProof } from '@asoba/core'
import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'
import { issue, requestFor } from './fixtures.ts'

test('the example of the README runs, and tells what it discloses and withholds', async () => {
  const day = 86_400_000
  const given = {
    request: requestFor([['citizen'], ['age_equal_or_over', '18']]),
    issue: (holders: readonly HolderProof[]) =>
      issue(holders, {
        validFrom: new Date(Date.now() - day),
        validUntil: new Date(Date.now() + 10 * day),
      }),
  }
  const logged = await runMarkdown(new URL('../README.md', import.meta.url), given)
  expect(logged.filter(([word]) => word === 'will be told:')).toEqual([
    ['will be told:', 'age_equal_or_over.18', true],
    ['will be told:', 'citizen', true],
  ])
  expect(logged).toContainEqual(['stays here:', 'birthdate'])
  expect(logged.at(-1)).toEqual([['vp_token', 'state']])
})
