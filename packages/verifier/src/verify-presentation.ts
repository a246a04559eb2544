import {
  AsobaError,
  type Check,
  type DcqlQuery,
  equalBytes,
  isJsonObject,
  type PresentedClaims,
  type Problem,
  problem,
  readQuery,
  refused,
  satisfiedBy,
  type TransactionData,
  type VerifiedCredential,
} from '@asoba/core'
import type { Settings } from './create-verifier.ts'
import { type TrustContext, trustedIssuerFinder } from './find-issuer.ts'
import { type Judgement, judgeCredential } from './judge-credential.ts'
import { readPresentation } from './presentation-shape.ts'
import { openState, type RequestState } from './request-state.ts'
import type { AcceptedCredential, QueryInput, VerificationResult, VerifyOptions } from './types.ts'

/** Judges a presentation against the request that its state was sealed for. */
export async function verifyPresentation<Q extends QueryInput>(
  settings: Settings,
  presentation: unknown,
  request: { readonly query: Q; readonly state?: string },
  options: VerifyOptions,
): Promise<VerificationResult<Q>> {
  const now = settings.now()
  const problems: Problem[] = []
  const checks: Check[] = []
  const judge = (check: string, found: readonly Problem[]): void => {
    problems.push(...found)
    checks.push({ check, path: '', outcome: found.length === 0 ? 'passed' : 'failed' })
  }

  // What the request was, as sealed by a verifier with this key.
  const echoed = isJsonObject(presentation) ? presentation['state'] : undefined
  const opened = await openState(settings.seal, request.state ?? echoed, {
    query: request.query,
    audience: options.audience ?? settings.audience,
    now,
  })
  const crossed = request.state !== undefined && echoed !== undefined && echoed !== request.state
  judge('request', [
    ...(opened.verified ? otherPayload(opened.state, options) : opened.problems),
    ...(crossed ? [problem('request.state-invalid', 'it answers another request', '/state')] : []),
  ])
  let query: DcqlQuery
  try {
    query = readQuery(request.query)
  } catch {
    if (opened.verified)
      judge('request', [problem('request.state-invalid', 'the query is invalid')])
    return refused(problems, checks)
  }

  const shape = readPresentation(presentation, query)
  judge('presentation', shape.problems)
  if (!opened.verified) return refused(problems, checks)

  const judged = await judgeAll(settings, opened.state, query, shape.wires, now, options)
  for (const each of judged) {
    problems.push(...each.problems)
    checks.push(...each.checks)
  }
  judge('distinct', duplicates(judged))
  judge('query', unsatisfied(query, judged))
  const { transactionData } = opened.state
  if (transactionData) judge('transactions', unauthorised(transactionData, judged))
  if (problems.length > 0) return refused(problems, checks)

  // Last of all, so that a broken answer uses up nothing.
  const first = await claimOnce(settings, opened.state)
  if (first === undefined) checks.push({ check: 'replay', path: '', outcome: 'not-applicable' })
  else {
    judge('replay', first ? [] : [problem('replay.seen', 'the request was answered before')])
    if (!first) return refused(problems, checks)
  }
  return accepted(query, judged, checks)
}

function otherPayload(
  { payloadHash: named }: RequestState,
  { payloadHash: came }: VerifyOptions,
): readonly Problem[] {
  return named === undefined || came === undefined || equalBytes(named, came)
    ? []
    : [problem('request.state-invalid', 'the request is for another payload')]
}

async function judgeAll(
  settings: Settings,
  state: RequestState,
  query: DcqlQuery,
  wires: ReturnType<typeof readPresentation>['wires'],
  now: Date,
  { signal, payloadHash }: VerifyOptions,
): Promise<readonly Judgement[]> {
  const { types, trust, issuerKeys, formats, statusPolicy } = settings
  const certified: TrustContext['certified'] = new Map()
  const trustContext = { types, trust, issuerKeys, certified, at: now, ...(signal && { signal }) }
  const { id: _, queryHashes: __, expires: ___, transactionData = [], ...bound } = state
  const context = {
    ...trustContext,
    formats,
    statusPolicy,
    verification: {
      ...bound,
      ...(payloadHash && { payloadHash }),
      now,
      clockTolerance: settings.clockTolerance,
      maxProofAge: settings.maxProofAge,
      findIssuer: trustedIssuerFinder(trustContext),
      findHolderKey: settings.holderKeys,
      holderBinding: settings.bindingOf,
      ...(signal && { signal }),
    },
  }
  return Promise.all(
    wires.flatMap((wire) => {
      const asked = query.credentials.find(({ id }) => id === wire.id)
      if (asked === undefined) return []
      const transactionHashes = transactionData.flatMap(({ hash, credentialIds }) =>
        credentialIds.includes(wire.id) ? [hash] : [],
      )
      const verification = { ...context.verification, transactionHashes }
      return [judgeCredential(wire, asked, { ...context, verification })]
    }),
  )
}

