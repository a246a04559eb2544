import {
  type CredentialType,
  type HolderProof,
  type JsonObject,
  memoryVault,
  type PresentationRequest,
  toBase64url,
  type Vault,
  type VerificationContext,
} from '@asoba/core'
import { ageThresholds, type NationTypes, nationTypes } from '@asoba/credentials'
import { createKey, jwkSigner, type KeyPair } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Reuse, type Wallet } from '../src/index.ts'

export const now: Date = new Date('2026-11-24T10:00:00Z')
export const issuer = 'https://registry.nation.example'
export const types: NationTypes = nationTypes({ origin: 'https://nation.example' })
export const { vct } = types.citizenship

const issuerKey: KeyPair = await createKey('ES256')
const signer = await jwkSigner({ privateJwk: issuerKey.privateJwk, verificationMethod: '' })
/** The issuer's side of the format. */
export const issuing: ReturnType<typeof sdJwtVc> = sdJwtVc({ signer })
/** The holder's and the verifier's side. */
export const format: ReturnType<typeof sdJwtVc> = sdJwtVc()

const evidence = { trust_framework: 'asoba', assurance_level: 'P2', month: '2026-11' }

export const citizen: JsonObject = {
  citizen: true,
  given_name: 'Kanstancyja',
  'given_name#be': 'Канстанцыя',
  family_name: 'Bujlo',
  birthdate: '1993-01-14',
  place_of_birth: { country: 'LT', locality: 'Vilnia' },
  nationalities: ['BY', 'LT'],
  age_equal_or_over: ageThresholds('1993-01-14', now),
  evidence,
}

export const doctor: JsonObject = {
  occupation: { isco_08: '2211', title: 'General practitioner' },
  licence: { number: 'K-7731-X', body: 'Chamber of physicians' },
  evidence,
}

/** Issues one copy for each holder. */
export async function issue(
  holders: readonly HolderProof[],
  options: {
    readonly type?: CredentialType
    readonly claims?: JsonObject
    readonly validFrom?: Date
    readonly validUntil?: Date
    readonly firstIndex?: number
  } = {},
): Promise<string[]> {
  const { type = types.citizenship, claims = citizen } = options
  const { validFrom = now, validUntil = new Date('2027-02-01'), firstIndex = 100 } = options
  const secured = holders.map((holder, at) =>
    issuing.secure(
      {
        type,
        issuer,
        claims,
        validFrom,
        validUntil,
        status: {
          kind: 'token-status-list',
          uri: 'https://registry.nation.example/status/1',
          index: firstIndex + at * 17,
        },
      },
      holder,
    ),
  )
  return (await Promise.all(secured)).map(({ wire }) => wire as string)
}

export interface Given {
  readonly wallet: Wallet
  readonly vault: Vault
}

/** A wallet with so many copies of a citizenship credential. */
export async function walletWith(
  copies: number,
  options: { readonly reuse?: Reuse; readonly vault?: Vault; readonly now?: () => Date } = {},
): Promise<Given> {
  const vault = options.vault ?? memoryVault()
  const wallet = createWallet({
    formats: [format],
    vault,
    now: options.now ?? (() => now),
    ...(options.reuse === undefined ? {} : { reuse: options.reuse }),
  })
  if (copies > 0) {
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: copies })
    await wallet.receive(await issue(holders))
  }
  return { wallet, vault }
}

/** A request for claims of the citizenship credential. */
export function requestFor(
  paths: readonly (readonly (string | number | null)[])[],
  options: Partial<PresentationRequest> = {},
): PresentationRequest {
  return {
    query: {
      credentials: [
        {
          id: 'citizen',
          format: 'dc+sd-jwt',
          meta: { vct_values: [vct] },
          ...(paths.length === 0 ? {} : { claims: paths.map((path) => ({ path })) }),
        },
      ],
    },
    nonce: toBase64url(crypto.getRandomValues(new Uint8Array(16))),
    audience: 'https://clinic.example',
    state: 'sealed-state',
    ...options,
  }
}

/** How a verifier that trusts the issuer looks at one presented credential. */
export function contextFor(request: PresentationRequest): VerificationContext {
  return {
    audience: request.audience,
    nonce: request.nonce,
    purpose: 'present',
    now,
    clockTolerance: 0,
    maxProofAge: 300,
    findIssuer: async () => ({
      verified: true,
      checks: [],
      issuer,
      type: 'citizenship',
      keys: [issuerKey.publicJwk],
      mechanism: 'https',
    }),
    findHolderKey: async () => {
      throw new Error('an SD-JWT VC names its key itself')
    },
    holderBinding: () => 'required',
  }
}

/** Every text that a vault holds. */
export async function contentsOf(vault: Vault): Promise<string> {
  const records = await Promise.all(
    (await vault.list()).map(async (id) => {
      const bytes = (await vault.get(id)) ?? new Uint8Array()
      return `${id} ${new TextDecoder().decode(bytes)} ${toBase64url(bytes)}`
    }),
  )
  return records.join('\n')
}

/** The leaves of a tree as `path: value`. */
export function leaves(value: unknown, path: readonly (string | number)[] = []): string[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return [`${JSON.stringify(path)}: ${JSON.stringify(value)}`]
  }
  return Object.entries(value).flatMap(([name, below]) =>
    leaves(below, [...path, Array.isArray(value) ? Number(name) : name]),
  )
}
