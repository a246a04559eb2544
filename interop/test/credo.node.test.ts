import { problem, randomSecrets, refused, type VerificationContext } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { createKey, didJwkOf, didResolver, jwk as jwkMethod, jwkSigner, key } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { issuerKeys } from '@asoba/verifier'
import { Kms } from '@credo-ts/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import {
  credoAnswers,
  credoAsks,
  credoCertificates,
  credoOffers,
  credoReceives,
  membershipFor,
  peerVct,
} from './credo-roles.ts'

let credo: Credo
let issuer: { readonly did: string; readonly didUrl: string }
beforeAll(async () => {
  credo = await credoAgent(membershipFor(() => issuer.didUrl))
  issuer = await didKeyOf(credo)
}, 60_000)
afterAll(() => credo.close())

const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const audience = 'x509_san_dns:verifier.example'
const nonce = 'n-0S6_WzA2Mj'

test('Credo 0.6.3 runs in memory: it issues, presents and verifies an SD-JWT VC', async () => {
  const wire = await presentedByCredo()
  const judged = await credo.agent.sdJwtVc.verify({
    compactSdJwtVc: wire,
    keyBinding: { audience, nonce },
  })
  expect(judged.isValid).toBe(true)
  expect(judged.sdJwtVc?.prettyClaims).toMatchObject({ citizen: true })
  expect(judged.sdJwtVc?.prettyClaims).not.toHaveProperty('given_name')
})

test('Credo 0.6.3 runs in memory: it offers, receives, asks and answers over HTTP', async () => {
  const { offer, txCode } = await credoOffers(credo)
  const [credential] = await credoReceives(credo, offer, txCode)
  expect(credential?.record.credentialInstances).toHaveLength(2)
  const { anchor, leaf } = await credoCertificates(credo)
  const { link, judged } = await credoAsks(
    credo,
    { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_san_dns' },
    {
      credentials: [
        {
          id: 'member',
          format: 'dc+sd-jwt',
          meta: { vct_values: [peerVct] },
          claims: [{ path: ['member'] }],
        },
      ],
    },
  )
  const answer = await credoAnswers(credo, link, { anchors: [anchor] })
  expect(answer.ok).toBe(true)
  const { dcql } = await judged()
  expect(dcql?.presentationResult.can_be_satisfied).toBe(true)
})

/** A citizenship as Credo issues and presents it. */
async function presentedByCredo(kb: { readonly issuedAt?: number } = {}): Promise<string> {
  const { sdJwtVc: api, kms } = credo.agent
  const holder = await kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const now = Math.floor(Date.now() / 1000)
  const signed = await api.sign({
    payload: {
      vct: citizenship.vct,
      exp: now + 3600,
      citizen: true,
      given_name: 'Ales',
      evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
    },
    disclosureFrame: { _sd: ['citizen', 'given_name'] },
    issuer: { method: 'did', didUrl: issuer.didUrl },
    holder: { method: 'jwk', jwk: Kms.PublicJwk.fromPublicJwk(holder.publicJwk) },
  })
  return api.present({
    sdJwtVc: { ...signed, kmsKeyId: holder.keyId },
    presentationFrame: { citizen: true },
    verifierMetadata: { audience, nonce, issuedAt: now, ...kb },
  })
}

/** Our verifier's context for credentials of one DID. */
function contextFor(did: string): VerificationContext {
  const find = issuerKeys({ did: didResolver({ methods: [key, jwkMethod] }) })
  const entry = { issuer: did, types: ['citizenship'], mechanism: 'did' } as const
  return {
    audience,
    nonce,
    purpose: 'present',
    now: new Date(),
    clockTolerance: 60,
    maxProofAge: 300,
    findIssuer: async (claim) => {
      const found = await find.find(entry as never, claim, { at: new Date() })
      return found.verified
        ? { ...found, issuer: did, type: 'citizenship', mechanism: 'did' }
        : found
    },
    findHolderKey: async () => refused([problem('did.not-found', 'no holder has a DID here')]),
    holderBinding: () => 'required',
  }
}

test('we verify what Credo issues and presents', async () => {
  const judged = await sdJwtVc().verify(await presentedByCredo(), contextFor(issuer.did))
  expect(judged).toMatchObject({ verified: true, holder: { kind: 'cnf', proven: true } })
  expect(judged.verified && judged.subject).toMatchObject({ citizen: true })
})

test('Credo verifies a citizenship that we issue and present', async () => {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  const format = sdJwtVc({ signer, decoys: 1 })
  const { proof, retained } = await format.prepareHolder(randomSecrets())
  const validFrom = new Date()
  const validUntil = new Date(validFrom.getTime() + 30 * 86_400_000)
  const claims = {
    citizen: true,
    given_name: 'Ales',
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  }
  const input = { type: citizenship, issuer: did, claims, validFrom, validUntil }
  const credential = await format.secure(input, proof)
  const to = { audience, nonce, purpose: 'present', now: validFrom } as const
  const { wire } = await format.present(credential, [['citizen']], to, retained)
  const judged = await credo.agent.sdJwtVc.verify({
    compactSdJwtVc: wire as string,
    keyBinding: { audience, nonce },
  })
  expect(judged.isValid).toBe(true)
  expect(judged.sdJwtVc?.prettyClaims).toMatchObject({ citizen: true, vct: citizenship.vct })
  expect(judged.sdJwtVc?.prettyClaims).not.toHaveProperty('given_name')
})
