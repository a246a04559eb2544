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

declare module '@digitalbazaar/vc' {
  type DocumentLoader = (url: string) => Promise<unknown>
  export const defaultDocumentLoader: DocumentLoader
  export function issue(options: {
    readonly credential: object
    readonly suite: object
    readonly documentLoader: DocumentLoader
  }): Promise<import('@asoba/core').JsonObject>
  export function derive(options: {
    readonly verifiableCredential: object
    readonly suite: object
    readonly documentLoader: DocumentLoader
  }): Promise<import('@asoba/core').JsonObject>
  export function verifyCredential(options: {
    readonly credential: object
    readonly suite: object
    readonly documentLoader: DocumentLoader
  }): Promise<{ readonly verified: boolean }>
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { readonly signer?: object; readonly cryptosuite: object })
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createSignCryptosuite(): object
  export function createVerifyCryptosuite(): object
}

declare module '@digitalbazaar/ecdsa-jcs-2019-cryptosuite' {
  export function createSignCryptosuite(): object
  export function createVerifyCryptosuite(): object
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: {
    readonly mandatoryPointers: readonly string[]
  }): object
  export function createDiscloseCryptosuite(options: {
    readonly selectivePointers: readonly string[]
  }): object
  export function createVerifyCryptosuite(): object
}

declare module '@digitalbazaar/ed25519-multikey' {
  interface KeyPair {
    export(options: {
      readonly publicKey: true
      readonly includeContext: true
    }): Promise<{ readonly id: string }>
    signer(): object
  }
  export function generate(options: {
    readonly id: string
    readonly controller: string
  }): Promise<KeyPair>
}

declare module '@digitalbazaar/ecdsa-multikey' {
  interface KeyPair {
    export(options: {
      readonly publicKey: true
      readonly includeContext: true
    }): Promise<{ readonly id: string }>
    signer(): object
  }
  export function generate(options: {
    readonly id: string
    readonly controller: string
    readonly curve: 'P-256'
  }): Promise<KeyPair>
}
