import type { JsonObject, TrustedIssuer } from '@asoba/core'
import {
  addProof,
  createJsonLd,
  eddsaRdfc2022,
  type RdfProcessor,
  verifyCredential,
} from '@asoba/data-integrity'
import { createKey, jwkSigner } from '@asoba/did'
import { compare } from './compare.ts'
import { contexts, issuer, samples } from './data-integrity-samples.ts'

/** What makes a context one that only the whole of JSON-LD reads; it changes no meaning. */
const notCompiled = { nothing: { '@id': '@nest' } }

/**
 * What it costs to read a credential from its statements, and not from the JSON that was sent:
 * verification as it is, beside one whose processor has the reading at hand. With contexts that are
 * compiled, and with one that only all of JSON-LD reads.
 *
 * @returns whether it is at most 15 % of a verification with all of JSON-LD
 */
export async function benchReading(): Promise<boolean> {
  let met = true
  for (const whole of [false, true]) {
    for (const { name, credential } of samples) {
      const [base, own] = credential['@context'] as readonly [string, string]
      const inner = contexts.get(own)?.['@context'] as JsonObject
      const document = { '@context': whole ? { ...inner, ...notCompiled } : inner }
      const processor = createJsonLd({ contexts: [{ url: own, document }] })
      const accepted = [base, own]
      const path = whole ? 'all of JSON-LD' : 'compiled contexts'
      const input = { credential, processor, accepted, limited: whole }
      met = (await benchOne(`${name}, ${path}`, input)) && met
    }
  }
  return met
}

async function benchOne(
  title: string,
  input: {
    readonly credential: JsonObject
    readonly processor: RdfProcessor
    readonly accepted: readonly string[]
    /** Whether the bound holds; where contexts are compiled, all the rest takes a fifth of the time. */
    readonly limited: boolean
  },
): Promise<boolean> {
  const { credential, processor, accepted, limited } = input
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#key-1` })
  const trusted: TrustedIssuer = {
    issuer,
    type: 'example',
    keys: [publicJwk],
    mechanism: 'did',
    contexts: accepted,
  }
  const context = {
    now: new Date(),
    clockTolerance: 0,
    findIssuer: async () => ({ verified: true as const, checks: [], ...trusted }),
  }
  const suite = eddsaRdfc2022(processor)
  const signed = await addProof(credential, { suite, signer, proofPurpose: 'assertionMethod' })
  const { proof: _, ...unsecured } = signed
  const lines = await processor.toNQuads(unsecured)
  const type = 'https://www.w3.org/2018/credentials#VerifiableCredential'
  const reading = await processor.read(lines, unsecured['@context'] ?? [], { type })
  const atHand = eddsaRdfc2022({ ...processor, read: async () => reading })
  const run = (own: typeof suite) => async () => {
    const judged = await verifyCredential(signed, { ...context, suites: [own] })
    if (!judged.verified) throw new Error(judged.problems[0].code)
  }
  return compare(
    `verify eddsa-rdfc-2022, ${title}`,
    [
      { name: 'read from statements', run: run(suite) },
      { name: 'the reading at hand', run: run(atHand) },
    ],
    limited ? [{ within: 1.15, of: 'the reading at hand' }] : [],
    { rounds: 75, warmUpMs: 700 },
  )
}
