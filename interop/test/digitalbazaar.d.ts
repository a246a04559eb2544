declare module '@digitalbazaar/vc-bitstring-status-list' {
  export interface BitstringStatusList {
    readonly length: number
    setStatus(index: number, status: boolean): void
    getStatus(index: number): boolean
    encode(): Promise<string>
  }
  export function createList(options: { readonly length: number }): Promise<BitstringStatusList>
  export function decodeList(options: {
    readonly encodedList: string
  }): Promise<BitstringStatusList>
  export function createCredential(options: {
    readonly id: string
    readonly list: BitstringStatusList
    readonly statusPurpose: string
  }): Promise<import('@asoba/core').JsonObject>
  export function checkStatus(options: {
    readonly credential: object
    readonly documentLoader: (url: string) => Promise<{ readonly document: object }>
    readonly verifyBitstringStatusListCredential: boolean
    readonly verifyMatchingIssuers?: boolean
  }): Promise<{
    readonly verified: boolean
    readonly results?: readonly { readonly status: boolean }[]
  }>
}

type Loader = (url: string) => Promise<unknown>

declare module '@digitalbazaar/vc' {
  type Json = import('@asoba/core').JsonObject
  export const defaultDocumentLoader: Loader
  export function issue(options: {
    readonly credential: Json
    readonly suite: object
    readonly documentLoader: Loader
  }): Promise<object>
  export function derive(options: {
    readonly verifiableCredential: Json
    readonly suite: object
    readonly documentLoader: Loader
  }): Promise<Json>
  export function verifyCredential(options: {
    readonly credential: Json
    readonly suite: object
    readonly documentLoader: Loader
    readonly now?: Date
  }): Promise<{ readonly verified: boolean; readonly error?: unknown }>
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { readonly signer?: object; readonly cryptosuite: object })
  }
}

declare module '@digitalbazaar/bbs-2023-cryptosuite' {
  export function createSignCryptosuite(options: {
    readonly mandatoryPointers: readonly string[]
  }): object
  export function createDiscloseCryptosuite(options: {
    readonly selectivePointers: readonly string[]
    readonly presentationHeader?: Uint8Array
  }): object
  export function createVerifyCryptosuite(options?: {
    readonly expectedPresentationHeader?: Uint8Array
  }): object
}

declare module '@digitalbazaar/bls12-381-multikey' {
  interface KeyPair {
    id: string
    controller: string
    export(options: {
      readonly publicKey: true
      readonly includeContext: true
    }): Promise<{ readonly publicKeyMultibase: string }>
    signer(): object
  }
  export const ALGORITHMS: { readonly BBS_BLS12381_SHA256: string }
  export function fromRaw(options: {
    readonly algorithm: string
    readonly secretKey: Uint8Array
    readonly publicKey: Uint8Array
  }): Promise<KeyPair>
}
