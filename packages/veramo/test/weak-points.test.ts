// What Veramo 7.0.1 does, pinned, beside what ours does: one pair for each weak point.
import { type JsonObject, utf8 } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, jwkSigner } from '@asoba/did'
import { memoryStatusStore, snapshotSource, tokenStatusList } from '@asoba/status'
import { everythingIn } from '@asoba/testing'
import {
  type AsobaPolicy,
  agentSigner,
  asobaCredentials,
  asobaKms,
  asobaStatus,
  eddsaJcsProvider,
  type IAsobaCredentials,
  jwtV1Provider,
  type MethodsOf,
  sdJwtProvider,
  tokenOf,
  vcJwtProvider,
} from '@asoba/veramo'
import { trustedIssuers } from '@asoba/verifier'
import { createAgent, type IAgentPlugin, type ICredentialPlugin, type TAgent } from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { KeyManager, MemoryKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem, SecretBox } from '@veramo/kms-local'
import { describe, expect, it } from 'vitest'
import {
  agentWith,
  anyDid,
  type Base,
  basePlugins,
  challenge,
  domain,
  frozen,
  membership,
  membershipV1,
} from './agents.ts'

const stockAgent = () =>
  agentWith(new CredentialPlugin([new CredentialProviderJWT()]), noStatusKnown())
const ourAgent = (policy: AsobaPolicy = anyDid) =>
  agentWith<IAsobaCredentials>(
    asobaCredentials({
      providers: [
        vcJwtProvider(policy),
        sdJwtProvider(policy),
        jwtV1Provider(policy),
        eddsaJcsProvider(policy),
      ],
      policy,
    }),
  )

/** A status plugin that says of everything that it is revoked. */
function noStatusKnown() {
  return { methods: { checkCredentialStatus: async () => ({ revoked: true }) } }
}

async function people(agent: TAgent<Base>) {
  const make = async () => (await agent.didManagerCreate({ provider: 'did:key' })).did
  return { issuer: await make(), holder: await make(), thief: await make() }
}

async function jwtOf(agent: TAgent<Base>, credential: JsonObject): Promise<string> {
  const made = await agent.createVerifiableCredential({
    credential: credential as never,
    proofFormat: 'jwt',
  })
  return String(made.proof['jwt'])
}

/** The token with another word in its payload, and the signature that it had. */
function forged(token: string): string {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
  const changed = btoa(text.replace('member', 'president'))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  return [head, changed, signature].join('.')
}

/** A presentation of VC 1.1 as a JWT, whatever is in it, signed as Veramo does. */
async function presentationOf(
  agent: TAgent<Base>,
  holder: string,
  tokens: readonly string[],
): Promise<string> {
  const signer = await agentSigner(agent as never, {
    did: holder,
    relationship: 'authentication',
    algorithms: ['EdDSA'],
  })
  const { signPresentationV1 } = await import('@asoba/jwt/v1')
  const to = { audience: domain, nonce: challenge, now: new Date() }
  return signPresentationV1(holder, tokens, to, signer)
}

describe('1: what is inside of a presentation', () => {
  const asked = { domain, challenge }

  it('Veramo takes a forged credential in a presentation, one of somebody else, and any challenge', async () => {
    const agent = stockAgent()
    const { issuer, holder, thief } = await people(agent)
    const token = await jwtOf(agent, membershipV1(issuer, holder))
    expect((await agent.verifyCredential({ credential: forged(token) })).verified).toBe(false)
    const withForged = await presentationOf(agent, holder, [forged(token)])
    const stolen = await presentationOf(agent, thief, [token])
    for (const presentation of [withForged, stolen]) {
      expect((await agent.verifyPresentation({ presentation, ...asked })).verified).toBe(true)
    }
    const replayed = await presentationOf(agent, holder, [token])
    expect((await agent.verifyPresentation({ presentation: replayed, domain })).verified).toBe(true)
  })

  it('ours judges every credential in it like a lone one, and wants a challenge', async () => {
    const agent = ourAgent()
    const { issuer, holder, thief } = await people(agent)
    const token = await jwtOf(agent, membershipV1(issuer, holder))
    const codeOf = async (by: string, inside: string) =>
      (
        await agent.verifyPresentation({
          presentation: await presentationOf(agent, by, [inside]),
          ...asked,
        })
      ).error?.errorCode
    expect(await codeOf(holder, token)).toBeUndefined()
    expect(await codeOf(holder, forged(token))).toBe('jws.signature-invalid')
    expect(await codeOf(thief, token)).toBe('holder.key-mismatch')
    const presentation = await presentationOf(agent, holder, [token])
    await expect(agent.verifyPresentation({ presentation, domain } as never)).rejects.toThrow(
      TypeError,
    )
    await expect(agent.verifyPresentation({ presentation, challenge } as never)).rejects.toThrow(
      TypeError,
    )
  })
})

