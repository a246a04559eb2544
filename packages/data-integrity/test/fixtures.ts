import {
  type CredentialType,
  fromBase64url,
  type JsonObject,
  type PresentationContext,
  parseJson,
  problem,
  refused,
  type SecretSource,
  type SecureInput,
  type Signer,
  type VerificationContext,
  type Verified,
} from '@asoba/core'
import { createKey, jwkSigner, validatePublicJwk } from '@asoba/did'
import {
  type ContextDocument,
  type Cryptosuite,
  createJsonLd,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  ecdsaSd2023,
  eddsaJcs2022,
  eddsaRdfc2022,
  type RdfProcessor,
} from '../src/index.ts'

export const issuer = 'did:web:registry.example'
export const now = new Date('2026-03-01T12:00:00Z')
export const audience = 'https://tax.example'
export const nonce = 'n-0S6_WzA2Mj'
export const contextUrl = 'https://nation.example/contexts/v1'

const claim = (name: string, disclosable: 'always' | 'never') => ({
  path: [name],
  disclosable,
  mandatory: true,
  label: { be: name, en: name },
})

/** A type as the nation's would be, without its package. */
export const citizenship: CredentialType = {
  name: 'citizenship',
  vct: 'https://nation.example/types/citizenship',
  vctIntegrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  vcdmType: 'CitizenshipCredential',
  contexts: ['https://www.w3.org/ns/credentials/v2', contextUrl],
  types: ['VerifiableCredential', 'CitizenshipCredential'],
  subjectTypes: ['Person'],
  claims: [
    claim('citizen', 'always'),
    claim('given_name', 'always'),
    claim('address', 'always'),
    claim('nation', 'never'),
  ],
  schema: {},
  holderBinding: 'required',
  validate: () => [],
}

const term = (name: string): string => `https://nation.example/terms#${name}`
const contextsWith = (inner: JsonObject): readonly ContextDocument[] => [
  {
    url: contextUrl,
    document: {
      '@context': {
        '@protected': true,
        CitizenshipCredential: term('CitizenshipCredential'),
        Person: {
          '@id': 'https://schema.org/Person',
          '@context': {
            '@protected': true,
            citizen: term('citizen'),
            given_name: term('given_name'),
            nation: term('nation'),
            // Terms of a type do not reach into what lies below.
            address: {
              '@id': term('address'),
              '@context': {
                ...inner,
                locality: term('locality'),
                country: term('country'),
              },
            },
          },
        },
      },
    },
  },
]
export const contexts: readonly ContextDocument[] = contextsWith({ '@protected': true })
export const jsonLd: RdfProcessor = createJsonLd({ contexts })
/** The same terms where nothing of it is compiled, for one keyword: all of JSON-LD has to read it. */
export const slowContexts: readonly ContextDocument[] = contextsWith({ '@propagate': true })
export const slowJsonLd: RdfProcessor = createJsonLd({ contexts: slowContexts })

export const claims: JsonObject = {
  citizen: true,
  given_name: 'Alesia',
  address: { locality: 'Vilnia', country: 'LT' },
  nation: 'https://nation.example/',
}

export const input: SecureInput = {
  type: citizenship,
  issuer,
  claims,
  validFrom: new Date('2026-01-01T11:22:33.123Z'),
  validUntil: new Date('2027-01-01T00:00:00Z'),
}

const keys = {
  EdDSA: await createKey('EdDSA'),
  ES256: await createKey('ES256'),
  ES384: await createKey('ES384'),
}

/** The issuer's signer of an algorithm. */
export function signerFor(algorithm: keyof typeof keys): Promise<Signer> {
  const { privateJwk } = keys[algorithm]
  return jwkSigner({ privateJwk, verificationMethod: `${issuer}#${algorithm}` })
}

export const eddsa: Signer = await signerFor('EdDSA')
export const es256: Signer = await signerFor('ES256')
export const es384: Signer = await signerFor('ES384')

/** Every suite with a signer for it. */
export const suites: readonly { readonly suite: Cryptosuite; readonly signer: Signer }[] = [
  { suite: eddsaJcs2022(), signer: eddsa },
  { suite: eddsaRdfc2022(jsonLd), signer: eddsa },
  { suite: ecdsaJcs2019(), signer: es256 },
  { suite: ecdsaRdfc2019(slowJsonLd), signer: es384 },
  { suite: ecdsaSd2023(slowJsonLd), signer: es256 },
]

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
    findIssuer: async ({ issuer: named, types, algorithm, kid }) => {
      const found = Object.entries(keys).find(([name]) => name === algorithm)
      return named === issuer && types.includes('CitizenshipCredential') && found !== undefined
        ? {
            verified: true,
            checks: [],
            issuer,
            type: 'citizenship',
            keys: kid === `${issuer}#${algorithm}` ? [found[1].publicJwk] : [],
            mechanism: 'did',
            contexts: citizenship.contexts,
          }
        : refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')])
    },
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
