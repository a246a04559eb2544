import type {
  BbsSigner,
  JsonObject,
  Jwk,
  KeyAlgorithm,
  Problem,
  SignatureBackend,
  Signer,
  Verified,
} from '@asoba/core'
import type { ProofToOpen, ProofType, ReadableProof } from './reading/open.ts'

/**
 * What a proof is over, as it may be read, and whether its value is right: of one and the same
 * content, so that nobody reads what was not signed.
 */
export interface OpenedProof extends ReadableProof {
  /**
   * What is wrong with the proof value; nothing where it is right. Never throws.
   *
   * @param keys that may have signed, found and authorised by the caller: one is enough
   * @param options `backend`: verifies signatures instead of the platform
   */
  verify(
    keys: readonly Jwk[],
    options: { readonly backend?: SignatureBackend },
  ): Promise<readonly Problem[]>
  /**
   * A hash of what the issuer signed, of a proof that was verified: the same for each presentation of
   * one credential; `undefined` where these cannot be linked. Where a proof is over the whole
   * document it is of that alone: of a set of proofs a holder may send any.
   */
  mark(): Promise<string | undefined>
}

/**
 * A cryptosuite: how a document and the options of its proof become a proof value, and how that
 * is checked. Purpose, time, domain, challenge and whose key it is are judged outside. `Key` is what
 * it signs with, so that no signer of the other kind is given to it.
 *
 * @see https://www.w3.org/TR/vc-data-integrity/#cryptographic-suites
 */
export interface Cryptosuite<
  Name extends string = string,
  Key extends Signer | BbsSigner = Signer | BbsSigner,
> {
  /** The value of `cryptosuite` in a proof. */
  readonly name: Name
  /**
   * For a suite older than cryptosuites: the type of its proofs, which have no `cryptosuite`, and
   * which member their value is. `DataIntegrityProof` and `proofValue` where left out.
   */
  readonly proofType?: ProofType
  /** Whether a proof carries the contexts of its document, as those over JSON do. */
  readonly carriesContext: boolean
  /** What it signs with. */
  readonly algorithms: readonly KeyAlgorithm[]
  /** Which of them a proof value was made with; undefined where it is no proof value of this suite. */
  algorithmOf(proofValue: unknown): KeyAlgorithm | undefined
  /**
   * The proof value for a document and its proof without one.
   *
   * @param options `mandatoryPointers`: for a suite with selective disclosure, what is always shown
   * @throws TypeError where the signer has another algorithm, or the suite has no such option
   * @throws AsobaError `jsonld.*`, `json.not-canonicalizable`, `disclosure.pointer-unknown`
   */
  sign(
    document: JsonObject,
    proof: JsonObject,
    signer: Key,
    options: { readonly mandatoryPointers?: readonly string[] },
  ): Promise<string>
  /**
   * Reads a document and its proof. Over statements, what can be read is made of the statements, not
   * of the JSON that somebody sent. Never throws.
   *
   * @returns problems `jsonld.*`, `proof.malformed` where it cannot be read at all
   */
  open(input: ProofToOpen): Promise<Verified<OpenedProof>>
  /** For a suite with selective disclosure: what a base proof always shows; undefined where it is none. */
  mandatoryPointersOf?(proof: JsonObject): readonly string[] | undefined
  /**
   * For a suite with selective disclosure: what the pointers lead to and what is always shown, with
   * a proof of its own.
   *
   * @throws AsobaError `proof.malformed` where it is not a base proof; `disclosure.pointer-unknown`;
   * `jsonld.*`
   */
  derive?(
    document: JsonObject,
    proof: JsonObject,
    pointers: readonly string[],
  ): Promise<{ readonly document: JsonObject; readonly proof: JsonObject }>
}

/** Whether a proof says that it is of a suite; it is no more than what it says. */
export function isProofOf(
  { name, proofType }: Pick<Cryptosuite, 'name' | 'proofType'>,
  proof: JsonObject,
): boolean {
  return proofType === undefined
    ? proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === name
    : proof['type'] === proofType.name
}