/** A transaction needs one credential that authorises it; several would be a surprise (5.1). */
function unauthorised(
  transactions: readonly TransactionData[],
  judged: readonly Judgement[],
): readonly Problem[] {
  return transactions.flatMap(({ hash }) => {
    const by = judged.filter(({ credential }) => credential?.transactionHashes?.includes(hash))
    return by.length === 1
      ? []
      : [problem('holder.transaction-mismatch', 'a transaction is not authorised exactly once')]
  })
}

/**
 * Under one id a credential counts once, and so does a holder who shows a pseudonym; of two without
 * any mark nobody knows. Two credential queries may ask for the same credential (OpenID4VP 6.1).
 */
function duplicates(judged: readonly Judgement[]): readonly Problem[] {
  const seen = new Set<string>()
  return judged.flatMap(({ presented: { id, path }, credential }) => {
    if (credential === undefined) return []
    const { issuedMark, pseudonym, status } = credential
    const marks = [
      issuedMark ?? pseudonym,
      pseudonym ?? issuedMark,
      ...status.map(({ kind, uri, index }) => `${kind} ${index} ${uri}`),
    ].map((mark) => `${id} ${mark}`)
    const again = marks.some((mark) => seen.has(mark))
    for (const mark of marks) seen.add(mark)
    return again
      ? [problem('presentation.duplicate', 'the same credential was sent twice', path)]
      : []
  })
}

/** The query, as answered by what was accepted; silent about credentials that already failed. */
function unsatisfied(query: DcqlQuery, judged: readonly Judgement[]): readonly Problem[] {
  const presented: Record<string, PresentedClaims[]> = Object.create(null)
  const failed = new Set<string>()
  for (const { presented: wire, credential } of judged) {
    if (credential === undefined) failed.add(wire.id)
    const asked = query.credentials.find(({ id }) => id === wire.id)
    const claims = credential?.claims ?? {}
    const types = claims['type']
    presented[wire.id] = [
      ...(presented[wire.id] ?? []),
      {
        dcqlFormat: asked?.format ?? '',
        vcts: typeof claims['vct'] === 'string' ? [claims['vct']] : [],
        types: (Array.isArray(types) ? types : [types]).filter((type) => typeof type === 'string'),
        claims,
      },
    ]
  }
  return satisfiedBy(query, presented).filter(
    ({ path = '' }) => !failed.has(path.split('/')[1] ?? ''),
  )
}

/** Whether it is the first answer; `undefined` where the caller sees to it. */
async function claimOnce(
  { replay }: Settings,
  { id, expires }: RequestState,
): Promise<boolean | undefined> {
  if (replay === 'single-use-by-caller') return undefined
  try {
    return (await replay.firstUse(id, expires)) === true
  } catch (cause) {
    throw new AsobaError('replay.unavailable', 'the replay store did not answer', { cause })
  }
}

function accepted<Q extends QueryInput>(
  query: DcqlQuery,
  judged: readonly Judgement[],
  checks: readonly Check[],
): VerificationResult<Q> {
  // The ids are those of the query, of which none is `__proto__`.
  const claims: Record<string, unknown> = {}
  const credentials: Record<string, readonly AcceptedCredential[]> = {}
  const pseudonyms: Record<string, string> = {}
  for (const { id, multiple } of query.credentials) {
    const own = judged.flatMap(({ presented, credential }) =>
      presented.id === id && credential !== undefined ? [credential] : [],
    )
    const [first] = own
    if (first === undefined) continue
    claims[id] = multiple ? own.map(({ subject }) => subject) : first.subject
    credentials[id] = own.map(describe)
    if (first.pseudonym !== undefined) pseudonyms[id] = first.pseudonym
  }
  const result = { verified: true, checks, claims, credentials, pseudonyms }
  return result as unknown as VerificationResult<Q>
}

function describe(credential: VerifiedCredential): AcceptedCredential {
  const { issuer, type, format, mechanism, certificate, holder, claims: document } = credential
  const { validFrom, validUntil, pseudonym } = credential
  const told: Writable<AcceptedCredential> = { issuer, type, format, mechanism, holder, document }
  if (certificate) told.certificate = certificate
  if (validFrom) told.validFrom = validFrom
  if (validUntil) told.validUntil = validUntil
  if (pseudonym !== undefined) told.pseudonym = pseudonym
  return told
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }
