import { createKey, jwkSigner } from '@asoba/did'
import { checkStatus, memoryStatusStore, snapshotSource, tokenStatusList } from '@asoba/status'
import { expect, test } from 'vitest'

test('the example of the README says what it says', async () => {
  const issuer = 'did:web:registry.example'
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
  const uri = 'https://registry.example/status/1'
  const store = memoryStatusStore()
  const list = tokenStatusList({
    uri,
    size: 131_072,
    bits: 2,
    ttl: 300,
    lifetime: 86_400,
    store,
    signer,
  })
  const references = await list.allocate(2)
  await list.revoke(references.slice(1))
  const now = new Date()
  const published = await list.publish({ now })

  const bytes = new TextEncoder().encode(published.body)
  const source = snapshotSource({
    [uri]: { bytes, mediaType: published.mediaType, fetchedAt: now },
  })
  const trusted = { issuer, type: 'citizenship', mechanism: 'did', keys: [publicJwk] } as const
  const findIssuer = async () => ({ verified: true, checks: [], ...trusted }) as const
  const results = await Promise.all(
    references.map((reference) =>
      checkStatus([reference], { issuer: trusted, source, findIssuer, now }),
    ),
  )
  expect(results.map((result) => result.verified || result.problems[0].code)).toEqual([
    true,
    'status.revoked',
  ])
})
