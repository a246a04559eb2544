import type { CredentialView } from '@asoba/core'
import { runMarkdown } from '@asoba/testing/markdown'
import { expect, test } from 'vitest'

test('the example of the README runs, and says what it says', async () => {
  const view: CredentialView = {
    dcqlFormat: 'dc+sd-jwt',
    vcts: ['https://nation.example/credentials/citizenship/1'],
    types: [],
    issuer: 'https://registry.example',
    claims: { citizen: true, given_name: 'Alieś' },
    disclosable: [
      { path: ['citizen'], value: true },
      { path: ['given_name'], value: 'Alieś' },
    ],
    authorityKeyIds: [],
    holder: { kind: 'jwk', publicJwk: { kty: 'EC', crv: 'P-256', x: '…', y: '…' } },
  }
  const logged = await runMarkdown(new URL('../README.md', import.meta.url), { view })
  expect(logged).toEqual([
    [[['citizen']]],
    [[{ required: ['citizen'], optional: [] }]],
    [[]],
    [['/@context', '/issuer', '/credentialSubject']],
  ])
})
