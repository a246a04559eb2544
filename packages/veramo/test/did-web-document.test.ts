import { validateDidDocument } from '@asoba/did'
import { agentSigner, didWebDocument } from '@asoba/veramo'
import { expect, it } from 'vitest'
import { agentWith } from './agents.ts'

it('the document of a did:web has the keys of the agent, under the names that they sign by', async () => {
  const agent = agentWith()
  const keys = await Promise.all(
    ['Secp256r1', 'Ed25519', 'X25519', 'Bls12381G2'].map((type) =>
      agent.keyManagerCreate({ kms: 'asoba', type }),
    ),
  )
  const did = 'did:web:registry.example'
  const identifier = { did, provider: 'did:web', keys, services: [] }
  const document = didWebDocument(identifier)
  expect(validateDidDocument(document, did)).toEqual([])
  expect(document['assertionMethod']).toHaveLength(3)
  expect(document['keyAgreement']).toEqual([`${did}#${keys[2]?.kid}`])
  const unpublished = {
    ...agent,
    didManagerGet: async () => identifier,
    resolveDid: async () => ({ didResolutionMetadata: { error: 'notFound' }, didDocument: null }),
  }
  const signer = await agentSigner(unpublished as never, {
    did,
    relationship: 'assertionMethod',
    algorithms: ['ES256'],
  })
  expect(document['assertionMethod']).toContain(signer.verificationMethod)
  const published = { ...unpublished, resolveDid: async () => ({ didDocument: { id: did } }) }
  await expect(
    agentSigner(published as never, {
      did,
      relationship: 'assertionMethod',
      algorithms: ['ES256'],
    }),
  ).rejects.toMatchObject({ code: 'signer.missing' })
})
