declare module '@digitalbazaar/bitstring' {
  export class Bitstring {
    constructor(options: { readonly length: number } | { readonly buffer: Uint8Array })
    readonly bits: Uint8Array
    set(position: number, on: boolean): void
    get(position: number): boolean
    encodeBits(): Promise<string>
    static decodeBits(options: { readonly encoded: string }): Promise<Uint8Array>
  }
}

declare module '@digitalbazaar/bbs-signatures' {
  interface Common {
    readonly ciphersuite: string
    readonly publicKey: Uint8Array
    readonly header: Uint8Array
  }
  export function sign(
    input: Common & { readonly secretKey: Uint8Array; readonly messages: readonly Uint8Array[] },
  ): Promise<Uint8Array>
  export function deriveProof(
    input: Common & {
      readonly signature: Uint8Array
      readonly messages: readonly Uint8Array[]
      readonly presentationHeader: Uint8Array
      readonly disclosedMessageIndexes: readonly number[]
    },
  ): Promise<Uint8Array>
  export function verifyProof(
    input: Common & {
      readonly proof: Uint8Array
      readonly presentationHeader: Uint8Array
      readonly disclosedMessages: readonly Uint8Array[]
      readonly disclosedMessageIndexes: readonly number[]
    },
  ): Promise<boolean>
}
