import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs: a wallet takes ten copies and shows one', async () => {
  const said = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(said).toEqual([[10], [{ citizen: { citizen: true } }]])
})