/** An agent that trusts one issuer, whose status list has revoked the one entry that is used. */
async function withRevoked() {
  const uri = 'https://registry.example/status/1'
  const lists: Record<string, { bytes: Uint8Array; mediaType: string; fetchedAt: Date }> = {}
  const policy: AsobaPolicy = {
    ...anyDid,
    status: {
      source: { get: (at, options) => snapshotSource(lists).get(at, options) },
      policy: 'required',
    },
  }
  const agent = ourAgent(policy)
  const { issuer, holder } = await people(agent)
  const signer = await agentSigner(agent as never, {
    did: issuer,
    relationship: 'assertionMethod',
    algorithms: ['EdDSA'],
  })
  const list = tokenStatusList({
    uri,
    size: 131_072,
    bits: 1,
    ttl: 300,
    lifetime: 86_400,
    store: memoryStatusStore(),
    signer,
  })
  const [good, bad] = await list.allocate(2)
  if (good === undefined || bad === undefined) throw new Error('the list is full')
  await list.revoke(bad)
  const fetchedAt = new Date()
  const { body, mediaType } = await list.publish({ now: fetchedAt })
  lists[uri] = { bytes: utf8(body), mediaType, fetchedAt }
  const statusOf = ({ index }: { readonly index: number }) => ({
    status: { status_list: { idx: index, uri } },
  })
  return { agent, issuer, holder, signer, good: statusOf(good), bad: statusOf(bad), policy }
}

describe('2: revoked credentials as text', () => {
  it('Veramo asks for the status of an object, and never of a text', async () => {
    const agent = stockAgent()
    const { issuer, holder } = await people(agent)
    const credential = {
      ...membershipV1(issuer, holder),
      credentialStatus: { id: 'https://registry.example/1', type: 'Any' },
    }
    const token = await jwtOf(agent, credential)
    const made = await agent.verifyCredential({ credential: token })
    expect(made.verified).toBe(true)
    const object = made['verifiableCredential']
    expect((await agent.verifyCredential({ credential: object })).verified).toBe(false)
  })

  it('ours asks whatever the encoding, and refuses what it cannot ask', async () => {
    const { agent, issuer, holder, good, bad } = await withRevoked()
    const codeOf = async (credential: unknown) =>
      (await agent.verifyCredential({ credential: credential as never })).error?.errorCode
    for (const proofFormat of ['vc+jwt', 'dc+sd-jwt']) {
      const make = async (status: JsonObject) =>
        agent.createVerifiableCredential({
          credential: { ...membership(issuer, holder), ...status } as never,
          proofFormat,
        })
      const [holds, revoked, without] = [await make(good), await make(bad), await make({})]
      expect(await codeOf(holds)).toBeUndefined()
      for (const document of [revoked, tokenOf(revoked)]) {
        expect(await codeOf(document)).toBe('status.revoked')
      }
      expect(await codeOf(without)).toBe('status.missing')
      const presentation = await agent.createVerifiablePresentation({
        presentation: { holder, verifiableCredential: [revoked] },
        proofFormat,
        domain,
        challenge,
      })
      const inside = await agent.verifyPresentation({ presentation, domain, challenge })
      expect(inside.error?.errorCode).toBe('status.revoked')
      expect(inside.problems[0]?.path).toBe('/verifiableCredential/0')
    }
    const unknown = { credentialStatus: { id: 'https://registry.example/1', type: 'Any' } }
    const token = await jwtOf(agent, { ...membershipV1(issuer, holder), ...unknown })
    expect(await codeOf(token)).toBe('status.invalid-entry')
  })

  it('ours answers Veramo’s own question about an object, and calls revoked what it cannot read', async () => {
    const { policy } = await withRevoked()
    const agent = agentWith<Pick<IAsobaCredentials, 'checkCredentialStatus'>>(asobaStatus(policy))
    for (const credentialStatus of [undefined, { type: 'Any', id: 'urn:x' }, 7]) {
      const credential = { ...membershipV1('did:key:z6Mk', 'did:key:z6Mk'), credentialStatus }
      const answer = await agent.checkCredentialStatus({ credential: credential as never })
      expect(answer).toMatchObject({ revoked: true, verified: false })
    }
  })
})

