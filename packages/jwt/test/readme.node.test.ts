import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'
import { context, input, secrets, signer, to } from './fixtures.ts'

test('the example of the README runs, and its holder is proven', async () => {
  const given = { context, input, secrets, signer, to }
  const logged = await runMarkdown(new URL('../README.md', import.meta.url), given)
  expect(logged).toEqual([[{ kind: 'subject', proven: true }]])
})
