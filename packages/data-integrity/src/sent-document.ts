import {
  isJsonObject,
  type Json,
  type JsonObject,
  jsonLimits,
  type KeyAlgorithm,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { listOf } from '@asoba/core/judge'
import { proofInput } from './add-proof.ts'
import { type Cryptosuite, isProofOf, type OpenedProof } from './cryptosuite.ts'
import type { DocumentKind } from './reading/open.ts'

/** Proofs of one document at most. */
const maxProofs = 16

/**
 * A document as somebody sent it. Its JSON is kept out of reach: whoever passes it on can write it
 * in many ways, and only what a cryptosuite opens is what was signed.
 */
export interface SentDocument {
  /** Its contexts, which no statement holds: for comparison with those that are expected. */
  readonly contexts: readonly Json[]
  readonly proofs: readonly SentProof[]
}

/** One of the proofs, of which nothing is known but how it may be opened. */
export interface SentProof {
  /** JSON pointer to it. */
  readonly path: string
  /** Which of the suites it says it is of; undefined for none. */
  suiteIn(suites: readonly Cryptosuite[]): Cryptosuite | undefined
  /** What its value was made with; undefined where it is none of the suite. */
  algorithmOf(suite: Cryptosuite): KeyAlgorithm | undefined
  /** Whether it says that somebody else than a DID made it: then it need not be opened for that DID. */
  isOfAnother(issuer: string): boolean
  /** What the suite makes of document and proof. Never throws. */
  open(suite: Cryptosuite): Promise<Verified<OpenedProof>>
  /** What it says that it is of, where that is a name that is known; to say more of a proof of no given suite. */
  readonly called: string | undefined
  /** Its options as sent, to say more of a proof that cannot be opened; for nothing else. */
  readonly unreadable: JsonObject
}

/** The proofs of a document, and no more of it. Never throws. */
export function readSent(document: unknown, kind: DocumentKind): Verified<SentDocument> {
  if (!isJsonObject(document) || !shallow(document)) {
    return refused([problem('input.malformed', 'a secured document is a JSON object')])
  }
  const { proof, ...unsecured } = document
  const all = listOf(proof)
  const proofs = all.filter(isJsonObject)
  if (proofs.length === 0 || proofs.length !== all.length || proofs.length > maxProofs) {
    const detail = 'a secured document has one or more proofs, and not too many'
    return refused([problem('proof.malformed', detail, '/proof')])
  }
  const ids = proofs.flatMap(({ id }) => id ?? [])
  if (new Set(ids).size !== ids.length) {
    return refused([problem('proof.malformed', 'two proofs have one name', '/proof')])
  }
  return {
    verified: true,
    checks: [],
    contexts: listOf(unsecured['@context']),
    proofs: proofs.map((one, index) => ({
      path: Array.isArray(proof) ? `/proof/${index}` : '/proof',
      suiteIn: (suites) => suites.find((suite) => isProofOf(suite, one)),
      algorithmOf: (suite) => suite.algorithmOf(one[suite.proofType?.value ?? 'proofValue']),
      isOfAnother: (issuer) =>
        issuer.startsWith('did:') &&
        typeof one['verificationMethod'] === 'string' &&
        !one['verificationMethod'].startsWith(`${issuer}#`),
      async open(suite) {
        const input = proofInput(unsecured, one, proofs)
        if (input === undefined) return refused([missing])
        return suite.open({ document: input, proof: one, kind })
      },
      called: knownProofs.find((name) => name === one['cryptosuite'] || name === one['type']),
      unreadable: one,
    })),
  }
}

/** Suites by which deployed documents are secured; the most telling name of a proof first. */
const knownProofs: readonly string[] = [
  ...['bbs-2023', 'ecdsa-jcs-2019', 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'],
  ...['eddsa-jcs-2022', 'eddsa-rdfc-2022'],
  ...['BbsBlsSignature2020', 'BbsBlsSignatureProof2020', 'EcdsaSecp256k1Signature2019'],
  ...['EcdsaSecp256r1Signature2019', 'Ed25519Signature2018', 'Ed25519Signature2020'],
  ...['JcsEd25519Signature2020', 'JsonWebSignature2020', 'RsaSignature2018'],
]

const missing = problem(
  'proof.malformed',
  'the proof builds on one that is not there',
  '/previousProof',
)

/** What is deeper than any JSON that we parse: no recursive reader must see it. */
function shallow(value: unknown, depth: number = jsonLimits.maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((one) => shallow(one, depth - 1))
}
