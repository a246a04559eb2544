import { expect, test } from 'vitest'
import { codes, credentialOf, prove, somebody, testServer, unsigned } from './server.ts'

const friend = await somebody()
const server = testServer({ trust: [friend.did] })
const verify = (verifiableCredential: object) =>
  server.post('/credentials/verify', { verifiableCredential: { ...verifiableCredential } })

test('believes itself and whom it was told to believe, nobody else', async () => {
  expect((await verify(credentialOf(await server.issue('eddsa-jcs-2022')))).status).toBe(200)
  const ofFriend = await prove({ ...unsigned, issuer: friend.did }, friend.signer)
  expect((await verify(ofFriend)).status).toBe(200)
  const { did, signer } = await somebody()
  const ofStranger = await prove({ ...unsigned, issuer: did }, signer)
  expect(codes(await verify(ofStranger))).toEqual(['issuer.untrusted'])
})
