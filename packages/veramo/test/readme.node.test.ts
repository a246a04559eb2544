import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the code of the README runs as it stands', async () => {
  const logged = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(logged).toEqual([[true, false]])
})
