import type { AsobaErrorCode } from './codes.ts'

/**
 * An operation that cannot go on. `code` is stable and closed; the message is a
 * constant sentence, so that no claim value, token or key ever reaches a log.
 * Test for it by `code`, not by `instanceof`: two copies of a package may meet.
 */
export class AsobaError extends Error {
  /** Always `AsobaError`. */
  override readonly name = 'AsobaError'
  /** What went wrong, stable across versions. */
  readonly code: AsobaErrorCode
  /** JSON pointer into what the caller passed, where there is one. */
  readonly path: string | undefined

  /** An error with its code and a constant sentence. */
  constructor(
    code: AsobaErrorCode,
    message: string,
    options: { readonly path?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.path = options.path
  }
}
