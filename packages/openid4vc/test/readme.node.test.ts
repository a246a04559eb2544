import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs: an empty wallet says no, and is heard', async () => {
  const [said] = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(said).toEqual([{ status: 'declined', error: 'access_denied' }])
})
