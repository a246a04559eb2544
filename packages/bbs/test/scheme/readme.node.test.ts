import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the examples of the README run', async () => {
  const logged = await runMarkdown(new URL('../../README.md', import.meta.url))
  expect(logged.slice(0, 2)).toEqual([[true], [true]])
})
