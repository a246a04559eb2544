import type { PresentationClientOptions } from './wallet-types.ts'

/** The options of a client, looked at. */
export interface ClientSettings extends PresentationClientOptions {
  readonly insecure: boolean
  readonly now: () => Date
}
