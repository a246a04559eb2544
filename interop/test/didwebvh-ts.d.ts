// The package's own declarations import each other without extensions, which Node's resolution of
// types does not follow. What the test uses of them.
declare module 'didwebvh-ts' {
  type DIDLog = Record<string, unknown>[]
  interface SigningInput {
    readonly document: unknown
    readonly proof: unknown
  }
  interface Signer {
    sign(input: SigningInput): Promise<{ readonly proofValue: string }>
    getVerificationMethodId(): string
  }
  interface Verifier {
    verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean>
  }
  interface Result {
    readonly did: string
    readonly doc: { readonly alsoKnownAs?: readonly string[] }
    readonly meta: {
      readonly versionId: string
      readonly deactivated: boolean
      readonly error?: string
    }
    readonly log: DIDLog
  }
  interface Change {
    readonly signer: Signer
    readonly verifier: Verifier
    readonly updateKeys?: string[]
    readonly nextKeyHashes?: string[]
    readonly verificationMethods?: readonly object[]
    readonly alsoKnownAs?: string[]
  }
  abstract class AbstractCrypto implements Signer, Verifier {
    constructor(options: { readonly verificationMethod: null })
    abstract sign(input: SigningInput): Promise<{ readonly proofValue: string }>
    abstract verify(
      signature: Uint8Array,
      message: Uint8Array,
      publicKey: Uint8Array,
    ): Promise<boolean>
    getVerificationMethodId(): string
  }
  function createDID(
    options: Change & { readonly address: string; readonly created: string },
  ): Promise<Result>
  function updateDID(options: Change & { readonly log: DIDLog }): Promise<Result>
  function deactivateDID(options: Change & { readonly log: DIDLog }): Promise<Result>
  function deriveNextKeyHash(multikey: string): Promise<string>
  function prepareDataForSigning(document: unknown, proof: unknown): Promise<Uint8Array>
  function resolveDIDFromLog(log: DIDLog, options: { readonly verifier: Verifier }): Promise<Result>
}
