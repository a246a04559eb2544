import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the samples of the README run, and verifier and poll learn what it says', async () => {
  const logged = await runMarkdown(new URL('../../../README.md', import.meta.url))
  expect(logged).toEqual([
    [{ citizen: true, age_equal_or_over: { '18': true } }],
    ['yes', 'counted'],
    ['no', 'answered already'],
  ])
})
