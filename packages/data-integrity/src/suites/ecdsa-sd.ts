import {
  AsobaError,
  concatBytes,
  fromBase58,
  type JsonObject,
  type Jwk,
  problem,
  type SignatureBackend,
  type Signer,
  toBase58,
  utf8,
} from '@asoba/core'
import { markOf } from '@asoba/core/judge'
import { createKey, jwkSigner, jwkToMultikey, multikeyToJwk, verifySignature } from '@asoba/did'
import type { Cryptosuite } from '../cryptosuite.ts'
import { canonicalizeAndGroup, hashMandatory, labelStatements, verifierLabels } from '../group.ts'
import { createHmac } from '../hmac.ts'
import { givenLabels, hmacLabels } from '../label-maps.ts'
import { problemOf } from '../problem-of.ts'
import { hashProofConfig, hashStatements } from '../proof-config.ts'
import type { RdfProcessor } from '../rdf-processor.ts'
import { readStatements, type Statements } from '../reading/open.ts'
import { selectJsonLd } from '../select.ts'
import {
  type DerivedProof,
  decodeBaseProof,
  decodeDerivedProof,
  encodeBaseProof,
  encodeDerivedProof,
} from './ecdsa-sd-values.ts'

/**
 * ECDSA with P-256 over each statement of JSON-LD, so that the holder chooses what to show. The
 * presentations of one credential can be linked by their signatures: it hides claims, not persons.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023
 */
export function ecdsaSd2023(processor: RdfProcessor): Cryptosuite<'ecdsa-sd-2023', Signer> {
  return {
    name: 'ecdsa-sd-2023',
    carriesContext: false,
    algorithms: ['ES256'],
    algorithmOf: (proofValue) =>
      (decodeDerivedProof(proofValue) ?? decodeBaseProof(proofValue)) && 'ES256',
    sign: (document, proof, signer, { mandatoryPointers = [] }) =>
      signBase(processor, { document, proof, mandatoryPointers }, signer),
    mandatoryPointersOf: ({ proofValue }) => decodeBaseProof(proofValue)?.mandatoryPointers,
    derive: (document, proof, pointers) => derive(processor, { document, proof, pointers }),
    async open(input) {
      const read = await readStatements(processor, input)
      if (!read.verified) return read
      const { statements, ...readable } = read
      const parts = decodeDerivedProof(input.proof['proofValue'])
      let data: ReturnType<typeof verifyData> | undefined
      return {
        ...readable,
        mark: async () => data && markOf((await data).toVerify),
        async verify(keys, options) {
          if (parts === undefined) return [notDerived]
          try {
            data ??= verifyData(processor, statements, parts)
            return (await verifyDerived(await data, { parts, keys, ...options })) ? [] : [wrong]
          } catch (error) {
            return [problemOf(error)]
          }
        },
      }
    },
  }
}

const notDerived = problem(
  'proof.malformed',
  'proofValue is no derived proof of ecdsa-sd-2023',
  '/proofValue',
)
const wrong = problem('proof.signature-invalid', 'a signature of the proof is wrong')

/** @see https://www.w3.org/TR/vc-di-ecdsa/#create-base-proof-ecdsa-sd-2023 */
async function signBase(
  processor: RdfProcessor,
  input: {
    readonly document: JsonObject
    readonly proof: JsonObject
    readonly mandatoryPointers: readonly string[]
  },
  signer: Signer,
): Promise<string> {
  const { document, proof, mandatoryPointers } = input
  if (signer.algorithm !== 'ES256') throw new TypeError('ecdsa-sd-2023 needs an ES256 signer')
  // Base Proof Transformation: the labels must not be guessed from what is shown.
  const hmacKey = crypto.getRandomValues(new Uint8Array(32))
  const { groups } = await canonicalizeAndGroup(processor, document, {
    labels: hmacLabels(await createHmac(hmacKey)),
    groups: { mandatory: mandatoryPointers },
  })
  const { matching, nonMatching } = groups.mandatory
  // Base Proof Hashing.
  const proofHash = await hashProofConfig(processor, proof, document)
  const mandatoryHash = await hashMandatory(matching.values())
  // Base Proof Serialization: a key for this proof alone, forgotten at the end.
  const { publicJwk, privateJwk } = await createKey('ES256')
  const own = await jwkSigner({ privateJwk, verificationMethod: '' })
  const signatures: Uint8Array[] = []
  for (const statement of nonMatching.values()) signatures.push(await own.sign(utf8(statement)))
  const publicKey = fromBase58(jwkToMultikey(publicJwk).slice(1)) as Uint8Array
  const baseSignature = await signer.sign(concatBytes(proofHash, publicKey, mandatoryHash))
  return encodeBaseProof({ baseSignature, publicKey, hmacKey, signatures, mandatoryPointers })
}

