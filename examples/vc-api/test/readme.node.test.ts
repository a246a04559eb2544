import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs', async () => {
  const logged = await runMarkdown(new URL('../README.md', import.meta.url))
  expect(logged).toEqual([[201], [200, true], [400, 'proof.signature-invalid']])
})
