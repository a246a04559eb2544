import { bbs2023, bbsSigner, createBbsKey } from '@asoba/bbs'
import { memoryVault, randomSecrets } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { didKeyOf, didResolver, key } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import { snapshotSource } from '@asoba/status'
import { asobaCredentials, type IAsobaCredentials, type IAsobaRoles } from '@asoba/veramo'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { createWallet } from '@asoba/wallet'
import { createAgent } from '@veramo/core'
import { describe, expect, it } from 'vitest'
import { anyDid } from './agents.ts'

const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const agreed = { types: [citizenship], nyms: 2 }
const query = {
  credentials: [
    {
      id: 'citizen',
      format: 'ldp_vc',
      meta: { type_values: [[citizenship.vcdmType]] },
      require_cryptographic_holder_binding: false,
      claims: [{ path: ['credentialSubject', 'citizen'], values: [true] }],
    },
  ],
}

/** Three agents, everything between them in JSON. */
async function agents() {
  const keys = createBbsKey()
  const did = didKeyOf(keys.publicJwk)
  const signer = bbsSigner({ ...keys, verificationMethod: `${did}#${did.slice(8)}` })
  const issuer = createIssuer({
    issuer: did,
    types: { citizenship },
    formats: [bbs2023({ ...agreed, signer })],
    status: 'none',
    validityDays: { citizenship: { epochDays: 90 } },
  })
  const wallet = createWallet({
    formats: [bbs2023(agreed)],
    secrets: randomSecrets(),
    vault: memoryVault(),
  })
  const verifierOf = (audience: string) =>
    createVerifier({
      audience,
      types: [citizenship],
      issuerKeys: issuerKeys({ did: didResolver({ methods: [key] }) }),
      trust: trustedIssuers({ citizenship: [did] }),
      formats: [bbs2023(agreed)],
      status: { source: snapshotSource({}), policy: { citizenship: 'epoch' } },
      seal: createSeal(new Uint8Array(32).fill(7)),
      replay: memoryReplay(),
      clockTolerance: 60,
      maxProofAge: 300,
    })
  const agentOf = (roles: object) =>
    createAgent<IAsobaCredentials & IAsobaRoles>({
      schemaValidation: true,
      plugins: [asobaCredentials({ providers: [], policy: anyDid, ...roles })],
    })
  return {
    did,
    registry: agentOf({ issuer }),
    person: agentOf({ wallet }),
    clinic: agentOf({ verifier: verifierOf('https://clinic.example') }),
    harbour: agentOf({ verifier: verifierOf('https://harbour.example') }),
  }
}

type Agent = Awaited<ReturnType<typeof agents>>['person']

async function hold(registry: Agent, person: Agent, issuer: string): Promise<void> {
  const format = 'ldp_vc/bbs-2023'
  const holders = await person.asobaPrepare({ format, count: 1, issuer })
  const claims = {
    citizen: true,
    given_name: 'Alesia',
    age_equal_or_over: { 14: true, 16: true, 18: true, 21: true, 65: false },
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  const issued = await registry.asobaIssue({ format, type: 'citizenship', claims, holders })
  const credentials = issued.map(({ wire }) => wire as never)
  expect(await person.asobaReceive({ credentials })).toHaveLength(1)
}

async function answer(person: Agent, verifier: Agent) {
  const request = await verifier.asobaRequest({ query })
  const [match] = await person.asobaMatch({ request })
  if (match === undefined) throw new Error('nothing answers')
  const presentation = await person.asobaPresent({ request, match })
  return { presentation, query, state: request.state }
}

describe('roles in an agent', () => {
  it('issue, hold, present and verify, with everything in JSON', async () => {
    const { did, registry, person, clinic } = await agents()
    await hold(registry, person, did)
    const result = await clinic.asobaVerify(await answer(person, clinic))
    expect(result).toMatchObject({ verified: true, claims: { citizen: { citizen: true } } })
    expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result)
  })

  it('know a person again by a pseudonym, each service by its own, and learn no claim', async () => {
    const { did, registry, person, clinic, harbour } = await agents()
    await hold(registry, person, did)
    const pseudonymAt = async (verifier: Agent) => {
      const result = await verifier.asobaPseudonym({
        ...(await answer(person, verifier)),
        id: 'citizen',
      })
      expect(result.verified).toBe(true)
      expect(Object.keys(result).sort()).toEqual(['checks', 'problems', 'pseudonym', 'verified'])
      return String(result['pseudonym'])
    }
    const first = await pseudonymAt(clinic)
    expect(await pseudonymAt(clinic)).toBe(first)
    expect(await pseudonymAt(harbour)).not.toBe(first)
  })

  it('refuse an answer twice, and an answer to another query', async () => {
    const { did, registry, person, clinic, harbour } = await agents()
    await hold(registry, person, did)
    const given = await answer(person, clinic)
    expect((await harbour.asobaVerify(given)).verified).toBe(false)
    expect((await clinic.asobaVerify(given)).verified).toBe(true)
    expect((await clinic.asobaVerify(given)).error?.errorCode).toBe('replay.seen')
  })

  it('that were not given fail', async () => {
    const { person } = await agents()
    await expect(person.asobaRequest({ query })).rejects.toThrow('the agent was given no verifier')
  })
})