/** @see https://www.w3.org/TR/vc-di-ecdsa/#createdisclosuredata */
async function derive(
  processor: RdfProcessor,
  input: {
    readonly document: JsonObject
    readonly proof: JsonObject
    readonly pointers: readonly string[]
  },
): Promise<{ readonly document: JsonObject; readonly proof: JsonObject }> {
  const { document, proof, pointers: selective } = input
  const base = decodeBaseProof(proof['proofValue'])
  if (base === undefined) {
    throw new AsobaError('proof.malformed', 'it is no base proof of ecdsa-sd-2023')
  }
  const { baseSignature, publicKey, hmacKey, mandatoryPointers: mandatory } = base
  const combined = [...mandatory, ...selective]
  const { groups, labels } = await canonicalizeAndGroup(processor, document, {
    labels: hmacLabels(await createHmac(hmacKey)),
    groups: { mandatory, selective, combined },
  })
  // Indexes of mandatory statements among those shown.
  const shown = [...groups.combined.matching.keys()]
  const mandatoryIndexes = shown.flatMap((absolute, relative) =>
    groups.mandatory.matching.has(absolute) ? relative : [],
  )
  // The signatures, one for each statement that is not mandatory, of those shown.
  const signatures = [...groups.mandatory.nonMatching.keys()].flatMap((absolute, at) =>
    groups.selective.matching.has(absolute) ? (base.signatures[at] ?? []) : [],
  )
  const revealed = selectJsonLd(document, combined)
  if (
    revealed === undefined ||
    base.signatures.length !== groups.mandatory.nonMatching.size ||
    signatures.length !== shown.length - mandatoryIndexes.length
  ) {
    throw new AsobaError('proof.malformed', 'the base proof does not fit the document')
  }
  const proofValue = encodeDerivedProof({
    baseSignature,
    publicKey,
    signatures,
    labels: await verifierLabels(processor, groups.combined, labels),
    mandatoryIndexes,
  })
  return { document: revealed, proof: { ...proof, proofValue } }
}

/** @see https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023 */
async function verifyDerived(
  { toVerify, nonMandatory }: Awaited<ReturnType<typeof verifyData>>,
  input: {
    readonly parts: DerivedProof
    readonly keys: readonly Jwk[]
    readonly backend?: SignatureBackend
  },
): Promise<boolean> {
  const { parts, keys, backend } = input
  const { baseSignature, publicKey, signatures } = parts
  const options = backend === undefined ? {} : { backend }
  const own = multikeyToJwk(`z${toBase58(publicKey)}`)
  const verify = (key: Jwk, data: Uint8Array, signature: Uint8Array) =>
    verifySignature('ES256', key, data, signature, options)
  const base = await Promise.all(keys.map((key) => verify(key, toVerify, baseSignature)))
  if (!base.includes(true)) return false
  const each = await Promise.all(
    nonMandatory.map((statement, at) => verify(own, utf8(statement), signatures[at] as Uint8Array)),
  )
  return each.every((right) => right === true)
}

/**
 * What the issuer's signature is over, with the statements that have signatures of their own.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#createverifydata
 */
async function verifyData(
  processor: RdfProcessor,
  statements: Statements,
  { publicKey, signatures, labels, mandatoryIndexes }: DerivedProof,
): Promise<{ readonly toVerify: Uint8Array; readonly nonMandatory: readonly string[] }> {
  const proofHash = await hashStatements(processor, statements.proof)
  const nquads = await labelStatements(processor, statements.document, givenLabels(labels))
  const isMandatory = new Set(mandatoryIndexes)
  const mandatory = nquads.filter((_, index) => isMandatory.has(index))
  const nonMandatory = nquads.filter((_, index) => !isMandatory.has(index))
  if (mandatory.length !== isMandatory.size || nonMandatory.length !== signatures.length) {
    throw new AsobaError('proof.malformed', 'the proof does not fit the document')
  }
  return {
    toVerify: concatBytes(proofHash, publicKey, await hashMandatory(mandatory)),
    nonMandatory,
  }
}
