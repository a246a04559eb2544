/** The little of it that is used here; it has no types of its own. */
declare module 'autocannon' {
  interface AutocannonRequest {
    readonly method?: string
    readonly path?: string
    readonly headers?: object
    readonly body?: string
  }
  interface AutocannonOptions {
    readonly url: string
    readonly connections: number
    readonly amount: number
    readonly timeout: number
    readonly sampleInt: number
    readonly requests: readonly {
      setupRequest(request: AutocannonRequest, context: object): AutocannonRequest
      onResponse(status: number, body: string, context: object): void
    }[]
  }
  interface AutocannonResult {
    readonly errors: number
    readonly non2xx: number
    readonly latency: { readonly p99: number }
  }
  export default function autocannon(options: AutocannonOptions): Promise<AutocannonResult>
}
