import { fromBase64url, toBase64url } from '@asoba/core'
import { type CborValue, encodeProofValue } from '../encode-proof-value.ts'
import { decodeProofValue } from '../proof-value.ts'

const baseHeader = Uint8Array.of(0xd9, 0x5d, 0x00)
const derivedHeader = Uint8Array.of(0xd9, 0x5d, 0x01)

/** What an ecdsa-sd-2023 base proof holds; for the holder alone. */
export interface BaseProof {
  readonly baseSignature: Uint8Array
  /** Multikey bytes of the key that signed the statements. */
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  /** One for each statement that is not mandatory, in order. */
  readonly signatures: readonly Uint8Array[]
  readonly mandatoryPointers: readonly string[]
}

/** What an ecdsa-sd-2023 derived proof holds. */
export interface DerivedProof
  extends Pick<BaseProof, 'baseSignature' | 'publicKey' | 'signatures'> {
  /** From canonical labels (`c14n0`) to those that were signed. */
  readonly labels: ReadonlyMap<string, string>
  /** Which of the statements shown are mandatory, ascending. */
  readonly mandatoryIndexes: readonly number[]
}

/** @see https://www.w3.org/TR/vc-di-ecdsa/#serializebaseproofvalue */
export function encodeBaseProof(proof: BaseProof): string {
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = proof
  const components = [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers]
  return encodeProofValue(baseHeader, components)
}

/** Undefined where it is none. @see https://www.w3.org/TR/vc-di-ecdsa/#parsebaseproofvalue */
export function decodeBaseProof(proofValue: unknown): BaseProof | undefined {
  const components = decodeProofValue(proofValue, baseHeader)
  const [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers] = components ?? []
  if (
    components?.length !== 5 ||
    !isBytes(baseSignature, 64) ||
    !isBytes(publicKey, 35) ||
    !isBytes(hmacKey, 32) ||
    !isListOf(signatures, (one) => isBytes(one, 64)) ||
    !isListOf(mandatoryPointers, (one) => typeof one === 'string')
  ) {
    return undefined
  }
  return {
    baseSignature,
    publicKey,
    hmacKey,
    signatures: signatures as readonly Uint8Array[],
    mandatoryPointers: mandatoryPointers as readonly string[],
  }
}

/** @see https://www.w3.org/TR/vc-di-ecdsa/#serializederivedproofvalue */
export function encodeDerivedProof(proof: DerivedProof): string {
  const { baseSignature, publicKey, signatures, labels, mandatoryIndexes } = proof
  // compressLabelMap
  const compressed = new Map<number, CborValue>()
  for (const [canonical, label] of labels) {
    compressed.set(Number(canonical.slice(4)), fromBase64url(label.slice(1)) ?? new Uint8Array())
  }
  const components = [baseSignature, publicKey, signatures, compressed, mandatoryIndexes]
  return encodeProofValue(derivedHeader, components)
}

/**
 * Undefined where it is none. The text gives the public key 36 bytes; two and a compressed point of
 * P-256 are 35, as the vectors have it.
 *
 * @see https://www.w3.org/TR/vc-di-ecdsa/#parsederivedproofvalue
 */
export function decodeDerivedProof(proofValue: unknown): DerivedProof | undefined {
  const components = decodeProofValue(proofValue, derivedHeader)
  const [baseSignature, publicKey, signatures, compressed, mandatoryIndexes] = components ?? []
  if (
    components?.length !== 5 ||
    !isBytes(baseSignature, 64) ||
    !isBytes(publicKey, 35) ||
    !isListOf(signatures, (one) => isBytes(one, 64)) ||
    !(compressed instanceof Map) ||
    !isListOf(mandatoryIndexes, isIndex)
  ) {
    return undefined
  }
  const indexes = mandatoryIndexes as readonly number[]
  if (indexes.some((one, at) => at > 0 && one <= (indexes[at - 1] as number))) return undefined
  // decompressLabelMap
  const labels = new Map<string, string>()
  for (const [canonical, label] of compressed as ReadonlyMap<unknown, unknown>) {
    if (!isIndex(canonical) || !isBytes(label, 32)) return undefined
    labels.set(`c14n${canonical}`, `u${toBase64url(label)}`)
  }
  return {
    baseSignature,
    publicKey,
    signatures: signatures as readonly Uint8Array[],
    labels,
    mandatoryIndexes: indexes,
  }
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isListOf(value: unknown, is: (one: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(is)
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
