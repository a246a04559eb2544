import {
  type CredentialFormat,
  type HolderProof,
  type JsonObject,
  type Jwk,
  type Refused,
  randomSecrets,
  type Signer,
  type StatusReference,
  type StatusSource,
  type TrustEntry,
} from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { createKey, didJwkOf, didResolver, holderKeys, jwk, jwkSigner } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, snapshotSource, tokenStatusList } from '@asoba/status'
import { everythingIn } from '@asoba/testing'
import {
  createVerifier,
  issuerKeys,
  memoryReplay,
  type QueryInput,
  trustedIssuers,
  type VerificationResult,
  type VerifierOptions,
} from '@asoba/verifier'
import { expect } from 'vitest'

/** Noon of a day; the whole nation lives on it. */
export const now: Date = new Date('2026-11-23T12:00:00Z')
export const { citizenship, residency } = nationTypes({ origin: 'https://nation.example' })
export const statusUri = 'https://registry.example/status/1'
export const secret = 'Planted-Prykladnaja'

export const citizenQuery = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [citizenship.vct] },
      claims: [{ path: ['citizen'], values: [true] }],
    },
  ],
} as const satisfies QueryInput

export const claims: JsonObject = {
  citizen: true,
  given_name: secret,
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': true, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
}

/** An issuer with its list, and a wallet's worth of one credential. */
export interface Registry {
  readonly did: string
  readonly publicJwk: Jwk
  readonly signer: Signer
  issue(change?: Partial<Issuing>): Promise<Held>
  /** A source with the list as it is now. */
  source(): Promise<StatusSource>
  /** The list as it is now, as a trust entry carries it. */
  snapshot(): Promise<NonNullable<TrustEntry['statusSnapshot']>>
  revoke(held: Held): Promise<void>
  suspend(held: Held): Promise<void>
}

interface Issuing {
  readonly claims: JsonObject
  readonly validFrom: Date
  readonly validUntil: Date
  readonly status: StatusReference | undefined
  readonly holder: HolderProof
  readonly issuer: string
}

/** A credential with the secret of its holder key. */
export interface Held {
  readonly wire: string
  readonly retained: Uint8Array
  readonly status: StatusReference | undefined
  present(
    request: { readonly nonce: string; readonly audience: string; readonly state?: string },
    options?: {
      readonly disclose?: readonly (readonly string[])[]
      readonly id?: string
      readonly at?: Date
    },
  ): Promise<{ readonly vp_token: Readonly<Record<string, string[]>>; readonly state?: string }>
}

/** An issuer of SD-JWT VC, or of what the given format is. */
export async function createRegistry(
  makeFormat: (options: { readonly signer: Signer }) => CredentialFormat = sdJwtVc,
): Promise<Registry> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  const format = makeFormat({ signer })
  const list = tokenStatusList({
    uri: statusUri,
    size: 1024,
    bits: 2,
    ttl: 300,
    lifetime: 86_400,
    store: memoryStatusStore(),
    signer,
  })
  const entryOf = ({ status }: Held): StatusReference => {
    if (status === undefined) throw new Error('the copy has no status')
    return status
  }
  const snapshot = async () => {
    const { body, mediaType } = await list.publish({ now })
    const bytes = new TextEncoder().encode(body)
    return { [statusUri]: { bytes, mediaType, fetchedAt: now } }
  }
  return {
    did,
    publicJwk,
    signer,
    issue: async (change = {}) => {
      const { proof, retained } = await format.prepareHolder(randomSecrets())
      const status = 'status' in change ? change.status : (await list.allocate(1))[0]
      const secured = await format.secure(
        {
          type: citizenship,
          issuer: change.issuer ?? did,
          claims: change.claims ?? claims,
          validFrom: change.validFrom ?? new Date('2026-11-01T00:00:00Z'),
          validUntil: change.validUntil ?? new Date('2027-01-30T00:00:00Z'),
          ...(status && { status }),
        },
        change.holder ?? proof,
      )
      return {
        wire: secured.wire as string,
        retained,
        status,
        present: async (request, { disclose = [['citizen']], id = 'citizen', at = now } = {}) => {
          const { nonce, audience, state } = request
          const to = { nonce, audience, purpose: 'present', now: at } as const
          const { wire } = await format.present(secured, disclose, to, retained)
          return { vp_token: { [id]: [wire as string] }, ...(state !== undefined && { state }) }
        },
      }
    },
    source: async () => snapshotSource(await snapshot()),
    snapshot,
    revoke: (held) => list.revoke(entryOf(held)),
    suspend: (held) => list.suspend(entryOf(held)),
  }
}

export const sealKey: Uint8Array = new Uint8Array(32).fill(7)

/** A clinic that trusts the registry for citizenship. */
export async function clinicOptions(registry: Registry): Promise<VerifierOptions> {
  const resolver = didResolver({ methods: [jwk] })
  return {
    audience: 'https://clinic.example',
    types: [citizenship, residency],
    issuerKeys: issuerKeys({ did: resolver }),
    trust: trustedIssuers({ citizenship: [registry.did] }),
    formats: [sdJwtVc()],
    status: await registry.source(),
    seal: createSeal(sealKey),
    replay: memoryReplay({ now: () => now }),
    clockTolerance: 60,
    maxProofAge: 300,
    holderKeys: holderKeys(resolver),
    now: () => now,
  }
}

export async function clinic(registry: Registry, change: Partial<VerifierOptions> = {}) {
  return createVerifier({ ...(await clinicOptions(registry)), ...change })
}

/** Codes of the problems, each once; `accepted` where there are none. No refusal holds the secret. */
export function codesOf(result: Pick<VerificationResult, 'verified'> | Refused): readonly string[] {
  expect(everythingIn(result.verified ? [] : result)).not.toContain(secret)
  return 'problems' in result ? [...new Set(result.problems.map(({ code }) => code))] : ['accepted']
}

/** The same value, frozen all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}
