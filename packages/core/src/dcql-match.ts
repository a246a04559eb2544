import { type ResolvedClaim, resolvePath } from './claims-path.ts'
import type { ClaimAt, ClaimsPath } from './credential-type.ts'
import type { CredentialQuery, DcqlClaim, DcqlQuery } from './dcql-query.ts'
import type { CredentialView } from './format.ts'
import type { JsonObject } from './json.ts'

/** How a credential can answer a credential query. */
export interface ClaimsSelection {
  /**
   * The paths to disclose, out of `view.disclosable` and no more: the claims asked
   * for, what they lie in, and what lies in them.
   */
  readonly disclose: readonly ClaimsPath[]
  /** The claims asked for, as they are answered, each with its exact path. */
  readonly claims: readonly ClaimAt[]
}

/**
 * The least that a credential must disclose to answer a credential query;
 * `undefined` where it cannot: format, type, authority, holder binding or claims
 * do not fit. The first satisfiable of `claim_sets` is taken, as the verifier ordered them.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6.4
 */
export function selectClaims(
  view: CredentialView,
  query: CredentialQuery,
): ClaimsSelection | undefined {
  if (view.dcqlFormat !== query.format || !matchesMeta(view, query)) return undefined
  if (query.require_cryptographic_holder_binding && view.holder.kind === 'bearer') return undefined
  if (!matchesAuthority(view, query)) return undefined
  for (const claims of claimCombinations(query)) {
    const found = claims.map((claim) => answersOf(view.claims, claim))
    if (!found.every((answers) => answers.length > 0)) continue
    const chosen = found.flat()
    return {
      disclose: view.disclosable
        .map(({ path }) => path)
        .filter((path) => chosen.some((claim) => onOneLine(path, claim.path))),
      claims: chosen,
    }
  }
  return undefined
}

/** Whether a credential is of a type that the query names. */
export function matchesMeta(
  { vcts, types }: { readonly vcts: readonly string[]; readonly types: readonly string[] },
  { meta }: CredentialQuery,
): boolean {
  if (meta.vct_values !== undefined) return meta.vct_values.some((vct) => vcts.includes(vct))
  return (meta.type_values ?? []).some((all) => all.every((type) => types.includes(type)))
}

/** The combinations of claims that answer a credential query, the most wanted first. */
export function claimCombinations(query: CredentialQuery): readonly (readonly DcqlClaim[])[] {
  const { claims = [], claim_sets } = query
  return (
    claim_sets?.map((ids) => claims.filter(({ id }) => id !== undefined && ids.includes(id))) ?? [
      claims,
    ]
  )
}

/** The values that answer one claim: all its path selects, or those of them that `values` names. */
export function answersOf(
  claims: JsonObject,
  { path, values }: DcqlClaim,
  options: { readonly indexes?: 'exact' | 'shifted' } = {},
): readonly ResolvedClaim[] {
  const found = resolvePath(claims, path, options)
  const wanted: readonly unknown[] | undefined = values
  return wanted === undefined ? found : found.filter(({ value }) => wanted.includes(value))
}

// `etsi_tl` and `openid_federation` need the network: what cannot be judged does not match.
function matchesAuthority(view: CredentialView, { trusted_authorities }: CredentialQuery): boolean {
  return (
    trusted_authorities?.some(
      ({ type, values }) =>
        type === 'aki' && values.some((value) => view.authorityKeyIds.includes(value)),
    ) ?? true
  )
}

function onOneLine(a: ClaimsPath, b: ClaimsPath): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.every((part, at) => part === long[at])
}

/** One way to answer a whole query, as ids of credential queries. */
export interface Combination {
  /** What must be presented together. */
  readonly required: readonly string[]
  /** Options of the optional sets, each of which the holder may add or leave out. */
  readonly optional: readonly (readonly string[])[]
}

const maxCombinations = 64

/**
 * The ways to answer a query with the credential queries that have a match, the
 * most wanted first and 64 at most; empty where it cannot be answered.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6.4.2
 */
export function combinations(
  query: DcqlQuery,
  answerable: ReadonlySet<string>,
): readonly Combination[] {
  const { credentials, credential_sets: sets } = query
  if (sets === undefined) {
    const required = credentials.map(({ id }) => id)
    return required.every((id) => answerable.has(id)) ? [{ required, optional: [] }] : []
  }
  const possible = sets.map(({ options, required }) => ({
    required,
    options: options.filter((ids) => ids.every((id) => answerable.has(id))),
  }))
  const optional = possible.flatMap((set) => (set.required ? [] : set.options))
  let ways: readonly (readonly string[])[] = [[]]
  for (const set of possible) {
    if (!set.required) continue
    ways = ways
      .flatMap((way) => set.options.map((ids) => [...new Set([...way, ...ids])]))
      .slice(0, maxCombinations)
  }
  return ways.map((required) => ({ required, optional }))
}
