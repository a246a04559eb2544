import {
  type ClaimAt,
  type ClaimsPath,
  type CredentialView,
  isJsonObject,
  type Json,
} from '@asoba/core'

/** What one credential would tell, said claim by claim. */
export interface Consent {
  /** Told because it was asked for. */
  readonly disclosed: readonly ClaimAt[]
  /** Could be told and will not be; paths alone. */
  readonly withheld: readonly ClaimsPath[]
  /** Told whenever this credential is shown at all. */
  readonly shown: readonly ClaimAt[]
}

/** Splits all that a credential holds into told, kept, and always told; every leaf is in one of them. */
export function consentOf(view: CredentialView, disclose: readonly ClaimsPath[]): Consent {
  const chosen = new Set(disclose.map(keyOf))
  const separate = new Set(view.disclosable.map(({ path }) => keyOf(path)))
  const disclosed: ClaimAt[] = []
  const withheld: ClaimsPath[] = []
  for (const { path, value } of view.disclosable) {
    // Whatever lies in it and is a disclosure itself has an entry of its own.
    const own = leavesOf(value, path, separate)
    if (chosen.has(keyOf(path))) disclosed.push(...own)
    else withheld.push(...own.map((leaf) => leaf.path))
  }
  const shown = [...leavesOf(view.claims, [], separate), ...besides(view)]
  // Copies shuffle their disclosures; a holder reads, and a match is compared, in one order.
  return {
    disclosed: disclosed.sort((a, b) => byPath(a.path, b.path)),
    withheld: withheld.sort(byPath),
    shown: shown.sort((a, b) => byPath(a.path, b.path)),
  }
}

/** What no query can ask for is told all the same. */
function besides({ besides: others = {} }: CredentialView): ClaimAt[] {
  return Object.entries(others).flatMap(([name, value]) => leavesOf(value, [name], new Set()))
}

function byPath(a: ClaimsPath, b: ClaimsPath): number {
  const [first, second] = [keyOf(a), keyOf(b)]
  return first < second ? -1 : Number(first > second)
}

/** The leaves of a value that are not inside a separate disclosure; an empty object or array is a leaf. */
function leavesOf(value: Json, path: ClaimsPath, separate: ReadonlySet<string>): ClaimAt[] {
  const members: readonly (readonly [string | number, Json])[] | undefined = Array.isArray(value)
    ? value.map((element: Json, index) => [index, element] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : undefined
  if (members === undefined || members.length === 0) return [{ path, value }]
  return members.flatMap(([name, member]) => {
    const below = [...path, name]
    return separate.has(keyOf(below)) ? [] : leavesOf(member, below, separate)
  })
}

function keyOf(path: ClaimsPath): string {
  return JSON.stringify(path)
}
