import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

const guide = (name: string) =>
  runMarkdown(new URL(`../../../docs/guides/${name}.md`, import.meta.url))

test('the guide to issuing runs', async () => {
  expect(await guide('issue')).toEqual([[10], [true, 6], ['application/statuslist+jwt', true]])
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

test('the guide to votes runs: a second answer of one citizen is found', async () => {
  expect(await guide('vote')).toEqual([[['counted', 'counted', 'answered already']], [2]])
})

test('the guide to tax runs', async () => {
  expect(await guide('tax')).toEqual([[{ resident: true, tax_class: 'reduced' }], [true]])
})

test('the guide to access runs: each service knows its visitors again, and nobody else’s', async () => {
  expect(await guide('service-access')).toEqual([[true], [false], [false]])
})

test('the guide to recovery runs: with the same secrets comes the same person', async () => {
  expect(await guide('recover')).toEqual([[true]])
})

test('the guide to foreign issuers runs', async () => {
  expect(await guide('foreign-issuer')).toEqual([['https://university.example']])
})

test('the guide to services runs: a request is answered, and nonsense is refused', async () => {
  expect(await guide('services')).toEqual([[true], [200, 403]])
})

test('the guide to Veramo runs', async () => {
  expect(await guide('veramo')).toEqual([[true], [true, 'card'], ['holder.nonce-mismatch']])
})
