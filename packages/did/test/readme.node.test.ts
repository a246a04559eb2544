import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs, and its signature is right', async () => {
  const logged = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(logged).toEqual([[true], [['https://registry.example']]])
})
