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
