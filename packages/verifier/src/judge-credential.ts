import {
  type Check,
  type CredentialQuery,
  type CredentialType,
  type CredentialTypeName,
  checksUnder,
  type Problem,
  problem,
  problemsUnder,
  type StatusSource,
  type TrustEntry,
  type VerificationContext,
  type VerifiedCredential,
  type VerifyingFormat,
} from '@asoba/core'
import { checkStatus, snapshotSource } from '@asoba/status/token'
import type { Settings } from './create-verifier.ts'
import { statusSignerFinder, type TrustContext, trusted } from './find-issuer.ts'
import type { PresentedWire } from './presentation-shape.ts'

/** What one presented credential is judged with. */
export interface JudgeContext extends TrustContext {
  readonly types: readonly (CredentialTypeName | CredentialType)[]
  readonly formats: readonly VerifyingFormat[]
  readonly statusPolicy: Settings['statusPolicy']
  readonly verification: VerificationContext
}

/** What came of one presented credential; `credential` only where nothing was wrong. */
export interface Judgement {
  readonly presented: PresentedWire
  readonly problems: readonly Problem[]
  readonly checks: readonly Check[]
  readonly credential?: VerifiedCredential
}

/** Judges one presented credential like a lone one: format, trust, type, schema, binding, status. */
export async function judgeCredential(
  presented: PresentedWire,
  query: CredentialQuery,
  context: JudgeContext,
): Promise<Judgement> {
  const { path, wire } = presented
  const problems: Problem[] = []
  const checks: Check[] = []
  const judge = (check: string, found: readonly Problem[]): void => {
    problems.push(...problemsUnder(path, found))
    checks.push({ check, path, outcome: found.length === 0 ? 'passed' : 'failed' })
  }
  const result = (credential?: VerifiedCredential): Judgement =>
    credential === undefined || problems.length > 0
      ? { presented, problems, checks }
      : { presented, problems, checks, credential }

  const able = context.formats.filter(
    (format) => format.dcqlFormat === query.format && format.recognises(wire),
  )
  const [format] = able
  if (format === undefined || able.length > 1) {
    judge('format', [
      problem('presentation.malformed', 'not exactly one format of the verifier reads it'),
    ])
    return result()
  }
  const verified = await format.verify(wire, context.verification).catch(() => undefined)
  if (verified === undefined) {
    judge('format', [problem('presentation.malformed', 'the format could not judge it')])
    return result()
  }
  checks.push(...checksUnder(path, verified.checks))
  if (!verified.verified) {
    problems.push(...problemsUnder(path, verified.problems))
    return result()
  }

  const { type: name, issuer, mechanism, certificate, subject, holder } = verified
  // Trust is asked once more for the outcome: a format that skipped it changes nothing.
  const trust = await trusted(context.trust, { issuer, type: name, at: context.at })
  const under = certificate && context.certified.get(certificate)
  const anchored = under?.issuer === issuer && under.types.includes(name) ? [under] : []
  const entries = trust.verified && trust.entries.length > 0 ? trust.entries : anchored
  const entry = entries.find((each) => each.mechanism === mechanism)
  if (!trust.verified) judge('issuer-trust', trust.problems)
  else if (entry === undefined || !done(checks, 'issuer-trust')) {
    const detail = 'the issuer is not trusted for this type'
    judge('issuer-trust', entry ? [] : [problem('issuer.untrusted', detail)])
  }

  const type = context.types.find((each) => each.name === name)
  judge(
    'type',
    type !== undefined && asksFor(query, type)
      ? []
      : [problem('query.unsatisfied', 'a credential of this type was not asked for')],
  )
  if (type !== undefined && 'validate' in type) {
    judge('schema', type.validate(subject, { disclosed: 'some' }))
  } else if (!done(checks, 'schema')) {
    checks.push({ check: 'schema', path, outcome: 'not-applicable' })
  }

  const bearer = holder.kind === 'none' && context.verification.holderBinding(name) === 'bearer'
  if (bearer) checks.push({ check: 'holder-binding', path, outcome: 'not-applicable' })
  else if (!holder.proven || !done(checks, 'holder-binding')) {
    judge(
      'holder-binding',
      holder.proven
        ? []
        : [problem('holder.binding-missing', 'nobody proved to hold this credential')],
    )
  }

  if (entry !== undefined) await judgeStatus(verified, entries, judge, checks, path, context)
  return result(verified)
}

async function judgeStatus(
  credential: VerifiedCredential,
  entries: readonly TrustEntry[],
  judge: (check: string, found: readonly Problem[]) => void,
  checks: Check[],
  path: string,
  context: JudgeContext,
): Promise<void> {
  const { status, type, issuer, mechanism } = credential
  const { source, of, ...how } = context.statusPolicy
  if (status.length === 0) {
    const rule = of(type)
    if (rule === 'none-issued' || (rule === 'epoch' && isOfAnEpoch(credential))) {
      checks.push({ check: 'status', path, outcome: 'not-applicable' })
    } else judge('status', [problem('status.missing', 'the credential has no status entry')])
    return
  }
  const statusIssuers = entries.flatMap((entry) => entry.statusIssuers ?? [])
  const { signal, verification } = context
  const result = await checkStatus(status, {
    issuer: { issuer, type, mechanism, statusIssuers },
    source: withSnapshots(entries, source),
    findIssuer: statusSignerFinder(entries, type, context),
    now: context.at,
    clockTolerance: verification.clockTolerance,
    ...how,
    ...(signal && { signal }),
  })
  judge('status', result.verified ? [] : result.problems)
}

/** An index would name the copy of an unlinkable credential; it lives shortly instead. */
function isOfAnEpoch({ holder, validFrom, validUntil }: VerifiedCredential): boolean {
  if (holder.kind !== 'commitment' || validFrom === undefined || validUntil === undefined) {
    return false
  }
  return validUntil.getTime() - validFrom.getTime() <= 100 * 86_400_000
}

/** Lists that a trust entry carries come first: that is how a verifier works offline. */
function withSnapshots(entries: readonly TrustEntry[], source: StatusSource): StatusSource {
  const snapshot = Object.assign({}, ...entries.map((entry) => entry.statusSnapshot))
  const kept = snapshotSource(snapshot)
  return {
    get: (uri, options) => (Object.hasOwn(snapshot, uri) ? kept : source).get(uri, options),
  }
}

/** Whether a credential query names a type. */
export function asksFor({ meta }: CredentialQuery, type: CredentialTypeName): boolean {
  return (
    meta.vct_values?.includes(type.vct) === true ||
    meta.type_values?.some((all) => all.includes(type.vcdmType)) === true
  )
}

function done(checks: readonly Check[], name: string): boolean {
  return checks.some(({ check }) => check === name)
}