describe('3: the data model 2.0', () => {
  it('Veramo puts the context of 1.1 into it, and writes to the caller’s object', async () => {
    const agent = stockAgent()
    const { issuer, holder } = await people(agent)
    const credential = membership(issuer, holder)
    const made = await agent.createVerifiableCredential({
      credential: credential as never,
      proofFormat: 'jwt',
    })
    const contexts = [
      'https://www.w3.org/2018/credentials/v1',
      'https://www.w3.org/ns/credentials/v2',
    ]
    expect(made['@context']).toEqual(contexts)
    expect(credential['@context']).toEqual(contexts)
    expect(credential['issuanceDate']).toBeDefined()
  })

  it('ours signs what it is given, and writes to nothing', async () => {
    const agent = ourAgent()
    const { issuer, holder } = await people(agent)
    const credential = frozen(membership(issuer, holder))
    for (const proofFormat of ['vc+jwt', 'eddsa-jcs-2022']) {
      const made = await agent.createVerifiableCredential({
        credential: credential as never,
        proofFormat,
      })
      const { proof: _proof, ...signed } = (
        await agent.verifyCredential({ credential: frozen(made) })
      )['verifiableCredential']
      expect(signed).toEqual(credential)
      await agent.createVerifiablePresentation(
        frozen({
          presentation: { holder, verifiableCredential: [made] },
          proofFormat,
          domain,
          challenge,
        }),
      )
    }
  })
})

describe('4: enveloped credentials', () => {
  const presenting = async (agent: TAgent<ICredentialPlugin & Base>) => {
    const { issuer, holder } = await people(agent)
    const enveloping = ourAgent()
    const { did } = await enveloping.didManagerCreate({ provider: 'did:key' })
    const made = await enveloping.createVerifiableCredential({
      credential: membership(did, holder || issuer) as never,
      proofFormat: 'vc+jwt',
    })
    const presentation = { holder, verifiableCredential: [made] }
    return { presentation, domain, challenge }
  }

  it('Veramo falls over one in a presentation', async () => {
    const agent = stockAgent()
    const args = await presenting(agent)
    await expect(
      agent.createVerifiablePresentation({ ...args, proofFormat: 'jwt' }),
    ).rejects.toThrow("Cannot read properties of undefined (reading 'jwt')")
  })

  it('ours presents and judges it', async () => {
    const agent = ourAgent()
    const args = await presenting(agent)
    const made = await agent.createVerifiablePresentation({ ...args, proofFormat: 'vc+jwt' })
    const result = await agent.verifyPresentation({ presentation: made, domain, challenge })
    expect(result.error).toBeUndefined()
  })
})

