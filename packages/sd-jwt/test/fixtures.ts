import {
  type ClaimDefinition,
  type CredentialType,
  type HolderProof,
  type Json,
  type JsonObject,
  type PresentationContext,
  problem,
  randomSecrets,
  refused,
  type SecureInput,
  type Signer,
  toBase64url,
  utf8,
  type VerificationContext,
} from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { type SdJwtVcOptions, sdJwtVc } from '../src/index.ts'

export const issuer = 'https://registry.example'
export const audience = 'https://tax.example'
export const nonce = 'n-0S6_WzA2Mj'
export const now = new Date('2026-03-01T12:00:00Z')
export const seconds = now.getTime() / 1000

const claim = (...path: readonly (string | null)[]): ClaimDefinition => ({
  path,
  disclosable: 'always',
  mandatory: false,
  label: { be: 'б', en: 'e' },
})

/** A type as the nation's would be, without its package. */
export const citizenship: CredentialType = {
  name: 'citizenship',
  vct: 'https://nation.example/types/citizenship/1',
  vctIntegrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  vcdmType: 'CitizenshipCredential',
  contexts: ['https://www.w3.org/ns/credentials/v2', 'https://nation.example/contexts/v1'],
  types: ['VerifiableCredential', 'CitizenshipCredential'],
  subjectTypes: ['Person'],
  claims: [
    claim('citizen'),
    claim('given_name'),
    claim('family_name'),
    claim('age_equal_or_over'),
    claim('age_equal_or_over', '18'),
    claim('age_equal_or_over', '65'),
    claim('nationalities'),
    claim('nationalities', null),
    claim('place_of_birth'),
    claim('place_of_birth', 'locality'),
  ],
  schema: {},
  holderBinding: 'required',
  validate: () => [],
}

export const claims: JsonObject = {
  citizen: true,
  given_name: 'Alesia',
  family_name: 'Kavalchuk',
  age_equal_or_over: { '18': true, '65': false },
  nationalities: ['BY', 'PL', 'LT'],
  place_of_birth: { locality: 'Hrodna', country: 'BY' },
  issuing_authority: 'Registry',
}

export const input: SecureInput = {
  type: citizenship,
  issuer,
  claims,
  validFrom: new Date('2026-01-01T09:41:07.123Z'),
  validUntil: new Date('2027-01-01T00:00:00Z'),
  status: { kind: 'token-status-list', uri: 'https://registry.example/status/1', index: 7 },
}

export const issuerKey = await createKey('ES256')
export const signer: Signer = await jwkSigner({
  privateJwk: issuerKey.privateJwk,
  verificationMethod: 'key-1',
})
export const secrets = randomSecrets()
export const to: PresentationContext = { audience, nonce, purpose: 'present', now }

/** What a verifier that trusts the registry fixes. */
export function context(overrides: Partial<VerificationContext> = {}): VerificationContext {
  return {
    audience,
    nonce,
    purpose: 'present',
    now,
    clockTolerance: 0,
    maxProofAge: 300,
    findIssuer: async (named) =>
      named.issuer === issuer && named.types.includes(citizenship.vct)
        ? {
            verified: true,
            checks: [],
            issuer,
            type: 'citizenship',
            keys: [issuerKey.publicJwk],
            mechanism: 'https',
          }
        : refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')]),
    findHolderKey: async () => refused([problem('did.not-found', 'there are no DIDs here')]),
    holderBinding: () => 'required',
    ...overrides,
  }
}

/** A credential in a holder's hands. */
export interface Held {
  readonly wire: string
  readonly retained: Uint8Array
  readonly proof: HolderProof
}

export async function held(
  overrides: Partial<SecureInput> = {},
  options: SdJwtVcOptions = {},
): Promise<Held> {
  const format = sdJwtVc({ signer, ...options })
  const { proof, retained } = await format.prepareHolder(secrets)
  const { wire } = await format.secure({ ...input, ...overrides }, proof)
  return { wire: wire as string, retained, proof }
}

export const wallet = sdJwtVc()

export async function presented(
  { wire, retained }: Held,
  disclose: readonly (readonly (string | number | null)[])[],
  address: Partial<PresentationContext> = {},
): Promise<string> {
  const secured = { format: 'dc+sd-jwt', wire } as const
  return (await wallet.present(secured, disclose, { ...to, ...address }, retained)).wire as string
}

/** Text of a disclosure, well-formed or not. */
export function disclosure(...parts: readonly Json[]): string {
  return toBase64url(utf8(JSON.stringify(parts)))
}

export async function digestOf(encoded: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', utf8(encoded) as BufferSource)
  return toBase64url(new Uint8Array(bytes))
}

/** An SD-JWT as a careless or hostile issuer would sign it. */
export async function forged(
  payload: JsonObject,
  disclosures: readonly string[] = [],
  header: JsonObject = {},
  by: Signer = signer,
): Promise<string> {
  const jwt = await signJws({ typ: 'dc+sd-jwt', ...header }, payload, by)
  return `${[jwt, ...disclosures].join('~')}~`
}

/** What a bearer credential of the registry has to say. */
export const bare: JsonObject = { iss: issuer, vct: citizenship.vct, exp: seconds + 1000 }

/** Codes of the problems found. */
export function codes(result: { readonly verified: boolean }): readonly string[] {
  return 'problems' in result
    ? (result.problems as readonly { readonly code: string }[]).map(({ code }) => code)
    : []
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
