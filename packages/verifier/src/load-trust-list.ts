import {
  type AnchorEntry,
  type Check,
  type CredentialTypeName,
  digest,
  type Jwk,
  type Problem,
  problem,
  refused,
  type SignatureBackend,
  type TrustEntry,
  type TrustPolicy,
  toBase64url,
  type Verified,
} from '@asoba/core'
import { algorithmOfJwk, validatePublicJwk } from '@asoba/did'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { readContent, type TrustListContent, trustListType } from './trust-list-content.ts'
import { trustedAnchors } from './trusted-anchors.ts'
import { combine, trustedIssuers } from './trusted-issuers.ts'

/** What a reader remembers of the last list that it accepted from a publisher; plain JSON. */
export interface TrustListMark {
  readonly sequence: number
  /**
   * SHA-256 of the payload, base64url. Left out where the number alone is known, built into an
   * app for instance: then any list of that number is accepted, once.
   */
  readonly digest?: string
}

/** Everything a trust list is judged by. None of it is read from the list. */
export interface LoadTrustListOptions {
  /** Whose list it must be, and the public keys that may have signed it: got beforehand, in another way. */
  readonly publisher: { readonly id: string; readonly keys: readonly Jwk[] }
  /** The types that the verifier knows. What the list says of others is left out. */
  readonly types: readonly CredentialTypeName[]
  readonly now: Date
  /** Tolerated difference of clocks, in seconds: now, and whenever the policy is asked. */
  readonly clockTolerance: number
  /** The mark of the last list of this publisher that was accepted; `'none'` where there was none. */
  readonly previous: TrustListMark | 'none'
  /**
   * `'use'` where there is no network: status lists in the trust list then stand in for it.
   * `'ignore'` where there is: a revocation is seen sooner.
   */
  readonly snapshots: 'use' | 'ignore'
  /** Characters of the token at most. */
  readonly maxLength: number
  /** Verifies signatures instead of the platform. */
  readonly backend?: SignatureBackend
}

/** A trust list that was accepted. */
export interface LoadedTrustList extends TrustListContent {
  /**
   * For `createVerifier`, alone or by `combine` with others. Trusts nobody from the moment that
   * the list expires, however long ago it was loaded.
   */
  readonly trust: TrustPolicy
  /** To be kept, and given as `previous` next time. */
  readonly mark: TrustListMark
}

/**
 * Judges a signed trust list: form, publisher, signature, time, and that it is not older than
 * the last one. Says every problem found; never throws for what somebody sent.
 *
 * @throws TypeError where an option is missing or makes no sense
 * @see `spec/trust-list.md`
 */
export async function loadTrustList(
  token: unknown,
  options: LoadTrustListOptions,
): Promise<Verified<LoadedTrustList>> {
  checkOptions(options)
  const { publisher, types, now, clockTolerance, previous, maxLength, backend } = options
  const jws = parseJws(token, { maxLength, maxDepth: 8 })
  if (!jws.verified) return jws

  const problems: Problem[] = []
  const checks: Check[] = []
  const judge = (check: string, found: readonly Problem[]): void => {
    problems.push(...found)
    checks.push({ check, path: '', outcome: found.length === 0 ? 'passed' : 'failed' })
  }
  judge('type', headerProblems(jws.header))
  const signed = await verifyJwsWith(jws, publisher.keys, backend ? { backend } : {})
  judge(
    'signature',
    signed ? [] : [problem('jws.signature-invalid', 'no key of the publisher signed the list')],
  )
  const { claims } = jws
  if (claims === undefined) {
    judge('schema', [problem('trust-list.malformed', 'the payload is not one JSON object')])
    return refused(problems, checks)
  }
  judge(
    'publisher',
    claims['iss'] === publisher.id
      ? []
      : [problem('issuer.untrusted', 'the list is of another publisher', '/iss')],
  )
  const content = readContent(claims, types)
  judge('schema', content.verified ? [] : content.problems)
  if (!content.verified) return refused(problems, checks)

  const mark = {
    sequence: content.sequence,
    digest: toBase64url(await digest('SHA-256', jws.payload)),
  }
  judge('validity', timeProblems(content, now, clockTolerance))
  judge('sequence', previous === 'none' ? [] : sequenceProblems(mark, previous))
  if (problems.length > 0) return refused(problems, checks)

  const { verified: _, checks: __, entries: all, ...rest } = content
  const entries = options.snapshots === 'use' ? all : all.map(({ statusSnapshot: _, ...e }) => e)
  const loaded = { ...rest, entries }
  return { verified: true, checks, ...loaded, mark, trust: policyOf(loaded, clockTolerance) }
}

