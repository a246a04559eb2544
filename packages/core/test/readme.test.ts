import {
  type CredentialView,
  combinations,
  satisfiedBy,
  selectClaims,
  validateCredential,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { expect, test } from 'vitest'

test('the example of the README runs', () => {
  const vct = 'https://nation.example/credentials/citizenship/1'
  const claims = { citizen: true, given_name: 'Alieś' }
  const view: CredentialView = {
    dcqlFormat: 'dc+sd-jwt',
    vcts: [vct],
    types: [],
    issuer: 'https://registry.example',
    claims,
    disclosable: [
      { path: ['citizen'], value: true },
      { path: ['given_name'], value: 'Alieś' },
    ],
    authorityKeyIds: [],
    holder: { kind: 'jwk', publicJwk: { kty: 'EC', crv: 'P-256', x: '…', y: '…' } },
  }

  // README begins
  const query = parseQuery({
    credentials: [
      {
        id: 'citizen',
        format: 'dc+sd-jwt',
        meta: { vct_values: [vct] },
        claims: [{ path: ['citizen'], values: [true] }],
      },
    ],
  })
  const answers = query.credentials.map((asked) => selectClaims(view, asked)) // in a wallet
  combinations(query, new Set(['citizen'])) // [{ required: ['citizen'], optional: [] }]
  const presented = { dcqlFormat: 'dc+sd-jwt', vcts: [vct], types: [], claims: { citizen: true } }
  const problems = satisfiedBy(query, { citizen: [presented] }) // in a verifier
  const faults = validateCredential({ type: 'VerifiableCredential' }) // each with code and pointer
  // README ends

  expect(answers[0]?.disclose).toEqual([['citizen']])
  expect(problems).toEqual([])
  expect(faults.map(({ path }) => path)).toEqual(['/@context', '/issuer', '/credentialSubject'])
})
