import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the sample of the README runs, and the verifier learns what it says', async () => {
  const logged = await runMarkdown(new URL('../../../README.md', import.meta.url))
  expect(logged).toEqual([[{ citizen: true, age_equal_or_over: { '18': true } }]])
})
