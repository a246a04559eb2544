import {
  type ClaimAt,
  type ClaimsPath,
  type Combination,
  type CredentialView,
  combinations,
  scopeKind,
  selectClaims,
  serviceScope,
  type TransactionData,
} from '@asoba/core'
import { consentOf } from './consent.ts'
import { type Group, isCurrent } from './groups.ts'
import type { ReadRequest } from './read-request.ts'
import { copiesLeft, type Use, usableCopies } from './reuse.ts'

/** A claim that would be told, and to which credential query it answers. */
export interface DisclosedClaim extends ClaimAt {
  readonly query: string
}

/** A claim that will not be told. */
export interface WithheldClaim {
  readonly query: string
  readonly path: ClaimsPath
}

/** Which credential answers one credential query. */
export interface Answer {
  /** Id of the credential query. */
  readonly query: string
  /** Id of the credential in the wallet. */
  readonly credential: string
  /** Presentations left before a new batch is needed; `Infinity` for unlinkable ones, 0 where none can be made. */
  readonly copiesLeft: number
}

/** One way to answer a request: all that a consent screen has to say. */
export interface Match {
  readonly audience: string
  readonly nonce: string
  readonly answers: readonly Answer[]
  /** Exactly what will be told of what can be withheld, claim by claim. */
  readonly disclosed: readonly DisclosedClaim[]
  /** What stays with the holder. */
  readonly withheld: readonly WithheldClaim[]
  /** What every presentation of these credentials tells: type, issuer, validity and the like. */
  readonly shown: readonly DisclosedClaim[]
  /** Where the verifier will know the holder again: the pseudonyms that it gets, each with its scope. */
  readonly pseudonyms: readonly { readonly query: string; readonly scope: string }[]
}

/** A match with the paths to give to the format. */
export interface Plan {
  readonly match: Match
  readonly disclose: ReadonlyMap<string, readonly ClaimsPath[]>
}

interface Candidate {
  readonly answer: Answer
  readonly disclose: readonly ClaimsPath[]
  readonly disclosed: readonly DisclosedClaim[]
  readonly withheld: readonly WithheldClaim[]
  readonly shown: readonly DisclosedClaim[]
  readonly pseudonymous: boolean
  readonly validUntil: number
}

const maxMatches = 32

/**
 * The ways to answer a request: what the verifier prefers first, then what can be
 * presented at all, then what tells least, then what is valid longest.
 */
export async function plansFor(
  request: ReadRequest,
  groups: readonly Group[],
  use: Use,
): Promise<readonly Plan[]> {
  const candidates = new Map<string, readonly Candidate[]>()
  for (const query of request.query.credentials) {
    const found: Candidate[] = []
    for (const group of groups) {
      // The copy that would be sent; where none is left, any that shows what it was.
      const [next] = await usableCopies(group, use)
      const current = group.copies.filter(({ view }) => isCurrent(view, use.now))
      const entry = current.find(({ copy }) => copy === next) ?? current[0]
      const selection = entry === undefined ? undefined : selectClaims(entry.view, query)
      if (entry === undefined || selection === undefined) continue
      if (!bindsAll(entry.view, request)) continue
      const authorises = request.transactionData.some((each) =>
        each.credentialIds.includes(query.id),
      )
      // A bearer credential proves nobody who could authorise anything.
      if (authorises && entry.view.holder.kind === 'bearer') continue
      const consent = consentOf(entry.view, selection.disclose)
      const named = <T extends object>(claim: T): T & { readonly query: string } => ({
        ...claim,
        query: query.id,
      })
      found.push({
        answer: {
          query: query.id,
          credential: group.id,
          copiesLeft: await copiesLeft(group, use),
        },
        disclose: selection.disclose,
        disclosed: consent.disclosed.map(named),
        withheld: consent.withheld.map((path) => named({ path })),
        shown: consent.shown.map(named),
        pseudonymous: entry.view.pseudonym !== undefined,
        validUntil: entry.view.validUntil?.getTime() ?? Number.POSITIVE_INFINITY,
      })
    }
    candidates.set(query.id, found.sort(byMerit))
  }
  const answerable = new Set(
    [...candidates].filter(([, found]) => found.length > 0).map(([id]) => id),
  )
  return combinations(request.query, answerable)
    .flatMap(idsOf)
    .filter((ids) => ids.length > 0)
    .filter((ids) => request.transactionData.every((each) => authorisedBy(each, ids, request)))
    .flatMap((ids) => choices(ids, candidates))
    .slice(0, maxMatches)
    .map((chosen) => planOf(request, chosen))
}

/**
 * The credential query whose answer authorises a transaction: the first of those it names, for only
 * one may (OpenID4VP 5.1), and only an SD-JWT VC with its holder's key can.
 */
export function authorisedBy(
  { credentialIds }: TransactionData,
  ids: readonly string[],
  { query }: ReadRequest,
): string | undefined {
  return query.credentials.find(
    ({ id, format, require_cryptographic_holder_binding: bound }) =>
      credentialIds.includes(id) && ids.includes(id) && format === 'dc+sd-jwt' && bound,
  )?.id
}

/**
 * Whether a presentation can be bound to all that the request wants, and its pseudonym, where it
 * shows one, is of the kind that this credential's secrets are for.
 */
function bindsAll(view: CredentialView, { purpose, scope }: ReadRequest): boolean {
  if (purpose !== 'present' && view.holder.kind !== 'bbs-commitment') return false
  if (scope !== undefined) return view.pseudonym === scopeKind(scope)
  return view.pseudonym !== 'election'
}

/** What must be presented, and beside it each optional set alone: it is the holder who adds. */
function idsOf({ required, optional }: Combination): readonly (readonly string[])[] {
  return [required, ...optional.map((ids) => [...new Set([...required, ...ids])])]
}

function choices(
  ids: readonly string[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
): readonly (readonly Candidate[])[] {
  let ways: readonly (readonly Candidate[])[] = [[]]
  for (const id of ids) {
    const found = candidates.get(id) ?? []
    ways = ways.flatMap((way) => found.map((candidate) => [...way, candidate])).slice(0, maxMatches)
  }
  return ways
}

function planOf(request: ReadRequest, chosen: readonly Candidate[]): Plan {
  return {
    match: {
      audience: request.audience,
      nonce: request.nonce,
      answers: chosen.map(({ answer }) => answer),
      disclosed: chosen.flatMap(({ disclosed }) => disclosed),
      withheld: chosen.flatMap(({ withheld }) => withheld),
      shown: chosen.flatMap(({ shown }) => shown),
      pseudonyms: chosen
        .filter(({ pseudonymous }) => pseudonymous)
        .map(({ answer }) => ({
          query: answer.query,
          scope: request.scope ?? serviceScope(request.audience),
        })),
    },
    disclose: new Map(chosen.map(({ answer, disclose }) => [answer.query, disclose])),
  }
}

function byMerit(a: Candidate, b: Candidate): number {
  return (
    Number(b.answer.copiesLeft > 0) - Number(a.answer.copiesLeft > 0) ||
    a.disclosed.length - b.disclosed.length ||
    (a.validUntil === b.validUntil ? 0 : b.validUntil - a.validUntil)
  )
}
