import { type JsonObject, type PresentationRequest, randomSecrets } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { ageThresholds, type NationType, nationTypes } from '@asoba/credentials'
import { didKeyOf, didResolver, key } from '@asoba/did'
import { createIssuer } from '@asoba/issuer'
import {
  createVerifier,
  issuerKeys,
  memoryReplay,
  trustedIssuers,
  type Verifier,
  type VerifierOptions,
} from '@asoba/verifier'
import { createWallet, type Wallet } from '@asoba/wallet'
import { type Bbs2023Profile, bbs2023, bbsSigner, createBbsKey } from '../../src/index.ts'

export const now = new Date('2026-11-24T12:00:00Z')
export const nation = nationTypes({ origin: 'https://nation.example' })
export const types: readonly NationType[] = [nation.citizenship, nation.taxReceipt]

/** A claim value that no refusal may repeat. */
export const secret = 'Sakretny'

export const claims: JsonObject = {
  citizen: true,
  given_name: 'Alena',
  family_name: secret,
  birthdate: '1990-05-17',
  nationalities: ['QS', 'QU'],
  age_equal_or_over: ageThresholds('1990-05-17', now),
  evidence: {
    trust_framework: 'asoba',
    assurance_level: 'P2',
    month: '2026-10',
    check_methods: ['vpip'],
    trust_roots: ['regime-chip'],
  },
}

/** A registry that issues citizenship under one profile. */
export function createRegistry(profile: Partial<Bbs2023Profile> = {}) {
  const { secretKey, publicJwk } = createBbsKey()
  const did = didKeyOf(publicJwk)
  const signer = bbsSigner({ secretKey, verificationMethod: `${did}#${did.slice(8)}` })
  const full = { types, nyms: 2, ...profile }
  const issuer = createIssuer({
    issuer: did,
    types: { citizenship: nation.citizenship },
    formats: [bbs2023({ ...full, signer })],
    status: 'none',
    validityDays: { citizenship: { epochDays: 90 } },
    now: () => now,
  })
  return {
    did,
    publicJwk,
    signer,
    issuer,
    profile: full,
    /** A wallet with the credential of one person. */
    async walletOf(own: JsonObject = claims, secrets = randomSecrets()): Promise<Wallet> {
      const format = bbs2023(full)
      const wallet = createWallet({ formats: [format], secrets, now: () => now })
      const holders = await wallet.prepare({ format: format.id, count: 1, issuer: did })
      const issued = await issuer.issue({
        format: format.id,
        type: 'citizenship',
        claims: own,
        holders,
      })
      await wallet.receive(issued.map(({ wire }) => wire))
      return wallet
    },
  }
}

export type Registry = ReturnType<typeof createRegistry>

export function verifierOf(registry: Registry, change: Partial<VerifierOptions> = {}): Verifier {
  return createVerifier({
    audience: 'https://clinic.example',
    types: [nation.citizenship],
    issuerKeys: issuerKeys({ did: didResolver({ methods: [key] }) }),
    trust: trustedIssuers({ citizenship: [registry.did] }),
    formats: [bbs2023(registry.profile)],
    status: { source: noStatus, policy: { citizenship: 'epoch' } },
    seal: createSeal(new Uint8Array(32).fill(7)),
    replay: memoryReplay({ now: () => now }),
    clockTolerance: 60,
    maxProofAge: 300,
    now: () => now,
    ...change,
  })
}

const noStatus = {
  get: async (): Promise<never> => {
    throw new Error('a BBS credential has no status')
  },
}

/** A query for claims of the citizenship credential. */
export function queryFor(...paths: readonly (readonly (string | number | null)[])[]) {
  return {
    credentials: [
      {
        id: 'citizen',
        format: 'ldp_vc',
        meta: { type_values: [['CitizenshipCredential']] },
        require_cryptographic_holder_binding: false,
        claims: paths.map((path) => ({ path: ['credentialSubject', ...path] })),
      },
    ],
  }
}

/** The one derived credential that a wallet sends. */
export async function shownBy(wallet: Wallet, request: PresentationRequest): Promise<JsonObject> {
  const [match] = await wallet.match(request)
  if (match === undefined) throw new Error('nothing matches')
  const { vp_token } = await wallet.present(request, match)
  return vp_token['citizen']?.[0] as JsonObject
}
