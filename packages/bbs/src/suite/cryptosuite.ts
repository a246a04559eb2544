import {
  AsobaError,
  type BbsSigner,
  equalBytes,
  type JsonObject,
  type Jwk,
  type Problem,
  problem,
} from '@asoba/core'
import type { Cryptosuite, RdfProcessor } from '@asoba/data-integrity'
import { problemOf, readStatements, type Statements } from '@asoba/data-integrity/primitives'
import {
  blindProfile,
  plainProfile,
  prove,
  verify,
  verifyBlindSignature,
  verifyProof,
} from '../scheme.ts'
import { disclose } from './disclose.ts'
import type { AnonymousHolder } from './holder.ts'
import { keyBytes } from './key-bytes.ts'
import {
  type DerivedProofValue,
  decodeBaseProof,
  decodeDerivedProof,
  encodeDerivedProof,
} from './proof-value.ts'
import { readShown } from './read-shown.ts'
import { baseProofData, signBase } from './sign-base.ts'

/** What {@link bbs2023Cryptosuite} is made of. */
export type Bbs2023CryptosuiteOptions = {
  /**
   * What derived proofs are bound to: put into every proof that is derived, demanded of every proof
   * that is verified. Both sides compute it from the request (`presentationHeader` of `@asoba/bbs`),
   * and the verifier accepts each nonce once. Undefined: derived proofs have an empty one, and
   * whatever a proof has is accepted, so that whoever saw it can show it again.
   */
  readonly presentationHeader: Uint8Array | undefined
} & (
  | { readonly feature: 'baseline' }
  | {
      readonly feature: 'anonymous_holder_binding'
      /** To issue: the commitment of the one holder, as `commitToSecret` makes it. */
      readonly commitmentWithProof?: Uint8Array
      /** To derive: what was committed to. */
      readonly holder?: AnonymousHolder
    }
)

/** Statements that one signature is over, at most. */
const maxMessages = 1023

/**
 * bbs-2023 for documents of any kind, as `addProof`, `deriveProof`, `verifyProof` and
 * `verifyCredential` of `@asoba/data-integrity` take it: the baseline, or with anonymous holder
 * binding. Base and derived proofs are as the text has them. It accepts exactly the feature that it
 * was given, never another by the header of a proof value.
 *
 * That nobody can be told from others by labels, dates or the number of statements is up to the
 * documents: for credentials of a nation's types `bbs2023` of `@asoba/bbs` sees to it.
 *
 * @throws TypeError where the options are of another feature
 * @see https://www.w3.org/TR/vc-di-bbs/#bbs-2023
 */
export function bbs2023Cryptosuite(
  processor: RdfProcessor,
  options: Bbs2023CryptosuiteOptions,
): Cryptosuite<'bbs-2023', BbsSigner> {
  const { feature, presentationHeader } = options
  if (feature !== 'baseline' && feature !== 'anonymous_holder_binding') {
    throw new TypeError('feature is baseline or anonymous_holder_binding')
  }
  return {
    name: 'bbs-2023',
    carriesContext: false,
    algorithms: ['BBS'],
    algorithmOf: (proofValue) =>
      (decodeDerivedProof(feature, proofValue) ?? decodeBaseProof(feature, proofValue)) && 'BBS',
    sign: (document, proof, signer, { mandatoryPointers = [] }) =>
      signDocument(processor, { document, proof, mandatoryPointers }, { signer, options }),
    mandatoryPointersOf: ({ proofValue }) =>
      decodeBaseProof(feature, proofValue)?.mandatoryPointers,
    derive: (document, proof, pointers) =>
      derive(processor, { document, proof, pointers }, options),
    async open(input) {
      const read = await readStatements(processor, input)
      if (!read.verified) return read
      const { statements, ...readable } = read
      return {
        ...readable,
        // A derived proof has nothing in common with another.
        mark: async () => undefined,
        async verify(keys) {
          const value = decodeDerivedProof(feature, input.proof['proofValue'])
          if (value === undefined) return [notDerived]
          const problems: Problem[] = []
          if (
            presentationHeader !== undefined &&
            !equalBytes(value.presentationHeader, presentationHeader)
          ) {
            problems.push(otherHeader)
          }
          try {
            problems.push(...(await valueProblems(processor, { statements, value, keys, feature })))
          } catch (error) {
            problems.push(problemOf(error))
          }
          return problems
        },
      }
    },
  }
}

const path = '/proofValue'
const notDerived = problem(
  'proof.malformed',
  'proofValue is no derived proof of bbs-2023 with the feature',
  path,
)
const otherHeader = problem('proof.challenge-mismatch', 'the proof answers another request', path)
const wrongCount = problem('proof.malformed', 'the proof is of another number of messages', path)
const wrong = problem('proof.signature-invalid', 'the proof is wrong')

