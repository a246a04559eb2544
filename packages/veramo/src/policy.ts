import {
  type AcceptedContexts,
  type Check,
  type CredentialTypeName,
  type FindTrustedIssuer,
  type HolderBinding,
  type IssuerClaim,
  type KeyMechanism,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type StatusReference,
  type StatusSource,
  type TrustEntry,
  type TrustPolicy,
  type VerificationContext,
} from '@asoba/core'
import { holderKeys } from '@asoba/did'
import { bitstringStatus, checkStatus, tokenStatus, vcJwtList } from '@asoba/status'
import type { StatusMechanism } from '@asoba/status/token'
import {
  type FetchIssuerMetadata,
  issuerKeys,
  type StatusRule,
  type X509Support,
} from '@asoba/verifier'
import { agentResolver, type ResolvingAgent } from './agent-resolver.ts'

/** Whom and what an agent believes. What matters for security has no default. */
export interface AsobaPolicy {
  /** The types by which `trust`, `status` and `holderBinding` are said; none where any will do. */
  readonly types: readonly CredentialTypeName[]
  /**
   * Who may issue what; or `'any-did'`: whoever controls the DID that a credential names as its
   * issuer is believed to be that DID, and what that is worth is the caller's to know. Types
   * outside of `types` then go by their own name.
   */
  readonly trust: TrustPolicy | 'any-did'
  /**
   * Under which JSON-LD contexts credentials of types outside of `types` are written; the context of
   * the VC data model 2.0 alone when left out. For proofs over statements, which hold no contexts.
   */
  readonly acceptedContexts?: AcceptedContexts
  /** Keys of issuers that are no DIDs; `issuerMetadata(…)`, and the functions of `@asoba/jwt/x509`. */
  readonly issuerKeys?: { readonly https?: FetchIssuerMetadata; readonly x509?: X509Support }
  /** Where status lists come from, and for each type, or for all, what must be there. */
  readonly status: {
    readonly source: StatusSource
    readonly policy: StatusRule | Readonly<Record<string, StatusRule>>
    /** How lists are read; both kinds when left out, a bitstring list as `vc+jwt`. */
    readonly mechanisms?: readonly StatusMechanism[]
  }
  /** Types whose credentials may be shown by whoever has them; all others must be bound to a holder. */
  readonly holderBinding?: Readonly<Record<string, 'required' | 'bearer'>>
  /** Tolerated difference of clocks, in seconds. */
  readonly clockTolerance: number
  /** How old the holder's proof may be, in seconds. */
  readonly maxProofAge: number
  /** Verifies signatures instead of the platform; a browser needs `nobleSignatures` for secp256k1. */
  readonly backend?: SignatureBackend
  /** The clock. */
  readonly now?: () => Date
}

/** What a credential of whatever encoding is judged with. */
export type JudgingContext = Omit<VerificationContext, 'audience' | 'nonce'> & {
  readonly backend?: SignatureBackend
}

/** What is to be known of a credential to ask for its status. */
export interface StatusSubject {
  readonly type: string
  readonly issuer: string
  readonly mechanism: KeyMechanism
  readonly status: readonly StatusReference[]
  readonly holder?: HolderBinding
  readonly validFrom?: Date
  readonly validUntil?: Date
}

/** @throws TypeError where something is missing or makes no sense */
export function checkPolicy(policy: AsobaPolicy): void {
  const { types, trust, status, clockTolerance, maxProofAge } = policy
  const need = (met: boolean, message: string): void => {
    if (!met) throw new TypeError(message)
  }
  need(Array.isArray(types), 'a policy needs types, if only an empty list')
  need(trust === 'any-did' || typeof trust?.entries === 'function', 'a policy needs trust')
  need(typeof status?.source?.get === 'function', 'a policy needs a source of status lists')
  const rules = typeof status.policy === 'string' ? [status.policy] : Object.values(status.policy)
  need(
    rules.length > 0 && rules.every((rule) => /^(required|epoch|none-issued)$/.test(rule)),
    'status.policy says required, epoch or none-issued',
  )
  need(clockTolerance >= 0 && Number.isFinite(clockTolerance), 'clockTolerance is in seconds')
  need(maxProofAge > 0 && Number.isFinite(maxProofAge), 'maxProofAge is in seconds')
}

/** The policy at work for one call to an agent. */
export function judgingContext(
  policy: AsobaPolicy,
  agent: ResolvingAgent,
  now: Date,
): JudgingContext {
  return {
    purpose: 'present',
    now,
    clockTolerance: policy.clockTolerance,
    maxProofAge: policy.maxProofAge,
    findIssuer: issuerFinder(policy, agent, now),
    findHolderKey: holderKeys(agentResolver(agent)),
    holderBinding: (type) =>
      policy.holderBinding !== undefined && Object.hasOwn(policy.holderBinding, type)
        ? (policy.holderBinding[type] ?? 'required')
        : 'required',
    ...(policy.backend && { backend: policy.backend }),
  }
}

function keysOf({ issuerKeys: others = {} }: AsobaPolicy, agent: ResolvingAgent) {
  return issuerKeys({ ...others, did: agentResolver(agent) })
}

