import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'
import { context, contexts, es256, input, secrets, to } from './fixtures.ts'

test('the example of the README runs, and shows what was chosen', async () => {
  const given = { context, contexts, input, secrets, signer: es256, to }
  const logged = await runMarkdown(new URL('../README.md', import.meta.url), given)
  expect(logged).toEqual([[{ citizen: true, nation: 'https://nation.example/' }]])
})
