import {
  type CredentialFormat,
  type CredentialView,
  canonicalize,
  isJsonObject,
  type Json,
  type JsonObject,
  type Vault,
} from '@asoba/core'
import { type Formats, viewOf } from './formats.ts'
import { type Copy, readCopies } from './records.ts'

/** The copies of one credential: the same claims under distinct keys. */
export interface Group {
  readonly id: string
  readonly format: string
  /** Copies, each with what it says of itself. */
  readonly copies: readonly { readonly copy: Copy; readonly view: CredentialView }[]
}

/** What may differ between copies of one credential. */
const perCopy = new Set([
  ...['cnf', 'exp', 'iat', 'jti', 'nbf', 'status', 'sub', '_sd', '_sd_alg', 'vct#integrity'],
  ...['id', 'credentialStatus', 'expirationDate', 'issuanceDate', 'proof'],
  ...['validFrom', 'validUntil'],
])

/** Everything in the vault, copies of one credential together. A copy that cannot be read, or of a format that the wallet has not, is passed over. */
export async function readGroups(vault: Vault, formats: Formats): Promise<readonly Group[]> {
  const groups = new Map<string, { copy: Copy; view: CredentialView }[]>()
  for (const copy of await readCopies(vault)) {
    const format = formats.get(copy.format)
    if (format === undefined) continue
    const view = readable(format, copy)
    if (view === undefined) continue
    const entry = { copy, view }
    const known = groups.get(copy.group)
    if (known === undefined) groups.set(copy.group, [entry])
    else known.push(entry)
  }
  return [...groups].map(([id, copies]) => ({ id, format: copies[0]?.copy.format ?? '', copies }))
}

/** One copy that cannot be read any more must not take the others with it. */
function readable(format: CredentialFormat, copy: Copy): CredentialView | undefined {
  try {
    return viewOf(format, copy.wire)
  } catch {
    return undefined
  }
}

/** The same for all copies of one credential, and for nothing else. */
export function likenessOf(format: string, view: CredentialView): string {
  const { issuer, vcts, types, claims, besides = {}, disclosable } = view
  return canonicalize({
    format,
    issuer,
    vcts,
    types,
    claims: withoutPerCopy(claims),
    besides: withoutPerCopy(besides),
    // In each copy they come in another order.
    disclosable: disclosable.map(({ path }) => canonicalize(path)).sort(),
  })
}

function withoutPerCopy(claims: JsonObject): JsonObject {
  const kept = Object.entries(claims).filter(([name]) => !perCopy.has(name))
  return Object.fromEntries(
    kept.map(([name, value]): [string, Json] => [
      name,
      name === 'credentialSubject' ? withoutId(value) : value,
    ]),
  )
}

/** A subject is named by the key of the copy; whatever else is said of it is no copy's own. */
function withoutId(subject: Json): Json {
  if (Array.isArray(subject)) return (subject as readonly Json[]).map(withoutId)
  if (!isJsonObject(subject)) return subject
  const { id: _id, ...claims } = subject
  return claims
}

/** Whether a credential is valid at a time, by what it says of itself. */
export function isCurrent(view: CredentialView, now: Date): boolean {
  const { validFrom, validUntil } = view
  return (
    (validFrom === undefined || validFrom <= now) && (validUntil === undefined || now < validUntil)
  )
}