/** Expiry is looked at whenever somebody asks: a verifier may run longer than its list lasts. */
function policyOf(content: TrustListContent, clockTolerance: number): TrustPolicy {
  const { entries } = content
  const inner = combine(
    trustedIssuers(entries.filter((entry): entry is TrustEntry => entry.issuer !== undefined)),
    trustedAnchors(entries.filter((entry): entry is AnchorEntry => entry.issuer === undefined)),
  )
  const problems = (at: Date) => timeProblems(content, at, clockTolerance)
  return {
    entries: async (query) => (problems(query.at).length === 0 ? inner.entries(query) : []),
    anchored: async (query) =>
      (problems(query.at).length === 0 && (await inner.anchored?.(query))) || [],
    all: async (type, at) => (problems(at).length === 0 ? inner.all(type, at) : []),
    problems,
  }
}

// Negated comparisons, so that a date that is none passes nothing.
function timeProblems(
  { issuedAt, expires }: TrustListContent,
  at: Date,
  clockTolerance: number,
): readonly Problem[] {
  const [time, tolerance] = [at.getTime(), clockTolerance * 1000]
  if (!(time >= issuedAt.getTime() - tolerance)) {
    return [problem('trust-list.not-yet-valid', 'the trust list is from the future')]
  }
  if (!(time < expires.getTime() + tolerance)) {
    return [problem('trust-list.expired', 'the trust list has expired')]
  }
  return []
}

function sequenceProblems(mark: TrustListMark, previous: TrustListMark): readonly Problem[] {
  if (mark.sequence < previous.sequence) {
    const detail = 'a later trust list was accepted before'
    return [problem('trust-list.outdated', detail, '/sequence')]
  }
  const differs = previous.digest !== undefined && mark.digest !== previous.digest
  if (mark.sequence === previous.sequence && differs) {
    const detail = 'another trust list with this number was accepted before'
    return [problem('trust-list.conflicting', detail, '/sequence')]
  }
  return []
}

function headerProblems(header: { readonly [name: string]: unknown }): readonly Problem[] {
  return [
    ...(header['typ'] === trustListType
      ? []
      : [problem('jws.type-mismatch', 'typ is not that of a trust list')]),
    ...(Object.keys(header).every((name) => ['alg', 'typ', 'kid'].includes(name))
      ? []
      : [problem('jws.header-invalid', 'the header has a member that trust lists do not have')]),
  ]
}

function checkOptions(options: LoadTrustListOptions): void {
  const { publisher, types, now, clockTolerance, previous, snapshots, maxLength } = options
  const need = (condition: boolean, message: string): void => {
    if (!condition) throw new TypeError(message)
  }
  need(typeof publisher?.id === 'string' && publisher.id !== '', 'publisher has no id')
  need(
    Array.isArray(publisher.keys) && publisher.keys.length > 0 && publisher.keys.every(isKey),
    'publisher.keys are public signature keys, at least one',
  )
  need(Array.isArray(types) && types.length > 0, 'types are at least one')
  need(new Set(types.map(({ vct }) => vct)).size === types.length, 'two types share a vct')
  need(now instanceof Date && !Number.isNaN(now.getTime()), 'now is a date')
  need(clockTolerance >= 0 && Number.isFinite(clockTolerance), 'clockTolerance is in seconds')
  need(
    previous === 'none' || (isCount(previous?.sequence) && isDigest(previous.digest)),
    "previous is a mark or 'none'",
  )
  need(snapshots === 'use' || snapshots === 'ignore', "snapshots are 'use' or 'ignore'")
  need(isCount(maxLength), 'maxLength is a number of characters')
}

function isKey(jwk: Jwk): boolean {
  const valid = validatePublicJwk(jwk)
  return valid !== undefined && algorithmOfJwk(valid) !== undefined
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}

function isDigest(value: string | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value !== '')
}
