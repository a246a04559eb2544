import {
  type CredentialType,
  type CredentialTypeName,
  type FindHolderKey,
  type IssuerKeys,
  problem,
  type ReplayStore,
  refused,
  type SignatureBackend,
  type StatusSource,
  type TrustPolicy,
  type VerifyingFormat,
} from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import type { StatusMechanism } from '@asoba/status/token'
import { makeRequest } from './make-request.ts'
import type {
  QueryInput,
  RequestOptions,
  VerificationResult,
  VerifierRequest,
  VerifyOptions,
} from './types.ts'
import { verifyPresentation } from './verify-presentation.ts'

/** What a type's credentials must have of status; see {@link StatusPolicy}. */
export type StatusRule = 'required' | 'epoch' | 'none-issued'

/** Status per type, said out loud. */
export interface StatusPolicy {
  readonly source: StatusSource
  /**
   * For every type: `required`; `epoch` where unlinkable credentials (BBS) have no status entry, for
   * it would name the copy, and are valid for 100 days at most instead, while those of every other
   * format must have one; or `none-issued` where its issuers publish no status at all (short
   * validity instead). An entry that is there is checked either way.
   */
  readonly policy: Readonly<Record<string, StatusRule>>
  /** How lists are read; Token Status List alone when left out. */
  readonly mechanisms?: readonly StatusMechanism[]
  /** Verifies signatures of lists instead of the platform, e.g. `withRsa()` of `@asoba/did/rsa`. */
  readonly backend?: SignatureBackend
}

/** Everything a verifier decides by. What matters for security has no default. */
export interface VerifierOptions {
  /** Who verifies: the https URL that holders' proofs must be made for. */
  readonly audience: string
  /** The types it knows. With a whole `CredentialType` disclosed claims are held against its schema. */
  readonly types: readonly (CredentialType | CredentialTypeName)[]
  /** How keys of trusted issuers are found: `issuerKeys({ did, https, x509 })`. */
  readonly issuerKeys: IssuerKeys
  /** Who may issue what: `trustedIssuers({ … })`, a function, a signed list. */
  readonly trust: TrustPolicy
  /** The formats it reads, e.g. `[sdJwtVc()]`. */
  readonly formats: readonly VerifyingFormat[]
  /** Where status lists come from; a bare source means that every type must have a status. */
  readonly status: StatusSource | StatusPolicy
  /** Seals the state of requests; the same key for all replicas. */
  readonly seal: Seal
  /** Accepts an answer once; `'single-use-by-caller'` where the caller keeps the request itself. */
  readonly replay: ReplayStore | 'single-use-by-caller'
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** How old the holder's proof may be, in seconds. */
  readonly maxProofAge: number
  /**
   * Keys of holders that are DIDs: `holderKeys(resolver)`. VC data model formats need it;
   * without it what they present is refused.
   */
  readonly holderKeys?: FindHolderKey
  /** Types whose credentials may be shown by whoever has them; all others must be bound to a holder. */
  readonly holderBinding?: Readonly<Record<string, 'required' | 'bearer'>>
  /** The clock; the system's when left out. */
  readonly now?: () => Date
}

/** Asks for presentations and judges them; keeps nothing between the two. */
export interface Verifier {
  /**
   * A request with a fresh nonce. Give it to the wallet and come back with it, or with its
   * query and state, to {@link Verifier.verify}.
   *
   * @throws AsobaError `query.invalid` where the query is no DCQL or names a type or format
   * that this verifier does not know, or asks for several (`multiple`) in a format in which one
   * could be sent twice unnoticed
   */
  request<const Q extends QueryInput>(
    query: Q,
    options?: RequestOptions,
  ): Promise<VerifierRequest<Q>>
  /**
   * Judges a presentation against the request it answers. The query is the caller's own,
   * never the sender's; the state may come back with the presentation. Never throws for
   * what somebody sent.
   *
   * @throws AsobaError `replay.unavailable` where the replay store fails
   */
  verify<const Q extends QueryInput>(
    presentation: unknown,
    request: { readonly query: Q; readonly state?: string },
    options?: VerifyOptions,
  ): Promise<VerificationResult<Q>>
}

/** The options with what is left out filled in by its strictest value. */
export interface Settings extends VerifierOptions {
  readonly statusPolicy: Omit<StatusPolicy, 'policy'> & {
    readonly of: (type: string) => StatusRule
  }
  readonly bindingOf: (type: string) => 'required' | 'bearer'
  readonly holderKeys: FindHolderKey
  readonly now: () => Date
}

/**
 * A verifier. Two of them with the same options and seal key verify each other's requests.
 *
 * @throws TypeError where an option is missing or makes no sense
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = settingsOf(options)
  return {
    request: (query, requestOptions = {}) => makeRequest(settings, query, requestOptions),
    verify: (presentation, request, verifyOptions = {}) =>
      verifyPresentation(settings, presentation, request, verifyOptions),
  }
}

function settingsOf(options: VerifierOptions): Settings {
  for (const name of required) {
    if (options[name] === undefined) throw new TypeError(`a verifier needs ${name}`)
  }
  const { types, formats, status, holderBinding = {}, clockTolerance, maxProofAge } = options
  const names = new Set(types.map(({ name }) => name))
  need(options.audience !== '', 'audience is empty')
  need(types.length > 0 && names.size === types.length, 'types are at least one, each named once')
  need(
    new Set(types.flatMap(({ vct, vcdmType }) => [vct, vcdmType])).size === types.length * 2,
    'two types share a vct or a VC data model type',
  )
  need(
    formats.length > 0 && new Set(formats.map(({ id }) => id)).size === formats.length,
    'formats are at least one, each given once',
  )
  need(clockTolerance >= 0 && Number.isFinite(clockTolerance), 'clockTolerance is in seconds')
  need(maxProofAge > 0 && Number.isFinite(maxProofAge), 'maxProofAge is in seconds')
  need(
    Object.keys(holderBinding).every((name) => names.has(name)),
    'holderBinding of no type',
  )
  const { policy, ...rest }: Omit<StatusPolicy, 'policy'> & Partial<StatusPolicy> =
    'policy' in status ? status : { source: status }
  need(typeof rest.source?.get === 'function', 'status has no source')
  for (const name of names) {
    const rule = policy === undefined ? 'required' : policy[name]
    need(isRule(rule), 'the status policy leaves out a type')
  }
  return {
    ...options,
    statusPolicy: {
      ...rest,
      of: (type) =>
        (policy !== undefined && Object.hasOwn(policy, type) && policy[type]) || 'required',
    },
    bindingOf: (type) => (holderBinding[type] === 'bearer' ? 'bearer' : 'required'),
    holderKeys: options.holderKeys ?? noHolderKeys,
    now: options.now ?? (() => new Date()),
  }
}

const required = [
  'audience',
  'types',
  'issuerKeys',
  'trust',
  'formats',
  'status',
  'seal',
  'replay',
  'clockTolerance',
  'maxProofAge',
] as const

function isRule(rule: unknown): rule is StatusRule {
  return rule === 'required' || rule === 'epoch' || rule === 'none-issued'
}

const noHolderKeys: FindHolderKey = async () =>
  refused([problem('holder.key-mismatch', 'the verifier was given no holderKeys')])

function need(condition: boolean, message: string): void {
  if (!condition) throw new TypeError(message)
}