describe('5: issuers that are no DID of the agent', () => {
  const issuer = 'https://chamber.example'

  it('Veramo refuses to issue for an https issuer', async () => {
    const credential = membership(issuer) as never
    await expect(
      stockAgent().createVerifiableCredential({ credential, proofFormat: 'jwt' }),
    ).rejects.toThrow('credential.issuer must be a DID managed by this agent')
  })

  it('ours issues with a signer of the caller, and verifies by the mechanism that the policy names', async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    const signer = await jwkSigner({ privateJwk, verificationMethod: 'key-1' })
    const type = { name: 'credential', vct: 'urn:none', vcdmType: 'VerifiableCredential' }
    const trust = trustedIssuers([
      { issuer, types: ['credential'], mechanism: 'https', keys: [publicJwk] },
    ])
    const policy = { ...anyDid, types: [type], trust }
    const providers = [vcJwtProvider({ ...policy, signers: { [issuer]: signer } })]
    const agent = agentWith<IAsobaCredentials>(asobaCredentials({ providers, policy }))
    const made = await agent.createVerifiableCredential({
      credential: membership(issuer) as never,
      proofFormat: 'vc+jwt',
    })
    expect(await agent.verifyCredential({ credential: made })).toMatchObject({
      verified: true,
      issuer,
      type: 'credential',
      mechanism: 'https',
    })
    const stranger = ourAgent({
      ...policy,
      trust: trustedIssuers({ credential: ['did:web:x.example'] }),
    })
    expect((await stranger.verifyCredential({ credential: made })).error?.errorCode).toBe(
      'issuer.untrusted',
    )
  })
})

describe('6: which provider gets a document', () => {
  it('Veramo’s provider for JWT takes every text, and the first to say yes has the word', async () => {
    const stock = new CredentialProviderJWT()
    for (const document of ['', 'any text', 'eyJ0eXAiOiJkYytzZC1qd3QifQ.e30.AA~']) {
      expect(stock.canVerifyDocumentType({ document })).toBe(true)
    }
    const issuing = ourAgent()
    const { issuer, holder } = await people(issuing)
    const made = await issuing.createVerifiableCredential({
      credential: membership(issuer, holder) as never,
      proofFormat: 'dc+sd-jwt',
    })
    const agent = agentWith(new CredentialPlugin([stock, sdJwtProvider(anyDid)]))
    expect((await agent.verifyCredential({ credential: tokenOf(made) })).verified).toBe(false)
    // In the envelope that our providers make, the order does not matter.
    expect((await agent.verifyCredential({ credential: made })).verified).toBe(true)
  })

  it('ours refuses what not exactly one provider reads', async () => {
    const agent = ourAgent()
    for (const credential of ['', 'any text', 'a.b.c', {}, { proof: {} }]) {
      const result = await agent.verifyCredential({ credential: credential as never })
      expect(result).toMatchObject({
        verified: false,
        problems: [{ code: 'presentation.malformed' }],
      })
    }
    const twice = [vcJwtProvider(anyDid), vcJwtProvider(anyDid)]
    const two = agentWith<IAsobaCredentials>(asobaCredentials({ providers: twice, policy: anyDid }))
    const { issuer, holder } = await people(two)
    const asked = { credential: membership(issuer, holder) as never, proofFormat: 'vc+jwt' }
    await expect(two.createVerifiableCredential(asked)).rejects.toThrow(TypeError)
  })
})

describe('7: results as JSON', () => {
  it('Veramo’s agent fails where a result is none', async () => {
    const agent = createAgent<{ count(): Promise<bigint> }>({
      plugins: [{ methods: { count: async () => 1n } }],
    })
    await expect(agent.count()).rejects.toThrow('BigInt')
  })

  it('ours give nothing but JSON', async () => {
    const agent = ourAgent()
    const { issuer, holder } = await people(agent)
    for (const proofFormat of ['vc+jwt', 'dc+sd-jwt', 'eddsa-jcs-2022']) {
      const made = await agent.createVerifiableCredential({
        credential: membership(issuer, holder) as never,
        proofFormat,
      })
      const presentation = await agent.createVerifiablePresentation({
        presentation: { holder, verifiableCredential: [made] },
        proofFormat,
        domain,
        challenge,
      })
      for (const result of [
        made,
        presentation,
        await agent.verifyCredential({ credential: made }),
        await agent.verifyPresentation({ presentation, domain, challenge }),
        await agent.verifyCredential({ credential: 'nonsense' }),
      ]) {
        expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result)
      }
    }
  })
})

