import {
  type CborValue,
  decodeProofValue,
  encodeProofValue,
} from '@asoba/data-integrity/primitives'

/**
 * What a bbs-2023 credential can do besides being shown in part; the third byte of its proof values
 * says which.
 *
 * @see https://www.w3.org/TR/vc-di-bbs/#optional-features
 */
export type FeatureOption =
  | 'baseline'
  | 'anonymous_holder_binding'
  | 'pseudonym'
  | 'holder_binding_pseudonym'

const thirdByte: Readonly<Record<FeatureOption, number>> = {
  baseline: 2,
  anonymous_holder_binding: 4,
  pseudonym: 6,
  holder_binding_pseudonym: 8,
}

/** What a bbs-2023 base proof holds; for the holder alone. */
export interface BaseProofValue {
  readonly signature: Uint8Array
  /** proofHash and mandatoryHash. */
  readonly header: Uint8Array
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly mandatoryPointers: readonly string[]
  /** signer_nym_entropy, where the feature has pseudonyms. */
  readonly entropy?: Uint8Array
}

/** What a bbs-2023 derived proof holds. */
export interface DerivedProofValue {
  readonly proof: Uint8Array
  /** From canonical labels (`c14n0`) to those that were signed (`b0`). */
  readonly labels: ReadonlyMap<string, string>
  /** Which of the statements shown are mandatory, ascending. */
  readonly mandatoryIndexes: readonly number[]
  /** Which messages are shown, ascending. */
  readonly selectiveIndexes: readonly number[]
  readonly presentationHeader: Uint8Array
  /** nym_domain and the pseudonym in it, where the feature has pseudonyms. */
  readonly nym?: { readonly domain: string; readonly pseudonym: Uint8Array }
  /** lengthBBSMessages, in all features but the baseline. */
  readonly messages?: number
}

/** @see https://www.w3.org/TR/vc-di-bbs/#serializebaseproofvalue */
export function encodeBaseProof(feature: FeatureOption, value: BaseProofValue): string {
  const { signature, header, publicKey, hmacKey, mandatoryPointers, entropy } = value
  const components: CborValue[] = [signature, header, publicKey, hmacKey, mandatoryPointers]
  if (hasPseudonym(feature)) components.push(entropy ?? new Uint8Array())
  return encodeProofValue(headerOf(feature, 0), components)
}

/** Undefined where it is none of that feature. @see https://www.w3.org/TR/vc-di-bbs/#parsebaseproofvalue */
export function decodeBaseProof(
  feature: FeatureOption,
  proofValue: unknown,
): BaseProofValue | undefined {
  const components = decodeProofValue(proofValue, headerOf(feature, 0))
  const [signature, header, publicKey, hmacKey, mandatoryPointers, entropy] = components ?? []
  if (
    components?.length !== (hasPseudonym(feature) ? 6 : 5) ||
    !isBytes(signature, 80) ||
    !isBytes(header, 64) ||
    !isBytes(publicKey, 96) ||
    !isBytes(hmacKey, 32) ||
    !Array.isArray(mandatoryPointers) ||
    !mandatoryPointers.every((one) => typeof one === 'string')
  ) {
    return undefined
  }
  const value = { signature, header, publicKey, hmacKey, mandatoryPointers }
  if (!hasPseudonym(feature)) return value
  return isBytes(entropy, 32) ? { ...value, entropy } : undefined
}

/** @see https://www.w3.org/TR/vc-di-bbs/#serializederivedproofvalue */
export function encodeDerivedProof(feature: FeatureOption, value: DerivedProofValue): string {
  const { proof, labels, mandatoryIndexes, selectiveIndexes, presentationHeader } = value
  // compressLabelMap
  const compressed = new Map<number, number>()
  for (const [canonical, label] of labels) {
    compressed.set(Number(canonical.slice(4)), Number(label.slice(1)))
  }
  const components: CborValue[] = [
    proof,
    compressed,
    mandatoryIndexes,
    selectiveIndexes,
    presentationHeader,
  ]
  if (hasPseudonym(feature)) {
    const { nym } = value
    if (nym === undefined) throw new TypeError('the feature needs a pseudonym')
    components.push(nym.domain, nym.pseudonym)
  }
  if (feature !== 'baseline') components.push(value.messages ?? 0)
  return encodeProofValue(headerOf(feature, 1), components)
}

/**
 * Undefined where it is none of that feature, or where an index or label stands twice or out of
 * order: what was encoded has one form.
 *
 * @see https://www.w3.org/TR/vc-di-bbs/#parsederivedproofvalue
 */
export function decodeDerivedProof(
  feature: FeatureOption,
  proofValue: unknown,
): DerivedProofValue | undefined {
  const components = decodeProofValue(proofValue, headerOf(feature, 1))
  if (components === undefined) return undefined
  const rest = [...components]
  const messages = feature === 'baseline' ? undefined : rest.pop()
  const pseudonym = hasPseudonym(feature) ? rest.pop() : undefined
  const domain = hasPseudonym(feature) ? rest.pop() : undefined
  const [proof, compressed, mandatoryIndexes, selectiveIndexes, presentationHeader] = rest
  if (
    rest.length !== 5 ||
    !(proof instanceof Uint8Array) ||
    !isAscending(mandatoryIndexes) ||
    !isAscending(selectiveIndexes) ||
    !(presentationHeader instanceof Uint8Array) ||
    (feature !== 'baseline' && !isIndex(messages)) ||
    (hasPseudonym(feature) && !(typeof domain === 'string' && isBytes(pseudonym, 48)))
  ) {
    return undefined
  }
  const labels = decompressed(compressed)
  if (labels === undefined) return undefined
  return {
    proof,
    labels,
    mandatoryIndexes,
    selectiveIndexes,
    presentationHeader,
    ...(hasPseudonym(feature) && {
      nym: { domain: domain as string, pseudonym: pseudonym as Uint8Array },
    }),
    ...(feature !== 'baseline' && { messages: messages as number }),
  }
}

/** The feature that a proof value claims to be of; to tell people what it is, never to judge by. */
export function featureOf(
  proofValue: unknown,
  form: 'base' | 'derived',
): FeatureOption | undefined {
  const features = Object.keys(thirdByte) as FeatureOption[]
  const decode = form === 'base' ? decodeBaseProof : decodeDerivedProof
  return features.find((feature) => decode(feature, proofValue) !== undefined)
}

/** Whether the feature shows a pseudonym. */
export function hasPseudonym(feature: FeatureOption): boolean {
  return feature === 'pseudonym' || feature === 'holder_binding_pseudonym'
}

function headerOf(feature: FeatureOption, derived: 0 | 1): Uint8Array {
  return Uint8Array.of(0xd9, 0x5d, thirdByte[feature] + derived)
}

// decompressLabelMap. No two nodes under one label: one would pass for the other.
function decompressed(compressed: unknown): ReadonlyMap<string, string> | undefined {
  if (!(compressed instanceof Map)) return undefined
  const entries = [...(compressed as ReadonlyMap<unknown, unknown>)]
  if (!isAscending(entries.map(([canonical]) => canonical))) return undefined
  if (!entries.every(([, label]) => isIndex(label))) return undefined
  if (new Set(compressed.values()).size < entries.length) return undefined
  return new Map(entries.map(([canonical, label]) => [`c14n${canonical}`, `b${label}`]))
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isAscending(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.every((one, at) => isIndex(one) && (at === 0 || one > value[at - 1]))
  )
}
