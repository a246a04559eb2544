import type { Json, JsonObject } from './json.ts'
import type { Problem } from './problem.ts'

/** A path into a claims tree as in DCQL: names, array indexes, `null` for every element. */
export type ClaimsPath = readonly (string | number | null)[]

/**
 * The lists of JSON-LD contexts under which credentials of a type are written, in their order: one
 * list, or several. `'any'`: under any contexts that the processor knows, so that a holder may swap
 * the names of two claims where two of these contexts define them crosswise.
 */
export type AcceptedContexts = readonly string[] | readonly (readonly string[])[] | 'any'

/** How a credential type is called in a request and in a trust policy. */
export interface CredentialTypeName {
  /** Short name used in policies: `citizenship`. */
  readonly name: string
  /** SD-JWT VC type. */
  readonly vct: string
  /** The most specific VC data model type: `CitizenshipCredential`. */
  readonly vcdmType: string
  /**
   * For credentials whose proof is over the statements of JSON-LD (`ldp_vc` but for the suites over
   * JSON). Where it is left out they are accepted under the context of the VC data model 2.0 alone.
   */
  readonly contexts?: AcceptedContexts
}

/** One claim of a credential type. */
export interface ClaimDefinition {
  /** Path below the credential's subject (the root of an SD-JWT VC). */
  readonly path: ClaimsPath
  /** `always`: an own disclosure; `never`: visible to every verifier. */
  readonly disclosable: 'always' | 'never'
  /** Whether every credential of this type has it. */
  readonly mandatory: boolean
  /** Label by language tag, shown on the consent screen. */
  readonly label: Readonly<Record<'be' | 'en', string>>
}

/** A credential type: its names, its claims, and how to judge a set of claims. */
export interface CredentialType extends CredentialTypeName {
  /** Integrity of the SD-JWT VC type metadata, `sha256-…`, put beside `vct`. */
  readonly vctIntegrity: string
  /** JSON-LD contexts of the VC data model forms, in order, the first is the W3C's. */
  readonly contexts: readonly string[]
  /** `type` of the credential in the VC data model, in order. */
  readonly types: readonly string[]
  /** `credentialSubject.type` in the VC data model. */
  readonly subjectTypes: readonly string[]
  readonly claims: readonly ClaimDefinition[]
  /** JSON Schema 2020-12 of the claims tree (the subject's claims). */
  readonly schema: JsonObject
  /** Whether it must be bound to the holder's key. */
  readonly holderBinding: 'required' | 'bearer'
  /**
   * Problems of a claims tree against the schema. With `disclosed: 'some'` absent
   * claims are no problem, what is there is judged the same.
   */
  validate(claims: JsonObject, options: { readonly disclosed: 'all' | 'some' }): readonly Problem[]
}

/** Where the status of a credential is published. */
export type StatusReference =
  | { readonly kind: 'token-status-list'; readonly uri: string; readonly index: number }
  | {
      readonly kind: 'bitstring-status-list'
      readonly uri: string
      readonly index: number
      readonly purpose: string
      /** `statusSize` and `statusMessage` of a message list. */
      readonly size?: number
      readonly messages?: Readonly<Record<string, string>>
    }

/** What an issuer puts into one credential; the same for every format. */
export interface SecureInput {
  readonly type: CredentialType
  /** Issuer identifier: a DID or an https URL. */
  readonly issuer: string
  /** Claims of the subject. */
  readonly claims: JsonObject
  /** When it was issued and is valid from; formats write what their standard asks for. */
  readonly validFrom: Date
  readonly validUntil: Date
  readonly status?: StatusReference
}

/** A value at a claims path, as shown on a consent screen. */
export interface ClaimAt {
  readonly path: ClaimsPath
  readonly value: Json
}
