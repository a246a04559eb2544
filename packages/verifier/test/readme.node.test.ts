import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the examples of the README run: an empty answer is refused, a trust list loaded', async () => {
  const logged = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(logged).toEqual([[['query.unsatisfied']], [7, 2]])
})
