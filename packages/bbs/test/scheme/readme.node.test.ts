import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the examples of the README run', async () => {
  const logged = await runMarkdown(new URL('../../README.md', import.meta.url))
  expect(logged).toEqual([[{ citizen: true }, 64], [true, { name: 'Alesia' }], [true], [true]])
})
