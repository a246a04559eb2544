import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs, and its claims are valid', async () => {
  const logged = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(logged).toEqual([['https://nation.example/credentials/citizenship/1'], [[]], [[]]])
})