describe('8: validation of arguments and results', () => {
  const validating = <Methods extends object>(plugin: IAgentPlugin) =>
    createAgent<Methods & Base>({ schemaValidation: true, plugins: [...basePlugins(), plugin] })

  const credentialOf = async () => {
    const agent = ourAgent()
    const { issuer, holder } = await people(agent)
    return jwtOf(agent, membershipV1(issuer, holder))
  }

  it('Veramo’s plugin verifies nothing in an agent that validates', async () => {
    const credential = await credentialOf()
    const agent = validating<ICredentialPlugin>(new CredentialPlugin([new CredentialProviderJWT()]))
    const result = await agent.verifyCredential({ credential })
    expect(result.verified).toBe(false)
    expect(result.error?.message).toContain('resolveDid; #/options')
  })

  it('ours verifies, and refuses arguments that leave something out', async () => {
    const credential = await credentialOf()
    const agent = validating<IAsobaCredentials>(
      asobaCredentials({ providers: [jwtV1Provider(anyDid)], policy: anyDid }),
    )
    expect((await agent.verifyCredential({ credential })).verified).toBe(true)
    await expect(agent.verifyPresentation({ presentation: credential } as never)).rejects.toThrow()
  })
})

describe('9: a wrong key', () => {
  it('Veramo’s SecretBox opens nothing, and says nothing', async () => {
    const [one, other] = await Promise.all([
      SecretBox.createSecretKey(),
      SecretBox.createSecretKey(),
    ])
    const sealed = await new SecretBox(one).encrypt('a secret')
    expect(await new SecretBox(other).decrypt(sealed)).toBe('')
  })

  it('our seal refuses', async () => {
    const [one, other] = [1, 2].map((byte) => createSeal(new Uint8Array(32).fill(byte)))
    const now = new Date()
    const expires = new Date(now.getTime() + 1000)
    const sealed = await one?.seal('a secret', { expires, purpose: 'test' })
    await expect(other?.unseal(sealed ?? '', { now, purpose: 'test' })).rejects.toMatchObject({
      code: 'seal.invalid',
    })
  })
})

describe('10: keys', () => {
  it('Veramo’s kms-local has no BLS keys', async () => {
    const kms = new KeyManagementSystem({} as never)
    await expect(kms.createKey({ type: 'Bls12381G2' })).rejects.toThrow()
  })

  it('ours has, and gives no private key out by any call', async () => {
    const kms = asobaKms({ vault: 'process' })
    const manager = new KeyManager({ store: new MemoryKeyStore(), kms: { asoba: kms } })
    const agent = createAgent<Base>({ plugins: [manager] })
    const secret = '11'.repeat(32)
    const imported = { kms: 'asoba', type: 'Ed25519', privateKeyHex: secret } as const
    const found = [
      await agent.keyManagerCreate({ kms: 'asoba', type: 'Bls12381G2' }),
      await agent.keyManagerImport(imported as never),
      await kms.listKeys(),
    ]
    expect(everythingIn(found)).not.toContain(secret)
    expect(everythingIn(found)).not.toContain('privateKeyHex')
  })
})

describe('12: types of an agent', () => {
  it('come from its plugins', async () => {
    const plugins = [
      asobaCredentials({ providers: [vcJwtProvider(anyDid)], policy: anyDid }),
      asobaStatus(anyDid),
    ] as const
    const agent = createAgent<MethodsOf<typeof plugins>>({ plugins: [...plugins] })
    const refused = await agent.verifyCredential({ credential: 'nonsense' })
    const code: string | undefined = refused.error?.errorCode
    expect(code).toBe('presentation.malformed')
  })
})
