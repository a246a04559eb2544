import { vcJwt } from '@asoba/jwt'
import { expect, test } from 'vitest'
import { context, input, secrets, signer, to } from './fixtures.ts'

test('the example of the README runs', async () => {
  // README begins
  // issuer: the signer holds the key of the issuer's DID
  const issuing = vcJwt({ signer })

  // holder: a fresh key, the credential bound to it, and an answer to one verifier
  const wallet = vcJwt()
  const { proof, retained } = await wallet.prepareHolder(secrets)
  const credential = await issuing.secure(input, proof) // input: type, issuer, claims, dates
  const presented = await wallet.present(credential, [], to, retained) // to: audience, nonce, now

  // verifier: audience, nonce, trust and the time are its own, never the message's
  const result = await vcJwt().verify(presented.wire, context())
  if (result.verified) console.assert(result.subject['citizen'] === true)
  else throw new Error(result.problems.map(({ code }) => code).join()) // every problem found
  // README ends
  expect(result.holder).toEqual({ kind: 'subject', proven: true })
})
