import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

const guide = (name: string) =>
  runMarkdown(new URL(`../../../docs/guides/${name}.md`, import.meta.url))

test('the guide to issuing runs', async () => {
  expect(await guide('issue')).toEqual([[10], ['application/statuslist+jwt', true]])
})

test('the guide to holding runs', async () => {
  expect(await guide('hold')).toEqual([
    [3],
    [['age_equal_or_over.18: true', 'citizen: true']],
    [true],
    [true],
  ])
})

test('the guide to verifying runs, and refuses what is no credential', async () => {
  expect(await guide('verify')).toEqual([
    [['audience', 'expires', 'nonce', 'query', 'state']],
    [['presentation.malformed /person/0']],
  ])
})

test('the guide to trust and status runs, and combines its two policies', async () => {
  expect(await guide('trust-and-status')).toEqual([
    [['https://chamber.example', 'did:web:bar.example', 'did:web:bar.example']],
    [['request', 'verify']],
  ])
})
