import { everythingIn } from '@asoba/testing'
import { asobaCredentials, asobaKms, type IAsobaCredentials } from '@asoba/veramo'
import { describe, expect, it } from 'vitest'
import {
  agentWith,
  allProviders,
  anyDid,
  challenge,
  domain,
  membership,
  twoDids,
} from './agents.ts'

const secret = 'zarnitsa-7731'

describe('what fails', () => {
  it('says nothing of claims, tokens and keys', async () => {
    const agent = agentWith<IAsobaCredentials>(
      asobaCredentials({ providers: allProviders(), policy: anyDid }),
    )
    const { issuer, holder } = await twoDids(agent)
    const caught = async (work: () => Promise<unknown>): Promise<unknown> => {
      try {
        return await work()
      } catch (error) {
        return error
      }
    }
    const credential = {
      ...membership(issuer, holder),
      credentialSubject: { id: holder, name: secret },
    }
    const found: unknown[] = []
    for (const proofFormat of [
      'vc+jwt',
      'dc+sd-jwt',
      'eddsa-jcs-2022',
      'jwt',
      'bbs-2023',
      'none',
    ]) {
      const broken = { ...credential, validFrom: secret, issuer: proofFormat }
      const make = (from: object) =>
        agent.createVerifiableCredential({ credential: from as never, proofFormat })
      const expired = await caught(() =>
        make({
          ...credential,
          validUntil: '2026-01-02T00:00:00Z',
          expirationDate: '2026-01-02T00:00:00Z',
        }),
      )
      found.push(await caught(() => make(broken)))
      const args = { domain, challenge, disclose: [secret] }
      const presentation = { holder: secret, verifiableCredential: [expired as never] }
      found.push(
        await caught(() => agent.verifyCredential({ credential: expired as never })),
        await caught(() =>
          agent.createVerifiablePresentation({ presentation, proofFormat, ...args }),
        ),
        await caught(() => agent.verifyPresentation({ presentation: expired as never, ...args })),
        await caught(() => agent.checkCredentialStatus({ credential: expired as never })),
      )
    }
    const kms = asobaKms({ vault: 'process' })
    found.push(
      await caught(() => kms.importKey({ type: 'Ed25519', privateKeyHex: secret })),
      await caught(() => kms.sign({ keyRef: { kid: secret }, data: new Uint8Array() })),
    )
    // Veramo's own DID store says which DID it has not: that is its to say.
    const ours = found.filter((one) => !/Identifier not found/.test(everythingIn(one)))
    expect(ours.length).toBeGreaterThan(15)
    expect(everythingIn(ours)).not.toContain(secret)
  })
})