/** Trust first, then the keys by the one mechanism of the trust entry. */
function issuerFinder(policy: AsobaPolicy, agent: ResolvingAgent, at: Date): FindTrustedIssuer {
  const keys = keysOf(policy, agent)
  return async (claim) => {
    if (claim.purpose !== 'credential') return untrusted
    const named = typeNamed(claim, policy)
    if ('code' in named) return refused([named])
    const { name: type, contexts } = named
    for (const issuer of keys.candidates(claim)) {
      const entries = await entriesFor(policy.trust, { issuer, type, at })
      const [entry] = entries
      if (entry === undefined) continue
      if (entries.some(({ mechanism }) => mechanism !== entry.mechanism)) {
        const detail = 'the policy gives this issuer two mechanisms'
        return refused([problem('issuer.mechanism-mismatch', detail)])
      }
      const found = await keys.find(entry, claim, { at })
      if (!found.verified) return found
      const { mechanism } = entry
      const trusted = { issuer, type, mechanism, keys: found.keys, ...(contexts && { contexts }) }
      return { verified: true, checks: [], ...trusted }
    }
    return untrusted
  }
}

const untrusted = refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')])

/** The one type of the policy that a credential is of, or, where any DID will do, its own name. */
function typeNamed(
  { types: named }: IssuerClaim,
  { types, trust, acceptedContexts: contexts }: AsobaPolicy,
): Pick<CredentialTypeName, 'name' | 'contexts'> | Problem {
  const known = types.filter(({ vct, vcdmType }) => named.includes(vct) || named.includes(vcdmType))
  if (known.length > 1) {
    return problem('credential.type-unknown', 'the credential names several types of the policy')
  }
  const [type] = known
  if (type !== undefined) return type
  const own = trust === 'any-did' ? named.at(-1) : undefined
  return own === undefined
    ? problem('credential.type-unknown', 'the policy does not know this type')
    : { name: own, ...(contexts && { contexts }) }
}

async function entriesFor(
  trust: AsobaPolicy['trust'],
  query: { readonly issuer: string; readonly type: string; readonly at: Date },
): Promise<readonly TrustEntry[]> {
  const { issuer, type } = query
  if (trust === 'any-did') {
    return issuer.startsWith('did:') ? [{ issuer, types: [type], mechanism: 'did' }] : []
  }
  try {
    const entries = await trust.entries(query)
    return entries.filter((entry) => entry.issuer === issuer && entry.types.includes(type))
  } catch {
    // A policy that fails trusts nobody.
    return []
  }
}

/** Whether a credential still holds, whatever its encoding: by every status entry that it has. */
export async function judgeStatus(
  credential: StatusSubject,
  policy: AsobaPolicy,
  agent: ResolvingAgent,
  now: Date,
): Promise<{ readonly problems: readonly Problem[]; readonly check: Check }> {
  const result = (problems: readonly Problem[], outcome?: Check['outcome']) => ({
    problems,
    check: {
      check: 'status',
      path: '',
      outcome: outcome ?? (problems.length === 0 ? 'passed' : 'failed'),
    } as const,
  })
  const { status, type, issuer, mechanism } = credential
  if (status.length === 0) {
    const rule = ruleFor(type, policy)
    const none = rule === 'none-issued' || (rule === 'epoch' && isOfAnEpoch(credential))
    if (none) return result([], 'not-applicable')
    return result([problem('status.missing', 'the credential has no status entry')])
  }
  const entries = await entriesFor(policy.trust, { issuer, type, at: now })
  const keys = keysOf(policy, agent)
  const statusIssuers = entries.flatMap((entry) => entry.statusIssuers ?? [])
  const checked = await checkStatus(status, {
    issuer: { issuer, type, mechanism, statusIssuers },
    source: policy.status.source,
    // The list's signer: the issuer itself, or whom its trust entry names for status.
    findIssuer: async (claim) => {
      for (const entry of entries) {
        const allowed = [entry.issuer, ...(entry.statusIssuers ?? [])]
        const name = keys.candidates(claim).find((each) => allowed.includes(each))
        if (name === undefined) continue
        const { keys: _pinned, ...rest } = entry
        const signer = name === entry.issuer ? entry : { ...rest, issuer: name }
        const found = await keys.find(signer, claim, { at: now })
        if (!found.verified) return found
        return { verified: true, checks: [], issuer: name, type, mechanism, keys: found.keys }
      }
      return untrusted
    },
    now,
    clockTolerance: policy.clockTolerance,
    mechanisms: policy.status.mechanisms ?? [tokenStatus(), bitstringStatus({ verify: vcJwtList })],
    ...(policy.backend && { backend: policy.backend }),
  })
  return result(checked.verified ? [] : checked.problems)
}

function ruleFor(type: string, { status }: AsobaPolicy): StatusRule {
  if (typeof status.policy === 'string') return status.policy
  return (Object.hasOwn(status.policy, type) && status.policy[type]) || 'required'
}

/** An index would name the copy of an unlinkable credential; it lives shortly instead. */
function isOfAnEpoch({ holder, validFrom, validUntil }: StatusSubject): boolean {
  if (holder?.kind !== 'commitment' || validFrom === undefined || validUntil === undefined) {
    return false
  }
  return validUntil.getTime() - validFrom.getTime() <= 100 * 86_400_000
}
