import {
  AsobaError,
  type ClaimsPath,
  type CredentialFormat,
  canonicalize,
  type JsonObject,
  type Presentation,
  type Vault,
} from '@asoba/core'
import type { Formats } from './formats.ts'
import { type Group, readGroups } from './groups.ts'
import { authorisedBy, type Match, type Plan, plansFor } from './match.ts'
import type { ReadRequest } from './read-request.ts'
import { type Copy, putCopy } from './records.ts'
import { markUsed, type Use, usableCopies } from './reuse.ts'

/**
 * Answers a request in the way that was agreed to, with copies that are used up by that.
 *
 * @throws AsobaError `wallet.match-stale`, `wallet.copies-exhausted`
 */
export async function present(
  request: ReadRequest,
  match: Match,
  given: { readonly vault: Vault; readonly formats: Formats; readonly use: Use },
): Promise<Presentation> {
  const { vault, formats, use } = given
  const groups = new Map((await readGroups(vault, formats)).map((group) => [group.id, group]))
  // The plan is made again and compared: what was agreed to is what is sent, whoever kept the match meanwhile.
  const agreed = likenessOfMatch(match)
  const plans = await plansFor(request, [...groups.values()], use)
  const plan = plans.find((each) => likenessOfMatch(each.match) === agreed)
  if (agreed === undefined || plan === undefined) {
    throw new AsobaError('wallet.match-stale', 'the match is not one of this request any more')
  }
  const chosen = new Map<string, Copy>()
  for (const { credential } of plan.match.answers) {
    const [copy] = await usableCopies(groups.get(credential) as Group, use)
    if (copy === undefined) {
      throw new AsobaError('wallet.copies-exhausted', 'every copy of the credential was used')
    }
    chosen.set(credential, copy)
  }
  // Marked before anything is made of them: after a crash a copy may be lost, never shown twice.
  for (const copy of chosen.values()) await putCopy(vault, await markUsed(copy, use))
  return handOut(request, plan, { chosen, formats, now: use.now })
}

async function handOut(
  request: ReadRequest,
  { match, disclose }: Plan,
  given: {
    readonly chosen: ReadonlyMap<string, Copy>
    readonly formats: Formats
    readonly now: Date
  },
): Promise<Presentation> {
  const { audience, nonce, purpose, scope, responseUri, encryptionKeyThumbprint, state } = request
  const { payloadHash } = request
  const context = {
    audience,
    nonce,
    purpose,
    now: given.now,
    ...(responseUri === undefined ? {} : { responseUri }),
    ...(encryptionKeyThumbprint === undefined ? {} : { encryptionKeyThumbprint }),
    ...(scope === undefined ? {} : { scope }),
    ...(payloadHash === undefined ? {} : { payloadHash }),
  }
  const ids = match.answers.map((each) => each.query)
  const answers: [string, readonly (string | JsonObject)[]][] = []
  for (const { query, credential } of match.answers) {
    const copy = given.chosen.get(credential) as Copy
    const format = given.formats.get(copy.format) as CredentialFormat
    const paths: readonly ClaimsPath[] = disclose.get(query) ?? []
    const secured = { format: copy.format, wire: copy.wire }
    const transactionHashes = request.transactionData.flatMap((each) =>
      authorisedBy(each, ids, request) === query ? [each.hash] : [],
    )
    const to = transactionHashes.length > 0 ? { ...context, transactionHashes } : context
    const { wire } = await format.present(secured, paths, to, copy.retained)
    answers.push([query, [wire]])
  }
  return { vp_token: Object.fromEntries(answers), ...(state === undefined ? {} : { state }) }
}

/**
 * What was agreed to, in one text. How many copies were left does not matter, nor in what
 * else than claims the copies differ: key, status entry and dates.
 */
function likenessOfMatch(match: unknown): string | undefined {
  try {
    const { audience, nonce, answers, disclosed, withheld, shown, pseudonyms } = match as Match
    const parts = answers.map(({ query, credential }) => ({ query, credential }))
    const always = shown.map(({ query, path }) => ({ query, path }))
    return canonicalize({
      audience,
      nonce,
      parts,
      disclosed,
      withheld,
      always,
      pseudonyms,
    } as never)
  } catch {
    return undefined
  }
}
