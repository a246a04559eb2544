import { concatBytes, type JsonObject, utf8 } from '@asoba/core'
import {
  canonicalizeAndGroup,
  createHmac,
  hashMandatory,
  hashProofConfig,
  type RdfProcessor,
  shuffledHmacLabels,
} from '@asoba/data-integrity/primitives'
import { encodeBaseProof, type FeatureOption } from './proof-value.ts'

/** A document to be signed, and how. */
export interface BaseProofInput {
  /** Without `proof`. */
  readonly document: JsonObject
  /** The proof options, without a value. */
  readonly proof: JsonObject
  readonly mandatoryPointers: readonly string[]
  /** 32 random bytes, for this proof alone. */
  readonly hmacKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly feature: FeatureOption
  /** signer_nym_entropy, where the feature has pseudonyms. */
  readonly entropy?: Uint8Array
}

/** What of a document is signed: the header and the messages. */
export interface BaseProofData {
  readonly header: Uint8Array
  readonly messages: readonly Uint8Array[]
}

/**
 * The proof value of a base proof; `sign` is BBS over what it is given.
 *
 * @throws AsobaError `jsonld.*` as the processor; `disclosure.pointer-unknown`
 * @see https://www.w3.org/TR/vc-di-bbs/#create-base-proof-bbs-2023
 */
export async function signBase(
  processor: RdfProcessor,
  input: BaseProofInput,
  sign: (data: BaseProofData) => Promise<Uint8Array>,
): Promise<string> {
  const { feature, publicKey, hmacKey, mandatoryPointers, entropy } = input
  const data = await baseProofData(processor, input)
  // Base Proof Serialization.
  return encodeBaseProof(feature, {
    signature: await sign(data),
    header: data.header,
    publicKey,
    hmacKey,
    mandatoryPointers,
    ...(entropy && { entropy }),
  })
}

/** Header and messages, as issuer and holder compute them alike. @throws AsobaError as {@link signBase} */
export async function baseProofData(
  processor: RdfProcessor,
  input: Pick<BaseProofInput, 'document' | 'proof' | 'mandatoryPointers' | 'hmacKey'>,
): Promise<BaseProofData> {
  const { document, proof, mandatoryPointers, hmacKey } = input
  // Base Proof Transformation.
  const { groups } = await canonicalizeAndGroup(processor, document, {
    labels: shuffledHmacLabels(await createHmac(hmacKey)),
    groups: { mandatory: mandatoryPointers },
  })
  const { matching, nonMatching } = groups.mandatory
  // Base Proof Hashing; bbsHeader is proofHash and mandatoryHash.
  const proofHash = await hashProofConfig(processor, proof, document)
  const mandatoryHash = await hashMandatory(matching.values())
  return {
    header: concatBytes(proofHash, mandatoryHash),
    messages: [...nonMatching.values()].map(utf8),
  }
}
