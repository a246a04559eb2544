import { nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, tokenStatusList } from '@asoba/status'
import { expect, test } from 'vitest'

test('the example of the README does what it says', async () => {
  const { citizenship } = nationTypes({ origin: 'https://nation.example' })
  const did = 'did:web:registry.example'
  const signer = await jwkSigner({
    ...(await createKey('ES256')),
    verificationMethod: `${did}#key-1`,
  })
  const status = tokenStatusList({
    uri: 'https://registry.example/status/1',
    size: 131_072,
    bits: 2,
    ttl: 300,
    lifetime: 86_400,
    store: memoryStatusStore(),
    signer,
  })
  const issuer = createIssuer({
    issuer: did,
    types: { citizenship },
    formats: [sdJwtVc({ signer })],
    status,
    validityDays: 90,
  })
  const keys = await Promise.all([createKey('ES256'), createKey('ES256')])
  const holders = keys.map(({ publicJwk }) => ({ kind: 'jwk', publicJwk }) as const)
  const claims = {
    citizen: true,
    age_equal_or_over: { '14': true, '16': true, '18': true, '21': true, '65': false },
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  const copies = await issuer.issue({ format: 'dc+sd-jwt', type: 'citizenship', claims, holders })
  await issuer.revoke(copies.flatMap((copy) => copy.status ?? []))
  expect(copies.length).toBe(2)
})