/** @see https://www.w3.org/TR/vc-di-bbs/#create-base-proof-bbs-2023 */
async function signDocument(
  processor: RdfProcessor,
  input: {
    readonly document: JsonObject
    readonly proof: JsonObject
    readonly mandatoryPointers: readonly string[]
  },
  by: { readonly signer: BbsSigner; readonly options: Bbs2023CryptosuiteOptions },
): Promise<string> {
  const { signer, options } = by
  const { feature } = options
  const commitment = feature === 'baseline' ? undefined : options.commitmentWithProof
  if (feature !== 'baseline' && commitment === undefined) {
    throw new TypeError('anonymous holder binding needs the commitment of the holder')
  }
  // One message: with more of them a holder could choose what is hidden.
  if (commitment !== undefined && commitment.length !== 144) {
    throw new AsobaError('bbs.commitment-invalid', 'the commitment is not of one secret')
  }
  const hmacKey = crypto.getRandomValues(new Uint8Array(32))
  const { publicKey } = signer
  return signBase(processor, { ...input, feature, publicKey, hmacKey }, (data) => {
    if (data.messages.length > maxMessages) {
      throw new AsobaError('jsonld.unsupported', 'the document has too many statements')
    }
    return signer.sign({ ...data, ...(commitment && { commitmentWithProof: commitment }) })
  })
}

/** @see https://www.w3.org/TR/vc-di-bbs/#add-derived-proof-bbs-2023 */
async function derive(
  processor: RdfProcessor,
  input: {
    readonly document: JsonObject
    readonly proof: JsonObject
    readonly pointers: readonly string[]
  },
  options: Bbs2023CryptosuiteOptions,
): Promise<{ readonly document: JsonObject; readonly proof: JsonObject }> {
  const { document, proof, pointers } = input
  const { feature, presentationHeader = new Uint8Array() } = options
  const base = decodeBaseProof(feature, proof['proofValue'])
  if (base === undefined) throw notBase()
  const holder = feature === 'baseline' ? undefined : options.holder
  if (feature !== 'baseline' && holder === undefined) {
    throw new TypeError('anonymous holder binding needs what the holder committed to')
  }
  const { publicKey, signature, hmacKey, mandatoryPointers } = base
  const data = await baseProofData(processor, { document, proof, mandatoryPointers, hmacKey })
  const { messages, header } = data
  if (messages.length > maxMessages || !equalBytes(header, base.header)) throw notBase()
  const shown = await disclose(processor, document, { base, pointers })
  const signed = { publicKey, signature, header, messages }
  const bound = { presentationHeader, disclosed: shown.selectiveIndexes }
  let bytes: Uint8Array
  if (holder === undefined) {
    const profile = plainProfile({ messages: messages.length })
    if (!verify(profile, signed)) throw notBase()
    bytes = prove(profile, { ...signed, ...bound }).proof
  } else {
    const profile = blindProfile({ messages: messages.length, committed: 1 })
    const own = { ...signed, blind: holder.blind, committedMessages: [holder.secret] }
    if (!verifyBlindSignature(profile, own)) throw notBase()
    bytes = prove(profile, { ...own, ...bound, disclosedCommitted: [] }).proof
  }
  const proofValue = encodeDerivedProof(feature, {
    proof: bytes,
    labels: shown.labels,
    mandatoryIndexes: shown.mandatoryIndexes,
    selectiveIndexes: shown.selectiveIndexes,
    presentationHeader,
    messages: messages.length,
  })
  return { document: shown.document, proof: { ...proof, proofValue } }
}

/** @see https://www.w3.org/TR/vc-di-bbs/#verify-derived-proof-bbs-2023 */
async function valueProblems(
  processor: RdfProcessor,
  input: {
    readonly statements: Statements
    readonly value: DerivedProofValue
    readonly keys: readonly Jwk[]
    readonly feature: Bbs2023CryptosuiteOptions['feature']
  },
): Promise<readonly Problem[]> {
  const { statements, value, keys, feature } = input
  const shown = await readShown(processor, { statements, value })
  if (!shown.verified) return shown.problems
  const { header, disclosed } = shown
  // Documents of any kind have no number of messages that is known beforehand. The length of the
  // proof gives it, and the signature holds it: with the secret and its blinding factor fixed as the
  // only hidden ones that the issuer did not see, no other number verifies.
  const unseen = feature === 'baseline' ? 0 : 2
  const messages = (value.proof.length - 272) / 32 + disclosed.length - unseen
  if (
    !Number.isInteger(messages) ||
    messages < disclosed.length ||
    messages > maxMessages ||
    (feature !== 'baseline' && messages !== value.messages)
  ) {
    return [wrongCount]
  }
  const { presentationHeader, proof: bytes } = value
  const right = keys.some((key) => {
    const publicKey = keyBytes(key)
    if (publicKey === undefined) return false
    const statement = { publicKey, header, presentationHeader, disclosed, proof: bytes }
    return feature === 'baseline'
      ? verifyProof(plainProfile({ messages }), statement)
      : verifyProof(blindProfile({ messages, committed: 1 }), {
          ...statement,
          disclosedCommitted: [],
        })
  })
  return right ? [] : [wrong]
}

function notBase(): AsobaError {
  return new AsobaError('proof.malformed', 'it is no base proof of bbs-2023 over this document')
}
