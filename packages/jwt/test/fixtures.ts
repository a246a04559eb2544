import type {
  CredentialType,
  Json,
  Jwk,
  PresentationContext,
  SecretSource,
  SecureInput,
  Signer,
  VerificationContext,
  Verified,
} from '@asoba/core'
import { fromBase64url, parseJson, problem, refused, toBase64url, utf8 } from '@asoba/core'
import { createKey, didJwkOf, jwkSigner, validatePublicJwk } from '@asoba/did'
import { vcJwt } from '../src/index.ts'

export const issuer = 'did:web:registry.example'
export const now = new Date('2026-03-01T12:00:00Z')
export const audience = 'https://tax.example'
export const nonce = 'n-0S6_WzA2Mj'

/** A type as the nation's would be, without its package. */
export const citizenship: CredentialType = {
  name: 'citizenship',
  vct: 'https://nation.example/types/citizenship',
  vctIntegrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  vcdmType: 'CitizenshipCredential',
  contexts: ['https://www.w3.org/ns/credentials/v2', 'https://nation.example/contexts/v1'],
  types: ['VerifiableCredential', 'CitizenshipCredential'],
  subjectTypes: ['Person'],
  claims: [],
  schema: {},
  holderBinding: 'required',
  validate: () => [],
}

export const input: SecureInput = {
  type: citizenship,
  issuer,
  claims: { citizen: true, given_name: 'Alesia' },
  validFrom: new Date('2026-01-01T00:00:00.123Z'),
  validUntil: new Date('2027-01-01T00:00:00Z'),
}

export const issuerKey = await createKey('ES256')
export const signer: Signer = await jwkSigner({
  privateJwk: issuerKey.privateJwk,
  verificationMethod: `${issuer}#key-1`,
})

/** Random secrets that keep nothing. */
export const secrets: SecretSource = {
  derive: async (_label, length) => crypto.getRandomValues(new Uint8Array(length)),
}

export const to: PresentationContext = { audience, nonce, purpose: 'present', now }

/** What a verifier that trusts the registry fixes. */
export function context(overrides: Partial<VerificationContext> = {}): VerificationContext {
  return {
    audience,
    nonce,
    purpose: 'present',
    now,
    clockTolerance: 60,
    maxProofAge: 300,
    findIssuer: async (claim) =>
      claim.issuer === issuer && claim.types.includes('CitizenshipCredential')
        ? {
            verified: true,
            checks: [],
            issuer,
            type: 'citizenship',
            keys: [issuerKey.publicJwk],
            mechanism: 'did',
          }
        : refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')]),
    findHolderKey: async (url) => {
      const did = url.replace(/#0$/, '')
      const bytes = fromBase64url(did.slice('did:jwk:'.length))
      const publicJwk = bytes && validatePublicJwk(parseJson(bytes))
      return publicJwk === undefined || !did.startsWith('did:jwk:')
        ? refused([problem('did.invalid', 'no such DID')])
        : { verified: true, checks: [], controller: did, publicJwk }
    },
    holderBinding: () => 'required',
    ...overrides,
  }
}

/** Codes of all problems, sorted; `[]` where it verified. */
export function codes(result: Verified<object>): readonly string[] {
  return result.verified ? [] : result.problems.map(({ code }) => code).sort()
}

/** The same value, frozen all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}

/** One part of a compact JWS. */
export function part(value: Json | string): string {
  return toBase64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)))
}

/** The token with another first character in the middle of its signature. */
export function tampered(token: string): string {
  const at = token.lastIndexOf('.') + 10
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

/** Somebody with a key, known by its did:jwk. */
export interface Holder {
  readonly did: string
  readonly publicJwk: Jwk
  readonly signer: Signer
}

export async function holder(): Promise<Holder> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const own = await jwkSigner({ privateJwk, verificationMethod: `${did}#0` })
  return { did, publicJwk, signer: own }
}

/** A compact vc+jwt for the holder. */
export async function issued({ publicJwk }: Pick<Holder, 'publicJwk'>): Promise<string> {
  const { wire } = await vcJwt({ signer }).secure(input, { kind: 'jwk', publicJwk })
  return wire as string
}
