import {
  canonicalize,
  concatBytes,
  fromBase58,
  type JsonObject,
  problem,
  refused,
  type SignatureAlgorithm,
  type Signer,
  toBase58,
  toBase64url,
  utf8,
  type Verified,
} from '@asoba/core'
import { listOf, markOf } from '@asoba/core/judge'
import { hashForJcsProof, verifySignature } from '@asoba/did'
import type { Cryptosuite, OpenedProof } from '../cryptosuite.ts'
import { problemOf } from '../problem-of.ts'
import { hashStatements, proofConfig } from '../proof-config.ts'
import type { CanonicalHash, RdfProcessor } from '../rdf-processor.ts'
import {
  type ProofToOpen,
  type ReadableProof,
  readStatements,
  type Statements,
} from '../reading/open.ts'

/** Bytes of a signature, and the digest that goes with its curve. */
const kinds: Partial<
  Readonly<Record<SignatureAlgorithm, { readonly length: number; readonly hash: CanonicalHash }>>
> = {
  EdDSA: { length: 64, hash: 'SHA-256' },
  ES256: { length: 64, hash: 'SHA-256' },
  ES384: { length: 96, hash: 'SHA-384' },
}

/** A suite that signs the whole document at once: what eddsa-*-2022 and ecdsa-*-2019 have in common. */
export function wholeDocumentSuite<Name extends string>(
  name: Name,
  algorithms: readonly SignatureAlgorithm[],
  processor?: RdfProcessor,
): Cryptosuite<Name, Signer> {
  // Read twice for each credential: for the key that is due, and to verify.
  let last: unknown
  let found: ReturnType<typeof readSignature>
  const read = (proofValue: unknown) => {
    if (last !== proofValue) found = readSignature(proofValue, algorithms)
    last = proofValue
    return found
  }
  return {
    name,
    algorithms,
    carriesContext: processor === undefined,
    algorithmOf: (proofValue) => read(proofValue)?.algorithm,
    async sign(document, proof, signer, { mandatoryPointers }) {
      const { algorithm } = signer
      const hash = kinds[algorithm]?.hash
      if (hash === undefined || !algorithms.includes(algorithm)) {
        throw new TypeError('the signer is not for this cryptosuite')
      }
      if (mandatoryPointers !== undefined) {
        throw new TypeError('the cryptosuite shows every document whole')
      }
      return `z${toBase58(await signer.sign(await toSign(document, proof, hash, processor)))}`
    },
    async open(input) {
      const opened = await openWhole(input, processor)
      if (!opened.verified) return opened
      const { dataFor, ...readable } = opened
      return {
        ...readable,
        async verify(keys, options) {
          const found = read(input.proof['proofValue'])
          if (found === undefined) return [notASignature]
          const { algorithm, signature, hash } = found
          try {
            const data = await dataFor(hash)
            let known = false
            for (const key of keys) {
              const right = await verifySignature(algorithm, key, data, signature, options)
              if (right === true) return []
              known ||= right === false
            }
            return [known || keys.length === 0 ? wrong : unavailable]
          } catch (error) {
            return [problemOf(error)]
          }
        },
      }
    },
  }
}

const notASignature = problem(
  'proof.malformed',
  'proofValue is no signature of this cryptosuite',
  '/proofValue',
)
const otherContext = problem(
  'proof.malformed',
  'the contexts of the document are not those signed',
  '/@context',
)
const wrong = problem('proof.signature-invalid', 'the signature of the proof is wrong')
const unavailable = problem('proof.unsupported', 'the platform has not the signature algorithm')

/** What a suite over whole documents makes of one, and the bytes that it signs of that. */
async function openWhole(
  input: ProofToOpen,
  processor: RdfProcessor | undefined,
): Promise<
  Verified<
    ReadableProof &
      Pick<OpenedProof, 'mark'> & {
        readonly dataFor: (hash: CanonicalHash) => Promise<Uint8Array>
      }
  >
> {
  const { document, proof, kind } = input
  if (processor === undefined) {
    const signed = underSignedContext(document, proof)
    if (signed === undefined) return refused([otherContext])
    const { proof: _, ...readable } = signed
    const credentials = kind === 'presentation' ? listOf(signed['verifiableCredential']) : []
    const dataFor = (hash: CanonicalHash) => toSign(signed, proof, hash, undefined)
    const read = { document: readable, proof, credentials, unnamed: false }
    const mark = async () => markOf(utf8(canonicalize(readable)))
    return { verified: true, checks: [], ...read, dataFor, mark }
  }
  const read = await readStatements(processor, input)
  if (!read.verified) return read
  const { statements, ...readable } = read
  // Canonical once for both.
  let hashed: Promise<Uint8Array> | undefined
  const hashOnce = () => {
    hashed ??= hashStatements(processor, statements.document)
    return hashed
  }
  return {
    ...readable,
    dataFor: async (hash) =>
      hash === 'SHA-256'
        ? concatBytes(await hashStatements(processor, statements.proof), await hashOnce())
        : hashData(processor, statements, hash),
    mark: async () => toBase64url(await hashOnce()),
  }
}

// Hashing: the proof options first, then the document. With P-384 blank nodes too are told apart
// by SHA-384: vc-di-ecdsa section 3, before 3.1.
async function toSign(
  document: JsonObject,
  proof: JsonObject,
  hash: CanonicalHash,
  processor: RdfProcessor | undefined,
): Promise<Uint8Array> {
  const { proofValue: _, ...config } = proof
  if (processor === undefined) return hashForJcsProof(document, config, hash)
  const statements = {
    document: await processor.toNQuads(document),
    proof: await processor.toNQuads(proofConfig(proof, document)),
  }
  return hashData(processor, statements, hash)
}

async function hashData(
  processor: RdfProcessor,
  statements: Statements,
  hash: CanonicalHash,
): Promise<Uint8Array> {
  return concatBytes(
    await hashStatements(processor, statements.proof, hash),
    await hashStatements(processor, statements.document, hash),
  )
}

function readSignature(proofValue: unknown, algorithms: readonly SignatureAlgorithm[]) {
  // base58btc of 96 bytes has up to 132 characters.
  if (typeof proofValue !== 'string' || proofValue.length > 140 || proofValue[0] !== 'z') {
    return undefined
  }
  const signature = fromBase58(proofValue.slice(1))
  for (const algorithm of algorithms) {
    const kind = kinds[algorithm]
    if (signature !== undefined && kind?.length === signature.length) {
      return { algorithm, signature, hash: kind.hash }
    }
  }
  return undefined
}

/**
 * The document with the contexts that were signed; undefined where it does not begin with them.
 * Whoever passes a document on may add contexts, says the text; nothing else.
 *
 * @see https://www.w3.org/TR/vc-di-eddsa/#verify-proof-eddsa-jcs-2022 step 4
 */
function underSignedContext(document: JsonObject, proof: JsonObject): JsonObject | undefined {
  const signed = proof['@context']
  if (signed === undefined) return document
  const all = [document['@context'] ?? []].flat()
  const begins = [signed].flat().every((one, at) => sameJson(one, all[at]))
  return begins ? { ...document, '@context': signed } : undefined
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
