import type { TrustEntry, TrustPolicy } from '@asoba/core'

/**
 * An issuer in the shorthand of {@link trustedIssuers}: a DID (its keys are found by
 * resolving it), an https URL (by its issuer metadata), or an entry without its types.
 * X.509 is never guessed: it needs an entry with `anchors` or `keys`. Everybody under anchors is
 * what `trustedAnchors` trusts.
 */
export type TrustedIssuerName = string | Omit<TrustEntry, 'types'>

/**
 * A policy that trusts exactly the issuers listed, each for the types it is listed under
 * and by one mechanism: by type as a shorthand, or as entries.
 *
 * ```ts
 * trustedIssuers({ citizenship: ['did:web:registry.example'] })
 * ```
 *
 * @throws TypeError where an entry does not say what it must, or two entries give one
 * issuer two mechanisms
 */
export function trustedIssuers(
  trusted: Readonly<Record<string, readonly TrustedIssuerName[]>> | readonly TrustEntry[],
): TrustPolicy {
  const entries = isEntries(trusted)
    ? trusted.map((entry) => ({ ...entry }))
    : Object.entries(trusted).flatMap(([type, names]) =>
        names.map((name) =>
          typeof name === 'string' ? entryOfName(name, type) : { ...name, types: [type] },
        ),
      )
  const mechanisms = new Map<string, string>()
  for (const entry of entries) {
    const fault = faultOfEntry(entry)
    if (fault !== undefined) throw new TypeError(fault)
    if ((mechanisms.get(entry.issuer) ?? entry.mechanism) !== entry.mechanism) {
      throw new TypeError('an issuer has one mechanism, not two')
    }
    mechanisms.set(entry.issuer, entry.mechanism)
  }
  return {
    entries: async ({ issuer, type }) =>
      entries.filter((entry) => entry.issuer === issuer && entry.types.includes(type)),
    all: async (type) => entries.filter((entry) => entry.types.includes(type)),
  }
}

/**
 * A policy that asks a function: a database, a federation, a governance contract. What it
 * answers counts only where it names the very issuer and type that it was asked for.
 * Nothing is known of it in advance, so requests get no `trusted_authorities` from it.
 */
export function trustPolicy(
  decide: (
    query: Parameters<TrustPolicy['entries']>[0],
  ) => TrustEntry | undefined | Promise<TrustEntry | undefined>,
): TrustPolicy {
  return {
    entries: async (query) => {
      const entry = await decide(query)
      return entry !== undefined &&
        faultOfEntry(entry) === undefined &&
        entry.issuer === query.issuer &&
        entry.types.includes(query.type)
        ? [entry]
        : []
    },
    all: async () => [],
  }
}

/**
 * A policy that trusts whom any of the given ones trusts. Where two of them name different
 * mechanisms for one issuer and type, the verifier refuses that issuer.
 */
export function combine(...policies: readonly TrustPolicy[]): TrustPolicy {
  return {
    entries: async (query) =>
      (await Promise.all(policies.map((policy) => policy.entries(query)))).flat(),
    anchored: async (query) =>
      (await Promise.all(policies.map((policy) => policy.anchored?.(query) ?? []))).flat(),
    all: async (type, at) =>
      (await Promise.all(policies.map((policy) => policy.all(type, at)))).flat(),
    problems: (at) => policies.flatMap((policy) => policy.problems?.(at) ?? []),
  }
}

/** What is wrong with an entry, as a sentence; shared with the reader of signed lists. */
export function faultOfEntry(entry: TrustEntry): string | undefined {
  const { issuer, types, mechanism, keys, anchors, usage, iss, statusAnchors } = entry
  if (typeof issuer !== 'string' || issuer === '') return 'a trust entry names an issuer'
  if (!Array.isArray(types) || types.length === 0) return 'a trust entry names types'
  if (keys?.length === 0) return 'pinned keys are at least one'
  if (mechanism === 'x509') {
    // The certificate of a pinned key is not judged.
    if (keys && (usage ?? iss ?? statusAnchors)) return 'pinned keys are judged by nothing else'
    return (anchors ?? keys)?.length ? undefined : 'an x509 entry needs anchors or pinned keys'
  }
  if (anchors ?? usage ?? iss ?? statusAnchors) return 'anchors, usage and iss are of x509 entries'
  const right =
    mechanism === 'did'
      ? /^did:[a-z0-9]+:[^?#/]+$/.test(issuer)
      : mechanism === 'https' && /^https:\/\/[^?#]+$/.test(issuer) && URL.canParse(issuer)
  return right ? undefined : 'a trust entry is of a DID, an https URL without query, or x509'
}

/** The entry that a bare name stands for: DIDs speak for themselves, all else is an https URL. */
function entryOfName(issuer: string, type: string): TrustEntry {
  return { issuer, types: [type], mechanism: issuer.startsWith('did:') ? 'did' : 'https' }
}

function isEntries(
  trusted: Readonly<Record<string, readonly TrustedIssuerName[]>> | readonly TrustEntry[],
): trusted is readonly TrustEntry[] {
  return Array.isArray(trusted)
}
