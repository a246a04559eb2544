import { answersOf, claimCombinations, matchesMeta } from './dcql-match.ts'
import type { CredentialQuery, DcqlQuery } from './dcql-query.ts'
import type { JsonObject } from './json.ts'
import { type Problem, problem } from './problem.ts'

/** What a verifier knows of one presented credential, once it was verified. */
export interface PresentedClaims {
  readonly dcqlFormat: string
  /** `vct` and what it extends; empty outside SD-JWT VC. */
  readonly vcts: readonly string[]
  /** VC data model types; empty for SD-JWT VC. */
  readonly types: readonly string[]
  /** The disclosed claims tree. */
  readonly claims: JsonObject
}

/**
 * Whether what was presented answers a query: every required credential, none that
 * was not asked for, one each unless `multiple`, types, claims and values. All
 * problems are `query.unsatisfied`, with the pointer `/<id>` or `/<id>/<index>`.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-8.6
 */
export function satisfiedBy(
  query: DcqlQuery,
  presented: Readonly<Record<string, readonly PresentedClaims[]>>,
): readonly Problem[] {
  const given = new Map(Object.entries(presented).filter(([, credentials]) => credentials.length))
  const asked = new Map(query.credentials.map((each) => [each.id, each]))
  const inSets = query.credential_sets?.flatMap(({ options }) => options.flat())
  const problems: Problem[] = []
  const report = (detail: string, path: string): unknown =>
    problems.push(problem('query.unsatisfied', detail, path))

  for (const [id, credentials] of given) {
    const one = asked.get(id)
    const at = `/${pointerPart(id)}`
    if (one === undefined || inSets?.includes(id) === false) {
      report('this credential was not asked for', at)
      continue
    }
    if (credentials.length > 1 && !one.multiple) report('only one credential was asked for', at)
    credentials.forEach((credential, index) => {
      const fault = faultOf(one, credential)
      if (fault !== undefined) report(fault, credentials.length > 1 ? `${at}/${index}` : at)
    })
  }

  if (query.credential_sets === undefined) {
    for (const id of asked.keys()) {
      if (!given.has(id)) report('this credential was asked for and is missing', `/${id}`)
    }
  } else {
    for (const { options, required } of query.credential_sets) {
      if (required && !options.some((ids) => ids.every((id) => given.has(id)))) {
        report('no option of a required credential set is answered', '')
      }
    }
  }
  return problems
}

function faultOf(query: CredentialQuery, credential: PresentedClaims): string | undefined {
  if (credential.dcqlFormat !== query.format) return 'the credential is of another format'
  if (!matchesMeta(credential, query)) return 'the credential is of another type'
  // A plain JWT shows its arrays whole; elsewhere withheld elements are gone from them.
  const whole = query.format === 'jwt_vc_json' || query.format === 'vc+jwt'
  const indexes = whole ? 'exact' : 'shifted'
  const answered = claimCombinations(query).some((claims) =>
    claims.every((claim) => answersOf(credential.claims, claim, { indexes }).length > 0),
  )
  return answered ? undefined : 'claims that were asked for are missing or have other values'
}

/** Ids of a presentation are the sender's: only what is no id at all is hidden. */
function pointerPart(id: string): string {
  return /^[\w-]{1,64}$/.test(id) ? id : ''
}
