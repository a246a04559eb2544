import type { AcceptedContexts, JsonObject, TrustedIssuer } from '@asoba/core'
import type { JudgedCredential } from '@asoba/core/judge'
import { createKey, jwkSigner } from '@asoba/did'
import {
  addProof,
  bundledContexts,
  type Cryptosuite,
  createJsonLd,
  deriveProof,
  verifyCredential,
  verifyPresentation,
} from '../../src/index.ts'
import { contexts, type Original, proofs, v1, v2 } from './originals.ts'
import { vocabularyOf } from './vocabulary.ts'

export const issuer = 'did:web:registry.example'
export const holder = 'did:web:holder.example'
export const now = new Date('2026-06-01T00:00:00Z')
export const audience = 'https://tax.example'
export const nonce = 'n-1'

export const processor = createJsonLd({ contexts })
export const vocabulary = vocabularyOf([
  ...bundledContexts.map(({ url, text }) => ({ url, document: JSON.parse(text) as JsonObject })),
  ...contexts,
])

const pairs = {
  EdDSA: await createKey('EdDSA'),
  ES256: await createKey('ES256'),
  ES384: await createKey('ES384'),
}
const keys = Object.values(pairs).map(({ publicJwk }) => publicJwk)

export async function signerOf(algorithm: keyof typeof pairs, controller = issuer) {
  const { privateJwk } = pairs[algorithm]
  return jwkSigner({ privateJwk, verificationMethod: `${controller}#${algorithm}` })
}

/** What a verifier expects who trusts the issuer for the type of an original. */
export function expectation({ contexts: listed }: Pick<Original, 'contexts'>) {
  const accepted: AcceptedContexts = listed ?? 'any'
  const trusted = { issuer, type: 'licence', mechanism: 'did', contexts: accepted } as const
  const algorithms: Readonly<Record<string, readonly (typeof keys)[number][]>> = {
    EdDSA: [pairs.EdDSA.publicJwk],
    ES256: [pairs.ES256.publicJwk],
    ES384: [pairs.ES384.publicJwk],
  }
  return {
    now,
    clockTolerance: 60,
    findIssuer: async ({ issuer: named, algorithm }: { issuer?: string; algorithm: string }) => {
      if (named !== issuer) return refusedIssuer
      const own: TrustedIssuer = { ...trusted, keys: algorithms[algorithm] ?? [] }
      return { verified: true as const, checks: [], ...own }
    },
  }
}

const refusedIssuer = {
  verified: false as const,
  problems: [{ code: 'issuer.untrusted' as const, detail: 'somebody else' }] as const,
  checks: [],
}

/** All that a verifier learns of a credential; undefined where it is refused. */
export async function judged(
  document: unknown,
  suite: Cryptosuite,
  original: Original,
): Promise<unknown> {
  const result = await verifyCredential(document, { ...expectation(original), suites: [suite] })
  if (!result.verified) return undefined
  const { checks: _, ...facts } = result
  return comparable(facts, original)
}

/**
 * What must be the same however a credential is written: all but the names of its contexts, where a
 * policy accepts any.
 */
function comparable(
  { credential, ...facts }: Partial<JudgedCredential>,
  { contexts: accepted }: Original,
): JsonObject {
  const { '@context': named, ...rest } = credential ?? {}
  return {
    ...facts,
    credential: accepted === undefined ? rest : { '@context': named, ...rest },
  } as never
}

function byText(a: JsonObject, b: JsonObject): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

/** A credential as a verifier gets it. */
export async function shown(
  { credential, proofEnds = '2030-01-01T00:00:00Z' }: Original,
  suite: Cryptosuite,
  algorithm: keyof typeof pairs,
): Promise<JsonObject> {
  const signed = await addProof(credential, {
    suite,
    signer: await signerOf(algorithm),
    proofPurpose: 'assertionMethod',
    created: new Date('2026-01-01T00:00:00Z'),
    expires: new Date(proofEnds),
    ...(suite.derive !== undefined && { mandatoryPointers: [''] }),
  })
  return suite.derive === undefined ? signed : deriveProof(signed, { suite, pointers: [] })
}

/** A presentation of credentials, for our audience. */
export async function presented(
  credentials: readonly JsonObject[],
  suite: Cryptosuite,
): Promise<JsonObject> {
  const [first] = [credentials[0]?.['@context']].flat()
  const document = {
    '@context': first === v1 ? [v1, proofs] : [v2],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: credentials,
  }
  return addProof(document, {
    suite,
    signer: await signerOf('EdDSA', holder),
    proofPurpose: 'authentication',
    created: now,
    domain: audience,
    challenge: nonce,
  })
}

/** All that a verifier learns of a presentation; undefined where it is refused. */
export async function judgedPresentation(
  document: unknown,
  suite: Cryptosuite,
  original: Original,
  holders: Cryptosuite = suite,
): Promise<unknown> {
  const result = await verifyPresentation(document, {
    ...expectation(original),
    audience,
    nonce,
    maxProofAge: 300,
    findHolderKey: async (method: string) => ({
      verified: true as const,
      checks: [],
      controller: method.split('#')[0] ?? '',
      publicJwk: pairs.EdDSA.publicJwk,
    }),
    holderBinding: () => 'bearer' as const,
    suites: [suite],
    presentationSuites: [holders],
  })
  if (!result.verified) return undefined
  const { checks: _, credentials, ...facts } = result
  // In which order credentials stand in a presentation is in no statement.
  const all = credentials.map((one) => comparable(one, original))
  return { ...facts, credentials: all.sort(byText) }
}
