import {
  AsobaError,
  type Check,
  type Json,
  type JsonObject,
  type Problem,
  type Refused,
} from '@asoba/core'
import type { IVerifyResult } from '@veramo/core'

/** What was found of one credential, in JSON. */
export interface CredentialFacts {
  /** Issuer as the trust entry names it. */
  readonly issuer: string
  /** Name of the type in the policy, or the credential's own where any DID is believed. */
  readonly type: string
  readonly mechanism: string
  /** The credential as it was signed, with what was disclosed of it. */
  readonly credential: JsonObject
  /** ISO 8601. */
  readonly validFrom?: string
  /** ISO 8601. */
  readonly validUntil?: string
  /** How it is bound to a holder, where that was asked. */
  readonly holder?: JsonObject
  readonly pseudonym?: string
}

/** A judgement as Veramo has it, in JSON: it can be logged by an agent and sent over a wire as it is. */
export interface AsobaVerifyResult extends IVerifyResult {
  readonly verified: boolean
  /** The first of the problems. */
  readonly error?: { message: string; errorCode: string }
  /** Every problem found; none where it is verified. */
  readonly problems: readonly Problem[]
  /** Every check made. */
  readonly checks: readonly Check[]
}

/** A refusal in the form of Veramo, with all that was found. */
export function refusedResult({ problems, checks }: Omit<Refused, 'verified'>): AsobaVerifyResult {
  const [{ code, detail }] = problems
  return {
    verified: false,
    error: { message: detail, errorCode: code },
    problems: [...problems],
    checks: [...checks],
  }
}

/** What holds of one credential, its dates written out. */
export function factsOf(found: {
  readonly issuer: string
  readonly type: string
  readonly mechanism: string
  readonly credential: JsonObject
  readonly validFrom?: Date
  readonly validUntil?: Date
  readonly holder?: { readonly kind: string; readonly proven: boolean }
  readonly pseudonym?: string
}): CredentialFacts {
  const { issuer, type, mechanism, credential, validFrom, validUntil, holder, pseudonym } = found
  return {
    issuer,
    type,
    mechanism,
    credential,
    ...(validFrom && { validFrom: validFrom.toISOString() }),
    ...(validUntil && { validUntil: validUntil.toISOString() }),
    ...(holder && { holder: { kind: holder.kind, proven: holder.proven } }),
    ...(pseudonym !== undefined && { pseudonym }),
  }
}

/**
 * A value as JSON, or the error that it is none: an agent writes every result as JSON, and fails
 * where it cannot. Dates become ISO 8601, bytes base64url is the caller's to write.
 *
 * @throws AsobaError `json.not-canonicalizable` where it is cyclic, or holds a BigInt
 */
export function asJson(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value ?? null)) as Json
  } catch {
    throw new AsobaError('json.not-canonicalizable', 'the value has no form in JSON')
  }
}
